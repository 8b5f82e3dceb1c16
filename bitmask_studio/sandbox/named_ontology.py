"""An ontology made from what labels name, for an export that comes without one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bitmask_studio.sandbox.checks import objects_of
from bitmask_studio.sandbox.wire import Json

_COLOR = "#D33115"


def structure_named_by(rows: Iterable[Json]) -> Json:
    """Encord's structure with every class, attribute, option and classification that the rows name.

    Attributes all lie directly below their class: which option one is nested under cannot be told from answers.
    """
    classes: dict[str, Json] = {}
    attributes: dict[str, dict[str, Json]] = {}
    classifications: dict[str, Json] = {}
    for row in rows:
        _name_classes(row, classes, attributes)
        _name_classifications(row, classifications, attributes)
    return {
        "objects": _numbered(classes, attributes),
        "classifications": _numbered(classifications, attributes),
    }


def _name_classes(row: Json, classes: dict[str, Json], attributes: dict[str, dict[str, Json]]) -> None:
    features = {}
    for _, _, each in objects_of(row):
        feature = features[each["objectHash"]] = str(each["featureHash"])
        classes.setdefault(
            feature,
            {
                "name": each.get("name", feature),
                "color": each.get("color") or _COLOR,
                "shape": each["shape"],
                "featureNodeHash": feature,
            },
        )
    for hash_, answer, dynamic in _answers(row):
        if hash_ in features:
            _name_attribute(attributes.setdefault(features[hash_], {}), answer, dynamic)


def _answers(row: Json) -> Iterator[tuple[str, Json, bool]]:
    """Object hash, answer, and whether it changes from frame to frame."""
    for hash_, entry in (row.get("object_answers") or {}).items():
        yield from ((hash_, answer, False) for answer in entry.get("classifications", []))
    for hash_, entry in (row.get("object_actions") or {}).items():
        yield from ((hash_, answer, True) for answer in entry.get("actions", []))


def _name_classifications(row: Json, found: dict[str, Json], attributes: dict[str, dict[str, Json]]) -> None:
    for entry in (row.get("classification_answers") or {}).values():
        feature = entry.get("featureHash")
        if feature:
            found.setdefault(str(feature), {"featureNodeHash": str(feature)})
            for answer in entry.get("classifications", []):
                _name_attribute(attributes.setdefault(str(feature), {}), answer, False)


def _name_attribute(known: dict[str, Json], answer: Json, dynamic: bool) -> None:
    value = answer.get("answers")
    kind = _kind(value)
    entry = known.setdefault(
        str(answer["featureHash"]),
        {"name": answer["name"], "type": kind, "required": False, "dynamic": dynamic, "options": {}},
    )
    if isinstance(value, list):
        entry["type"] = "checklist" if len(value) > 1 else entry["type"]
        for option in value:
            entry["options"].setdefault(str(option["featureHash"]), {"label": option["name"], "value": option["value"]})


def _kind(value: object) -> str:
    if isinstance(value, list):
        return "radio"
    return "text" if isinstance(value, str) or value is None else "numeric"


def _numbered(entries: dict[str, Json], attributes: dict[str, dict[str, Json]]) -> list[Json]:
    """The entries with the ids that a structure needs, their attributes and options below them."""
    return [
        {**entry, "id": str(at), "attributes": _attributes(str(at), attributes.get(feature, {}))}
        for at, (feature, entry) in enumerate(entries.items(), 1)
    ]


def _attributes(parent: str, known: dict[str, Json]) -> list[Json]:
    numbered = []
    for at, (feature, entry) in enumerate(known.items(), 1):
        number = f"{parent}.{at}"
        options = [
            {**option, "id": f"{number}.{place}", "featureNodeHash": hash_}
            for place, (hash_, option) in enumerate(entry["options"].items(), 1)
        ]
        shown = {"options": options} if options else {}
        rest = {name: value for name, value in entry.items() if name != "options"}
        numbered.append({**rest, **shown, "id": number, "featureNodeHash": feature})
    return numbered
