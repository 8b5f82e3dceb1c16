"""Edits and bases come back from their bytes as they were; other bytes are refused."""

from __future__ import annotations

import random
import tracemalloc
import zlib

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.labels import Bitmask, MaskKey, ObjectFacts, ObjectInfo, Outline
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.studio.document.edits import (
    AnswerChange,
    AnswerEdit,
    DocumentEdit,
    MaskEdit,
    ObjectEdit,
    SeveralEdits,
)
from bitmask_studio.studio.journal.bases import (
    decode_about,
    decode_answers,
    decode_base,
    encode_about,
    encode_answers,
    encode_base,
)
from bitmask_studio.studio.journal.kept import About, AnswerBase, Base, JournalError
from bitmask_studio.studio.journal.records import decode_edit, encode_edit
from tests.studio.journal.sessions import a_patch

TEXTS = st.text(st.characters(exclude_categories=()), max_size=12)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.one_of(TEXTS, NUMBERS, st.lists(TEXTS, max_size=3).map(tuple))
KEYS = st.builds(MaskKey, st.integers(0, 10**6), TEXTS)
FACTS = st.builds(ObjectFacts, TEXTS, TEXTS, TEXTS, TEXTS, st.none() | NUMBERS, st.none() | st.booleans())
BITMASKS = st.builds(Bitmask, *[st.integers(-5, 5000)] * 4, TEXTS)
POINTS = st.lists(st.builds(Point, NUMBERS, NUMBERS), max_size=4).map(tuple)
OUTLINES = st.lists(st.builds(Outline, POINTS, st.booleans()), max_size=2).map(tuple)


@st.composite
def infos(draw: st.DrawFn, object_hash: str) -> ObjectInfo:
    name, color, shape, damage = (draw(TEXTS) for _ in range(4))
    bitmask, outlines, facts = draw(st.none() | BITMASKS), draw(OUTLINES), draw(st.none() | FACTS)
    refusal, stored = draw(st.none() | TEXTS), draw(st.none() | TEXTS)
    return ObjectInfo(object_hash, name, name, color, shape, bitmask, outlines, damage, refusal, stored, facts)


@st.composite
def masks(draw: st.DrawFn) -> Mask:
    seed, height, width = draw(st.integers(0, 10**6)), draw(st.integers(0, 40)), draw(st.integers(1, 300))
    bits = np.random.default_rng(seed).random((height, width)) < draw(st.sampled_from([0.0, 0.1, 1.1]))
    x, y = draw(st.integers(0, 3000)), draw(st.integers(0, 3000))
    return Mask.of(Box(x, y, x + width, y + height), bits)


@st.composite
def single_edits(draw: st.DrawFn) -> MaskEdit | ObjectEdit | AnswerEdit:
    title, key, kind = draw(TEXTS), draw(KEYS), draw(st.integers(0, 2))
    if kind == 0:
        return MaskEdit(title, key, a_patch(random.Random(draw(st.integers(0, 10**6)))))
    if kind == 1:
        place, adds = draw(st.integers(0, 100)), draw(st.booleans())
        return ObjectEdit(title, key, draw(infos(key.object_hash)), draw(masks()), place, adds)
    changes = st.builds(AnswerChange, TEXTS, st.none() | VALUES, st.none() | VALUES)
    return AnswerEdit(title, key, tuple(draw(st.lists(changes, max_size=3))))


@st.composite
def edits(draw: st.DrawFn) -> DocumentEdit:
    if draw(st.booleans()):
        return draw(single_edits())
    return SeveralEdits(draw(TEXTS), draw(KEYS), tuple(draw(st.lists(single_edits(), max_size=3))))


def assert_same(one: DocumentEdit, other: DocumentEdit) -> None:
    assert type(one) is type(other)
    assert (one.title, one.key) == (other.title, other.key)
    if isinstance(one, SeveralEdits) and isinstance(other, SeveralEdits):
        for mine, theirs in zip(one.edits, other.edits, strict=True):
            assert_same(mine, theirs)
    elif isinstance(one, ObjectEdit) and isinstance(other, ObjectEdit):
        assert one.mask.same_as(other.mask) or (one.mask.empty and other.mask.empty)
        assert (one.info, one.info.facts) == (other.info, other.info.facts)
        assert (one.place, one.adds) == (other.place, other.adds)
    else:
        assert one == other


