"""The sample project's ontology: the classes of its objects, their colours and questions, as Encord spells them."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Radio:
    """A question with one answer; an option may lead on to a further question."""

    title: str
    options: Mapping[str, Radio | None]


@dataclass(frozen=True)
class ClassPlan:
    """One object class."""

    title: str
    color: str
    shape: str = "bitmask"
    questions: tuple[Radio, ...] = ()


_REVIEW = Radio("Review", {"Good": None, "Needs touch-up": None})
_KIND = Radio(
    "Kind",
    {"Sailing boat": Radio("Sails", {"Set": None, "Furled": None}), "Fishing boat": None, "Rowing boat": None},
)
_RIPENESS = Radio(
    "Ripeness",
    {"Ripe": None, "Unripe": None, "Spoiled": Radio("Damage", {"Bruise": None, "Brown spots": None})},
)
_PHASE = Radio("Phase", {"Resting": None, "Dividing": None})
_FOCUS = Radio("Focus", {"Sharp": None, "Out of focus": None})

CLASSES = (
    ClassPlan("Boat", "#3D8BFD", questions=(_KIND, _REVIEW)),
    ClassPlan("Building", "#E0653A", questions=(_REVIEW,)),
    ClassPlan("Tree", "#2FA84F"),
    ClassPlan("Water", "#18B5C9"),
    ClassPlan("Field", "#D9B310"),
    ClassPlan("Road", "#8A8F98"),
    ClassPlan("Car", "#E6308A"),
    ClassPlan("Cell", "#44D07B", questions=(_PHASE, _FOCUS, _REVIEW)),
    ClassPlan("Nucleus", "#6F6CFF"),
    ClassPlan("Fruit", "#FF8A1F", questions=(_RIPENESS, _REVIEW)),
    ClassPlan("Flower", "#FF4D6D", questions=(_REVIEW,)),
    ClassPlan("Stalk", "#9ACD32"),
    ClassPlan("Leaf", "#1F9E6E"),
    ClassPlan("Insect", "#B33CFF"),
    ClassPlan("Buoy", "#FF3B30", "bounding_box"),
    ClassPlan("Bruise", "#A0522D", "polygon"),
    ClassPlan("Shoreline", "#00C2E0", "polyline"),
    ClassPlan("Lamp", "#FFD60A", "point"),
)


def short_hash(*path: str) -> str:
    """Eight characters of base64 that always are the same for the same path."""
    return base64.b64encode(hashlib.sha256("/".join(path).encode()).digest())[:8].decode("ascii")


def value_of(title: str) -> str:
    """Encord's `value` of a title."""
    return re.sub(r"\W+", "_", title.lower()).strip("_")


def plan_of(title: str) -> ClassPlan:
    """The class of this title; raises StopIteration when there is none."""
    return next(plan for plan in CLASSES if plan.title == title)


def feature_hash(*path: str) -> str:
    """The featureNodeHash of a class, question or option, named by the titles that lead to it."""
    return short_hash("feature", *path)


def structure() -> dict[str, Any]:
    """Encord's ontology structure."""
    return {"objects": [_object(number, plan) for number, plan in enumerate(CLASSES, 1)], "classifications": []}


def _object(number: int, plan: ClassPlan) -> dict[str, Any]:
    return {
        "id": str(number),
        "name": plan.title,
        "color": plan.color,
        "shape": plan.shape,
        "required": False,
        "attributes": [_attribute((plan.title,), f"{number}.{at}", q) for at, q in enumerate(plan.questions, 1)],
        "featureNodeHash": feature_hash(plan.title),
    }


def _attribute(path: Sequence[str], number: str, question: Radio) -> dict[str, Any]:
    here = (*path, question.title)
    options = [_option(here, f"{number}.{at}", *each) for at, each in enumerate(question.options.items(), 1)]
    entry: dict[str, Any] = {"id": number, "name": question.title, "type": "radio", "required": False}
    if len(path) == 1:
        entry["dynamic"] = False
    return {**entry, "options": options, "featureNodeHash": feature_hash(*here)}


def _option(path: Sequence[str], number: str, title: str, further: Radio | None) -> dict[str, Any]:
    here = (*path, title)
    return {
        "id": number,
        "label": title,
        "value": value_of(title),
        "options": [_attribute(here, f"{number}.1", further)] if further else [],
        "featureNodeHash": feature_hash(*here),
    }


def answers_of(plan: ClassPlan, answers: Mapping[str, str]) -> list[dict[str, Any]]:
    """The `classifications` of an object: the given answers, a flat list, each question before those it leads to."""
    return [entry for question in plan.questions for entry in _answered((plan.title,), question, answers)]


def _answered(path: Sequence[str], question: Radio, answers: Mapping[str, str]) -> list[dict[str, Any]]:
    title = answers.get(question.title)
    if title is None:
        return []
    here = (*path, question.title)
    option = {"name": title, "value": value_of(title), "featureHash": feature_hash(*here, title)}
    entry = {
        "name": question.title,
        "value": value_of(question.title),
        "answers": [option],
        "featureHash": feature_hash(*here),
        "manualAnnotation": True,
    }
    further = question.options[title]
    return [entry, *(_answered((*here, title), further, answers) if further else [])]
