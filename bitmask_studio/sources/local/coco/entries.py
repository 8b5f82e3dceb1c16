"""Single entries of a COCO file: read whatever they are, and an annotation as briefly as listing it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw, Struct

from bitmask_studio.core.ontology import BITMASK
from bitmask_studio.sources.jsontext import facts
from bitmask_studio.sources.jsontext.items import NOT_STRICT
from bitmask_studio.sources.jsontext.scan import ScanError
from bitmask_studio.sources.label_rows.row import read_json
from bitmask_studio.sources.local.coco.masks import is_polygon, size_of

Identifier = int | str | None
_POLYGON = re.compile(rb"\[[ \t\r\n]*\[[^\[\]{}\",]*(?:,[^\[\]{}\",]*){5,}+\]")
"""How a list of polygons begins whose first one has six coordinates or more."""


class Brief(NamedTuple):
    """What listing has to know of an annotation: its ids, its shape, and how large a picture its mask claims."""

    identifier: Identifier
    image: Identifier
    category: Identifier
    is_mask: bool
    size: tuple[int, int] | None


class _Plain(Struct):
    """An annotation with polygons, as nearly all are: their coordinates are not read."""

    segmentation: Raw
    id: int | str | None = None
    image_id: int | str | None = None
    category_id: int | str | None = None


_PLAIN = msgspec.json.Decoder(_Plain)


def brief(text: bytes) -> Brief:
    """An annotation from the bytes that it is, whatever they are."""
    return _brief_plain(text) or _brief_any(text)


def _brief_plain(text: bytes) -> Brief | None:
    try:
        entry = _PLAIN.decode(text)
    except NOT_STRICT:
        return None
    if not _POLYGON.match(entry.segmentation):
        return None
    return Brief(entry.id, entry.image_id, entry.category_id, is_mask=True, size=None)


def _brief_any(text: bytes) -> Brief:
    entry = facts.table(json_of(text))
    own, image, category = (identifier(entry.get(key)) for key in ("id", "image_id", "category_id"))
    return Brief(own, image, category, shape_of(entry) == BITMASK, size_of(entry.get("segmentation")))


def json_of(text: bytes) -> object:
    """The value that a text is, None where it is broken."""
    try:
        return read_json(text)
    except ScanError:
        return None


def identifier(value: object) -> Identifier:
    """An id of COCO: a whole number or a text."""
    return value if isinstance(value, str) else facts.whole(value)


def shape_of(entry: Mapping[str, Any]) -> str:
    """What an annotation draws, by the name that Encord has for it."""
    segmentation = entry.get("segmentation")
    if segmentation and (not isinstance(segmentation, list) or is_polygon(segmentation)):
        return BITMASK
    if facts.items(entry.get("keypoints")):
        return "skeleton"
    return "bounding_box" if facts.items(entry.get("bbox")) else "unknown"
