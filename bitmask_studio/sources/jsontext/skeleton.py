"""A file without its mask strings: nearly all of an export is in them, so the rest can be read in no time.

The file passes through one small buffer, is never held whole, and never mapped: another program may cut it meanwhile.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from bitmask_studio.sources.jsontext.scan import Span

_CHUNK = 1 << 20
# Both quotes of the key are real ones: inside a JSON string the second would be escaped.
_KEY = re.compile(rb'"(?:rleString|counts)"[ \t\r\n]{0,16}:[ \t\r\n]{0,16}"')
_LONGEST_KEY = 48


class Stamp(Struct, frozen=True):
    """What tells two versions of a file apart without reading them."""

    size: int
    modified: int
    file: int

    @classmethod
    def of(cls, state: os.stat_result) -> Stamp:
        return cls(state.st_size, state.st_mtime_ns, state.st_ino)


class Skeleton(Struct, frozen=True):
    """The text with every mask string emptied, and where the bytes of its parts lie in the file."""

    text: bytes
    starts: list[int]
    """Where each kept part begins in `text`."""
    shifts: list[int]
    """How many bytes lie further back in the file than in `text`, from that part on."""
    stamp: Stamp

    def position(self, at: int) -> int:
        """The place in the file of byte `at` of the text."""
        return at + self.shifts[bisect_right(self.starts, at) - 1]

    def span(self, start: int, end: int) -> Span:
        """The file's bytes of a value whose last byte is no mask string's."""
        return Span(self.position(start), self.position(end - 1) + 1)


def read_skeleton(path: Path) -> Skeleton:
    """Read the file once. Raises OSError."""
    with path.open("rb", buffering=0) as file:
        carving = _Carving()
        _feed(carving, file)
        return Skeleton(b"".join(carving.kept), carving.starts, carving.shifts, Stamp.of(os.fstat(file.fileno())))


def _feed(carving: _Carving, file: BinaryIO) -> None:
    buffer = bytearray(_CHUNK + _LONGEST_KEY)
    view = memoryview(buffer)
    held = 0
    while count := file.readinto(view[held : held + _CHUNK]):  # type: ignore[attr-defined]
        end = held + count
        done = carving.take(buffer, end)
        held = end - done
        view[:held] = bytes(view[done:end])
    carving.keep(buffer, 0, held)


class _Carving:
    """Takes the file piece by piece; what is in a mask string is counted, everything else kept."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.starts = [0]
        self.shifts = [0]
        self._length = 0
        self._dropped = 0
        self._in_string = False

    def take(self, buffer: bytearray, end: int) -> int:
        """Work through `buffer[:end]`; answer how far it came: the rest is to be given again with more behind it."""
        at = 0
        while True:
            if self._in_string:
                at = self._drop(buffer, at, end)
                if self._in_string:
                    return at
            key = _KEY.search(buffer, at, end)
            if not key:
                done = max(at, end - _LONGEST_KEY)
                self.keep(buffer, at, done)
                return done
            self.keep(buffer, at, key.end())
            at = key.end()
            self._in_string = True

    def keep(self, buffer: bytearray, start: int, end: int) -> None:
        self.kept.append(bytes(memoryview(buffer)[start:end]))
        self._length += end - start

    def _drop(self, buffer: bytearray, start: int, end: int) -> int:
        """Drop the bytes of a string; answer where its closing quote, or else what is to be seen again, begins."""
        at = start
        while True:
            quote = buffer.find(b'"', at, end)
            stop = end if quote < 0 else quote
            escapes = 0
            while stop - escapes > start and buffer[stop - escapes - 1] == 0x5C:
                escapes += 1
            if quote < 0:
                # A backslash at the very end escapes what comes next.
                stop -= escapes % 2
                self._dropped += stop - start
                return stop
            if escapes % 2 == 0:
                break
            at = quote + 1
        self._dropped += quote - start
        self._in_string = False
        self.starts.append(self._length)
        self.shifts.append(self._dropped)
        return quote
