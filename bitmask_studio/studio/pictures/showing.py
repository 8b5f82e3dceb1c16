"""The picture under the masks: read while the masks are shown already, reduced first where all of it takes its time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from msgspec import Struct

from bitmask_studio.core.errors import PictureError, StudioError
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Picture
from bitmask_studio.studio.notices import ROW, Level, notice_of
from bitmask_studio.studio.pictures.playing import Draws
from bitmask_studio.studio.studio import Studio

PICTURE_PATIENCE = 0.2
"""Seconds for which a row waits for its picture before it is shown without, so that nothing flashes."""

_DRAWING, _LOOK_AGAIN = 0.25, 0.005
"""Seconds for which decoding the whole picture waits for a window that is still being made to draw the reduced one, and
between looks whether it has: where processors are few, each takes from the other."""

Wanted = Callable[[], bool]
"""Whether what is being read is still what is to be shown."""


class Reading(Struct, frozen=True):
    """A picture on its way, and a reduced one that may come before it."""

    whole: asyncio.Future[Picture]
    preview: asyncio.Future[Picture]


class Showing:
    """Reads and shows the pictures of a studio; `again` shows the frame of that position once more."""

    def __init__(self, studio: Studio, again: Callable[[int], Awaitable[object]]) -> None:
        self._studio = studio
        self._again = again

    async def begin(self, key: str, position: int) -> Reading:
        """Begin to read a picture and give it, or a reduced one, a moment to arrive."""
        preview: asyncio.Future[Picture] = asyncio.get_running_loop().create_future()

        async def previewed(reduced: Picture) -> None:
            preview.set_result(reduced)
            await self._is_drawn()

        whole = asyncio.ensure_future(self._studio.workspace.picture(key, position, previewed))
        whole.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait([whole, preview], timeout=PICTURE_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        return Reading(whole, preview)

    async def show(self, reading: Reading, wanted: Wanted) -> None:
        """Put the picture under the masks when it is there, or say why there is none."""
        studio, picture, note = self._studio, None, None
        try:
            picture = reading.whole.result() if reading.whole.done() else await self._arriving(reading, wanted)
        except StudioError as error:
            note = str(error)
            if wanted() and isinstance(error, PictureError) and error.passes:
                frame = studio.view.frame
                error.topic, error.again = ROW, lambda: self._again(frame)
                studio.noticed.emit(notice_of(error))
        if wanted():
            studio.picture, studio.preview, studio.picture_note = picture, None, note
            studio.picture_changed.emit()
            if picture and picture.warning:
                studio.say(picture.warning, Level.WARNING, ROW)

    async def _is_drawn(self) -> None:
        """Wait, but not for long, until what is shown has been drawn."""
        screen, now = self._studio.screen, asyncio.get_running_loop().time
        end = now() + _DRAWING
        while isinstance(screen, Draws) and not screen.is_drawn and now() < end:
            await asyncio.sleep(_LOOK_AGAIN)

    async def _arriving(self, reading: Reading, wanted: Wanted) -> Picture:
        """The picture when it is there; until then a reduced one is shown, or, without, that it is being read."""
        studio, text = self._studio, tr("Reading the picture …")
        if reading.preview.done():
            self._show_preview(reading, wanted)
            return await reading.whole
        studio.picture_note = text
        studio.picture_changed.emit()
        reading.preview.add_done_callback(lambda _: self._show_preview(reading, wanted))
        with studio.working(text, studio.workspace.cancel if studio.workspace.server else None):
            return await reading.whole

    def _show_preview(self, reading: Reading, wanted: Wanted) -> None:
        """Put a reduced picture under the masks, unless the whole one is there or something else is shown."""
        if wanted() and not reading.whole.done():
            self._studio.preview, self._studio.picture_note = reading.preview.result(), None
            self._studio.picture_changed.emit()
