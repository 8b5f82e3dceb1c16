"""Reading what may be shown next, on both sides of what is shown, while nobody waits for anything else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from bitmask_studio.core.errors import StudioError
from bitmask_studio.studio.document.decoding import Decoding
from bitmask_studio.studio.pictures.pictures import Place
from bitmask_studio.studio.pictures.playing import Draws
from bitmask_studio.studio.studio import Studio

_LOOK_AGAIN = 0.02
_DRAWING = 1.0
"""Seconds that what is shown may take to be drawn; a window that nobody sees draws nothing."""


class ReadingAhead:
    """Reads only, one thing at a time; what fails is tried again when it is opened."""

    def __init__(self, studio: Studio, decoding: Decoding) -> None:
        self._studio = studio
        self._decoding = decoding
        self._one_at_a_time = asyncio.Lock()

    async def around(self, wanted: Callable[[], bool]) -> None:
        """Read the next and the previous frame and row, for as long as that is `wanted`.

        Rows left long ago, and their pictures, make room for them.
        """
        workspace, key = self._studio.workspace, self._studio.view.row
        if key is None:
            return
        expected = self._expected(key, self._studio.view.frame)
        for place in expected:
            async with self._one_at_a_time:
                if not await self._is_idle(wanted):
                    return
                workspace.let_go({key, *(row for row, _ in expected)})
                with suppress(StudioError):
                    await workspace.read_ahead(place, expected)
                    await self._decode(place, wanted)

    async def _decode(self, place: Place, wanted: Callable[[], bool]) -> None:
        """Decode the masks of a frame of the row that is shown; those of another row are, when it is read."""
        (key, position), document = place, self._studio.document
        if document and key == self._studio.view.row and position < len(document.frames):
            masks = self._decoding.begin(document, position, wanted)
            if masks:
                await asyncio.wait([masks])

    def _expected(self, key: str, frame: int) -> list[Place]:
        """Frames and rows on both sides, what is likelier first."""
        document, row_after = self._studio.document, self._studio.screen.row_after
        frames = len(document.frames) if document else 0
        found: list[Place] = []
        for step in (1, -1):
            if 0 <= frame + step < frames:
                found.append((key, frame + step))
            if other := row_after(key, step):
                found.append((other, 0))
        return found

    async def _is_idle(self, wanted: Callable[[], bool]) -> bool:
        """Wait until what is shown has been drawn and nobody paints; answers whether it is still wanted then."""
        now = asyncio.get_running_loop().time
        drawn_by = now() + _DRAWING
        while wanted() and (self._studio.gestures.painter or (not self._is_drawn and now() < drawn_by)):
            await asyncio.sleep(_LOOK_AGAIN)
        return wanted()

    @property
    def _is_drawn(self) -> bool:
        screen = self._studio.screen
        return screen.is_drawn if isinstance(screen, Draws) else True
