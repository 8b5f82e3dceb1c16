"""Playing the frames of a row one after the other, at the video's rate or as fast as its pictures can be read."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from msgspec import Struct, field

from bitmask_studio.core.errors import PictureError, StudioError
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.signal import Signal
from bitmask_studio.sources.base import Picture
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.view import View

if TYPE_CHECKING:
    from bitmask_studio.studio.session import Session

DEFAULT_RATE = 25.0
"""Frames per second where nobody says."""
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)
_MAX_SHOWN = 30.0
"""Frames per second beyond which the faster speeds leave frames out."""
_AHEAD_FRAMES, _AHEAD_BYTES = 12, 96 << 20
"""What is read ahead at most."""
_AT_ONCE = 3
"""Pictures on their way at once: the window may be too busy drawing to ask for the next one in time."""
_DRAWING = 0.5
"""Seconds that a frame may take to be drawn; a window that nobody sees draws nothing."""


@runtime_checkable
class Timed(Protocol):
    """Frames that know how fast their video runs."""

    def rate(self, position: int) -> float | None:
        """Frames per second; None for pictures, or where that is not said."""


@runtime_checkable
class Draws(Protocol):
    """A screen that tells whether all of what is shown has been drawn."""

    @property
    def is_drawn(self) -> bool: ...


class Shot(Struct, frozen=True):
    """A frame that is ready to be shown: its picture, or the reason why there is none."""

    position: int
    picture: Picture | None
    note: str | None = None


class _Run(Struct, eq=False):
    """One time of playing, from its start to its stop."""

    key: str
    document: Document
    object_hash: str | None
    shots: asyncio.Queue[Shot]
    first: int
    """The frame at whose time the clock began, and that time."""
    began: float
    interval: float
    drawing: deque[float] = field(default_factory=lambda: deque([0.0], 3))
    """Seconds that the last frames took from being shown to being drawn."""
    shows: bool = False
    """A frame is being shown: what changes in the view is our own doing."""
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    ears: list[Callable[[], None]] = field(default_factory=list)

    @property
    def stride(self) -> int:
        """How many frames further the next is that is read: no more of them than can be drawn, or seen."""
        return max(1, round(max(min(self.drawing), 1 / _MAX_SHOWN) / self.interval))

    def due(self, position: int) -> float:
        return self.began + (position - self.first) * self.interval

    def set_clock(self, position: int, now: float, interval: float) -> None:
        self.first, self.began, self.interval = position, now, interval


class Playing:
    """Shows frame after frame until the last one, or until somebody edits, chooses or goes elsewhere.

    `changed()`: it began, stopped, or got another speed.
    """

    def __init__(self, session: Session) -> None:
        self.changed: Signal[()] = Signal()
        self.speed = 1.0
        self._session = session
        self._studio = session.studio
        self._run: _Run | None = None

    @property
    def is_on(self) -> bool:
        return self._run is not None

    def toggle(self) -> None:
        """Play, or stop."""
        if self._run:
            self.stop()
        else:
            self.start()

    def start(self) -> None:
        """Play from the frame that is shown; from the first when that is the last. Nothing happens without frames."""
        studio, document, key = self._studio, self._studio.document, self._studio.view.row
        if self._run or document is None or key is None or len(document.frames) < 2:
            return
        at, frame = studio.view.frame, document.frames[studio.view.frame]
        room = _AHEAD_BYTES // (frame.width * frame.height * 3 or 1)
        shots: asyncio.Queue[Shot] = asyncio.Queue(min(max(room, 1), _AHEAD_FRAMES))
        at = at if at < len(document.frames) - 1 else -1
        run = self._run = _Run(key, document, studio.view.object_hash, shots, at, _now(), self._interval(document, at))
        run.ears = [
            studio.view_changed.connect(lambda old, new: self._mind(run, old, new)),
            studio.document_changed.connect(self.stop),
            document.history_changed.connect(self.stop),
            document.painted.connect(lambda frame, box: self.stop()),
        ]
        loop = asyncio.get_running_loop()
        run.tasks = [loop.create_task(self._read(run)), loop.create_task(self._show_all(run))]
        studio.jobs.start(_ended(run.tasks))
        self.changed.emit()

    def stop(self) -> None:
        """Stay where it is."""
        run, self._run = self._run, None
        if run is None:
            return
        for deaf in run.ears:
            deaf()
        for task in run.tasks:
            task.cancel()
        self.changed.emit()

    def set_speed(self, speed: float) -> None:
        """Play so many times as fast as the video, now and from now on."""
        self.speed = speed
        if run := self._run:
            run.set_clock(self._studio.view.frame, _now(), self._interval(run.document, self._studio.view.frame))
        self.changed.emit()

    def _interval(self, document: Document, position: int) -> float:
        return 1 / ((rate_of(document, max(position, 0)) or DEFAULT_RATE) * self.speed)

    def _mind(self, run: _Run, old: View, new: View) -> None:
        """Stop when somebody else goes elsewhere or chooses another object."""
        if not run.shows and (old.row, old.frame, old.object_hash) != (new.row, new.frame, new.object_hash):
            self.stop()

    async def _read(self, run: _Run) -> None:
        """Read the pictures in order, as far ahead as there is room; the next is begun while one is on its way."""
        position, last = run.first, len(run.document.frames) - 1
        reading: deque[asyncio.Task[Shot]] = deque()
        try:
            while position < last or reading:
                while position < last and len(reading) < _AT_ONCE:
                    position = min(position + run.stride, last)
                    task = asyncio.get_running_loop().create_task(self._shot(run, position))
                    task.add_done_callback(lambda done: done.cancelled() or done.exception())
                    reading.append(task)
                await run.shots.put(await reading[0])
                reading.popleft()
        except StudioError:
            self.stop()
            raise
        finally:
            for task in reading:
                task.cancel()

    async def _shot(self, run: _Run, position: int) -> Shot:
        """A frame with its masks and its picture, or with a word of why it has none."""
        masks = self._session.decoding.begin(run.document, position, lambda: run is self._run)
        try:
            shot = Shot(position, await self._studio.workspace.picture(run.key, position))
        except PictureError as error:
            shot = Shot(position, None, str(error))
        if masks:
            await asyncio.wait([masks])
        return shot

    async def _show_all(self, run: _Run) -> None:
        last = len(run.document.frames) - 1
        if self._studio.picture is None:
            await self._settle(run)
        while run is self._run:
            shot = await self._next(run)
            begun = _now()
            if run is self._run:
                self._show(run, shot)
                await self._drawn()
                run.drawing.append(_now() - begun)
            if shot.position == last and run is self._run:
                self.stop()

    async def _settle(self, run: _Run) -> None:
        """Let a picture arrive that is still on its way: it would come between the frames otherwise."""
        studio, frame = self._studio, self._studio.view.frame
        run.shows = True
        try:
            await asyncio.wait([studio.jobs.start(self._session.open_frame(frame))])  # not given up with the playing
            if studio.view.frame == frame and run.object_hash and run is self._run:
                studio.show(object_hash=run.object_hash)
        finally:
            run.shows = False
        if studio.view.frame != frame and run is self._run:
            self.stop()
        run.set_clock(run.first, _now(), run.interval)

    async def _drawn(self) -> None:
        """Let the window draw a frame whole before the next: it draws a large one in several goes."""
        await asyncio.sleep(0)
        end, screen = _now() + _DRAWING, self._studio.screen
        while isinstance(screen, Draws) and not screen.is_drawn and _now() < end:
            await asyncio.sleep(0.002)

    async def _next(self, run: _Run) -> Shot:
        """The next frame at its time; one whose time has passed is left out when a later one is due and there."""
        waited = run.shots.empty()
        shot = await run.shots.get()
        if waited and run.due(shot.position) < _now():
            run.set_clock(shot.position, _now(), run.interval)  # reading is what is slow: nothing is won by haste
        while not run.shots.empty() and run.due(shot.position + run.stride) < _now():
            shot = run.shots.get_nowait()
        await asyncio.sleep(max(run.due(shot.position) - _now(), 0))
        return shot

    def _show(self, run: _Run, shot: Shot) -> None:
        """Show a frame and keep the chosen object; where it is not, the first is chosen, as on any frame."""
        studio = self._studio
        if studio.gestures.painter:
            self.stop()
            return
        here = run.object_hash and run.document.find(MaskKey(shot.position, run.object_hash))
        run.shows = True
        try:
            chosen = run.object_hash if here else studio.first_editable(shot.position)
            studio.show(frame=shot.position, object_hash=chosen)
            studio.picture, studio.picture_note = shot.picture, shot.note
            studio.picture_changed.emit()
        finally:
            run.shows = False


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Wait for tasks that may be cancelled, and raise what went wrong in one."""
    for end in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(end, Exception):
            raise end


def rate_of(document: Document, position: int) -> float | None:
    """Frames per second of the video that a frame belongs to; None when that is not known."""
    rate = document.row.frames.rate(position) if isinstance(document.row.frames, Timed) else None
    return rate if rate is not None and 0.01 <= rate <= 1000 else None


def _now() -> float:
    return asyncio.get_running_loop().time()
