"""The items of a long JSON list, portion by portion: the list is never held whole, nor the text that it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from bitmask_studio.sources.jsontext import scan
from bitmask_studio.sources.jsontext.scan import ScanError, Span, Text
from bitmask_studio.sources.jsontext.skeleton import Carving

NOT_STRICT = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""What a strict reader raises for a text that it refuses."""

_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_TABLE = msgspec.json.Decoder(dict[str, msgspec.Raw])
_HEAD = re.compile(rb'[ \t\r\n]*+(\{[ \t\r\n]*+"[^"\\]{1,64}")')
"""How an item begins, up to its first key: the others mostly begin as the first one does."""
_GUESSES = 4
"""Places at which an item may begin that are tried before the text is walked from value to value."""
_WALKED = 1 << 22
"""Bytes, at least, in which an item's end is looked for by walking."""
_MOST = 20_000
"""Items that are found by walking before they are handed on: a list of numbers has millions of them."""
_PIECE = 1 << 20
_SPACE = b" \t\r\n"


class Item(NamedTuple):
    """A value of a list: its bytes without long mask strings, and where it lies in the file."""

    text: bytes
    span: Span


class _Cut(NamedTuple):
    """Items that are whole in a text, how much of it they take with their commas, and whether the list ends there."""

    spans: list[Span]
    size: int
    ends: bool


def portions(carving: Carving) -> Iterator[list[Item]]:
    """The items of the list that begins at the first byte of `carving.text` and is all there is.

    Raises ScanError, its position counted in `carving.text`, where the list or what follows is broken; OSError.
    """
    carving.let_go(1)
    cutter = _Cutter()
    while True:
        ended = not carving.more()
        while found := cutter.cut(carving.text, ended):
            if found.spans:
                yield _items(carving, found.spans)
            carving.let_go(found.size)
            if found.ends:
                _nothing_follows(carving)
                return


def strict_members(text: Text, start: int) -> dict[str, Span] | None:
    """The values by key of the object that begins at `start` and is all there is; None where a strict reader refuses.

    An empty one, and one with a key that stands in it twice, are left to others too.
    """
    try:
        table = _TABLE.decode(memoryview(text)[start:])
    except NOT_STRICT:
        return None
    found: dict[str, Span] = {}
    at = start + 1
    for key, raw in table.items():
        name = scan.skip_space(text, at)
        name_end, begin = scan.key_at(text, name)
        end = begin + memoryview(raw).nbytes
        found[key] = Span(begin, end)
        at = scan.skip_space(text, end)
        if text[at : at + 1] not in (b",", b"}") or scan.read_string(bytes(text[name:name_end])) != key:
            return None
        at += 1
    return found if text[at - 1 : at] == b"}" and at == scan.end_of_text(text) else None


def list_at(text: Text, start: int, pause: Callable[[], object] = lambda: None) -> tuple[list[Span], int]:
    """The items of the list that begins at `start`, and where it ends; found piece by piece, with a `pause` between.

    Raises ScanError where it is broken, and whatever `pause` raises.
    """
    cutter, spans = _Cutter(), list[Span]()
    at, size = start + 1, _PIECE
    while True:
        pause()
        try:
            found = cutter.piece(text[at : at + size], ended=at + size >= len(text))
        except ScanError as error:
            raise ScanError(at + error.position) from error
        if found is None:
            size *= 2
            continue
        spans += [Span(at + begin, at + end) for begin, end in found.spans]
        at, size = at + found.size, _PIECE
        if found.ends:
            return spans, at


def strict_items(text: Text, value: Span) -> list[Span]:
    """The items of a list that a strict reader accepts, found at its speed; none when it does not."""
    try:
        raws = _LIST.decode(memoryview(text)[value.start : value.end])
    except NOT_STRICT:
        return []
    return _spans(text, raws, value.start + 1)


def _spans(text: Text, raws: list[msgspec.Raw], at: int) -> list[Span]:
    """Where the values lie that were found one after another from `at` on."""
    spans: list[Span] = []
    for raw in raws:
        start = scan.skip_space(text, at)
        end = start + memoryview(raw).nbytes
        spans.append(Span(start, end))
        at = scan.skip_space(text, end) + 1
    return spans


def _items(carving: Carving, spans: list[Span]) -> list[Item]:
    with memoryview(carving.text) as view:
        return [Item(bytes(view[start:end]), carving.span(start, end)) for start, end in spans]


def _nothing_follows(carving: Carving) -> None:
    while True:
        ended = not carving.more()
        if scan.skip_space(carving.text, 0) < len(carving.text):
            raise ScanError(0)
        if ended:
            return
        carving.let_go(len(carving.text))


class _Cutter:
    """Finds the items that are whole in what has been read of a list."""

    def __init__(self) -> None:
        self._head = b""
        self._enough = _WALKED

    def cut(self, text: bytearray, ended: bool) -> _Cut | None:
        """The items in `text`, which begins where one does; None when more has to be read. Raises ScanError."""
        if ended:
            return self._strict_rest(text) or _walk(text, ended)
        found = self._strict(text)
        if found is None and len(text) >= self._enough:
            found = _walk(text, ended)
            self._enough = _WALKED if found else 2 * len(text)
        return found

    def piece(self, text: Text, *, ended: bool) -> _Cut | None:
        """As `cut`, of a text that goes on behind the list; `ended` where it does not."""
        return self._strict(text) or _walk(text, ended)

    def _strict_rest(self, text: bytearray) -> _Cut | None:
        try:
            raws = _LIST.decode(b"[" + text)
        except NOT_STRICT:
            return None
        return _Cut(_spans(text, raws, 0), scan.end_of_text(text), ends=True)

    def _strict(self, text: Text) -> _Cut | None:
        """The items before the last place at which one seems to begin: if they are JSON, one does begin there."""
        if not self._head and (head := _HEAD.match(text)):
            self._head = head[1]
        at = len(text)
        for _ in range(_GUESSES if self._head else 0):
            at = text.rfind(self._head, 1, at)
            if at < 0:
                return None
            comma = len(text[max(at - 64, 0) : at].rstrip(_SPACE)) + max(at - 64, 0) - 1
            if comma < 0 or text[comma : comma + 1] != b",":
                continue
            try:
                raws = _LIST.decode(b"[" + text[:comma] + b"]")
            except NOT_STRICT:
                continue
            return _Cut(_spans(text, raws, 0), comma + 1, ends=False) if raws else None
        return None


def _walk(text: Text, ended: bool) -> _Cut | None:
    """The items found from value to value, whatever is in them. Raises ScanError where the first one is broken."""
    spans: list[Span] = []
    done = at = 0
    try:
        at = scan.skip_space(text, 0)
        if text[at : at + 1] == b"]":
            return _Cut([], at + 1, ends=True)
        while len(spans) < _MOST:
            span = scan.value_at(text, at)
            comma, at = _after(text, span.end)
            if comma is None:
                return _Cut([*spans, span], at, ends=True)
            spans.append(span)
            done = comma + 1
    except ScanError as error:
        if not spans and (ended or error.position < len(text)):
            raise
    return _Cut(spans, done, ends=False) if spans else None


def _after(text: Text, end: int) -> tuple[int | None, int]:
    """The comma behind a value and where the next one begins; or None and where the list has ended."""
    at = scan.skip_space(text, end)
    sign = text[at : at + 1]
    if sign == b"]":
        return None, at + 1
    follows = scan.skip_space(text, at + 1)
    if sign != b"," or text[follows : follows + 1] == b"]":
        raise ScanError(at)
    if follows == len(text):
        raise ScanError(follows)
    return at, follows
