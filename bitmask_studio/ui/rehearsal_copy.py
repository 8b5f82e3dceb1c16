"""The temporary copy that a rehearsal paints on, so that what the user named stays as it is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr
from bitmask_studio.sources.local.classes import beside
from bitmask_studio.studio.session import OpenWish


class WishCopy(Struct, frozen=True):
    """A wish on copies, and what the user calls them."""

    wish: OpenWish
    _names: tuple[tuple[str, str], ...]
    """Each path of the copy with the user's own, files before their folders."""

    def in_own_words(self, text: str) -> str:
        """A message about the copies as one about what was copied."""
        for copy, own in self._names:
            text = text.replace(copy, own)
        return text


def copied(wish: OpenWish, folder: Path) -> WishCopy:
    """The same wish on copies inside `folder`, which may be written whatever the originals allow.

    The pictures of a labels file stay where they are; an ontology beside it comes along. Raises InputError when
    something cannot be read.
    """
    paths, images = [], wish.images
    names: list[tuple[str, str]] = []
    for number, path in enumerate(wish.paths):
        target = folder / str(number) / _name(path)
        target.parent.mkdir(parents=True)
        _copy(path, target)
        if path.is_file():
            images = images or path.resolve().parent
            for each in beside({path.parent, path.resolve().parent}) if wish.ontology is None else ():
                _copy(each, target.parent / each.name)
        paths.append(target if target.exists() else path)
        names += [(str(target), str(path)), (str(target.parent), str(path.parent))]
    return WishCopy(replace(wish, paths=tuple(paths), images=images), tuple(names))


def _name(path: Path) -> str:
    """What a copy is called: `.` and `..` have no name of their own."""
    return path.name if path.name not in ("", "..") else path.resolve().name or "folder"


def _copy(path: Path, target: Path) -> None:
    try:
        for source, place in _files(path, target):
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place)  # the content alone: the mode might forbid writing
    except OSError as error:
        name, reason = error.filename or path, error.strerror or error
        raise InputError(tr("{path} cannot be read: {reason}.").format(path=name, reason=reason)) from error


def _files(path: Path, target: Path) -> Iterator[tuple[Path, Path]]:
    """The ordinary files at and below `path`, each with its place; links to folders below it may lead in circles."""
    if path.is_file():
        yield path, target
    elif path.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        for each in path.iterdir():
            if not (each.is_symlink() and each.is_dir()):
                yield from _files(each, target / each.name)
