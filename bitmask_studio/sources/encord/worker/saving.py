"""The worker's calls that save a label row: what is there now, and then the new labels in its place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

import orjson
from encord.exceptions import LabelRowError
from encord.objects import LabelRowV2

from bitmask_studio.core.ontology import BITMASK
from bitmask_studio.sources.encord.errors import Kind
from bitmask_studio.sources.encord.messages import Problem, Refused
from bitmask_studio.sources.encord.save_values import FetchedRow, Outcome, Spot, Stored, StoreOrders
from bitmask_studio.sources.encord.worker.here import Here
from bitmask_studio.sources.encord.worker.links import without_links
from bitmask_studio.sources.encord.worker.losses import Place, objects_in
from bitmask_studio.sources.encord.worker.orders import PICTURES, ImpossibleError, carry_out
from bitmask_studio.sources.encord.worker.parsing import copied, losses_in, read_by_sdk, to_json
from bitmask_studio.sources.encord.worker.problems import said
from bitmask_studio.sources.jsontext import facts

_LABELS = ("object_answers", "object_actions", "classification_answers")


def fetch_for_save(here: Here, project_hash: str, label_hash: str, data_hash: str) -> FetchedRow:
    """A label row as it is now, and what of it a save would lose. Raises what the SDK raises."""
    row = here.row(project_hash, label_hash, data_hash)
    raw = _read(row)
    token, content = _token(raw), to_json(without_links(copied(raw)))
    try:
        losses = losses_in(row, raw)
    except Exception as error:  # noqa: BLE001 whatever it is, a save would meet it too
        return FetchedRow(content, token, refusal=words_of(error))
    return FetchedRow(content, token, losses)


def store(here: Here, project_hash: str, label_hash: str, data_hash: str, token: str, orders: StoreOrders) -> Stored:
    """Send a label row with the orders carried out, once; sends nothing when it is not what `token` names any more.

    The server takes whatever comes last. So the row is made ready first, read once more, and sent at once: what others
    save can only be written over while this one request is on its way. Raises what the SDK raises about requests.
    """
    row = here.row(project_hash, label_hash, data_hash)
    raw = _read(row)
    if _token(raw) != token:
        return Stored(Outcome.CHANGED)
    try:
        read_by_sdk(row, raw)
        carry_out(row, raw, orders)
        ready = row.to_encord_dict()
        _check(raw, ready, orders)
    except Exception as error:  # noqa: BLE001 the SDK checks with exceptions of every kind
        return Stored(Outcome.IMPOSSIBLE, words_of(error))
    if _token(_read(row)) != token:
        return Stored(Outcome.CHANGED)
    row.to_encord_dict = lambda **options: ready  # type: ignore[method-assign]
    begun = monotonic()
    try:
        row.save()
    except LabelRowError as error:  # raised by the SDK before it sends
        return Stored(Outcome.IMPOSSIBLE, words_of(error))
    return Stored(Outcome.SENT, seconds=monotonic() - begun)


def words_of(error: Exception) -> str:
    """What the SDK says of labels that it cannot handle."""
    words = said(str(getattr(error, "message", error)).partition("\n")[0])
    return words if isinstance(error, ImpossibleError | LabelRowError) and words else f"{type(error).__name__}: {words}"


def _read(row: LabelRowV2) -> dict[str, Any]:
    """The labels as the server sends them, with no signed address among them: a save sends addresses back."""
    if not row.label_hash:
        raise Refused(Problem(Kind.GONE, "row"))
    found: list[dict[str, Any]] = []
    row.from_labels_dict = found.append  # type: ignore[method-assign, assignment]
    row.initialise_labels(include_archived=True, overwrite=True)
    return dict(found[0])


def _token(raw: Mapping[str, Any]) -> str:
    """A digest of everything that people label; addresses and what the server counts are not in it."""
    parts = [raw.get(name) for name in _LABELS]
    for container in ("data_units", "spaces"):
        for key, unit in sorted(facts.table(raw.get(container)).items()):
            table = facts.table(unit)
            parts += [key, *(table.get(name) for name in ("data_sequence", "width", "height", "labels"))]
    return hashlib.sha256(_sorted_json(parts)).hexdigest()


def _sorted_json(value: object) -> bytes:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # numbers beyond 64 bits, half characters
        return json.dumps(value, sort_keys=True).encode()


def _check(raw: Mapping[str, Any], sent: Mapping[str, Any], orders: StoreOrders) -> None:
    """Raise ImpossibleError unless every object that was not to be changed is about to be sent as it came."""
    masks = (*orders.edited, *(each.mask for each in orders.added))
    touched = {_place(raw, spot) for spot in (*orders.removed, *(mask.spot for mask in masks))}
    before, after = objects_in(raw), objects_in(sent)
    for place in {*before, *after} - touched:
        if place not in before or place not in after or before[place].get(BITMASK) != after[place].get(BITMASK):
            raise ImpossibleError(f"Object {place.object_hash} would not be sent as it is.")


def _place(raw: Mapping[str, Any], spot: Spot) -> Place:
    if spot.container == "spaces":
        return Place(spot.container, spot.unit, str(spot.number), spot.object_hash)
    flat = facts.text(raw.get("data_type")) in PICTURES
    name = facts.text(raw[spot.container][spot.unit].get("data_hash")) or spot.unit
    return Place(spot.container, name, "" if flat else str(spot.number), spot.object_hash)


CALLS: Mapping[str, Callable[..., Any]] = {"rows.fetch_for_save": fetch_for_save, "rows.store": store}
