"""What edits are based on, and what a workspace is called, as bytes and back."""

from __future__ import annotations

import msgspec

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.studio.journal.infos import InfoRecord, info_in, info_out
from bitmask_studio.studio.journal.kept import About, AnswerBase, Base, InFile
from bitmask_studio.studio.journal.wire import (
    Text,
    Value,
    Wire,
    damaged,
    from_note,
    from_text,
    from_value,
    read,
    to_note,
    to_text,
    to_value,
    written,
)

_FAR = 1 << 31


class _Base(Wire, frozen=True, array_like=True):
    width: int
    height: int
    info: InfoRecord | None


class _About(Wire, frozen=True, array_like=True):
    title: Text
    entry: Text
    paths: list[Text]
    images: Text | None
    ontology: Text | None


class _InFile(Wire, frozen=True, array_like=True):
    path: Text
    label_hash: Text | None
    data_hash: Text
    title: Text
    number: int = 0


_Answers = list[tuple[Text, Value]]
_BASES = msgspec.msgpack.Decoder(_Base)
_ANSWERS: msgspec.msgpack.Decoder[_Answers] = msgspec.msgpack.Decoder(_Answers)
_ABOUTS = msgspec.msgpack.Decoder(_About)
_PLACES = msgspec.msgpack.Decoder(_InFile)


def encode_base(base: Base) -> bytes:
    """All but the key of a base."""
    return written(_Base(base.width, base.height, info_out(base.info) if base.info else None))


def decode_base(key: MaskKey, data: bytes) -> Base:
    """The base of `key`. Raises JournalError where the bytes are none."""
    found = read(data, _BASES)
    if not (0 <= found.width < _FAR and 0 <= found.height < _FAR):
        raise damaged()
    return Base(key, found.width, found.height, info_in(found.info, key.object_hash) if found.info else None)


def encode_answers(base: AnswerBase) -> bytes:
    """All but the object's hash."""
    return written([(to_text(name), to_value(value)) for name, value in base.answers.items()])


def decode_answers(object_hash: str, data: bytes) -> AnswerBase:
    """The stored answers of an object. Raises JournalError where the bytes are none."""
    found = ((from_text(name), from_value(value)) for name, value in read(data, _ANSWERS))
    return AnswerBase(object_hash, {name: value for name, value in found if value is not None})


def encode_about(about: About) -> bytes:
    """What a workspace is called and how it is opened, as bytes."""
    paths = [to_text(each) for each in about.paths]
    return written(
        _About(to_text(about.title), to_text(about.entry), paths, to_note(about.images), to_note(about.ontology))
    )


def decode_about(data: bytes) -> About:
    """The opposite. Raises JournalError where the bytes are none."""
    found = read(data, _ABOUTS)
    paths = tuple(map(from_text, found.paths))
    return About(
        from_text(found.title), from_text(found.entry), paths, from_note(found.images), from_note(found.ontology)
    )


def encode_place(place: InFile) -> bytes:
    """Which row of which file it is, as bytes."""
    label_hash = to_note(place.label_hash)
    names = to_text(place.data_hash), to_text(place.title)
    return written(_InFile(to_text(place.path), label_hash, *names, place.number))


def decode_place(data: bytes) -> InFile:
    """The opposite. Raises JournalError where the bytes are none."""
    found = read(data, _PLACES)
    label_hash = from_note(found.label_hash)
    return InFile(from_text(found.path), label_hash, from_text(found.data_hash), from_text(found.title), found.number)
