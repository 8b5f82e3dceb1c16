"""What of a label row would be gone after the SDK read it and saved it: the row as it came against the row as sent.

Only what people made counts. Fields that the server owns are left out, and so is what the SDK merely spells in another
way: names and colours of classes, times, the form of polygons, the order of answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from bitmask_studio.core.ontology import BITMASK
from bitmask_studio.sources.encord.save_values import Loss, Lost
from bitmask_studio.sources.jsontext import facts
from bitmask_studio.sources.label_rows.objects import shape_of

_NOTHING: tuple[object, ...] = (None, "", [], {})
_NUMBERED = frozenset({"objectNumber"})
"""The server counts the objects of a class; the SDK keeps the number among the answers."""
_RESPELT = frozenset({"visible", "occluded", "invisible", "selfOccluded"})
"""A skeleton's point says these in `visibility` once the SDK has written it."""

Json = Mapping[str, Any]


class Place(NamedTuple):
    """Where an object lies: container, the unit's data hash or the space, the frame's key, its objectHash."""

    container: str
    unit: str
    frame: str
    object_hash: str


def losses_of(raw: Json, sent: Json) -> tuple[Loss, ...]:
    """What `raw` has and `sent`, the same label row after the SDK's reading and writing, has no more."""
    found = [*_objects(raw, sent), *_answers(raw, sent), *_actions(raw, sent), *_classifications(raw, sent)]
    return tuple(dict.fromkeys(found))


def objects_in(row: Json) -> dict[Place, Json]:
    """Every object of a label row. Where one place holds several of the same hash, the last."""
    return {place: entry for place, entry, _ in _entries(row)}


def _entries(row: Json) -> Iterator[tuple[Place, Json, str]]:
    """Every object with its place, and the frame as people count it."""
    for container in ("data_units", "spaces"):
        for key, unit in facts.table(row.get(container)).items():
            name = facts.text(facts.table(unit).get("data_hash")) or key if container == "data_units" else key
            for frame, shown, labels in frames_of(facts.table(unit)):
                for entry in facts.items(labels.get("objects")):
                    table = facts.table(entry)
                    yield Place(container, name, frame, facts.text(table.get("objectHash"))), table, shown


def frames_of(unit: Json) -> Iterator[tuple[str, str, Json]]:
    """The frames of a data unit or space that have labels: the key ("" for flat labels), its number, its labels."""
    labels = facts.table(unit.get("labels"))
    if "objects" in labels or "classifications" in labels:
        yield "", str(facts.sequence(unit.get("data_sequence")) or 0), labels
        return
    for key, each in labels.items():
        yield key, key, facts.table(each)


def _objects(raw: Json, sent: Json) -> Iterator[Loss]:
    kept = objects_in(sent)
    seen: set[Place] = set()
    for place, entry, frame in _entries(raw):
        name = facts.text(entry.get("name"))
        other = kept.get(place)
        if other is None or place in seen:
            yield Loss(Lost.OBJECT, name, place.object_hash, frame)
        else:
            yield from _object(entry, other, Loss(Lost.FIELD, name, place.object_hash, frame))
        seen.add(place)


def _object(raw: Json, sent: Json, loss: Loss) -> Iterator[Loss]:
    if raw.get("featureHash") != sent.get("featureHash"):
        yield _as(loss, Lost.CLASS, "featureHash")
    for field in _lost_fields(raw, sent):
        head, _, rest = field.partition(".")
        if head in _NUMBERED:
            continue
        if head == BITMASK and shape_of(raw) == BITMASK:
            yield _as(loss, Lost.BITMASK_FIELD, rest or head)
        else:
            yield _as(loss, Lost.REVIEWS if field == "reviews" else Lost.FIELD, field)


def _lost_fields(raw: object, sent: object, path: str = "") -> Iterator[str]:
    """The fields of a JSON object, and of those within it, that say something and are there no more."""
    if not isinstance(raw, Mapping) or not isinstance(sent, Mapping):
        return
    for key, value in raw.items():
        if key in _RESPELT and path:
            continue
        if key not in sent:
            if value not in _NOTHING and not (key == "isDeleted" and value is False):
                yield path + key
        else:
            yield from _lost_fields(value, sent[key], f"{path}{key}.")


def _answers(raw: Json, sent: Json) -> Iterator[Loss]:
    """Static answers, and entries whose object is nowhere in the row."""
    kept = facts.table(sent.get("object_answers"))
    for label, entry in facts.table(raw.get("object_answers")).items():
        table, other = facts.table(entry), kept.get(label)
        if not isinstance(other, Mapping):
            if table.get("classifications") or table.get("range") or table.get("spaces"):
                yield Loss(Lost.ORPHAN, label=label)
            continue
        for field in (each for each in table if each not in other and table[each] not in _NOTHING):
            yield Loss(Lost.REVIEWS if field == "reviews" else Lost.ANSWER_FIELD, label=label, field=field)
        yield from _attributes(table.get("classifications"), other.get("classifications"), label)


def _actions(raw: Json, sent: Json) -> Iterator[Loss]:
    """Dynamic answers."""
    kept = facts.table(sent.get("object_actions"))
    for label, entry in facts.table(raw.get("object_actions")).items():
        table, other = facts.table(entry), facts.table(kept.get(label))
        actions = facts.items(table.get("actions"))
        if actions and not other:
            yield Loss(Lost.ORPHAN, label=label)
            continue
        for field in (each for each in table if other and each not in other and table[each] not in _NOTHING):
            yield Loss(Lost.ANSWER_FIELD, label=label, field=field)
        yield from _attributes(actions, other.get("actions"), label)


