"""NumPy arrays: uint8 (H, W) of 0 and 1."""

from __future__ import annotations

import io
import pickle

import numpy as np
import pytest

from bitmask_studio.formats.base import NamedMask
from bitmask_studio.formats.npy import FORMAT
from tests.fakes.memory_source import stored

BITS = np.array([[1, 0, 0], [0, 1, 1]], bool)
MASK = NamedMask("a", 2, 3, stored(BITS))


def saved(array: object) -> io.BytesIO:
    out = io.BytesIO()
    np.save(out, np.asarray(array))
    out.seek(0)
    return out


def test_numpy_reads_zeros_and_ones() -> None:
    out = io.BytesIO()
    FORMAT.write(out, [MASK])
    array = np.load(io.BytesIO(out.getvalue()), allow_pickle=False)
    assert array.dtype == np.uint8 and array.flags.c_contiguous
    assert array.tolist() == [[1, 0, 0], [0, 1, 1]]


def test_what_numpy_saves_is_the_same() -> None:
    assert FORMAT.same(saved(BITS.astype(np.uint8)), [MASK])


@pytest.mark.parametrize("array", [BITS, BITS * 255, BITS.astype(np.uint16), np.asfortranarray(BITS.astype(np.uint8))])
def test_other_kinds_of_array_are_not_the_same(array: object) -> None:
    assert not FORMAT.same(saved(array), [MASK])


def test_a_pickle_is_never_run() -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return pytest.fail, ("the pickle was run",)

    out = io.BytesIO()
    out.write(b"\x93NUMPY\x01\x00" + (70).to_bytes(2, "little"))
    out.write(b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(69) + b"\n" + pickle.dumps(Trap()))
    out.seek(0)
    assert not FORMAT.same(out, [MASK])
