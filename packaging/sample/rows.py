"""Scenes as Encord label rows: what an export of a project holds."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from bitmask_studio.core.geometry import Point
from bitmask_studio.core.mask import Mask
from sample.classes import ClassPlan, answers_of, feature_hash, plan_of, short_hash, value_of
from sample.scene import Picture, Scene, Thing

AUTHOR = "sample@bitmask-studio.invalid"
DATASET = "Bitmask Studio sample"

_BEGIN = datetime(2025, 1, 14, 9, 12, 31, tzinfo=UTC)
_MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png"}


def label_row(scene: Scene) -> dict[str, Any]:
    """The label row of a scene: an image, or an image group when it has several pictures."""
    grouped = len(scene.pictures) > 1
    title = scene.title if grouped else scene.pictures[0].file_name
    return {
        "label_hash": _uuid("label", scene.title),
        "branch_name": "main",
        "created_at": _time(0),
        "last_edited_at": _time(3600),
        "data_hash": _uuid("data", scene.title),
        "dataset_hash": _uuid("dataset", DATASET),
        "dataset_title": DATASET,
        "data_title": title,
        "data_type": "img_group" if grouped else "image",
        "label_status": "LABELLED",
        "annotation_task_status": "ASSIGNED",
        "is_shadow_data": False,
        "is_valid": True,
        "data_units": dict(_unit(scene, number, grouped) for number in range(len(scene.pictures))),
        "object_answers": _object_answers(scene),
        "object_actions": {},
        "classification_answers": {},
        "spaces": {},
    }


def _unit(scene: Scene, number: int, grouped: bool) -> tuple[str, dict[str, Any]]:
    picture = scene.pictures[number]
    data_hash = _uuid("data", scene.title, picture.file_name) if grouped else _uuid("data", scene.title)
    height, width = picture.pixels.shape[:2]
    objects = [_object(scene, picture, thing, order) for order, thing in enumerate(picture.things)]
    return data_hash, {
        "data_hash": data_hash,
        "data_title": picture.file_name,
        "data_link": picture.file_name,
        "data_type": _MEDIA_TYPES[picture.file_name.rpartition(".")[2]],
        "data_sequence": str(number),
        "width": width,
        "height": height,
        "labels": {"objects": objects, "classifications": []},
    }


def _object(scene: Scene, picture: Picture, thing: Thing, order: int) -> dict[str, Any]:
    plan = plan_of(thing.class_name)
    return {
        "objectHash": object_hash(scene, thing.key),
        "featureHash": feature_hash(plan.title),
        "name": plan.title,
        "color": plan.color,
        "shape": plan.shape,
        "value": value_of(plan.title),
        "createdAt": _time(60 + 11 * order),
        "createdBy": AUTHOR,
        "lastEditedAt": _time(64 + 11 * order),
        "lastEditedBy": AUTHOR,
        "confidence": 1.0,
        "manualAnnotation": True,
        **_geometry(plan, thing, picture),
    }


def object_hash(scene: Scene, key: str) -> str:
    """The hash of one thing, the same on every picture of its scene."""
    return short_hash("object", scene.title, key)


def _geometry(plan: ClassPlan, thing: Thing, picture: Picture) -> dict[str, Any]:
    height, width = picture.pixels.shape[:2]
    if isinstance(thing.geometry, Mask):
        rle_string = thing.geometry.to_rle(height, width)
        return {"bitmask": {"top": 0, "left": 0, "height": height, "width": width, "rleString": rle_string}}
    points = [Point(point.x / width, point.y / height) for point in thing.geometry]
    if plan.shape == "bounding_box":
        first, last = points
        box = {"x": first.x, "y": first.y, "w": last.x - first.x, "h": last.y - first.y}
        return {"boundingBox": {key: round(value, 4) for key, value in box.items()}}
    return {plan.shape: {str(at): {"x": round(x, 4), "y": round(y, 4)} for at, (x, y) in enumerate(points)}}


def _object_answers(scene: Scene) -> dict[str, Any]:
    """One entry an object: its number within its class and all that is answered about it on any picture."""
    titles: dict[str, str] = {}
    answers: dict[str, dict[str, str]] = {}
    for thing in _things(scene):
        titles.setdefault(thing.key, thing.class_name)
        answers.setdefault(thing.key, {}).update(thing.answers)
    numbers: Counter[str] = Counter()
    entries = {}
    for key, title in titles.items():
        numbers[title] += 1
        hash_ = object_hash(scene, key)
        entries[hash_] = {
            "objectHash": hash_,
            "objectNumber": numbers[title],
            "classifications": answers_of(plan_of(title), answers[key]),
        }
    return entries


def _things(scene: Scene) -> Iterable[Thing]:
    return (thing for picture in scene.pictures for thing in picture.things)


def _uuid(*path: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("https://bitmask-studio.invalid/sample", *path))))


def _time(seconds: int) -> str:
    """A moment of the day on which the sample was made, as Encord writes times."""
    return (_BEGIN + timedelta(seconds=seconds)).strftime("%a, %d %b %Y %H:%M:%S UTC")
