"""Bitmasks that the SDK would refuse or lose: carried through it as they came, so that they hold up no other object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from encord.objects import LabelRowV2
from encord.objects.bitmask import BitmaskCoordinates
from encord.objects.spaces.image_space import ImageSpace
from encord.objects.spaces.multiframe_space.multiframe_space import MultiFrameSpace

from bitmask_studio.core.ontology import BITMASK
from bitmask_studio.sources.encord.worker.losses import frames_of
from bitmask_studio.sources.jsontext import facts
from bitmask_studio.sources.label_rows.objects import shape_of

_Key = tuple[str, str, int, str]
"""Container, space ("" for the row itself), the SDK's frame number, objectHash."""


class AsItIs(BitmaskCoordinates):
    """A bitmask whose JSON stays what it is; towards the SDK it has the size of its frame, which it compares."""

    def __init__(self, original: Any, height: int, width: int) -> None:  # noqa: ANN401 whatever the row has there
        super().__init__(BitmaskCoordinates.EncodedBitmask(top=0, left=0, height=height, width=width, rle_string=""))
        self._original = original

    def to_dict(self) -> Any:  # noqa: ANN401
        return self._original


def without_odd_masks(raw: Mapping[str, Any]) -> dict[_Key, Any]:
    """Put a stand-in for each bitmask that the SDK cannot even read into `raw`, changing it; answers the originals."""
    odd: dict[_Key, Any] = {}
    for key, entry in _bitmasks(raw):
        original = entry.get(BITMASK)
        if not _readable(original):
            odd[key] = original
            entry[BITMASK] = {"top": 0, "left": 0, "height": 1, "width": 1, "rleString": "1"}
    return odd


def keep_odd_masks(row: LabelRowV2, raw: Mapping[str, Any], odd: Mapping[_Key, Any]) -> None:
    """Give the SDK's row, read from `raw`, those bitmasks back, and let those pass that have another size."""
    originals = {key: entry.get(BITMASK) for key, entry in _bitmasks(raw)} | dict(odd)
    for instance in row.get_object_instances():
        for annotation in instance.get_annotations():
            if isinstance(annotation.coordinates, BitmaskCoordinates):
                view = row.get_frame_view(annotation.frame)
                key = ("data_units", "", annotation.frame, instance.object_hash)
                if kept := _kept(annotation.coordinates, originals, key in odd, key, view.height, view.width):
                    annotation.coordinates = kept
    for space in row.get_spaces():
        if isinstance(space, ImageSpace | MultiFrameSpace):
            _keep_on_space(space, originals, odd)


def _keep_on_space(space: ImageSpace | MultiFrameSpace, originals: Mapping[_Key, Any], odd: Mapping[_Key, Any]) -> None:
    for annotation in space.get_annotations("object"):
        data = annotation._get_annotation_data()
        if isinstance(data.coordinates, BitmaskCoordinates):
            frame = 0 if isinstance(space, ImageSpace) else annotation.frame
            key = ("spaces", space.space_id, frame, annotation.object_hash)
            width, height = _size(space, frame)
            if kept := _kept(data.coordinates, originals, key in odd, key, height, width):
                data.coordinates = kept


def _size(space: ImageSpace | MultiFrameSpace, frame: int) -> tuple[int, int]:
    if isinstance(space, ImageSpace):
        return space._width or 0, space._height or 0
    return space._get_frame_dimensions(frame)


def _kept(
    found: BitmaskCoordinates, originals: Mapping[_Key, Any], odd: bool, key: _Key, height: int, width: int
) -> AsItIs | None:
    """What to carry in place of a bitmask; None when the SDK sends it unchanged by itself."""
    encoded = found._encoded_bitmask
    if not odd and (encoded.height, encoded.width) == (height, width):
        return None
    return AsItIs(originals[key], height, width)


def _readable(bitmask: object) -> bool:
    """Whether the SDK reads it, and every number in it as it is."""
    if not isinstance(bitmask, dict):
        return False
    encoded = BitmaskCoordinates.EncodedBitmask.try_from_dict(bitmask)
    return encoded is not None and all(
        type(bitmask.get(key)) is type(value) and bitmask[key] == value for key, value in encoded.to_dict().items()
    )


def _bitmasks(raw: Mapping[str, Any]) -> Iterator[tuple[_Key, dict[str, Any]]]:
    """Every object of a row that is a bitmask, by where the SDK has it."""
    for container in ("data_units", "spaces"):
        for name, unit in facts.table(raw.get(container)).items():
            for _, number, labels in frames_of(facts.table(unit)):
                for entry in facts.items(labels.get("objects")):
                    is_one = isinstance(entry, dict) and (BITMASK in entry or shape_of(entry) == BITMASK)
                    if is_one and facts.frame_number(number) is not None:
                        space = name if container == "spaces" else ""
                        yield (container, space, int(number), facts.text(entry.get("objectHash"))), entry
