"""The sandbox's ontology: the sample's, with every type of attribute and some more shapes."""

from __future__ import annotations

from typing import Any

from sample.classes import feature_hash, structure, value_of

Json = dict[str, Any]


def sandbox_structure() -> Json:
    """Encord's ontology structure of the sandbox's first project."""
    whole = structure()
    boat = next(each for each in whole["objects"] if each["name"] == "Boat")
    boat["attributes"] += _boat_attributes(str(boat["id"]), len(boat["attributes"]))
    shapes = (
        ("Pontoon", "#7A5CFF", "rotatable_bounding_box"),
        ("Lifebuoy", "#FF6F00", "ellipse"),
        ("Lesion", "#C2185B", "bitmask"),
        ("Old mark", "#607D8B", "bitmask"),
    )
    for number, (title, color, shape) in enumerate(shapes, len(whole["objects"]) + 1):
        whole["objects"].append(
            {
                "id": str(number),
                "name": title,
                "color": color,
                "shape": shape,
                "required": False,
                "archived": title == "Old mark",
                "attributes": [],
                "featureNodeHash": feature_hash(title),
            }
        )
    whole["classifications"] = [_classification(1, "Visibility", ("Clear", "Hazy")), _text_classification(2, "Remarks")]
    return whole


def _boat_attributes(parent: str, before: int) -> list[Json]:
    plan: tuple[tuple[str, str, bool, tuple[str, ...]], ...] = (
        ("Equipment", "checklist", False, ("Fenders", "Flag", "Lifebelt")),
        ("Name on the hull", "text", False, ()),
        ("Crew", "numeric", False, ()),
        ("Heading", "radio", True, ("To the left", "To the right")),
    )
    return [_attribute(f"{parent}.{before + at}", "Boat", *each) for at, each in enumerate(plan, 1)]


def _attribute(number: str, owner: str, title: str, kind: str, dynamic: bool, options: tuple[str, ...]) -> Json:
    entry = {"id": number, "name": title, "type": kind, "required": False, "dynamic": dynamic}
    shown = {"options": [_option(f"{number}.{at}", owner, title, each) for at, each in enumerate(options, 1)]}
    return {**entry, **(shown if options else {}), "featureNodeHash": feature_hash(owner, title)}


def _option(number: str, owner: str, title: str, label: str) -> Json:
    hash_ = feature_hash(owner, title, label)
    return {"id": number, "label": label, "value": value_of(label), "options": [], "featureNodeHash": hash_}


def _classification(number: int, title: str, options: tuple[str, ...]) -> Json:
    attribute = _attribute(f"{number}.1", title, title, "radio", False, options)
    return {"id": str(number), "featureNodeHash": feature_hash(title), "attributes": [attribute]}


def _text_classification(number: int, title: str) -> Json:
    attribute = _attribute(f"{number}.1", title, title, "text", False, ())
    return {"id": str(number), "featureNodeHash": feature_hash(title), "attributes": [attribute]}


def answer(owner: str, title: str, value: str | float | list[str]) -> Json:
    """An answer to an attribute: text, number, or the labels of the chosen options."""
    answers = (
        [{"name": each, "value": value_of(each), "featureHash": feature_hash(owner, title, each)} for each in value]
        if isinstance(value, list)
        else value
    )
    return {
        "name": title,
        "value": value_of(title),
        "answers": answers,
        "featureHash": feature_hash(owner, title),
        "manualAnnotation": True,
    }


def classification(title: str, value: str | list[str], times: Json) -> Json:
    """An entry of `classification_answers` for frame 0."""
    return {
        "classificationHash": feature_hash(title, "on the harbour"),
        "featureHash": feature_hash(title),
        "range": [[0, 0]],
        "spaces": {},
        "classifications": [answer(title, title, value)],
        "confidence": 1.0,
        "manualAnnotation": True,
        **times,
    }
