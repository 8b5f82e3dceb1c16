"""Which classes local labels offer: those of an ontology file, else those that objects name, else one called Mask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.ontology import BITMASK, ObjectClass, Ontology
from bitmask_studio.core.reading import json_files_if_any, read_ordinary
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
        value = read_json(read_ordinary(path).removeprefix(_BOM))
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
    return sorted({path for folder in folders for path in json_files_if_any(folder) if "ontology" in path.name.lower()})


def named_classes(classes: Iterable[ObjectClass]) -> Ontology:
    """The classes that objects name, without repeats; `Mask` where they name none."""
    ontology = Ontology().with_classes(classes)
    return ontology if ontology.classes else Ontology((MASK,))


class Offer(NamedTuple):
    """The classes on offer, whether they are those that the labels name, and what the user should know of that."""

    ontology: Ontology
    of_labels: bool
    remarks: tuple[str, ...] = ()


def find_ontology(given: Path | None, folders: Iterable[Path], classes: Iterable[ObjectClass]) -> Offer:
    """The classes on offer. Raises InputError when the file that was given holds no ontology."""
    if given:
        return Offer(read_ontology(given), of_labels=False)
    found = beside(folders)
    if len(found) > 1:
        names = ", ".join(each.name for each in found)
        text = tr("There are several ontologies beside the labels ({names}): the classes are those of the labels.")
        return Offer(named_classes(classes), True, (text.format(names=names),))
    if not found:
        return Offer(named_classes(classes), of_labels=True)
    try:
        return Offer(read_ontology(found[0]), of_labels=False)
    except InputError as error:
        return Offer(named_classes(classes), True, (str(error),))
