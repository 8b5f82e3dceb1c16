"""Somebody else at work on the same label rows, on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Bits, Mask
from bitmask_studio.core.ontology import new_hash
from bitmask_studio.sandbox.answers import not_found
from bitmask_studio.sandbox.checks import parts_of
from bitmask_studio.sandbox.label_rows import LabelRows
from bitmask_studio.sandbox.people import COLLEAGUE
from bitmask_studio.sandbox.pictures import Pictures
from bitmask_studio.sandbox.rows import Row
from bitmask_studio.sandbox.wire import Json, later_than, long_time
from bitmask_studio.sandbox.world import World

_BLOCK = 24
"""Side in px of what the colleague paints."""

Edit = Callable[[LabelRows, Row, Json], str]


class Colleague:
    """Edits, adds and deletes masks as another user; each change is a save of the whole row, its time moves on."""

    email = COLLEAGUE.email

    def __init__(self, world: World, pictures: Pictures) -> None:
        self._world = world
        self._pictures = pictures

    def edits(self, label_hash: str, object_hash: str | None = None, frame: int = 0) -> str:
        """Repaint a mask of a frame, the first one unless told; answer its object's hash. Raises RefusedError."""
        return self._saved(label_hash, lambda _, row, wire: _repaint(row, wire, object_hash, frame))

    def adds(self, label_hash: str, frame: int = 0) -> str:
        """Add a mask of the ontology's first bitmask class; answer its object's hash. Raises RefusedError."""
        return self._saved(label_hash, lambda rows, row, wire: _add(rows, row, wire, frame))

    def deletes(self, label_hash: str, object_hash: str | None = None) -> str:
        """Delete an object from all frames, the first bitmask unless told; answer its hash. Raises RefusedError."""
        return self._saved(label_hash, lambda _, row, wire: _delete(wire, object_hash))

    def change(self, label_hash: str, function: Callable[[Json], Json]) -> None:
        """Put what `function` makes of the label row in its place, whatever that is. Raises RefusedError."""
        self._saved(label_hash, lambda _, row, wire: _taken_over(wire, function(wire)))

    def _saved(self, label_hash: str, edit: Edit) -> str:
        with self._world.lock:
            row = self._world.labelled(label_hash)
            rows = LabelRows(self._world, self._world.projects[row.project_hash], self._pictures)
            wire = row.labels
            done = edit(rows, row, wire)
            row.edited_at = later_than(row.edited_at)
            rows.store(row, wire, self.email)
        return done


def _taken_over(wire: Json, changed: Json) -> str:
    content = dict(changed)
    wire.clear()
    wire.update(content)
    return ""


def _bitmasks(wire: Json) -> Iterator[tuple[int, Json]]:
    """Frame and object of every bitmask."""
    for _, frame, labels in parts_of(wire):
        yield from ((frame, each) for each in labels.get("objects", []) if "bitmask" in each)


def _repaint(row: Row, wire: Json, object_hash: str | None, frame: int) -> str:
    """Add a block to a mask, or take one away where it is set already."""
    for at, each in _bitmasks(wire):
        if at == frame and object_hash in (None, each["objectHash"]):
            _toggle_block(each["bitmask"])
            each["lastEditedBy"] = COLLEAGUE.email
            each["lastEditedAt"] = long_time(later_than(row.edited_at))
            return str(each["objectHash"])
    raise not_found("such bitmask on this frame")


def _toggle_block(bitmask: Json) -> None:
    height, width = bitmask["height"], bitmask["width"]
    mask = Mask.from_rle(bitmask["rleString"], height, width)
    x, y = max(0, min(mask.box.x0, width - _BLOCK)), max(0, min(mask.box.y0, height - _BLOCK))
    block = Box(x, y, min(width, x + _BLOCK), min(height, y + _BLOCK))
    value = not mask.crop(block).all()

    def fill(bits: Bits, reach: Box) -> None:
        bits[block.within(reach)] = value

    bitmask["rleString"] = mask.changed(block, fill).to_rle(height, width)


def _add(rows: LabelRows, row: Row, wire: Json, frame: int) -> str:
    """A square in the middle of the frame's picture."""
    class_ = next((each for each in rows.structure["objects"] if each["shape"] == "bitmask"), None)
    place, objects = _place(wire, frame)
    if class_ is None or place is None:
        raise not_found("bitmask class in the ontology, or no such frame")
    height, width = place["height"], place["width"]
    box = Box(width // 4, height // 4, width // 4 + _BLOCK, height // 4 + _BLOCK).intersection(
        Box.of_size(width, height)
    )
    square = Mask(box, np.ones((box.height, box.width), np.bool_))
    hash_, time = new_hash(), long_time(later_than(row.edited_at))
    objects.append(
        {
            **{"objectHash": hash_, "featureHash": class_["featureNodeHash"], "name": class_["name"]},
            **{"color": class_["color"], "shape": "bitmask", "value": class_["name"].lower().replace(" ", "_")},
            **{"createdAt": time, "createdBy": COLLEAGUE.email, "lastEditedAt": time, "lastEditedBy": COLLEAGUE.email},
            **{"confidence": 1.0, "manualAnnotation": True},
            "bitmask": {
                "top": 0,
                "left": 0,
                "height": height,
                "width": width,
                "rleString": square.to_rle(height, width),
            },
        }
    )
    wire["object_answers"][hash_] = {"objectHash": hash_, "classifications": []}
    return hash_


def _place(wire: Json, frame: int) -> tuple[Json | None, list[Json]]:
    """The unit or space that a frame belongs to, and the list of its objects, made when it is missing."""
    for place in (*wire["spaces"].values(), *wire["data_units"].values()):
        labels, flat = place["labels"], "objects" in place["labels"]
        if "height" in place and (not flat or int(place.get("data_sequence", 0)) == frame):
            found = labels if flat else labels.setdefault(str(frame), {"objects": [], "classifications": []})
            return place, found["objects"]
    return None, []


def _delete(wire: Json, object_hash: str | None) -> str:
    hash_ = object_hash or next((each["objectHash"] for _, each in _bitmasks(wire)), None)
    if hash_ not in wire["object_answers"]:
        raise not_found("such object in the row")
    for _, _, labels in parts_of(wire):
        labels["objects"] = [each for each in labels.get("objects", []) if each["objectHash"] != hash_]
    for name in ("object_answers", "object_actions"):
        wire[name].pop(hash_, None)
    return str(hash_)
