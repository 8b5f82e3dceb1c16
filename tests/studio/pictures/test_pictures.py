"""Pictures are kept within a budget, read once however many wait, and what is only expected gives way."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitmask_studio.core.errors import PictureError
from bitmask_studio.sources.base import Picture
from bitmask_studio.studio.jobs import Jobs
from bitmask_studio.studio.pictures.pictures import Order, Pictures, Place

BUDGET = 1000


def never(error: Exception) -> None:
    raise AssertionError from error


@dataclass
class Gallery:
    """Makes pictures of so many bytes, one at each place, and counts those that anybody still holds."""

    sizes: dict[Place, int]
    budget: int = BUDGET
    read: Counter[Place] = field(default_factory=Counter)
    held: dict[int, int] = field(default_factory=dict)
    gate: threading.Event = field(default_factory=threading.Event)
    damaged: Collection[Place] = ()

    def __post_init__(self) -> None:
        self.gate.set()
        self.pictures = Pictures(Jobs(never, workers=2), lambda: self.budget)

    def order(self, place: Place) -> Order:
        return Order(self.sizes[place], lambda: self._picture(place), lambda: None)

    def _picture(self, place: Place) -> Picture:
        assert self.gate.wait(10)
        self.read[place] += 1
        if place in self.damaged:
            raise PictureError("damaged")
        pixels = np.zeros((self.sizes[place], 1, 1), np.uint8)
        self.held[id(pixels)] = pixels.nbytes
        weakref.finalize(pixels, self.held.pop, id(pixels))
        return Picture(pixels)

    @property
    def alive(self) -> int:
        return sum(list(self.held.values()))

    async def ask(self, place: Place) -> Picture:
        return await self.pictures.read(place, self.order(place))

    async def expect(self, place: Place, *others: Place) -> None:
        await self.pictures.read_ahead(place, self.order(place), [place, *others])

    async def settled(self) -> int:
        """The bytes alive once the threads have let go of what they answered: an answer may come before that."""
        for _ in range(1000):
            if self.alive <= min(self.pictures.nbytes, BUDGET):
                break
            await asyncio.sleep(0.005)
        return self.alive

    def kept(self) -> list[Place]:
        return [place for place in self.sizes if self.pictures.known(place)]


def gallery(*sizes: int, budget: int = BUDGET) -> Gallery:
    return Gallery({(f"row{n}", 0): size for n, size in enumerate(sizes)}, budget)


A, B, C, D = (("row0", 0), ("row1", 0), ("row2", 0), ("row3", 0))


def test_what_was_not_asked_for_longest_goes_first() -> None:
    async def main() -> None:
        seen = gallery(400, 400, 400)
        first = await seen.ask(A)
        await seen.ask(B)
        assert await seen.ask(A) is first
        await seen.ask(C)
        assert seen.kept() == [A, C]
        assert seen.pictures.nbytes == 800

    asyncio.run(main())


def test_what_is_asked_for_is_kept_though_it_takes_more_than_all_the_room() -> None:
    async def main() -> None:
        seen = gallery(100, 5000)
        await seen.ask(A)
        assert (await seen.ask(B)).pixels.nbytes == 5000
        assert seen.kept() == [B]
        await seen.expect(A)
        assert seen.kept() == [B]

    asyncio.run(main())


def test_what_is_expected_does_not_take_the_room_of_what_is_shown_or_expected_too() -> None:
    async def main() -> None:
        seen = gallery(400, 400, 400, 400)
        await seen.ask(D)
        await seen.ask(A)
        await seen.expect(B, C)
        assert seen.kept() == [A, B]
        await seen.expect(C, B)
        assert seen.kept() == [A, B]
        assert seen.read[C] == 0

    asyncio.run(main())


def test_nothing_of_more_than_half_the_room_is_read_ahead() -> None:
    async def main() -> None:
        seen = gallery(501, 500)
        await seen.expect(A)
        await seen.expect(B)
        assert seen.kept() == [B]

    asyncio.run(main())


def test_a_picture_is_read_once_by_those_who_ask_and_those_who_expect_it() -> None:
    async def main() -> None:
        seen = gallery(10)
        seen.gate.clear()
        waiting = [asyncio.ensure_future(each) for each in (seen.expect(A), seen.ask(A), seen.ask(A))]
        await asyncio.sleep(0.01)
        waiting[1].cancel()
        seen.gate.set()
        await waiting[0]
        assert await waiting[2] is await seen.ask(A)
        assert seen.read == {A: 1}

    asyncio.run(main())


def test_a_picture_that_failed_is_tried_again() -> None:
    async def main() -> None:
        seen = gallery(10)
        seen.damaged = [A]
        for _ in range(2):
            with pytest.raises(PictureError):
                await seen.ask(A)
        assert seen.pictures.nbytes == 0
        seen.damaged = []
        await seen.ask(A)
        assert seen.read[A] == 3

    asyncio.run(main())


def test_what_arrives_after_all_was_cleared_is_not_kept() -> None:
    async def main() -> None:
        seen = gallery(10)
        seen.gate.clear()
        late = asyncio.ensure_future(seen.ask(A))
        await asyncio.sleep(0.01)
        seen.pictures.clear()
        seen.gate.set()
        await late
        assert seen.kept() == []
        assert seen.pictures.nbytes == 0

    asyncio.run(main())


def test_a_smaller_budget_holds_from_the_next_picture_on() -> None:
    async def main() -> None:
        seen = gallery(300, 300, 300)
        await seen.ask(A)
        await seen.ask(B)
        seen.budget = 400
        await seen.ask(C)
        assert seen.kept() == [C]

    asyncio.run(main())


def test_a_reduced_picture_is_told_before_the_whole_one_is_there() -> None:
    async def main() -> None:
        seen, told = gallery(10), list[Picture]()
        small = Picture(np.zeros((1, 1, 3), np.uint8))
        order = Order(10, seen.order(A).picture, lambda: small)

        async def previewed(reduced: Picture) -> None:
            told.append(reduced)

        whole = await seen.pictures.read(A, order, previewed)
        assert told == [small]
        assert whole is seen.pictures.known(A)

    asyncio.run(main())


def test_the_whole_picture_is_begun_when_whoever_wanted_the_reduced_one_has_done_with_it() -> None:
    async def main() -> None:
        seen, begun, drawn = gallery(10), list[str](), asyncio.Event()

        def picture() -> Picture:
            begun.append("whole")
            return seen.order(A).picture()

        order = Order(10, picture, lambda: Picture(np.zeros((1, 1, 3), np.uint8)))

        async def previewed(_: Picture) -> None:
            begun.append("reduced")
            await drawn.wait()

        reading = asyncio.ensure_future(seen.pictures.read(A, order, previewed))
        while not begun:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.02)
        assert begun == ["reduced"]
        drawn.set()
        await reading
        assert begun == ["reduced", "whole"]

    asyncio.run(main())


Steps = st.lists(st.tuples(st.integers(0, 11), st.sampled_from(["wait", "hurry", "leave"])), max_size=25)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 500), min_size=12, max_size=12), Steps)
def test_wherever_somebody_goes_no_more_than_the_budget_is_held(sizes: list[int], steps: list[tuple[int, str]]) -> None:
    async def main() -> None:
        seen, lock = gallery(*sizes), asyncio.Lock()
        places, tasks = list(seen.sizes), list[asyncio.Future[None]]()

        async def expect_all(around: list[Place]) -> None:
            for each in around:
                async with lock:
                    await seen.expect(each, *around)
                    assert await seen.settled() <= BUDGET

        for at, pace in steps:
            await seen.ask(places[at])
            assert seen.pictures.known(places[at])
            assert await seen.settled() <= seen.pictures.nbytes <= BUDGET
            around = [places[each] for each in (at + 1, at - 1) if 0 <= each < len(places)]
            tasks.append(asyncio.ensure_future(expect_all(around)))
            if pace == "wait":
                await asyncio.gather(*tasks)
                await expect_all(around)
                fits = sizes[at] + sum(seen.sizes[each] for each in around) <= BUDGET
                assert not fits or all(seen.pictures.known(each) for each in around)
            elif pace == "leave":
                await asyncio.sleep(0)
        await asyncio.gather(*tasks)
        assert await seen.settled() <= BUDGET

    asyncio.run(main())
