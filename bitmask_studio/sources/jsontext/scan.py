"""Where the values of a JSON text lie, byte for byte: tolerant of what a strict reader refuses, never recursive.

A text is walked from value to value, so the cost follows the part that is looked at. Strings may hold anything, numbers
may be `NaN`, values may nest as deep as they like: whoever reads a value decides about it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

MAX_DEPTH = 64
"""Deepest nesting that `parse` turns into Python objects."""

_SPACE = re.compile(rb"[ \t\r\n]*+")
_SCALAR = re.compile(rb"[^ \t\r\n,:\[\]{}\"]++")
# A long string, such as a mask, matches by its first quote alone: its end is found much faster than by an expression.
_TOKEN = re.compile(rb'"[^"\\]{0,99}+"|["{}\[\]]')
_QUOTE = b'"'
_BACKSLASH = 0x5C
_SURROGATE = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\Z")
_INTEGER = re.compile(rb"-?(?:0|[1-9][0-9]*)\Z")
_WORDS = {b"true": True, b"false": False, b"null": None}
_FLOATS = {b"NaN": math.nan, b"Infinity": math.inf, b"-Infinity": -math.inf}
_LONGEST_INTEGER = 400
_PIECE = 4096


Text = bytes | bytearray
EndOf = Callable[[Text, int], int]


class ScanError(ValueError):
    """The text is not JSON; `position` is the byte at which that shows."""

    def __init__(self, position: int) -> None:
        super().__init__(f"not JSON at byte {position}")
        self.position = position


class Span(NamedTuple):
    """A value: the bytes from `start` to before `end`."""

    start: int
    end: int


class Member(NamedTuple):
    """One entry of a JSON object."""

    key: str
    start: int
    """Where the key begins."""
    value: Span

    @property
    def span(self) -> Span:
        return Span(self.start, self.value.end)


def skip_space(text: Text, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def end_of_text(text: Text) -> int:
    """Where the white space at its end begins; nothing long is copied."""
    end = len(text)
    while end and not (piece := text[max(end - _PIECE, 0) : end].rstrip()):
        end = max(end - _PIECE, 0)
    return max(end - _PIECE, 0) + len(piece) if end else 0


def value_at(text: Text, at: int) -> Span:
    """The value that begins at or after `at`. Raises ScanError."""
    start = skip_space(text, at)
    return Span(start, _end_of(text, start))


def members(text: Text, value: Span, end_of: EndOf | None = None) -> Iterator[Member]:
    """The entries of the object at `value`. Raises ScanError, also when it is no object.

    `end_of` answers where a value ends, where somebody knows a faster way.
    """
    at = _inside(text, value.start, b"{")
    while text[at : at + 1] != b"}":
        key_end, value_start = key_at(text, at)
        span = Span(value_start, (end_of or _end_of)(text, value_start))
        yield Member(read_string(bytes(text[at:key_end])), at, span)
        at = _next(text, span.end, b"}")


def elements(text: Text, value: Span) -> Iterator[Span]:
    """The items of the list at `value`. Raises ScanError, also when it is no list."""
    at = _inside(text, value.start, b"[")
    while text[at : at + 1] != b"]":
        span = value_at(text, at)
        yield span
        at = _next(text, span.end, b"]")


def member(text: Text, value: Span, key: str) -> Span | None:
    """The value of `key`, the last one where it is there more than once, as JSON readers have it."""
    found = None
    for each in members(text, value):
        if each.key == key:
            found = each.value
    return found


def is_object(text: Text, value: Span) -> bool:
    return text[value.start : value.start + 1] == b"{"


def is_list(text: Text, value: Span) -> bool:
    return text[value.start : value.start + 1] == b"["


def parse(text: bytes, value: Span, depth: int = MAX_DEPTH) -> object:
    """The value as Python objects, what is nested deeper than `depth` or is not JSON as `Unreadable`."""
    try:
        return _read(text, value.start, depth)[0]
    except ScanError:
        return Unreadable("broken")


def _read(text: bytes, start: int, depth: int) -> tuple[object, int]:
    """The value at `start` and where it ends, in one pass. Raises ScanError where no end can be found."""
    sign = text[start : start + 1]
    if sign not in (b"{", b"["):
        end = _end_of(text, start)
        return _scalar(text[start:end]), end
    if not depth:
        return Unreadable("deep"), _end_of_nested(text, start)
    try:
        return _read_table(text, start, depth) if sign == b"{" else _read_list(text, start, depth)
    except ScanError:
        return Unreadable("broken"), _end_of_nested(text, start)


def _read_table(text: bytes, start: int, depth: int) -> tuple[object, int]:
    table: dict[str, object] = {}
    at = skip_space(text, start + 1)
    while text[at : at + 1] != b"}":
        key_end, value_start = key_at(text, at)
        table[read_string(text[at:key_end])], end = _read(text, value_start, depth - 1)
        at = _next(text, end, b"}")
    return table, at + 1


def _read_list(text: bytes, start: int, depth: int) -> tuple[object, int]:
    items: list[object] = []
    at = skip_space(text, start + 1)
    while text[at : at + 1] != b"]":
        item, end = _read(text, at, depth - 1)
        items.append(item)
        at = _next(text, end, b"]")
    return items, at + 1


def key_at(text: Text, at: int) -> tuple[int, int]:
    """Where the key that begins at `at` ends, and where its value begins."""
    key_end = _end_of_string(text, at)
    colon = skip_space(text, key_end)
    if text[colon : colon + 1] != b":":
        raise ScanError(colon)
    return key_end, skip_space(text, colon + 1)


class Unreadable(NamedTuple):
    """Stands for a value that could not be read."""

    why: str


def read_string(quoted: bytes) -> str:
    """The text of a JSON string; what Unicode does not have becomes U+FFFD."""
    text = quoted[1:-1].decode("utf-8", "replace")
    if "\\" not in text:
        return text
    try:
        text = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return text
    return _SURROGATE.sub("\ufffd", text)


def _inside(text: Text, at: int, bracket: bytes) -> int:
    if text[at : at + 1] != bracket:
        raise ScanError(at)
    return skip_space(text, at + 1)


def _next(text: Text, at: int, closing: bytes) -> int:
    """Where the next entry begins, or the closing bracket stands."""
    at = skip_space(text, at)
    sign = text[at : at + 1]
    if sign == closing:
        return at
    after = skip_space(text, at + 1)
    if sign != b"," or text[after : after + 1] == closing:
        raise ScanError(at)
    return after


def _end_of(text: Text, start: int) -> int:
    sign = text[start : start + 1]
    if sign == _QUOTE:
        return _end_of_string(text, start)
    if sign in (b"{", b"["):
        return _end_of_nested(text, start)
    found = _SCALAR.match(text, start)
    if not found:
        raise ScanError(start)
    return found.end()


def _end_of_string(text: Text, start: int) -> int:
    """Where the string ends whose first quote is at `start`."""
    if text[start : start + 1] != _QUOTE:
        raise ScanError(start)
    end = text.find(_QUOTE, start + 1)
    while end >= 0 and _escapes(text, start, end) % 2:
        end = text.find(_QUOTE, end + 1)
    if end < 0:
        raise ScanError(len(text))
    return end + 1


def _escapes(text: Text, start: int, end: int) -> int:
    """How many backslashes stand right before `end`."""
    at = end
    while at - 1 > start and text[at - 1] == _BACKSLASH:
        at -= 1
    return end - at


def _end_of_nested(text: Text, start: int) -> int:
    depth, at = 0, start
    while True:
        for found in _TOKEN.finditer(text, at):
            at, sign = found.end(), text[found.start()]
            if sign in b"{[":
                depth += 1
            elif sign in b"}]":
                depth -= 1
                if not depth:
                    return at
            elif at - found.start() == 1:
                at = _end_of_string(text, found.start())
                break
        else:
            raise ScanError(len(text))


def _scalar(text: bytes) -> object:
    if text[:1] == b'"':
        return read_string(text)
    if text in _WORDS:
        return _WORDS[text]
    if text in _FLOATS:
        return _FLOATS[text]
    if len(text) <= _LONGEST_INTEGER and _INTEGER.match(text):
        return int(text)
    return float(text) if _NUMBER.match(text) else Unreadable("broken")
