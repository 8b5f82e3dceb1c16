"""NumPy archive: one compressed file a row, its keys the stems, each an array uint8 (H, W) of 0 and 1."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from typing import BinaryIO, cast

from bitmask_studio.formats.arrays import holds_array, write_array
from bitmask_studio.formats.base import Format, NamedMask


class NpzFormat(Format):
    """Written member by member and not by `numpy.savez`, which wants all arrays of the row in memory at once."""

    name = "npz"
    title = "NumPy archives, one a row"
    suffix = ".npz"
    per_row = True

    def write(self, out: BinaryIO, masks: Iterable[NamedMask]) -> None:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for mask in masks:
                # A ZipInfo of its own carries no time: equal masks make equal files.
                member = zipfile.ZipInfo(_member(mask))
                member.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(member, "w", force_zip64=True) as stream:
                    write_array(cast(BinaryIO, stream), mask)

    def same(self, existing: BinaryIO, masks: Sequence[NamedMask]) -> bool:
        try:
            with zipfile.ZipFile(existing) as archive:
                return _simple(archive, masks) and all(_holds(archive, mask) for mask in masks)
        except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, OSError):
            return False


def _simple(archive: zipfile.ZipFile, masks: Sequence[NamedMask]) -> bool:
    """Whether it has exactly the members wanted, packed in a way that NumPy packs."""
    usual = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    return sorted(archive.namelist()) == sorted(map(_member, masks)) and all(
        member.compress_type in usual for member in archive.infolist()
    )


def _member(mask: NamedMask) -> str:
    return f"{mask.stem}.npy"


def _holds(archive: zipfile.ZipFile, mask: NamedMask) -> bool:
    with archive.open(_member(mask)) as stream:
        return holds_array(cast(BinaryIO, stream), mask)


FORMAT = NpzFormat()
