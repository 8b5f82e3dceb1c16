"""A file without its mask strings: nearly all of an export is in them, so the rest can be read in no time.

The file passes through one small buffer, is never held whole, and never mapped: another program may cut it meanwhile.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Callable
from typing import BinaryIO

from msgspec import Struct

from bitmask_studio.sources.jsontext.scan import Span, Text

_CHUNK = 1 << 20
_NAMES = (b'"rleString"', b'"counts"')
# Both quotes of the key are real ones: inside a JSON string the second would be escaped.
_KEY = re.compile(rb'"(?:rleString|counts)"[ \t\r\n]{0,16}:[ \t\r\n]{0,16}"')
_LONGEST_KEY = 48
_SHORT = 64
"""Bytes of a mask string that are not worth the trouble of leaving them out."""
_BACKSLASH = 0x5C

Told = Callable[[int], object]
"""Hears of each piece how many bytes it has."""


class Stamp(Struct, frozen=True):
    """What tells two versions of a file apart without reading them."""

    size: int
    modified: int
    file: int

    @classmethod
    def of(cls, state: os.stat_result) -> Stamp:
        return cls(state.st_size, state.st_mtime_ns, state.st_ino)


class Skeleton(Struct, frozen=True):
    """The text with long mask strings emptied, and where the bytes of its parts lie in the file."""

    text: Text
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


class Carving:
    """The skeleton of a file, made piece by piece; `text` is what was read and not let go of yet."""

    def __init__(self, file: BinaryIO, told: Told = lambda size: None) -> None:
        self.stamp = Stamp.of(os.fstat(file.fileno()))
        self.text = bytearray()
        self.gone = self.lines = 0
        """How many bytes were let go of, and how many lines ended in them."""
        self._file = file
        self._told = told
        self._buffer = bytearray(_CHUNK + _LONGEST_KEY)
        self._held = 0
        self._dropped = 0
        self._starts = [0]
        self._shifts = [0]
        self._in_string = False
        self._names = _NAMES

    def more(self) -> bool:
        """Read the next piece; False when there is none: then the text is the whole rest."""
        view, held = memoryview(self._buffer), self._held
        count = self._file.readinto(view[held : held + _CHUNK])  # type: ignore[attr-defined]
        if not count:
            self._keep(self._buffer, 0, held)
            self._held = 0
            return False
        self._told(count)
        end = held + count
        done = self._take(self._buffer, end)
        self._held = end - done
        view[: end - done] = bytes(view[done:end])
        return True

    def whole(self) -> Skeleton:
        """All that is left of the file."""
        while self.more():
            pass
        return Skeleton(self.text, self._starts, self._shifts, self.stamp)

    def close(self) -> None:
        """Let go of the file and of the text."""
        self._file.close()
        self.text = bytearray()

    def pause(self) -> None:
        """Tell of nothing new: who hears of it may raise."""
        self._told(0)

    def let_go(self, size: int) -> None:
        """Forget the first bytes of the text."""
        self.lines += self.text.count(b"\n", 0, size)
        del self.text[:size]
        self.gone += size
        known = bisect_right(self._starts, self.gone) - 1
        del self._starts[:known], self._shifts[:known]

    def position(self, at: int) -> int:
        """The place in the file of byte `at` of the text."""
        at += self.gone
        return at + self._shifts[bisect_right(self._starts, at) - 1]

    def span(self, start: int, end: int) -> Span:
        """The file's bytes of a value whose last byte is no mask string's."""
        return Span(self.position(start), self.position(end - 1) + 1)

    def _take(self, buffer: bytearray, end: int) -> int:
        """Work through `buffer[:end]`; answer how far it came: the rest is to be given again with more behind it."""
        kept = at = self._drop(buffer, 0, end) if self._in_string else 0
        while not self._in_string:
            string = self._next_string(buffer, at, end)
            if string < 0:
                done = max(at, end - _LONGEST_KEY)
                self._keep(buffer, kept, done)
                return done
            quote = buffer.find(b'"', string, min(string + _SHORT, end))
            if quote >= 0 and buffer[quote - 1] != _BACKSLASH:
                at = quote + 1
                continue
            self._keep(buffer, kept, string)
            self._in_string = True
            kept = at = self._drop(buffer, string, end)
        return at

    def _keep(self, buffer: bytearray, start: int, end: int) -> None:
        with memoryview(buffer) as view:
            self.text += view[start:end]

    def _drop(self, buffer: bytearray, start: int, end: int) -> int:
        """Drop the bytes of a string; answer where its closing quote, or else what is to be seen again, begins."""
        at = start
        while True:
            quote = buffer.find(b'"', at, end)
            stop = end if quote < 0 else quote
            escapes = 0
            while stop - escapes > start and buffer[stop - escapes - 1] == _BACKSLASH:
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
        self._starts.append(self.gone + len(self.text))
        self._shifts.append(self._dropped)
        return quote

    def _next_string(self, buffer: bytearray, at: int, end: int) -> int:
        """Where the next mask string begins, -1 where none does: what was found last is looked for first."""
        while True:
            common, rare = self._names
            found = buffer.find(common, at, end)
            other = buffer.find(rare, at, end if found < 0 else found)
            if other >= 0:
                found, self._names = other, (rare, common)
            if found < 0:
                return -1
            key = _KEY.match(buffer, found, end)
            if key:
                return key.end()
            at = found + 1
