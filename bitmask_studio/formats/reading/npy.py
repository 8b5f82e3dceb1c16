"""Masks out of NumPy's .npy files, read in strips; nothing is ever evaluated or unpickled.

Header and fields: NumPy's format description (NEP 1, numpy.lib.format), versions 1.0 and 2.0.
"""

from __future__ import annotations

import re
from typing import BinaryIO

import numpy as np

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr
from bitmask_studio.formats.reading.values import Bits, CheckSize, damaged, mask_of

MAGIC = (b"\x93NUMPY",)
_LENGTH_BYTES = {b"\x01\x00": 2, b"\x02\x00": 4}
_MAX_HEADER = 1 << 16
_TYPE = re.compile(r"'descr':'([<>|=][a-zA-Z]\d*)'")
_ORDER = re.compile(r"'fortran_order':(True|False)")
_SHAPE = re.compile(r"'shape':\(([\d,L]*)\)")
_NUMBERS = re.compile(r"[<>|=](b1|[iu][1248]|f[248])")
_STRIP_BYTES = 1 << 24


def read(file: BinaryIO, check_size: CheckSize) -> Bits:
    """The mask, bool (H, W). Raises InputError."""
    header = _header(file)
    kind, order, shape = (pattern.search(header) for pattern in (_TYPE, _ORDER, _SHAPE))
    if order is None or shape is None:
        raise damaged()
    if kind is None or not _NUMBERS.fullmatch(kind[1]):
        raise InputError(tr("its array does not hold plain numbers"))
    sides = [int(each.rstrip("L")) for each in shape[1].split(",") if each.rstrip("L")]
    if len(sides) != 2:
        raise InputError(tr("its array has {count} dimensions, not 2").format(count=len(sides)))
    check_size(sides[1], sides[0])
    columns_first = order[1] == "True"
    mask = _read(file, np.dtype(kind[1]), *(sides[::-1] if columns_first else sides))
    return mask.T if columns_first else mask


def _header(file: BinaryIO) -> str:
    """The header's dictionary as text without blanks, which NumPy versions place differently."""
    file.read(len(MAGIC[0]))
    size = _LENGTH_BYTES.get(file.read(2))
    if size is None:
        raise InputError(tr("its array does not hold plain numbers, or is of a version that is not known here"))
    length = int.from_bytes(file.read(size), "little")
    if length > _MAX_HEADER:
        raise damaged()
    return "".join(file.read(length).decode("latin-1").split())


def _read(file: BinaryIO, kind: np.dtype[np.generic], rows: int, columns: int) -> Bits:
    """As the file has it: `rows` of `columns` values."""
    start = file.tell()
    if file.seek(0, 2) - start != rows * columns * kind.itemsize:
        raise damaged()
    file.seek(start)
    mask = np.empty((rows, columns), np.bool_)
    step = max(1, _STRIP_BYTES // (columns * kind.itemsize))
    for top in range(0, rows, step):
        strip = mask[top : top + step]
        data = file.read(strip.size * kind.itemsize)
        if len(data) != strip.size * kind.itemsize:
            raise damaged()
        strip[:] = mask_of(np.frombuffer(data, kind).reshape(strip.shape))
    return mask
