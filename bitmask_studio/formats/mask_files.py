"""Reading a mask out of a file that anybody may have made: PNG, TIFF or NumPy, any value but 0 being mask."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.rle import MAX_PIXELS
from bitmask_studio.core.text import tr
from bitmask_studio.formats.reading import npy, png, tiff
from bitmask_studio.formats.reading.values import Bits, CheckSize

MASK_SUFFIXES = (".png", ".tif", ".tiff", ".npy")
"""What a file dialog offers; what a file is, is told by its first bytes."""
_MAX_BYTES = 1 << 31
_MAGIC_BYTES = 8
_READERS: tuple[tuple[tuple[bytes, ...], Callable[[BinaryIO, CheckSize], Bits]], ...] = (
    (png.MAGIC, png.read),
    (tiff.MAGIC, tiff.read),
    (npy.MAGIC, npy.read),
)


def read_mask_file(path: Path, size: tuple[int, int] | None = None) -> Bits:
    """The mask in a file, bool (H, W): any value but 0, palette pictures by index, alpha only when it alone varies.

    `size` (width, height) px is what it has to have, looked at before memory is taken. Raises InputError, which names
    the file and what is wrong with it.
    """
    try:
        with _open(path) as file:
            magic = file.read(_MAGIC_BYTES)
            file.seek(0)
            return _reader(magic)(file, lambda width, height: _check_size((width, height), size))
    except InputError as error:
        raise InputError(
            tr("{name} cannot be used as a mask: {reason}.").format(name=path.name, reason=error)
        ) from error
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else "") or error
        raise InputError(tr("{name} cannot be read: {reason}.").format(name=path.name, reason=reason)) from error
    except MemoryError as error:
        raise InputError(tr("{name} is too large for this machine's memory.").format(name=path.name)) from error


def _open(path: Path) -> BinaryIO:
    """A plain file, not a pipe or a device, which might never end."""
    if path.exists() and not path.is_file():
        raise InputError(tr("it is no file"))
    if path.stat().st_size > _MAX_BYTES:
        raise InputError(tr("it is larger than any mask file"))
    return path.open("rb")


def _reader(magic: bytes) -> Callable[[BinaryIO, CheckSize], Bits]:
    for known, read in _READERS:
        if magic.startswith(known):
            return read
    if magic.startswith((b"\xff\xd8\xff", b"RIFF")):
        raise InputError(tr("JPEG and WebP do not keep pixels exactly; use PNG, TIFF or .npy"))
    raise InputError(tr("it is no PNG, TIFF or .npy file"))


def _check_size(found: tuple[int, int], wanted: tuple[int, int] | None) -> None:
    width, height = found
    if width < 1 or height < 1:
        raise InputError(tr("it has no pixels"))
    if width * height > MAX_PIXELS:
        raise InputError(tr("it is {w} x {h} px, larger than any mask may be").format(w=width, h=height))
    if wanted and found != wanted:
        text = tr("it is {w} x {h} px, but the picture is {pw} x {ph} px")
        raise InputError(text.format(w=width, h=height, pw=wanted[0], ph=wanted[1]))
