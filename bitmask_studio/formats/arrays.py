"""Masks as NumPy's .npy stream, written and compared in strips; nothing is ever evaluated or unpickled.

Header and fields: NumPy's format description (NEP 1, numpy.lib.format), version 1.0.
"""

from __future__ import annotations

from typing import BinaryIO

from numpy.lib import format as npy

from bitmask_studio.formats.base import NamedMask

_VERSION_1 = b"\x93NUMPY\x01\x00"


def write_array(out: BinaryIO, mask: NamedMask) -> None:
    """The picture as uint8 (H, W) in C order, 0 and 1."""
    header = {"descr": "|u1", "fortran_order": False, "shape": (mask.height, mask.width)}
    npy.write_array_header_1_0(out, header)
    for strip in mask.strips():
        out.write(strip.tobytes())


def holds_array(existing: BinaryIO, mask: NamedMask) -> bool:
    """Whether the stream is that array and nothing more; costs nothing but reading as much as the mask needs."""
    return (
        _header(existing) == f"{{'descr':'|u1','fortran_order':False,'shape':({mask.height},{mask.width}),}}"
        and all(existing.read(strip.size) == strip.tobytes() for strip in mask.strips())
        and not existing.read(1)
    )


def _header(stream: BinaryIO) -> str | None:
    """The header's dictionary as text without blanks (NumPy versions pad it differently), None without one."""
    if stream.read(len(_VERSION_1)) != _VERSION_1:
        return None
    text = stream.read(int.from_bytes(stream.read(2), "little"))
    return "".join(text.decode("latin-1").split())
