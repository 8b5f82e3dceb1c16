"""The signed addresses of the files of rows: kept here, in the worker, and sent to nobody."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from bitmask_studio.sources.encord.worker.addresses import is_link
from bitmask_studio.sources.encord.worker.here import Here
from bitmask_studio.sources.jsontext import facts
from bitmask_studio.sources.label_rows.layout import lay_out

_MOST_ROWS = 64
_WITHOUT = frozenset({"data_units", "spaces", "object_answers", "object_actions", "classification_answers"})
_ENDINGS = ("link", "links", "uri", "url")

Links = Mapping[tuple[str, int | None], str]
"""By data hash (or space id) and, where each frame has a file of its own within that, frame number; else None."""


class KeptLinks:
    """The addresses of the rows read last, for each `Here`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: WeakKeyDictionary[Here, OrderedDict[str, Links]] = WeakKeyDictionary()

    def keep(self, here: Here, label_hash: str, links: Links) -> None:
        with self._lock:
            rows = self._rows.setdefault(here, OrderedDict())
            rows[label_hash] = links
            rows.move_to_end(label_hash)
            while len(rows) > _MOST_ROWS:
                rows.popitem(last=False)

    def of(self, here: Here, label_hash: str) -> Links | None:
        with self._lock:
            return self._rows.get(here, OrderedDict()).get(label_hash)


KEPT = KeptLinks()


def find(links: Links, data_hash: str, number: int) -> str:
    """The address for a frame; empty when there is none."""
    return links.get((data_hash, number)) or links.get((data_hash, None), "")


def links_in(row: Mapping[str, Any]) -> Links:
    """The addresses that a label row read with `include_signed_url` holds."""
    found: dict[tuple[str, int | None], str] = {
        (each.data_hash, None): each.link for each in lay_out(row).segments if is_link(each.link)
    }
    for space, info in facts.table(row.get("spaces")).items():
        for frame in map(facts.table, facts.items(facts.table(info).get("frames"))):
            number, link = facts.sequence(frame.get("data_sequence")), facts.text(frame.get("data_link"))
            if number is not None and is_link(link):
                found[space, number] = link
    return found


def without_links(row: dict[str, Any]) -> dict[str, Any]:
    """The row, changed in place: what looks like an address where Encord puts addresses becomes the empty text."""
    for place in ("data_units", "spaces"):
        for part in facts.table(row.get(place)).values():
            _clear(part, skip="labels")
            for labels in facts.table(facts.table(part).get("labels")).values():
                _clear(facts.table(labels).get("metadata"))
    for key, value in row.items():
        if key not in _WITHOUT:
            row[key] = _cleared(key, value)
    return row


def _clear(value: object, skip: str = "") -> None:
    if isinstance(value, dict):
        for key, each in value.items():
            if key != skip:
                value[key] = _cleared(key, each)
    elif isinstance(value, list):
        for each in value:
            _clear(each)


def _cleared(key: object, value: object) -> object:
    named = isinstance(key, str) and key.lower().endswith(_ENDINGS)
    if isinstance(value, str):
        return "" if named and is_link(value) else value
    if named and isinstance(value, list):
        return ["" if isinstance(each, str) and is_link(each) else each for each in value]
    _clear(value)
    return value
