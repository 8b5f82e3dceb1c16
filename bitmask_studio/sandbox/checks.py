"""What the server says of labels that are sent to it: refusals, and errors that make a row invalid."""

from __future__ import annotations

from collections.abc import Iterator

from bitmask_studio.core import rle
from bitmask_studio.core.errors import RleError
from bitmask_studio.sandbox.answers import RefusedError
from bitmask_studio.sandbox.ontology_index import classes_of
from bitmask_studio.sandbox.rows import Row
from bitmask_studio.sandbox.wire import Json, Value

_ANSWERS = ("object_answers", "object_actions", "classification_answers")


def frames_of(place: Json) -> Iterator[tuple[int, Json]]:
    """The frames of a unit or space with their labels; flat ones are those of one picture. Raises RefusedError."""
    labels = place.get("labels") or {}
    if "objects" in labels or "classifications" in labels:
        yield int(place.get("data_sequence", 0)), labels
        return
    for frame, content in labels.items():
        if not str(frame).isdecimal() or not isinstance(content, dict):
            raise corrupted(f"{frame!r} is no frame.")
        yield int(frame), content


def parts_of(wire: Json) -> Iterator[tuple[Json, int, Json]]:
    """Every (unit or space, frame, labels of the frame) of a label row."""
    for place in (*wire.get("data_units", {}).values(), *wire.get("spaces", {}).values()):
        for frame, labels in frames_of(place):
            yield place, frame, labels


def objects_of(wire: Json) -> Iterator[tuple[Json, int, Json]]:
    """Every (unit or space, frame, object) of a label row."""
    for place, frame, labels in parts_of(wire):
        for each in labels.get("objects", []):
            yield place, frame, each


def refuse_corrupted(posted: Value, row: Row) -> None:
    """Raise RefusedError when what was sent cannot be the labels of this row."""
    if not isinstance(posted, dict) or any(not isinstance(posted.get(name, {}), dict) for name in _ANSWERS):
        raise corrupted("The labels are not an object of objects.")
    units = {unit.unit_hash for unit in row.units}
    if not isinstance(posted.get("data_units"), dict) or set(posted["data_units"]) - units:
        raise corrupted("The labels name data units that this row does not have.")
    if set(posted.get("spaces") or {}) - set(row.spaces):
        raise corrupted("The labels name spaces that this row does not have.")
    for _, frame, each in objects_of(posted):
        if not each.get("objectHash") or not each.get("featureHash"):
            raise corrupted("An object has no hash or no class.")
        if frame >= row.frames and row.data_type == "video":
            raise corrupted(f"Frame {frame} lies behind the end of the video.")
        if each["objectHash"] not in posted.get("object_answers", {}):
            raise RefusedError("ANSWER_DICTIONARY_ERROR", f"Object {each['objectHash']} is not in object_answers.")


def errors_of(wire: Json, structure: Json) -> list[str]:
    """What makes a row invalid, in words: unknown classes, bitmasks that do not decode or have another size."""
    classes = classes_of(structure)
    errors = []
    for place, frame, each in objects_of(wire):
        problem = _unknown_class(each, classes) or _bad_bitmask(each, place)
        if problem:
            errors.append(f"{each['objectHash']} on frame {frame}: {problem}")
    return errors


def _unknown_class(each: Json, classes: dict[str, Json]) -> str | None:
    known = classes.get(each["featureHash"])
    if known is None:
        return "its class is not in the ontology"
    return None if known["shape"] == each.get("shape") else "its shape is not that of its class"


def _bad_bitmask(each: Json, place: Json) -> str | None:
    bitmask = each.get("bitmask")
    if bitmask is None:
        return None
    try:
        rle.parse(bitmask["rleString"], bitmask["height"], bitmask["width"])
    except RleError as error:
        return str(error)
    except (KeyError, TypeError):
        return "its bitmask is incomplete"
    sizes = {(place.get("height"), place.get("width")), (None, None)}
    return None if (bitmask["height"], bitmask["width"]) in sizes else "its bitmask has another size than the picture"


def corrupted(message: str) -> RefusedError:
    """The refusal of labels that make no sense."""
    return RefusedError("CORRUPTED_LABEL_ERROR", message, message)
