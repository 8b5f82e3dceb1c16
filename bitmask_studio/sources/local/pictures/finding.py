"""Finds the picture under a frame among local files, by title, then hash, then the file name of its address."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

from bitmask_studio.core.errors import PictureError
from bitmask_studio.core.labels import Frame
from bitmask_studio.core.reading import open_ordinary
from bitmask_studio.core.text import one_line, tr
from bitmask_studio.sources.base import Picture
from bitmask_studio.sources.pictures.decode import decode
from bitmask_studio.sources.pictures.preview import JPEG, preview_bytes, worth_preview
from bitmask_studio.sources.pictures.video import VideoReader

PICTURE_SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".jfif", ".bmp", ".dib", ".gif", ".webp", ".tif", ".tiff"))
_VIDEO_SUFFIXES = frozenset((".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg"))
_SUFFIXES = PICTURE_SUFFIXES | _VIDEO_SUFFIXES
_NOT_SHOWN = {"dicom": "DICOM", "nifti": "NIfTI"}


class Pictures:
    """The pictures of a folder and all below it, and of single folders beside the input."""

    def __init__(self, folders: Sequence[Path], tree: Path | None) -> None:
        self._folders = folders
        self._tree = tree
        self._names: dict[str, list[Path]] | None = None
        self._video: VideoReader | None = None
        self._lock = Lock()

    def read(self, frame: Frame, link: str, data_type: str) -> Picture:
        """The picture of a frame. Raises PictureError in plain words."""
        if data_type in _NOT_SHOWN:
            kind = _NOT_SHOWN[data_type]
            raise PictureError(
                tr("{kind} pictures cannot be shown yet; masks can be edited all the same.").format(kind=kind)
            )
        path = self._find(frame, link)
        if path is None:
            name = one_line(frame.title or frame.data_hash)
            places = ", ".join(str(each) for each in self._places())
            text = tr("No picture found for {name}. Looked in: {places}. File > Choose Picture Folder looks elsewhere.")
            raise PictureError(text.format(name=name, places=places))
        if path.suffix.lower() in _VIDEO_SUFFIXES:
            return self._reader(path).frame(frame.number, frame.width, frame.height)
        return decode(path, frame.width, frame.height)

    def preview(self, frame: Frame, link: str, data_type: str, side: int) -> Picture | None:
        """A large picture reduced, see `Source.preview`; None too where there is none: `read` says why."""
        if data_type in _NOT_SHOWN or not worth_preview(frame.width, frame.height):
            return None
        path = self._find(frame, link)
        data = _jpeg(path) if path else None
        return preview_bytes(data, frame.width, frame.height, side) if data else None

    def close(self) -> None:
        """Let go of the video that is open."""
        with self._lock:
            if self._video:
                self._video.close()
            self._video = None

    def _places(self) -> list[Path]:
        return ([self._tree] if self._tree else []) + list(self._folders)

    def _find(self, frame: Frame, link: str) -> Path | None:
        names = [frame.title, frame.data_hash, _file_name(_path_of(link))]
        return next((found for name in names if name for found in self._candidates(name)), None)

    def _candidates(self, name: str) -> Iterator[Path]:
        for folder in self._places():
            yield from _inside(folder, name)
        yield from self._index().get(_file_name(name).casefold(), [])
        for folder in self._folders:
            yield from _inside(folder, _file_name(name))
        yield from self._without_suffix(name)

    def _without_suffix(self, name: str) -> Iterator[Path]:
        """Files called like a hash, whatever their ending."""
        for suffix in sorted(_SUFFIXES):
            yield from self._index().get((_file_name(name) + suffix).casefold(), [])
            for folder in self._folders:
                yield from _inside(folder, _file_name(name) + suffix)

    def _index(self) -> dict[str, list[Path]]:
        """The files below the pictures' folder by name, made once."""
        with self._lock:
            if self._names is None:
                self._names = {}
                for path in _files_below(self._tree):
                    self._names.setdefault(path.name.casefold(), []).append(path)
            return self._names

    def _reader(self, path: Path) -> VideoReader:
        with self._lock:
            if self._video is None or self._video.path != path:
                if self._video:
                    self._video.close()
                self._video = VideoReader(path)
            return self._video


def _jpeg(path: Path) -> bytes | None:
    """The content of a file that begins as a JPEG."""
    try:
        with open_ordinary(path) as file:
            start = file.read(len(JPEG))
            return start + file.read() if start == JPEG else None
    except OSError:
        return None


def _path_of(link: str) -> str:
    """The path of an address, or of a storage path; empty for what is neither."""
    try:
        return urlsplit(link).path
    except ValueError:
        return ""


def _file_name(name: str) -> str:
    return re.split(r"[\\/]", name)[-1]


def _inside(folder: Path, name: str) -> Iterator[Path]:
    """The file of that name in `folder`, unless the name leads out of it."""
    relative = Path(name)
    if relative.anchor or ".." in relative.parts:
        return
    try:
        if (folder / relative).is_file() and _is_shown(relative):
            yield folder / relative
    except (OSError, ValueError):
        return


def _is_shown(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES or not path.suffix


def _files_below(folder: Path | None) -> Iterator[Path]:
    for base, folders, names in os.walk(folder) if folder else ():
        folders.sort()
        yield from (Path(base, name) for name in sorted(names) if Path(name).suffix.lower() in _SUFFIXES)