@settings(max_examples=40)
@given(edits())
def test_an_edit_comes_back_as_it_was(edit: DocumentEdit) -> None:
    assert_same(edit, decode_edit(encode_edit(edit)))


@settings(max_examples=40)
@given(st.builds(Base, KEYS, st.integers(0, 10**5), st.integers(0, 10**5), st.none()), st.data())
def test_a_base_comes_back_as_it_was(base: Base, data: st.DataObject) -> None:
    info = data.draw(st.none() | infos(base.key.object_hash))
    base = Base(base.key, base.width, base.height, info)
    found = decode_base(base.key, encode_base(base))
    assert found == base
    assert (found.info and found.info.facts) == (info and info.facts)


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_answers_come_back_as_they_were(answers: dict[str, str | float | tuple[str, ...]]) -> None:
    assert decode_answers("hash", encode_answers(AnswerBase("hash", answers))) == AnswerBase("hash", answers)


@given(st.builds(About, TEXTS, TEXTS, st.lists(TEXTS).map(tuple), st.none() | TEXTS, st.none() | TEXTS))
def test_what_a_workspace_is_called_comes_back(about: About) -> None:
    assert decode_about(encode_about(about)) == about


@given(st.binary(max_size=200))
def test_bytes_that_are_no_edit_are_refused(data: bytes) -> None:
    for garbage in (data, b"\x01" + data, b"\x02" + data, b"\x02" + zlib.compress(data)):
        with pytest.raises(JournalError):
            decode_edit(garbage)


@settings(max_examples=40)
@given(edits(), st.data())
def test_a_changed_byte_gives_an_edit_or_is_refused(edit: DocumentEdit, data: st.DataObject) -> None:
    written = bytearray(encode_edit(edit))
    written[data.draw(st.integers(0, len(written) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        found = decode_edit(bytes(written))
    except JournalError:
        return
    for part in found.edits if isinstance(found, SeveralEdits) else (found,):
        if isinstance(part, MaskEdit):
            part.patch.apply(EMPTY_MASK)


@settings(max_examples=40)
@given(edits(), st.integers(0, 10**6))
def test_an_edit_cut_short_is_refused(edit: DocumentEdit, end: int) -> None:
    written = encode_edit(edit)
    with pytest.raises(JournalError):
        decode_edit(written[: end % len(written)])


def test_an_edit_that_flips_nothing_comes_back() -> None:
    edit = MaskEdit("Brush", MaskKey(0, "a"), MaskPatch())
    assert decode_edit(encode_edit(edit)) == edit


@pytest.mark.parametrize(
    "patch",
    [
        MaskPatch(Box(0, 0, 1, 1), 0, 0, b""),
        MaskPatch(Box(0, 0, 1, 1), 1, 2, zlib.compress(b"\0" * 8)),
        MaskPatch(Box(0, 0, 1, 1), -1, -1, b""),
        MaskPatch(Box(0, 0, 1, 1), 1 << 40, 1 << 40, zlib.compress(b"\0" * 8)),
        MaskPatch(Box(0, 0, 1, 1), 1, 1, zlib.compress(b"\1" * 8)),
        MaskPatch(Box(5, 5, 5, 5), 1, 1, zlib.compress(b"\0" * 8)),
        MaskPatch(Box(0, 0, 999, 1), 1, 1, zlib.compress(b"\0" * 8)),
        MaskPatch(Box(0, 0, 1, 1), 1, 1, zlib.compress(b"\0" * 8) + b"more"),
        MaskPatch(Box(0, 0, 1, 1), 1, 0, zlib.compress(b"\0" * 8)),
    ],
)
def test_a_patch_that_none_made_is_refused(patch: MaskPatch) -> None:
    with pytest.raises(JournalError):
        decode_edit(encode_edit(MaskEdit("Brush", MaskKey(0, "a"), patch)))


def test_a_bomb_does_not_go_off() -> None:
    bomb = zlib.compress(b"\0" * (1 << 27), 1)
    packed = zlib.compress(msgspec.msgpack.encode(["mask", b"", 0, b"", [0, 0, 1, 1], 1, 0, bomb]))
    wide = ["object", b"", 0, b"", [b"", b"", b"", b"", b"", None, [], None, None, None, None]]
    huge = msgspec.msgpack.encode([*wide, [0, 0, 1 << 40, 1 << 40], b"0", 0, True])
    tracemalloc.start()
    for data in (b"\x02" + packed, b"\x01" + huge):
        with pytest.raises(JournalError):
            decode_edit(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20
