"""NumPy archives: one a row, keys are the stems."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from bitmask_studio.formats.base import NamedMask
from bitmask_studio.formats.npz import FORMAT
from tests.fakes.memory_source import stored

BITS = np.array([[1, 0, 0], [0, 1, 1]], bool)
MASKS = [
    NamedMask("a", 2, 3, stored(BITS)),
    NamedMask("b.npy", 2, 3, stored(~BITS)),
    NamedMask("file", 2, 3, stored(BITS)),
]


def write(masks: list[NamedMask]) -> io.BytesIO:
    out = io.BytesIO()
    FORMAT.write(out, masks)
    out.seek(0)
    return out


def packed(**arrays: object) -> io.BytesIO:
    out = io.BytesIO()
    np.savez(out, **{key: np.asarray(array) for key, array in arrays.items()})  # type: ignore[arg-type]
    out.seek(0)
    return out


def test_numpy_reads_all_masks_of_a_row_under_their_stems() -> None:
    with np.load(write(MASKS), allow_pickle=False) as archive:
        assert archive.files == ["a", "b.npy", "file"]
        assert archive["a"].dtype == np.uint8
        assert np.array_equal(archive["b.npy"], ~BITS)


def test_the_members_are_compressed() -> None:
    assert all(each.compress_type == zipfile.ZIP_DEFLATED for each in zipfile.ZipFile(write(MASKS)).infolist())


def test_what_numpy_saves_in_any_order_is_the_same() -> None:
    two = [NamedMask("a", 2, 3, stored(BITS)), NamedMask("b", 2, 3, stored(~BITS))]
    assert FORMAT.same(packed(b=(~BITS).astype(np.uint8), a=BITS.astype(np.uint8)), two)


def test_one_mask_more_or_less_is_another_archive() -> None:
    assert not FORMAT.same(write(MASKS), MASKS[:2])
    assert not FORMAT.same(write(MASKS[:2]), MASKS)


def test_a_member_that_is_twice_in_the_archive_makes_it_another() -> None:
    out = write(MASKS[:1])
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr("a.npy", b"other")
    out.seek(0)
    assert not FORMAT.same(out, MASKS[:1])


def test_a_bomb_is_read_no_further_than_the_mask_needs() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.npy", "w") as member:
        array = io.BytesIO()
        np.save(array, BITS.astype(np.uint8))
        member.write(array.getvalue())
        for _ in range(100):
            member.write(bytes(1 << 20))
    out.seek(0)
    assert not FORMAT.same(out, MASKS[:1])


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_numpy_does_not_use_are_other_archives(method: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("a.npy", b"x" * 100)
    out.seek(0)
    assert not FORMAT.same(out, MASKS[:1])
