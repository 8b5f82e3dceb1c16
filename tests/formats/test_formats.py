"""Every kind of file holds exactly the pixels it was given, and knows its own again."""

from __future__ import annotations

import importlib
import io
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bitmask_studio.core.discovery import module_names
from bitmask_studio.core.labels import Bitmask
from bitmask_studio.formats.base import Format, NamedMask
from bitmask_studio.studio.exporting.exporting import formats
from tests.fakes.memory_source import stored

FORMATS = list(formats().values())
BITS = np.array([[1, 0, 0], [0, 1, 1]], bool)


def named(bits: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], stem: str = "a") -> NamedMask:
    return NamedMask(stem, bits.shape[0], bits.shape[1], stored(bits))


def written(kind: Format, *masks: NamedMask) -> bytes:
    out = io.BytesIO()
    kind.write(out, masks)
    return out.getvalue()


def test_the_names_on_the_command_line_differ_and_are_those_of_the_modules() -> None:
    assert [each.name for each in FORMATS] == ["npy", "npz", "png"]
    assert {each.name for each in FORMATS} <= set(module_names("bitmask_studio.formats"))
    assert all(each.suffix == f".{each.name}" and each.title for each in FORMATS)


def test_every_kind_of_file_has_a_test_file() -> None:
    for kind in FORMATS:
        assert (Path(__file__).parent / f"test_{kind.name}.py").is_file(), kind.name


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.name)
@given(bits=arrays.arrays(bool, st.tuples(st.integers(1, 20), st.integers(1, 20))))
def test_a_file_is_known_again_and_equal_masks_make_equal_files(
    kind: Format, bits: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> None:
    data = written(kind, named(bits))
    assert data == written(kind, named(bits))
    assert kind.same(io.BytesIO(data), [named(bits)])


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.name)
@given(bits=arrays.arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))), data=st.data())
def test_a_single_other_pixel_is_noticed(
    kind: Format, bits: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], data: st.DataObject
) -> None:
    other = bits.copy()
    at = data.draw(st.integers(0, bits.size - 1))
    other.flat[at] = not other.flat[at]
    assert not kind.same(io.BytesIO(written(kind, named(other))), [named(bits)])


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.name)
def test_the_same_bytes_in_another_size_are_another_mask(kind: Format) -> None:
    assert not kind.same(io.BytesIO(written(kind, named(BITS.reshape(3, 2)))), [named(BITS)])


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.name)
def test_a_file_that_is_cut_anywhere_is_not_the_same(kind: Format) -> None:
    data = written(kind, named(BITS))
    for length in range(len(data)):
        assert not kind.same(io.BytesIO(data[:length]), [named(BITS)])


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.name)
def test_damaged_and_foreign_files_are_other_files_and_never_an_error(kind: Format) -> None:
    random = np.random.default_rng(2)
    data = np.frombuffer(written(kind, named(BITS)), np.uint8)
    for _ in range(300):
        broken = data.copy()
        broken[random.integers(0, len(data), 3)] ^= random.integers(1, 256, 3).astype(np.uint8)
        kind.same(io.BytesIO(broken.tobytes()), [named(BITS)])
        assert not kind.same(io.BytesIO(data[:9].tobytes() + random.bytes(50)), [named(BITS)])


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.name)
def test_a_mask_lies_at_its_offset_in_its_picture(kind: Format) -> None:
    whole = np.zeros((7, 9), bool)
    whole[3:5, 4:7] = BITS
    placed = NamedMask("a", 7, 9, stored(BITS, top=3, left=4))
    assert written(kind, placed) == written(kind, named(whole))


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.name)
def test_a_picture_of_many_strips_is_put_together(kind: Format, monkeypatch: pytest.MonkeyPatch) -> None:
    bits = np.random.default_rng(3).random((50, 40)) < 0.3
    whole = written(kind, named(bits))
    monkeypatch.setattr(importlib.import_module("bitmask_studio.formats.base"), "_STRIP_PIXELS", 7 * 40)
    assert kind.same(io.BytesIO(whole), [named(bits)])
    assert kind.same(io.BytesIO(written(kind, named(bits))), [named(bits)])


def test_no_kind_of_file_holds_a_whole_picture_in_memory() -> None:
    import tracemalloc

    side = 1 << 13
    huge = NamedMask("a", side, side, Bitmask(side, side, 0, 0, stored(np.zeros((side, side), bool)).rle_string))
    tracemalloc.start()
    for kind in FORMATS:
        with Path(os.devnull).open("wb") as out:
            kind.write(_NoSeek(out), [huge])  # type: ignore[arg-type] # what a format needs of a file
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < side * side / 2


class _NoSeek:
    """Takes bytes and nothing else."""

    def __init__(self, out: io.BufferedWriter) -> None:
        self._out = out

    def write(self, data: bytes) -> int:
        return self._out.write(data)

    def flush(self) -> None:
        self._out.flush()
