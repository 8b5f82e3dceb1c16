"""Masks out of TIFF files (TIFF 6.0 and BigTIFF): one picture of any depth, palettes and grays by their stored value.

libtiff, by way of OpenCV, decodes. Left alone it would answer colours for palettes, negatives for white-is-zero, and
colours multiplied with alpha; so it is told that every value is a gray, or that alpha is nothing special.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import BinaryIO

import numpy as np
from msgspec import Struct

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr
from bitmask_studio.formats.reading.values import Bits, CheckSize, Values, damaged, decode, mask_of

MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_DEPTHS = (1, 2, 4, 8, 10, 12, 14, 16, 32, 64)
_UNSIGNED, _SIGNED, _FLOAT, _COMPLEX = 1, 2, 3, (5, 6)
_BLACK_IS_ZERO, _RGB = 1, 2
_GRAYS = (0, 1, 3)
_FORMATS = {1: "B", 3: "H", 4: "I", 16: "Q"}
_MAX_TAGS = 4096
_MAX_VALUES = 8


class _Tag(IntEnum):
    WIDTH = 256
    HEIGHT = 257
    BITS = 258
    COMPRESSION = 259
    PHOTOMETRIC = 262
    ORIENTATION = 274
    SAMPLES = 277
    PLANAR = 284
    PREDICTOR = 317
    TILE_WIDTH = 322
    EXTRA_SAMPLES = 338
    SAMPLE_FORMAT = 339


_DEFAULTS = {_Tag.COMPRESSION: 1, _Tag.ORIENTATION: 1, _Tag.SAMPLES: 1, _Tag.PLANAR: 1, _Tag.PREDICTOR: 1}
_DEFAULTS |= {_Tag.BITS: 1, _Tag.SAMPLE_FORMAT: 1, _Tag.TILE_WIDTH: 0, _Tag.EXTRA_SAMPLES: 0, _Tag.PHOTOMETRIC: -1}


class _Field(Struct, frozen=True):
    """The values of a tag, at most the first few, and where they lie."""

    at: int
    code: str
    values: tuple[int, ...]


class _Directory(Struct, frozen=True):
    order: str
    fields: dict[int, _Field]
    is_last: bool

    def get(self, tag: _Tag) -> int:
        """The first value of a tag. Raises InputError where it must be there and is not."""
        found = self.fields.get(tag)
        if found is not None and found.values:
            return found.values[0]
        if tag not in _DEFAULTS:
            raise damaged()
        return _DEFAULTS[tag]

    def put(self, data: bytearray, tag: _Tag, value: int) -> None:
        """Write the first value of a tag that is there."""
        if found := self.fields.get(tag):
            try:
                struct.pack_into(self.order + found.code, data, found.at, value)
            except struct.error as error:
                raise damaged() from error


def read(file: BinaryIO, check_size: CheckSize) -> Bits:
    """The mask, bool (H, W). Raises InputError."""
    data = bytearray(file.read())
    found = _directory(data)
    width, height = found.get(_Tag.WIDTH), found.get(_Tag.HEIGHT)
    check_size(width, height)
    _refuse_what_is_no_mask(found)
    values = _packed(data, found) if found.get(_Tag.BITS) in (2, 4) else _whole(data, found)
    if values.shape[:2] != (height, width):
        raise damaged()
    return mask_of(values)


def _refuse_what_is_no_mask(found: _Directory) -> None:
    """Raises InputError for what has no one value a pixel, or not one that is sure to be decoded as it was stored."""
    samples, photometric = found.get(_Tag.SAMPLES), found.get(_Tag.PHOTOMETRIC)
    bits = found.fields.get(_Tag.BITS)
    if not found.is_last:
        raise InputError(tr("it has more than one page"))
    if found.get(_Tag.ORIENTATION) != 1:
        raise InputError(tr("it is stored turned or mirrored"))
    if samples not in (1, 3, 4) or (samples > 1 and found.get(_Tag.PLANAR) != 1):
        raise InputError(tr("it is neither grey, nor indexed, nor plain red, green and blue"))
    if photometric != _RGB if samples > 1 else photometric not in _GRAYS:
        raise InputError(tr("it is neither grey, nor indexed, nor plain red, green and blue"))
    if bits is not None and len(set(bits.values)) > 1:
        raise InputError(tr("its channels are of different depths"))
    depths = _DEPTHS if samples == 1 else (8, 16, 32, 64)
    if found.get(_Tag.BITS) not in depths or found.get(_Tag.SAMPLE_FORMAT) in _COMPLEX:
        raise InputError(tr("its values of {bits} bits cannot be read here").format(bits=found.get(_Tag.BITS)))


def _whole(data: bytearray, found: _Directory) -> Values:
    """Values of at least a byte, or single bits."""
    is_float, bits = found.get(_Tag.SAMPLE_FORMAT) == _FLOAT, found.get(_Tag.BITS)
    is_half = is_float and bits == 16
    if found.get(_Tag.SAMPLES) == 1:
        found.put(data, _Tag.PHOTOMETRIC, _BLACK_IS_ZERO)
        if is_half or not is_float:  # not every OpenCV knows these types: the bits are the same under another name
            found.put(data, _Tag.SAMPLE_FORMAT, {32: _SIGNED, 64: _FLOAT}.get(bits, _UNSIGNED))
    else:
        found.put(data, _Tag.EXTRA_SAMPLES, 0)
    values = decode(data)
    kind = "f" if is_float else "u"
    return values.view(np.dtype(f"{kind}{values.itemsize}"))


def _packed(data: bytearray, found: _Directory) -> Values:
    """Values of 2 or 4 bits, which libtiff's callers do not know: decoded as the bytes that they fill."""
    if found.get(_Tag.TILE_WIDTH) or found.get(_Tag.PREDICTOR) != 1:
        raise InputError(tr("its values of {bits} bits cannot be read here").format(bits=found.get(_Tag.BITS)))
    width, bits = found.get(_Tag.WIDTH), found.get(_Tag.BITS)
    found.put(data, _Tag.PHOTOMETRIC, _BLACK_IS_ZERO)
    found.put(data, _Tag.WIDTH, -(-width * bits // 8))
    found.put(data, _Tag.BITS, 8)
    filled = decode(data)
    if filled.ndim != 2 or filled.dtype != np.uint8:
        raise damaged()
    values = np.unpackbits(filled, axis=1).reshape(len(filled), -1, bits)
    return np.asarray(values.max(axis=2))[:, :width]


def _directory(data: bytearray) -> _Directory:
    """The first directory. Raises InputError where it is broken."""
    order, big = "<" if data[:2] == b"II" else ">", b"+" in data[2:4]
    try:
        (at,) = struct.unpack_from(order + ("Q" if big else "I"), data, 8 if big else 4)
        (count,) = struct.unpack_from(order + ("Q" if big else "H"), data, at)
        first, step = at + (8 if big else 2), 20 if big else 12
        if count > _MAX_TAGS:
            raise damaged()
        fields = dict(_field(data, first + number * step, order, big) for number in range(count))
        (following,) = struct.unpack_from(order + ("Q" if big else "I"), data, first + count * step)
    except (struct.error, OverflowError) as error:
        raise damaged() from error
    return _Directory(order, fields, following == 0)


def _field(data: bytearray, at: int, order: str, big: bool) -> tuple[int, _Field]:
    tag, kind = struct.unpack_from(order + "HH", data, at)
    (count,) = struct.unpack_from(order + ("Q" if big else "I"), data, at + 4)
    room, place = (8, at + 12) if big else (4, at + 8)
    code = _FORMATS.get(kind)
    if tag not in set(_Tag) or code is None:
        return tag, _Field(place, "B", ())
    if struct.calcsize(f"={code}") * count > room:
        (place,) = struct.unpack_from(order + ("Q" if big else "I"), data, place)
    values = struct.unpack_from(f"{order}{min(count, _MAX_VALUES)}{code}", data, place)
    return tag, _Field(place, code, values)
