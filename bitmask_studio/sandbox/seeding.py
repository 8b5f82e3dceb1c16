"""What a sandbox holds at its first start: the sample project and more, or the label rows of an export."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.names import safe_stem
from bitmask_studio.core.reading import json_files
from bitmask_studio.core.resources import resource
from bitmask_studio.core.text import tr
from bitmask_studio.sandbox import demo
from bitmask_studio.sandbox.export_form import read_rows
from bitmask_studio.sandbox.founding import members, new_project, put_first, put_project, read_json
from bitmask_studio.sandbox.named_ontology import structure_named_by
from bitmask_studio.sandbox.wire import Json, Value
from bitmask_studio.sandbox.world import World


@dataclass(frozen=True)
class Given:
    """The user's own export, the folder of its pictures and its ontology."""

    labels: Path
    images: Path | None = None
    ontology: Path | None = None


def base_name(given: Given | None) -> str:
    """The name of the store's file: each export has its own, so that one state folder serves many."""
    if given is None:
        return "sample.sqlite3"
    path = given.labels.resolve()
    return f"{safe_stem(path.stem)[:60]}-{hashlib.sha256(str(path).encode()).hexdigest()[:8]}.sqlite3"


def picture_folders(given: Given | None) -> list[Path]:
    """Where the pictures of the rows are looked for. Raises InputError when the folder that was given is none."""
    if given is None:
        return [resource("sandbox"), resource("sample")]
    if given.images is None:
        return [given.labels.resolve().parent]
    if not given.images.is_dir():
        raise InputError(tr("{folder} is not a folder of pictures.").format(folder=given.images))
    return [given.images]


def fill(world: World, given: Given | None) -> None:
    """Put the first content into an empty world. Raises InputError."""
    if given is None:
        demo.fill(world)
    else:
        _fill_from_export(world, given)


def _fill_from_export(world: World, given: Given) -> None:
    content = read_json(given.labels)
    project = new_project(given.labels.stem, tr("Label rows of {file}").format(file=given.labels.name), members())
    rows = read_rows(content, project)
    structure = _structure(given, content)
    put_project(world, project, structure)
    put_first(world, rows)


def _structure(given: Given, content: Value) -> Json:
    """The ontology given, else the only one beside the export, else what the labels name."""
    if given.ontology:
        return _read_structure(given.ontology)
    beside = [path for path in json_files(given.labels.resolve().parent) if "ontology" in path.name.lower()]
    if len(beside) == 1:
        return _read_structure(beside[0])
    return structure_named_by(content if isinstance(content, list) else [content])


def _read_structure(path: Path) -> Json:
    content = read_json(path)
    structure = content.get("structure", content) if isinstance(content, dict) else None
    if not isinstance(structure, dict) or not isinstance(structure.get("objects"), list):
        raise InputError(tr("{file} holds no ontology: it has no list of objects.").format(file=path))
    return {"classifications": [], **structure}
