"""Looks things up in Encord's ontology structure."""

from __future__ import annotations

from bitmask_studio.sandbox.wire import Json


def classes_of(structure: Json) -> dict[str, Json]:
    """The object classes by feature hash."""
    return {each["featureNodeHash"]: each for each in structure.get("objects", [])}


def archived_features(structure: Json) -> frozenset[str]:
    """The feature hashes of archived classes of objects and classifications."""
    entries = (*structure.get("objects", []), *structure.get("classifications", []))
    return frozenset(each["featureNodeHash"] for each in entries if each.get("archived"))


def feature_of_attribute(structure: Json) -> dict[str, str]:
    """Which classification an attribute directly below it belongs to, both as feature hashes."""
    return {
        attribute["featureNodeHash"]: each["featureNodeHash"]
        for each in structure.get("classifications", [])
        for attribute in each.get("attributes", [])
    }
