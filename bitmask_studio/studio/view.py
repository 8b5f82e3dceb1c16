"""What is shown and chosen, as one value that is replaced whole."""

from __future__ import annotations

from msgspec import Struct

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.tone import NEUTRAL, Tone


class View(Struct, frozen=True):
    """`row` is the source's key of the open row, `frame` a position in it, `object_hash` the chosen object."""

    row: str | None = None
    frame: int = 0
    object_hash: str | None = None
    class_hash: str | None = None
    """Feature hash of the class that a new object gets."""
    tool: str = "brush"
    opacity: float = 0.45
    outline: bool = False
    by_object: bool = False
    """Each object in a colour of its own instead of its class's."""
    tone: Tone = NEUTRAL
    """Brightness and contrast of the picture on screen; masks and files never have it."""
    only_chosen: bool = False
    peek: bool = False
    """Masks are hidden for as long as a key is held."""
    hidden: frozenset[MaskKey] = frozenset()
    locked: frozenset[MaskKey] = frozenset()

    @property
    def key(self) -> MaskKey | None:
        """The chosen object's key."""
        return MaskKey(self.frame, self.object_hash) if self.object_hash else None
