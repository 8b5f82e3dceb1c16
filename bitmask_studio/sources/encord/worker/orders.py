"""Carries out what is to be stored, on a label row that the SDK has read; sends nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from encord.common.time_parser import parse_datetime
from encord.objects import LabelRowV2, Object, ObjectInstance
from encord.objects.bitmask import BitmaskCoordinates
from encord.objects.spaces.image_space import ImageSpace
from encord.objects.spaces.multiframe_space.video_space import VideoSpace

from bitmask_studio.sources.encord.save_values import AddedMask, HeldObject, Spot, StoredMask, StoreOrders
from bitmask_studio.sources.encord.worker.answers import give_answers
from bitmask_studio.sources.jsontext import facts

PICTURES = ("image", "img_group")
"""The data types whose units are one picture each, with flat labels."""

_EditableSpace = ImageSpace | VideoSpace


class ImpossibleError(Exception):
    """An order that does not fit the row; the text says what of it, as the SDK would."""


def carry_out(row: LabelRowV2, raw: Mapping[str, Any], orders: StoreOrders) -> None:
    """Change the SDK's row, which was read from `raw`. Raises ImpossibleError, and whatever the SDK raises."""
    _Storing(row, raw).run(orders)


class _Storing:
    def __init__(self, row: LabelRowV2, raw: Mapping[str, Any]) -> None:
        self.row, self.raw = row, raw
        self.now = datetime.now(UTC)
        self.spaces = {each.space_id: each for each in row.get_spaces()}
        self.objects = {each.object_hash: each for each in _all_objects(row)}
        self.late: list[tuple[ObjectInstance, list[Any]]] = []

    def run(self, orders: StoreOrders) -> None:
        for mask in orders.edited:
            self._edit(mask)
        for each in orders.added:
            self._add(each)
        for spot in orders.removed:
            self._remove(spot)
        for instance, actions in self.late:
            instance.set_answer_from_list(actions)
        for object_hash, answers in orders.answers.items():
            give_answers(self._known(object_hash), answers)

    def _edit(self, mask: StoredMask) -> None:
        """Give an object other pixels on a frame where it is; the server fills in who edited it."""
        instance = self._known(mask.spot.object_hash)
        if mask.spot.container == "spaces":
            self._edit_on_space(instance, mask)
            return
        annotation = instance.get_annotation(self._frame(mask.spot))
        annotation.coordinates = coordinates(mask)
        annotation.last_edited_at, annotation.last_edited_by = self.now, None

    def _edit_on_space(self, instance: ObjectInstance, mask: StoredMask) -> None:
        space, number = self._space(mask.spot), mask.spot.number
        for annotation in space.get_annotations("object", [instance.object_hash]):
            if isinstance(space, ImageSpace) or annotation.frame == number:
                # The public setter of a video refuses objects that have dynamic answers.
                annotation._get_annotation_data().coordinates = coordinates(mask)
                annotation.last_edited_at, annotation.last_edited_by = self.now, None
                return
        raise ImpossibleError(f"Object {instance.object_hash} is not on frame {number} of the space.")

    def _add(self, each: AddedMask) -> None:
        spot = each.mask.spot
        known = self.objects.get(spot.object_hash)
        instance = known or ObjectInstance(self._class(each.feature_hash), object_hash=spot.object_hash)
        facts_ = self._facts(each.held)
        if spot.container == "spaces":
            facts_.pop("is_deleted", None)
            self._put_on_space(instance, each.mask, facts_)
        else:
            instance.set_for_frames(coordinates(each.mask), self._frame(spot), **facts_)
            if known is None:
                self.row.add_object_instance(instance)
        if known is None:
            self.objects[spot.object_hash] = instance
            self._give_back(instance, each.held)

    def _put_on_space(self, instance: ObjectInstance, mask: StoredMask, facts_: dict[str, Any]) -> None:
        space = self._space(mask.spot)
        if isinstance(space, ImageSpace):
            space.put_object_instance(instance, coordinates(mask), **facts_)
        else:
            # As above: the public one refuses objects that have dynamic answers.
            space._put_object_instance(instance, mask.spot.number, coordinates(mask), on_overlap="error", **facts_)

    def _remove(self, spot: Spot) -> None:
        instance = self._known(spot.object_hash)
        if spot.container != "spaces":
            instance.remove_from_frames(self._frame(spot))
            return
        space = self._space(spot)
        if isinstance(space, ImageSpace):
            space.remove_object_instance(spot.object_hash)
        else:
            space.remove_object_instance(spot.object_hash, [spot.number])

    def _facts(self, held: HeldObject | None) -> dict[str, Any]:
        """Who made it and when: as it was for an object that comes back; else now, and the server fills in who."""
        if held is None:
            return {"created_at": self.now, "last_edited_at": self.now, "manual_annotation": True}
        entry = facts.table(orjson.loads(held.entry))
        found = {
            "created_at": _time(entry.get("createdAt")),
            "created_by": facts.text(entry.get("createdBy")) or None,
            "last_edited_at": _time(entry.get("lastEditedAt")) if held.same_pixels else self.now,
            "last_edited_by": (facts.text(entry.get("lastEditedBy")) or None) if held.same_pixels else None,
            "confidence": facts.finite(entry.get("confidence")),
            "manual_annotation": entry.get("manualAnnotation") is not False,
            "is_deleted": entry.get("isDeleted") is True or None,
        }
        return {key: value for key, value in found.items() if value is not None}

    def _give_back(self, instance: ObjectInstance, held: HeldObject | None) -> None:
        """The answers that an object had; dynamic ones last, when it is on all its frames."""
        if held is None:
            return
        instance.set_answer_from_list(orjson.loads(held.answers))
        if actions := orjson.loads(held.actions):
            self.late.append((instance, actions))

    def _known(self, object_hash: str) -> ObjectInstance:
        found = self.objects.get(object_hash)
        if found is None:
            raise ImpossibleError(f"There is no object {object_hash}.")
        return found

    def _class(self, feature_hash: str) -> Object:
        return self.row.ontology_structure.get_child_by_hash(feature_hash, type_=Object)

    def _space(self, spot: Spot) -> _EditableSpace:
        space = self.spaces.get(spot.unit)
        if not isinstance(space, ImageSpace | VideoSpace):
            raise ImpossibleError("Labels of this kind of space cannot be changed.")
        return space

    def _frame(self, spot: Spot) -> int:
        """The SDK's frame number: that of the unit in a row of pictures, else that of the frame."""
        if facts.text(self.raw.get("data_type")) in PICTURES:
            return int(self.raw["data_units"][spot.unit]["data_sequence"])
        if spot.number >= self.row.number_of_frames:
            raise ImpossibleError(f"There is no frame {spot.number}.")
        return spot.number


def coordinates(mask: StoredMask) -> BitmaskCoordinates:
    """A mask as large as its frame, in our own string: the SDK would need a second to make the same one at 4K."""
    return BitmaskCoordinates(
        BitmaskCoordinates.EncodedBitmask(
            top=0, left=0, height=mask.height, width=mask.width, rle_string=mask.rle_string
        )
    )


def _all_objects(row: LabelRowV2) -> Iterator[ObjectInstance]:
    yield from row.get_object_instances()
    for space in row.get_spaces():
        yield from space.get_object_instances()


def _time(value: object) -> datetime | None:
    return parse_datetime(value) if isinstance(value, str) and value else None
