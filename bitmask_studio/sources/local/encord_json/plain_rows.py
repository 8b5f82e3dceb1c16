"""Rows of plain pictures, as nearly all are, listed by a typed decoder in a fraction of the time that others take."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.ontology import BITMASK
from bitmask_studio.sources.jsontext import facts
from bitmask_studio.sources.jsontext.items import NOT_STRICT
from bitmask_studio.sources.label_rows.objects import DEFAULT_COLOR, UNKNOWN
from bitmask_studio.sources.local.row_keys import Identity

ClassFacts = tuple[str, str, str, str]
"""Feature hash, name, color and shape of a class."""


class _Table(Struct):
    """A JSON object, whatever is in it."""


class _Object(Struct, rename="camel"):
    feature_hash: str = ""
    name: str = ""
    color: str = ""
    shape: str = ""
    bitmask: Raw | UnsetType = UNSET

    @property
    def form(self) -> str:
        return self.shape or (UNKNOWN if self.bitmask is UNSET else BITMASK)


class _Labels(Struct, forbid_unknown_fields=True):
    """Flat labels and nothing else: keyed ones, and whatever a row may have instead, are not plain."""

    objects: list[_Object]
    classifications: Raw = Raw()


class _Unit(Struct):
    labels: _Labels
    width: int
    height: int
    data_hash: str = ""
    data_title: str = ""
    data_link: str = ""


class PlainRow(Struct):
    """A row of pictures of which there is nothing to remark."""

    data_units: dict[str, _Unit]
    data_type: str
    label_hash: str = ""
    data_hash: str = ""
    data_title: str = ""
    dataset_hash: str = ""
    is_image_sequence: bool = False
    spaces: dict[str, Raw] = {}
    object_answers: _Table | UnsetType = UNSET
    object_actions: _Table | UnsetType = UNSET

    @property
    def identity(self) -> Identity:
        return self.label_hash, self.data_hash, self.data_title

    @property
    def pictures(self) -> Iterator[str]:
        """What its pictures may be called."""
        for key, unit in self.data_units.items():
            yield from (name for name in (unit.data_title, unit.data_hash or key, unit.data_link) if name)

    @property
    def classes(self) -> Iterator[ClassFacts]:
        """What makes the classes that its objects name, as often as they do."""
        for unit in self.data_units.values():
            for each in unit.labels.objects:
                if each.feature_hash and each.name:
                    yield each.feature_hash, each.name, each.color or DEFAULT_COLOR, each.form

    def info(self, key: str) -> RowInfo:
        """How it is listed."""
        units = list(self.data_units.values())
        shapes = [each.form for unit in units for each in unit.labels.objects]
        return RowInfo(
            key=key,
            label_hash=self.label_hash or None,
            data_hash=self.data_hash,
            title=self.data_title,
            data_type=self.data_type.lower(),
            frames=len(units),
            width=units[0].width,
            height=units[0].height,
            objects=len(shapes),
            bitmasks=shapes.count(BITMASK),
        )


_ROW = msgspec.json.Decoder(PlainRow)


def plain_row(text: bytes) -> PlainRow | None:
    """The row that a text without long mask strings is; None when it is not plain, or may be no row at all."""
    try:
        row = _ROW.decode(text)
    except NOT_STRICT:
        return None
    plain = row.data_type.lower() == "image" and not row.is_image_sequence and not row.spaces and row.data_units
    return row if plain and all(facts.size(each.width, each.height) for each in row.data_units.values()) else None
