"""The classes a project offers, as Encord's ontology structure spells them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple, replace

from bitmask_studio.core.attributes import Attribute, AttributeType, Option

BITMASK = "bitmask"
MAX_NESTING = 16
"""How deep attributes may lie in options; Encord allows seven."""
_TYPES = {each.value: each for each in AttributeType}
_COLORS = ("#D33115", "#E27300", "#16406C", "#FE9200", "#FCDC00", "#A4DD00", "#68CCCA", "#73D8FF", "#AEA1FF", "#FDA1FF")


class ObjectClass(Struct, frozen=True):
    """One object of an ontology: what a new label of it carries. Equal to another that labels carry alike."""

    feature_hash: str
    name: str
    color: str
    shape: str
    attributes: tuple[Attribute, ...] = ()
    archived: bool = False
    """Whether it is kept for the objects that have it, and offered to no other."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ObjectClass) and astuple(self)[:4] == astuple(other)[:4]

    def __hash__(self) -> int:
        return hash(astuple(self)[:4])

    @property
    def value(self) -> str:
        """Encord's `value`: the title in lower case, anything that is no letter or digit as `_`."""
        return re.sub(r"[^\w]+", "_", self.name.lower()).strip("_")


class Ontology(Struct, frozen=True):
    """All object classes, in the ontology's order."""

    classes: tuple[ObjectClass, ...] = ()

    @classmethod
    def from_structure(cls, structure: Mapping[str, Any]) -> Ontology:
        """Read Encord's ontology structure; objects without name, color, shape and featureNodeHash are left out.

        So are attributes without name, type and featureNodeHash, and options without label and featureNodeHash.
        """
        objects = structure.get("objects")
        entries = objects if isinstance(objects, list) else []
        return cls(tuple(found for entry in entries if (found := _read_class(entry))))

    @property
    def bitmask_classes(self) -> tuple[ObjectClass, ...]:
        """What a new object with a bitmask can be of."""
        return tuple(each for each in self.classes if each.shape == BITMASK and not each.archived)

    def find(self, feature_hash: str) -> ObjectClass | None:
        return next((each for each in self.classes if each.feature_hash == feature_hash), None)

    def matching(self, name: str) -> tuple[ObjectClass, ...]:
        """The classes whose title or feature hash is exactly `name`."""
        return tuple(each for each in self.classes if name in (each.name, each.feature_hash))

    def with_classes(self, more: Iterable[ObjectClass]) -> Ontology:
        """This ontology and those of `more` whose feature hash it does not have yet."""
        known = {each.feature_hash: each for each in self.classes}
        for each in more:
            known.setdefault(each.feature_hash, each)
        return replace(self, classes=tuple(known.values()))

    def with_new_class(self, name: str) -> Ontology:
        """This ontology and a new bitmask class with a colour of its own."""
        color = _COLORS[len(self.classes) % len(_COLORS)]
        return self.with_classes([ObjectClass(new_hash(), name, color, BITMASK)])


def new_hash() -> str:
    """A new object or feature hash: 8 characters of base64, as Encord makes them (never `+` or `/`)."""
    import secrets  # brings hashing, and no start needs a new name

    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(secrets.choice(alphabet) for _ in range(8))


def _read_class(entry: object) -> ObjectClass | None:
    if not isinstance(entry, Mapping):
        return None
    name, shape = entry.get("name"), entry.get("shape")
    color, feature_hash = entry.get("color"), entry.get("featureNodeHash")
    if isinstance(name, str) and isinstance(shape, str) and isinstance(color, str) and isinstance(feature_hash, str):
        attributes = _read_attributes(entry.get("attributes"), MAX_NESTING)
        return ObjectClass(feature_hash, name, color, shape, attributes, archived=entry.get("archived") is True)
    return None


def _read_attributes(entries: object, deep: int) -> tuple[Attribute, ...]:
    """Those of a list that can be read, of the same feature hash the first; nothing below `deep` further levels."""
    known: dict[str, Attribute] = {}
    for entry in entries if isinstance(entries, list) and deep else ():
        if each := _read_attribute(entry, deep):
            known.setdefault(each.feature_hash, each)
    return tuple(known.values())


def _read_attribute(entry: object, deep: int) -> Attribute | None:
    if not isinstance(entry, Mapping):
        return None
    name, feature_hash, type_name = (entry.get(key) for key in ("name", "featureNodeHash", "type"))
    kind = _TYPES.get(type_name) if isinstance(type_name, str) else None
    if kind is None or not isinstance(name, str) or not isinstance(feature_hash, str):
        return None
    options = entry.get("options")
    choices = (_read_option(each, deep, kind) for each in options) if isinstance(options, list) else ()
    required, dynamic, archived = (entry.get(key) is True for key in ("required", "dynamic", "archived"))
    return Attribute(
        feature_hash, name, kind, required, dynamic, options=tuple(each for each in choices if each), archived=archived
    )


def _read_option(entry: object, deep: int, kind: AttributeType) -> Option | None:
    """An option; only one of a radio attribute asks for more."""
    if not isinstance(entry, Mapping):
        return None
    label, value, feature_hash = (entry.get(key) for key in ("label", "value", "featureNodeHash"))
    if not isinstance(label, str) or not isinstance(feature_hash, str):
        return None
    nested = entry.get("options") if kind is AttributeType.RADIO else None
    return Option(
        feature_hash,
        label,
        value if isinstance(value, str) else label,
        _read_attributes(nested, deep - 1),
        archived=entry.get("archived") is True,
    )