def _attributes(raw: object, sent: object, label: str) -> Iterator[Loss]:
    """Answers to attributes: what each says, on which frames, and every field around it."""
    kept = _said(sent)
    for says, frames in _said(raw).items():
        if not _covers(kept.get(says, []), frames):
            yield Loss(Lost.ANSWER, _name_of(raw, says[0]), label)
    others = [facts.table(each) for each in facts.items(sent)]
    for each in map(facts.table, facts.items(raw)):
        other = next((one for one in others if one.get("featureHash") == each.get("featureHash")), None)
        if other is None:
            continue
        options = {facts.text(facts.table(one).get("featureHash")): one for one in facts.items(other.get("answers"))}
        fields = [*_lost_fields(each, other)]
        for option in map(facts.table, facts.items(each.get("answers"))):
            fields += _lost_fields(option, options.get(facts.text(option.get("featureHash"))))
        for field in fields:
            yield Loss(Lost.ANSWER_FIELD, facts.text(each.get("name")), label, field=field)


Says = tuple[str, str]
"""An attribute's feature hash and an option's, or the text or number that was written."""
Ranges = list[tuple[int, int]]


def _said(answers: object) -> dict[Says, Ranges]:
    """What is answered, and on which frames (first and last, sorted, apart); static answers hold on frame 0."""
    found: dict[Says, Ranges] = {}
    for each in map(facts.table, facts.items(answers)):
        feature_hash, value = facts.text(each.get("featureHash")), each.get("answers")
        if isinstance(value, list):
            values = [facts.text(facts.table(one).get("featureHash")) for one in value]
        else:
            number = facts.finite(value)
            values = [] if value in _NOTHING else [repr(number) if number is not None else str(value)]
        ranges = _ranges(each.get("range")) if each.get("dynamic") or "range" in each else [(0, 0)]
        for one in values:
            found.setdefault((feature_hash, one), []).extend(ranges)
    return {says: _united(ranges) for says, ranges in found.items()}


def _ranges(value: object) -> Ranges:
    pairs = ([facts.whole(end) for end in facts.items(each)[:2]] for each in facts.items(value))
    return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2 and pair[0] is not None and pair[1] is not None]


def _united(ranges: Ranges) -> Ranges:
    united: Ranges = []
    for first, last in sorted(ranges):
        if united and first <= united[-1][1] + 1:
            united[-1] = (united[-1][0], max(united[-1][1], last))
        else:
            united.append((first, last))
    return united


def _covers(outer: Ranges, inner: Ranges) -> bool:
    """Whether every frame of `inner` is in `outer`; both are united."""
    return all(any(first <= one and two <= last for first, last in outer) for one, two in inner)


def _name_of(answers: object, feature_hash: str) -> str:
    tables = map(facts.table, facts.items(answers))
    return next((facts.text(each.get("name")) for each in tables if each.get("featureHash") == feature_hash), "")


def _classifications(raw: Json, sent: Json) -> Iterator[Loss]:
    kept = facts.table(sent.get("classification_answers"))
    entries = facts.table(raw.get("classification_answers"))
    placed = {loss.label: loss for loss in _placed(raw)}
    for label, entry in entries.items():
        table, other = facts.table(entry), kept.get(label)
        name = facts.text(next(map(facts.table, facts.items(table.get("classifications"))), {}).get("name"))
        if not isinstance(other, Mapping):
            if label in placed or any(table.get(key) for key in ("classifications", "range", "spaces")):
                yield Loss(Lost.CLASSIFICATION, name, label, placed.get(label, Loss(Lost.CLASSIFICATION)).frame)
            continue
        if not _same_frames(table, other):
            yield Loss(Lost.CLASSIFICATION, name, label)
        for field in (each for each in table if each not in other and table[each] not in _NOTHING):
            what = Lost.REVIEWS if field == "reviews" else Lost.CLASSIFICATION_FIELD
            yield Loss(what, name, label, field=field)
        yield from _attributes(table.get("classifications"), other.get("classifications"), label)
    yield from (loss for label, loss in placed.items() if label not in kept and label not in entries)


def _placed(raw: Json) -> Iterator[Loss]:
    """The classifications that frames name, as they would be lost."""
    for container in ("data_units", "spaces"):
        for unit in map(facts.table, facts.table(raw.get(container)).values()):
            for _, frame, labels in frames_of(unit):
                for entry in map(facts.table, facts.items(labels.get("classifications"))):
                    label = facts.text(entry.get("classificationHash"))
                    yield Loss(Lost.CLASSIFICATION, facts.text(entry.get("name")), label, frame)


def _same_frames(raw: Json, sent: Json) -> bool:
    spaces, others = facts.table(raw.get("spaces")), facts.table(sent.get("spaces"))
    pairs = [(raw, sent), *((facts.table(one), facts.table(others.get(key))) for key, one in spaces.items())]
    return all(_covers(_united(_ranges(b.get("range"))), _united(_ranges(a.get("range")))) for a, b in pairs)


def _as(loss: Loss, what: Lost, field: str) -> Loss:
    return Loss(what, loss.name, loss.label, loss.frame, field)
