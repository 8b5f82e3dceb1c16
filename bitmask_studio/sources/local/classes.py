"""Which classes local labels offer: those of an ontology file, else those that objects name, else one called Mask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.ontology import BITMASK, ObjectClass, Ontology
from bitmask_studio.core.text import tr
from bitmask_studio.sources.jsontext import facts
from bitmask_studio.sources.jsontext.scan import ScanError
from bitmask_studio.sources.label_rows.row import read_json
from bitmask_studio.sources.reasons import reason_of

# The hash is base64 of the name and the same in every folder, so that masks kept from a crash still fit their class.
MASK = ObjectClass("TWFzaw==", "Mask", "#D33115", BITMASK)
_BOM = b"\xef\xbb\xbf"


def read_ontology(path: Path) -> Ontology:
    """The ontology in a file: its structure, alone or under `structure`. Raises InputError."""
    try:
        value = read_json(path.read_bytes().removeprefix(_BOM))
    except OSError as error:
        raise InputError(tr("{file} cannot be read: {reason}.").format(file=path, reason=reason_of(error))) from error
    except ScanError as error:
        raise InputError(tr("{file} is not JSON: it holds no ontology.").format(file=path)) from error
    table = facts.table(value)
    structure = facts.table(table.get("structure")) or table
    if not isinstance(structure.get("objects"), list):
        raise InputError(tr("{file} holds no ontology: it has no list of objects.").format(file=path))
    return Ontology.from_structure(structure)


def beside(folders: Iterable[Path]) -> Sequence[Path]:
    """The files called `*ontology*.json` in the folders."""
    found = {path for folder in folders for path in _json_files(folder) if "ontology" in path.name.lower()}
    return sorted(found)


def named_classes(classes: Iterable[ObjectClass]) -> Ontology:
    """The classes that objects name, without repeats; `Mask` where they name none."""
    ontology = Ontology().with_classes(classes)
    return ontology if ontology.classes else Ontology((MASK,))


def find_ontology(
    given: Path | None, folders: Iterable[Path], classes: Iterable[ObjectClass]
) -> tuple[Ontology, list[str]]:
    """The classes on offer, and what the user should know about where they come from.

    Raises InputError when the file that was given holds no ontology.
    """
    if given:
        return read_ontology(given), []
    found = beside(folders)
    if len(found) > 1:
        names = ", ".join(each.name for each in found)
        return named_classes(classes), [
            tr("There are several ontologies beside the labels ({names}): the classes are those of the labels.").format(
                names=names
            )
        ]
    try:
        return (read_ontology(found[0]) if found else named_classes(classes)), []
    except InputError as error:
        return named_classes(classes), [str(error)]


def _json_files(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.suffix.lower() == ".json" and path.is_file()]
    except OSError:
        return []
