"""The masks of a frame: decoded on a worker thread, taken over by their document on the loop's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Self
from weakref import WeakKeyDictionary

from msgspec import Struct

from bitmask_studio.core.errors import RleError
from bitmask_studio.core.labels import Bitmask, MaskKey
from bitmask_studio.core.many_masks import mask_of, masks_of
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.small_masks import prepare
from bitmask_studio.studio.jobs import Jobs

if TYPE_CHECKING:
    from bitmask_studio.studio.document.document import Document

PATIENCE = 0.4
"""Seconds for which a frame waits for its masks before it is shown without, so that nothing flashes."""
_FIRST = 1 << 16
"""Letters of the strings that are decoded before all others: among these masks is the one that is chosen."""
_KEPT_FRAMES = 32
"""Frames whose masks stay decoded after others were asked for; more than playing reads ahead."""


class Decoded(Struct, frozen=True):
    """A stored mask and its pixels; none of these, and why, where it is damaged."""

    stored: Bitmask
    mask: Mask
    damage: str | None = None

    @classmethod
    def of(cls, stored: Bitmask, mask: Mask | RleError) -> Self:
        return cls(stored, EMPTY_MASK, str(mask)) if isinstance(mask, RleError) else cls(stored, mask)


def decode(stored: Bitmask) -> Decoded:
    """The pixels of a stored mask; touches nothing else, so that any thread may do it."""
    return Decoded.of(stored, mask_of(stored))


class Decoding:
    """Has the masks of frames decoded in jobs, and those of frames left long ago forgotten."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._asked: WeakKeyDictionary[Document, dict[int, None]] = WeakKeyDictionary()
        """The frames of each document that were asked for, the last one last."""

    def begin(self, document: Document, position: int, wanted: Callable[[], bool]) -> Decodes:
        """Begin to decode what of a frame is not decoded yet, for as long as that is `wanted`.

        Until it has ended the document says of these masks that they are awaited. Needs a running loop.
        """
        self._note(document, position)
        missing = document.undecoded(position)
        if not missing:
            return None
        document.await_masks(position)
        return self._jobs.start(self._decode(document, position, missing, wanted))

    async def _decode(
        self, document: Document, position: int, missing: Mapping[MaskKey, Bitmask], wanted: Callable[[], bool]
    ) -> None:
        try:
            for part in _parts(missing):
                document.take_decoded(position, await self._jobs.run(partial(decode_all, part, wanted)))
        finally:
            document.end_awaiting(position)

    def _note(self, document: Document, position: int) -> None:
        """Let the document forget the frame that was asked for longest ago."""
        asked = self._asked.setdefault(document, {})
        asked.pop(position, None)
        asked[position] = None
        if len(asked) > _KEPT_FRAMES:
            oldest = next(iter(asked))
            del asked[oldest]
            document.forget_masks(oldest)


Decodes = asyncio.Task[None] | None
"""The masks of a frame on their way; None when all are there."""


async def soon(decodes: Decodes) -> None:
    """Give masks a moment to arrive."""
    if decodes:
        await asyncio.wait([decodes], timeout=PATIENCE)


def decode_all(stored: Mapping[MaskKey, Bitmask], wanted: Callable[[], bool] = lambda: True) -> dict[MaskKey, Decoded]:
    """The masks of a frame, ready to be shown; fewer of them when they are not `wanted` any more."""
    masks = masks_of(list(stored.values()), wanted)
    decoded = {key: Decoded.of(each, mask) for (key, each), mask in zip(stored.items(), masks, strict=False)}
    if decoded:
        one = next(iter(stored.values()))
        prepare((each.mask for each in decoded.values()), one.width, one.height)
    return decoded


def _parts(missing: Mapping[MaskKey, Bitmask]) -> Iterator[dict[MaskKey, Bitmask]]:
    """The first few, then all others."""
    first: dict[MaskKey, Bitmask] = {}
    letters = 0
    for key, each in missing.items():
        if letters > _FIRST:
            break
        first[key] = each
        letters += len(each.rle_string)
    yield first
    if rest := {key: each for key, each in missing.items() if key not in first}:
        yield rest
