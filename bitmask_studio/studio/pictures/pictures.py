"""Decoded pictures of frames within a budget of bytes: those shown last, and those that may be shown next."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection

from msgspec import Struct

from bitmask_studio.sources.base import Picture
from bitmask_studio.studio.jobs import Jobs

Place = tuple[str, int]
"""A row's key and the position of a frame in it."""
Previewed = Callable[[Picture], Awaitable[object]]
"""Hears of a reduced picture; the whole one is begun when it has ended."""


class Order(Struct, frozen=True):
    """How a picture is read: both calls block, and are done one after the other."""

    nbytes: int
    """Of its decoded pixels."""
    picture: Callable[[], Picture]
    preview: Callable[[], Picture | None]


class Pictures:
    """Kept until others need the room, those not asked for longest going first; read once however many wait.

    `budget` tells the bytes that those kept and those on their way may take together. What somebody asks for is read
    and kept even if it alone takes more; what is only expected gives way, and is to be read one at a time: then half of
    the budget is always there for what somebody asks for.
    """

    def __init__(self, jobs: Jobs, budget: Callable[[], int]) -> None:
        self._jobs = jobs
        self._budget = budget
        self._kept: OrderedDict[Place, Picture] = OrderedDict()
        self._reading: dict[Place, tuple[int, asyncio.Task[Picture]]] = {}
        self.asked: Place | None = None
        """The place whose picture was asked for last."""

    @property
    def nbytes(self) -> int:
        """What is kept and what is on its way."""
        kept = sum(each.pixels.nbytes for each in self._kept.values())
        return kept + sum(nbytes for nbytes, _ in self._reading.values())

    def known(self, place: Place) -> Picture | None:
        """The picture at a place when it is kept."""
        return self._kept.get(place)

    def let_go(self, key: str) -> None:
        """Keep no picture of a row."""
        for place in [each for each in self._kept if each[0] == key]:
            del self._kept[place]

    def clear(self) -> None:
        """Keep nothing, not even what is still on its way."""
        self._kept, self._reading, self.asked = OrderedDict(), {}, None

    async def read(self, place: Place, order: Order, previewed: Previewed | None = None) -> Picture:
        """The picture at a place. `previewed` hears of a reduced one where that comes sooner. Raises PictureError."""
        self.asked = place
        if place in self._kept:
            self._kept.move_to_end(place)
            return self._kept[place]
        if place not in self._reading:
            self._make_room(order.nbytes, {place})
            self._begin(place, order, previewed)
        return await asyncio.shield(self._reading[place][1])

    async def read_ahead(self, place: Place, order: Order, expected: Collection[Place]) -> None:
        """Read what may be asked for next, where there is room without what else is expected. Raises PictureError.

        A picture that takes more than half of the budget would leave none for the one that is shown.
        """
        if place in self._kept or place in self._reading or order.nbytes > self._budget() // 2:
            return
        if self._make_room(order.nbytes, {*expected, place}):
            self._begin(place, order, None)
            await asyncio.shield(self._reading[place][1])

    def _begin(self, place: Place, order: Order, previewed: Previewed | None) -> None:
        task = asyncio.get_running_loop().create_task(self._read(place, order, previewed))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._reading[place] = order.nbytes, task

    async def _read(self, place: Place, order: Order, previewed: Previewed | None) -> Picture:
        reading, kept = self._reading, self._kept
        try:
            if previewed and (reduced := await self._jobs.run(order.preview)):
                await previewed(reduced)
            picture = await self._jobs.run(order.picture)
        finally:
            reading.pop(place, None)
        if kept is self._kept and (self._make_room(picture.pixels.nbytes, {place}) or place == self.asked):
            kept[place] = picture
        return picture

    def _make_room(self, nbytes: int, but: Collection[Place]) -> bool:
        """Let go of what was not asked for longest; answers whether there is room for so many bytes then."""
        spare = [place for place in self._kept if place not in but and place != self.asked]
        while self.nbytes + nbytes > self._budget() and spare:
            del self._kept[spare.pop(0)]
        return self.nbytes + nbytes <= self._budget()
