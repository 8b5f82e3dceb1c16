"""Where what is opened is kept: its name among journals, how it is opened again, and what one window claims of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.reading import json_files_if_any
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Source
from bitmask_studio.sources.local import LocalSource
from bitmask_studio.studio.journal.kept import About, InFile
from bitmask_studio.studio.journal.names import identity_of_files, identity_of_project, resolved

if TYPE_CHECKING:
    from bitmask_studio.studio.journal.elsewhere import Elsewhere


class Place(Struct, frozen=True):
    """What a workspace is called among journals, how it is opened again, and the names that one window claims."""

    identity: str
    about: About
    names: tuple[str, ...]
    within: tuple[str, ...] = ()
    named: tuple[Elsewhere, ...] = ()
    """What is kept elsewhere and was said to belong here."""


def place_of_files(
    paths: Sequence[Path], images: Path | None = None, ontology: Path | None = None, named: Sequence[Elsewhere] = ()
) -> Place:
    """Files and folders on this machine; a folder is claimed with all files in it, and those that its links lead to."""
    found = [resolved(path) for path in paths]
    claimed = [*found, *(target for path in found for target in _linked(path))]
    title = found[0].name if len(found) == 1 else tr("{name} and {n} more").format(name=found[0].name, n=len(found) - 1)
    notes = (str(resolved(each)) if each else None for each in (images, ontology))
    entry = str(found[0]) if len(found) == 1 and not (images or ontology) else ""
    about = About(title, entry, tuple(map(str, found)), *notes)
    names = tuple(dict.fromkeys(map(str, claimed)))
    within = {str(path.parent) for path in claimed if not path.is_dir()} - set(names)
    return Place(identity_of_files(paths), about, names, tuple(sorted(within)), tuple(named))


def _linked(folder: Path) -> list[Path]:
    """The label files outside a folder that links in it lead to; none for a file."""
    links = (resolved(path) for path in json_files_if_any(folder) if path.is_symlink())
    return [target for target in links if target.parent != folder]


def place_of_row(source: Source, info: RowInfo) -> InFile | None:
    """Which row of which file it is; None where it is in no file. Blocks."""
    if not isinstance(source, LocalSource):
        return None
    return InFile(source.file_of(info), info.label_hash, info.data_hash, info.title, source.number_of(info))


def place_of_project(domain: str, project_hash: str, title: str, entry: str) -> Place:
    """A project on a server."""
    identity = identity_of_project(domain, project_hash)
    return Place(identity, About(title, entry), (identity,))
