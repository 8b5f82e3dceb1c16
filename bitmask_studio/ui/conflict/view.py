"""How the versions of one conflict look: the same piece of the picture under each, what differs tinted."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

from bitmask_studio.core.geometry import EMPTY, Box
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Keep
from bitmask_studio.sources.label_rows.pixels import merged
from bitmask_studio.studio.ask import NamedConflict
from bitmask_studio.studio.rows.row_words import count_words

ADDED, REMOVED = "#2f8df0", "#f08a1c"
"""Blue and orange: apart for every kind of colour vision, on most pictures."""

_TINT, _SPOT = 0.62, 0.16
"""How much of a tint covers what differs, and of white what stayed."""

_DIM = 0.5
"""What is left of the picture's brightness around the object."""

_GRAY = 128
_MARGIN, _LEAST = 0.15, 24
"""Around the object, as a share of its size, and the smallest side of what is shown, image px."""


class Version(Struct, frozen=True):
    """One side of a conflict. `keep` is None for the version before; `text` stands where there are no pixels."""

    title: str
    keep: Keep | None
    mask: Mask | None = None
    text: str = ""

    def note(self, base: Mask | None) -> str:
        """Its size, and how it differs from the version before."""
        if self.mask is None:
            return ""
        size = tr("{count} px").format(count=count_words(self.mask.area))
        if self.keep is None:
            return size
        box = self.mask.box.union((base or EMPTY_MASK).box)
        now, before = self.mask.crop(box), (base or EMPTY_MASK).crop(box)
        more, less = int(np.count_nonzero(now & ~before)), int(np.count_nonzero(before & ~now))
        return tr("{size}\n+{more}   –{less}").format(size=size, more=count_words(more), less=count_words(less))


def versions_of(named: NamedConflict) -> tuple[Version, ...]:
    """Before, mine, theirs, and both where both have pixels."""
    conflict = named.conflict
    titles = (tr("Before"), None), (tr("Mine"), Keep.MINE), (tr("Theirs"), Keep.THEIRS)
    if conflict.attribute is not None:
        texts = tuple(each or tr("No answer") for each in named.answers)
        return tuple(Version(*title, text=text) for title, text in zip(titles, texts, strict=True))
    masks = conflict.base, conflict.mine, conflict.theirs
    if all(mask is None for mask in masks):
        return tuple(Version(*title, text=tr("No preview")) for title in titles[1:])
    lacks = tr("It was not there."), tr("You deleted it."), tr("Somebody deleted it.")
    found = [
        Version(*title, mask, "" if mask else text) for title, mask, text in zip(titles, masks, lacks, strict=True)
    ]
    if conflict.mine is not None and conflict.theirs is not None:
        both = merged(conflict.base or EMPTY_MASK, conflict.mine, conflict.theirs)
        found.append(Version(tr("Both"), Keep.BOTH, both))
    return tuple(found)


def piece_of(named: NamedConflict) -> Box:
    """The part of the frame that all versions show: what somebody changed and a little around it."""
    conflict, frame = named.conflict, Box.of_size(*named.size)
    base, box = conflict.base or EMPTY_MASK, EMPTY
    for mask in (conflict.mine, conflict.theirs):
        box = box.union(MaskPatch.between(base, mask or EMPTY_MASK).box)
    if box.empty:
        return frame
    margin = max(round(_MARGIN * max(box.width, box.height)), (_LEAST - max(box.width, box.height)) // 2, 2)
    return box.inflated(margin).intersection(frame)


def drawn(named: NamedConflict, mask: Mask, piece: Box, room: QSize) -> QImage:
    """The mask on `piece` of the picture and what there is around it, to fill `room` (device px) if it can."""
    piece = _filling(piece, Box.of_size(*named.size), room)
    base = named.conflict.base or EMPTY_MASK
    scale = min(room.width() / piece.width, room.height() / piece.height)
    size = max(round(piece.width * scale), 1), max(round(piece.height * scale), 1)
    now, before = mask.crop(piece), base.crop(piece)
    pixels = _ground(named, piece, size)
    pixels *= _DIM + (1 - _DIM) * _share(now | before, size)
    for bits, color, most in (
        (now & before, "#ffffff", _SPOT),
        (now & ~before, ADDED, _TINT),
        (before & ~now, REMOVED, _TINT),
    ):
        share = _share(bits, size) * np.float32(most)
        pixels += (_bgr(color) - pixels) * share
    image = np.ascontiguousarray(pixels.round().astype(np.uint8))
    return QImage(image.data, size[0], size[1], 3 * size[0], QImage.Format.Format_BGR888).copy()


def _filling(piece: Box, frame: Box, room: QSize) -> Box:
    """`piece` made wider or higher until it is shaped like `room`, as far as the frame goes."""
    wide = max(piece.width, piece.height * room.width() // room.height())
    high = max(piece.height, piece.width * room.height() // room.width())
    x0, y0 = piece.x0 - (wide - piece.width) // 2, piece.y0 - (high - piece.height) // 2
    return Box(x0, y0, x0 + wide, y0 + high).intersection(frame)


def _ground(named: NamedConflict, piece: Box, size: tuple[int, int]) -> NDArray[np.float32]:
    if named.picture is None:
        return np.full((size[1], size[0], 3), _GRAY, np.float32)
    return _resized(np.ascontiguousarray(named.picture[piece.rows, piece.columns]), size).astype(np.float32)


def _share(bits: NDArray[np.bool_], size: tuple[int, int]) -> NDArray[np.float32]:
    """How much of each device pixel is set, 0 to 1, (height, width, 1)."""
    return _resized(bits.astype(np.uint8) * np.uint8(255), size).astype(np.float32)[..., None] / np.float32(255)


def _resized(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Pixels stay squares where they are enlarged, and are averaged where they are reduced."""
    import cv2

    smaller = size[0] < pixels.shape[1]
    found = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_NEAREST)
    return np.asarray(found, np.uint8)


def _bgr(color: str) -> NDArray[np.float32]:
    found = QColor(color)
    return np.array((found.blue(), found.green(), found.red()), np.float32)
