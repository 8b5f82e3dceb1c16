"""Opens files and folders by what they hold, whatever they are called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct, field

from bitmask_studio.core import files
from bitmask_studio.core.errors import InputError
from bitmask_studio.core.reading import json_files
from bitmask_studio.core.text import tr
from bitmask_studio.sources.local.classes import find_ontology
from bitmask_studio.sources.local.coco.file import CocoFile
from bitmask_studio.sources.local.encord_json.file import EncordFile
from bitmask_studio.sources.local.kinds import Content, Kind, read_content, refuse_pictures
from bitmask_studio.sources.local.pictures.finding import Pictures
from bitmask_studio.sources.local.pictures.folder import PictureFolder
from bitmask_studio.sources.local.row_keys import RowKeys
from bitmask_studio.sources.local.source import LocalSource, Part
from bitmask_studio.sources.local.watch import Watch

_LONG = 1 << 24
"""Bytes of a file that takes so long to read that its first rows are worth being shown before the others."""


class _Found(Struct):
    """What the paths turned out to hold."""

    parts: list[Part] = field(default_factory=list)
    folders: dict[Path, None] = field(default_factory=dict)
    opened_folders: list[Path] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    keys: RowKeys = field(default_factory=RowKeys)
    files: set[Path] = field(default_factory=set)
    watch: Watch = field(default_factory=Watch)
    at_once: bool = False


def open_local(
    paths: Sequence[Path],
    images: Path | None = None,
    ontology: Path | None = None,
    watch: Watch | None = None,
    at_once: bool = False,
) -> LocalSource:
    """Open Encord and COCO files and folders of them or of pictures as one source.

    `images` is searched for pictures, with all folders below it; `ontology` holds the classes on offer. `watch` follows
    the reading. `at_once`: a single file with a long list of rows is only begun, see `LocalSource.read_on`.
    Raises InputError naming the file and what is wrong with it; GivenUpError.
    """
    if not paths:
        raise InputError(tr("There is no file to open."))
    if images is not None and not images.is_dir():
        raise InputError(tr("{path} is no folder of pictures.").format(path=images))
    found = _Found(watch=watch or Watch(), at_once=at_once and len(paths) == 1)
    for path in paths:
        found.watch.expect(_size(path))
    for path in paths:
        _open(found, path)
    for folder in found.opened_folders:
        _add_pictures(found, folder)
    for folder in found.folders:
        files.sweep(folder)
    classes = [each for part in found.parts for each in part.classes]
    offer = find_ontology(ontology, found.folders, classes)
    found.watch.let_be()
    return LocalSource(paths, found.parts, Pictures(list(found.folders), images), offer, found.warnings, found.keys)


def _open(found: _Found, path: Path) -> None:
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except (OSError, ValueError) as error:
        raise InputError(tr("{path} cannot be opened: {error}.").format(path=path, error=error)) from error
    if is_folder:
        _open_folder(found, path)
    elif is_file:
        found.folders[path.resolve().parent] = None
        found.folders[path.absolute().parent] = None
        refuse_pictures(path)
        found.watch.begin(_size(path))
        content = read_content(path, found.watch.read)
        _add(found, content, begun=found.at_once and content.is_list and content.stamp.size > _LONG)
    elif path.exists():
        raise InputError(tr("{path} is no ordinary file.").format(path=path))
    else:
        raise InputError(tr("{path} does not exist.").format(path=path))


def _open_folder(found: _Found, folder: Path) -> None:
    """Each label file in it; pictures come later, when all files have said which they speak of."""
    found.folders[folder.absolute()] = None
    found.opened_folders.append(folder)
    for path in _json_files(folder):
        try:
            found.watch.begin(_size(path))
            content = read_content(path, found.watch.read)
            if content.kind not in (Kind.OTHER, Kind.ONTOLOGY):
                _add(found, content)
        except InputError as error:
            found.warnings.append(tr("Passed by: {error}").format(error=error))
            continue
        content.close()
        if content.kind is Kind.OTHER:
            found.warnings.append(tr("Passed by: {file} holds no labels.").format(file=path.name))


def _add(found: _Found, content: Content, begun: bool = False) -> None:
    """Take a file in, once however often it is named."""
    path = content.path.resolve()
    if path in found.files:
        content.close()
        return
    found.files.add(path)
    if content.kind is Kind.ENCORD:
        found.parts.append(EncordFile(content, found.keys, watch=found.watch, begun=begun))
        return
    if content.kind in (Kind.COCO, Kind.COCO_RESULTS):
        found.parts.append(CocoFile(content, found.keys, found.watch))
        return
    content.close()
    if content.kind is Kind.ONTOLOGY:
        raise InputError(tr("{file} is an ontology: it holds classes, no labels.").format(file=content.path))
    raise InputError(tr("{file} holds neither Encord label rows nor COCO annotations.").format(file=content.path))


def _add_pictures(found: _Found, folder: Path) -> None:
    spoken_of = {name for part in found.parts for name in part.pictures}
    pictures = PictureFolder(folder, spoken_of, found.keys, found.watch)
    if pictures.infos:
        found.parts.append(pictures)
    if not found.parts:
        raise InputError(tr("{folder} holds no label files and no pictures.").format(folder=folder))


def _json_files(folder: Path) -> list[Path]:
    try:
        return json_files(folder)
    except OSError as error:
        raise InputError(tr("{folder} cannot be read: {error}.").format(folder=folder, error=error.strerror)) from error


def _size(path: Path) -> int:
    """Bytes of the label files that a path stands for."""
    try:
        return sum(each.stat().st_size for each in (_json_files(path) if path.is_dir() else [path]))
    except (OSError, ValueError, InputError):
        return 0
