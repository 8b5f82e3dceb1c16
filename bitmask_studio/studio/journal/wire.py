"""The bytes of a journal's records: how values become some, and that nothing but such values is read back."""

from __future__ import annotations

import math
import zlib
from typing import TypeVar

import msgspec

from bitmask_studio.core.attributes import AnswerValue
from bitmask_studio.core.text import tr
from bitmask_studio.studio.journal.kept import JournalError

_PLAIN, _PACKED = b"\x01", b"\x02"
_SHORT = 512
"""Bytes up to which compressing is not worth the while."""
_MOST = 1 << 28
"""Bytes that one record may take when it is unpacked: no mask has a longer string."""

Text = bytes
"""UTF-8 in which halves of surrogate pairs are let pass: label files may hold them, and nothing may be lost."""
Value = Text | float | list[Text]
"""An answer to an attribute."""
T = TypeVar("T")


class Wire(msgspec.Struct, frozen=True, array_like=True):
    """A record as a short array."""


def written(value: object, pack: bool = True) -> bytes:
    """A record as bytes, compressed where that is worth it and `pack` says so."""
    plain = msgspec.msgpack.encode(value)
    return _PACKED + zlib.compress(plain, 1) if pack and len(plain) > _SHORT else _PLAIN + plain


def read(data: bytes, decoder: msgspec.msgpack.Decoder[T]) -> T:
    """The record that the bytes hold. Raises JournalError where they hold none."""
    try:
        return decoder.decode(_plain(data))
    except (msgspec.MsgspecError, zlib.error, ValueError, RecursionError) as error:
        raise damaged() from error


def damaged() -> JournalError:
    return JournalError(tr("A record of the journal is damaged."))


def to_text(text: str) -> Text:
    """A text as it is kept."""
    return text.encode("utf-8", "surrogatepass")


def from_text(data: Text) -> str:
    """The text. Raises JournalError where the bytes are none."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except (UnicodeDecodeError, AttributeError) as error:  # a damaged table has anything anywhere
        raise damaged() from error


def to_note(text: str | None) -> Text | None:
    """As `to_text`, for a text that may be missing."""
    return None if text is None else to_text(text)


def from_note(data: Text | None) -> str | None:
    """As `from_text`, for a text that may be missing."""
    return None if data is None else from_text(data)


def to_value(value: AnswerValue | None) -> Value | None:
    """An answer as it is kept."""
    if value is None or isinstance(value, str):
        return to_note(value)
    return [to_text(each) for each in value] if isinstance(value, tuple) else float(value)


def from_value(found: Value | None) -> AnswerValue | None:
    """The answer. Raises JournalError where it is none."""
    if found is None or isinstance(found, bytes):
        return from_note(found)
    if isinstance(found, list):
        return tuple(map(from_text, found))
    if not math.isfinite(found):
        raise damaged()
    return found


def _plain(data: bytes) -> bytes:
    form, rest = data[:1], data[1:]
    if form == _PLAIN:
        return rest
    reader = zlib.decompressobj()
    plain = reader.decompress(rest, _MOST) if form == _PACKED else b""
    if not reader.eof or reader.unused_data:
        raise damaged()
    return plain
