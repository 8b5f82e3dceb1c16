"""Changes of a JSON text that leave every byte alone but those that have to change, written like their neighbours."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct

from bitmask_studio.sources.jsontext import scan
from bitmask_studio.sources.jsontext.scan import Span


class Replacement(NamedTuple):
    """The bytes from `start` to before `end` become `text`; an insertion where both are equal."""

    start: int
    end: int
    text: bytes


class Addition(NamedTuple):
    """A value to be put at the end of a list, or, under its key, of an object."""

    key: str | None
    value: object


class Style(Struct, frozen=True):
    """How a text is laid out; `newline` is empty where a value stands on one line."""

    newline: str = ""
    indent: str = ""
    comma: str = ", "
    colon: str = ": "

    @classmethod
    def of(cls, text: bytes, value: Span) -> Style:
        """The style of an object that has members; of anything else the plainest."""
        if not scan.is_object(text, value):
            return cls()
        entries = list(scan.members(text, value))
        if not entries:
            return cls()
        first, last = entries[0], entries[-1]
        key_end = scan.value_at(text, first.start).end
        comma = text[first.value.end : entries[1].start].decode() if len(entries) > 1 else ", "
        lead = text[value.start + 1 : first.start].decode()
        close = text[last.value.end : value.end - 1].decode()
        colon = text[key_end : first.value.start].decode()
        if "\n" not in lead:
            return cls("", "", comma if "\n" not in comma else ", ", colon)
        newline = "\r\n" if "\r\n" in lead else "\n"
        inner, outer = lead.rpartition("\n")[2], close.rpartition("\n")[2]
        return cls(newline, inner.removeprefix(outer) or " ", ",", colon)

    def render(self, value: object, base: str) -> str:
        """The value as JSON text whose further lines begin with `base`."""
        if not self.newline:
            return json.dumps(value, separators=(self.comma, self.colon))
        return json.dumps(value, indent=self.indent, separators=(",", self.colon)).replace("\n", self.newline + base)


def apply(text: bytes, replacements: Iterable[Replacement]) -> bytes:
    """The text with all replacements, which must not overlap."""
    parts: list[bytes] = []
    at = 0
    for each in sorted(replacements):
        if each.start < at:
            raise ValueError("replacements overlap")
        parts += [text[at : each.start], each.text]
        at = each.end
    return b"".join((*parts, text[at:]))


def edit_container(
    text: bytes,
    container: Span,
    spans: Sequence[Span],
    removed: Collection[int],
    added: Sequence[Addition],
    style: Style,
) -> list[Replacement]:
    """Take entries out of a list or object and put others at its end.

    `spans` are those of all entries, keys included; `removed` are indices of them; `style` serves where there is no
    entry to be like.
    """
    kept = [index for index in range(len(spans)) if index not in removed]
    if not kept:
        inside = _filled(text, container, added, style) if added else b""
        return [Replacement(container.start + 1, container.end - 1, inside)] if added or spans else []
    found = [Replacement(spans[run[0]].start, spans[run[-1] + 1].start, b"") for run in _runs(removed) if run[0] == 0]
    found += [
        Replacement(spans[run[0] - 1].end, spans[run[-1]].end, b"")
        for run in _runs(removed)
        if run[0] and run[-1] < len(spans) - 1
    ]
    last = spans[kept[-1]].end
    tail = _appended(text, container, spans, added, style)
    if tail or kept[-1] < len(spans) - 1:
        found.append(Replacement(last, spans[-1].end, tail))
    return found


def _runs(indices: Collection[int]) -> list[list[int]]:
    """The indices in runs of neighbours."""
    runs: list[list[int]] = []
    for index in sorted(indices):
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _filled(text: bytes, container: Span, added: Sequence[Addition], style: Style) -> bytes:
    """The inside of a container that was empty, or is by now."""
    outer = _line_indent(text, container.start)
    inner = outer + style.indent
    entries = [_entry(each, style, inner) for each in added]
    if not style.newline:
        return style.comma.join(entries).encode()
    between = f",{style.newline}{inner}"
    return f"{style.newline}{inner}{between.join(entries)}{style.newline}{outer}".encode()


def _appended(text: bytes, container: Span, spans: Sequence[Span], added: Sequence[Addition], style: Style) -> bytes:
    """What follows the last entry that stays; separated as the entries before are."""
    if len(spans) > 1:
        between = text[spans[-2].end : spans[-1].start].decode()
    else:
        lead = text[container.start + 1 : spans[0].start].decode()
        between = f",{lead}" if "\n" in lead else style.comma
    base = between.rpartition("\n")[2] if "\n" in between else _line_indent(text, spans[-1].start)
    own = _style_of_last(text, spans[-1], style)
    return "".join(between + _entry(each, own, base) for each in added).encode()


def _style_of_last(text: bytes, span: Span, style: Style) -> Style:
    """The style of the last entry's value, if that has one."""
    value = span
    if text[span.start : span.start + 1] == b'"':
        colon = scan.skip_space(text, scan.value_at(text, span.start).end)
        value = scan.value_at(text, colon + 1)
    return Style.of(text, value) if scan.is_object(text, value) and value.end - value.start > 2 else style


def _entry(each: Addition, style: Style, base: str) -> str:
    value = style.render(each.value, base)
    return value if each.key is None else f"{json.dumps(each.key)}{style.colon}{value}"


def _line_indent(text: bytes, at: int) -> str:
    line = text[text.rfind(b"\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip(b" \t"))].decode()
