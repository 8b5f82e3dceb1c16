"""Three versions of one mask, pixel by pixel."""

from __future__ import annotations

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Mask


def apart(base: Mask, mine: Mask, theirs: Mask) -> bool:
    """Whether the box of what I changed and the box of what they changed have no pixel in common."""
    return difference(base, mine).intersection(difference(base, theirs)).empty


def merged(base: Mask, mine: Mask, theirs: Mask) -> Mask:
    """Each pixel from whoever changed it; where both did they agree, for there are but two values."""
    reach = base.box.union(mine.box).union(theirs.box)
    before = base.crop(reach)
    flipped = (mine.crop(reach) ^ before) | (theirs.crop(reach) ^ before)
    return Mask.of(reach, before ^ flipped)


def difference(one: Mask, other: Mask) -> Box:
    """The tight box of the pixels in which two masks differ; empty when they are the same."""
    reach = one.box.union(other.box)
    return Mask.of(reach, one.crop(reach) ^ other.crop(reach)).box
