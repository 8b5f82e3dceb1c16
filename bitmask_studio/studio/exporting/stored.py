"""What a stored mask turns out to be when it is read: its runs or its damage, and the picture it belongs into."""

from __future__ import annotations

from bitmask_studio.core import rle
from bitmask_studio.core.errors import RleError
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import Bitmask, Frame, ObjectInfo, RowInfo
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.rle import Runs
from bitmask_studio.core.text import tr


def unlabelled(info: RowInfo) -> bool:
    """Whether nobody has labelled the row yet: then it is never loaded, because on a server that may create it."""
    return info.label_hash is None and not info.objects


def holds_mask(each: ObjectInfo) -> bool:
    """Whether the object has a mask, sound or damaged; a bitmask object that has none is no damage."""
    return each.is_bitmask and not (each.bitmask is None and each.damage is None)


def read_runs(each: ObjectInfo) -> tuple[Bitmask, Runs]:
    """An object's mask and its runs, in the mask's own coordinates. Raises RleError with the reason if damaged."""
    stored = _undamaged(each)
    return stored, rle.parse(stored.rle_string, stored.height, stored.width)


def read_pixels(each: ObjectInfo) -> tuple[Bitmask, Mask]:
    """An object's mask and its pixels, placed on the frame. Raises RleError with the reason if damaged."""
    stored = _undamaged(each)
    return stored, Mask.from_rle(stored.rle_string, stored.height, stored.width, stored.top, stored.left)


def _undamaged(each: ObjectInfo) -> Bitmask:
    if each.damage or each.bitmask is None:
        raise RleError(each.damage or tr("it holds no mask"))
    return each.bitmask


def picture_size(frame: Frame, stored: Bitmask) -> tuple[int, int]:
    """(height, width) of the picture that the mask is a part of: its frame's if it is placed, else its own.

    Raises RleError when the frame that it is placed into has no usable size.
    """
    if stored.top == stored.left == 0:
        return stored.height, stored.width
    rle.check_size(frame.height, frame.width)
    return frame.height, frame.width


def oddity(frame: Frame, stored: Bitmask, pixels: Box) -> str | None:
    """What somebody who exports a mask with `pixels` on its frame should know about it, None where all is well."""
    if (stored.top, stored.left) != (0, 0):
        whole = Box.of_size(frame.width, frame.height).covers(pixels)
        return None if whole else tr("it reaches beyond its frame and is cut off there")
    if (stored.height, stored.width) == (frame.height, frame.width):
        return None
    if not frame.width or not frame.height:
        return tr("its frame has no size that can be used: exported at its own size")
    return tr("it is {w} x {h} px on a frame of {fw} x {fh} px: exported at its own size").format(
        w=stored.width, h=stored.height, fw=frame.width, fh=frame.height
    )
