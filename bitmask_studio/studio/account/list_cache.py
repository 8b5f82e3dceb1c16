"""The row lists of projects as last seen, so that a project's rows are there before its server has answered."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from bitmask_studio.core import files
from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.names import safe_stem
from bitmask_studio.core.state import state_folder

_AT_ONCE = 1000
"""Rows in one piece: reading one holds up other threads for a few milliseconds only."""
_HEAD = b"bitmask-studio rows 1\n"
_LENGTH = struct.Struct("<I")
_DECODER = msgspec.msgpack.Decoder(tuple[RowInfo, ...])


def place(domain: str, project_hash: str) -> Path:
    """Where the list of a project is kept."""
    return state_folder() / "lists" / f"{safe_stem(f'{urlsplit(domain).netloc}_{project_hash}')}.rows"


def load(path: Path) -> tuple[RowInfo, ...]:
    """The rows kept at `path`; none where there are none, or they are damaged or of another version."""
    try:
        data = path.read_bytes()
        return tuple(row for piece in _pieces(data) for row in _DECODER.decode(piece))
    except (OSError, msgspec.MsgspecError, ValueError, struct.error):
        return ()


def store(path: Path, rows: Sequence[RowInfo]) -> None:
    """Keep the rows; where that cannot be, the next start does without."""
    pieces = [msgspec.msgpack.encode(rows[at : at + _AT_ONCE]) for at in range(0, len(rows), _AT_ONCE)]
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.write(path, _HEAD + b"".join(_LENGTH.pack(len(piece)) + piece for piece in pieces))
    except (OSError, StudioError):
        return


def _pieces(data: bytes) -> Iterator[memoryview]:
    if not data.startswith(_HEAD):
        return
    at, view = len(_HEAD), memoryview(data)
    while at < len(data):
        (length,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size
        if at + length > len(data):
            raise ValueError(length)
        yield view[at : at + length]
        at += length
