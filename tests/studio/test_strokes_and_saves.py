"""A stroke that begins at any moment of a save, while others have changed the very same mask."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import LabelRow, MaskKey, RowChanges
from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sources.base import Conflict, Keep, PartlySavedError
from bitmask_studio.studio import workspace
from bitmask_studio.studio.ask import Leave
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.gestures import Target
from bitmask_studio.studio.kept.keeping import Keeper
from bitmask_studio.studio.session import OpenWish
from bitmask_studio.studio.studio import Studio
from bitmask_studio.tools.base import Gesture, Phase, PointerEvent
from bitmask_studio.tools.base import Stroke as ToolStroke
from tests.fakes.encord_json import bitmask
from tests.fakes.sdk import sdk_mask, sdk_row
from tests.sources.twins import Json, objects_of
from tests.studio.keeping_desk import KeepingDesk
from tests.studio.label_files import HEIGHT, WIDTH, block, change_outside, objects_in, write_labels
from tests.studio.session_desk import Desk
from tests.studio.test_encord_session import info, played, sandbox

__all__ = ["sandbox"]
Bits = NDArray[np.bool_]
THEIRS = slice(4, 30), slice(24, 40)
"""Where others paint or erase, rows and columns."""
SEEDS, ROUNDS = 24, 6


class SlowSource:
    """Holds back what is to be stored, and then the word that it is stored, until it is let go."""

    def __init__(self, studio: Studio) -> None:
        self.store, self.answer, self.stored = (threading.Event() for _ in range(3))
        source = studio.workspace.source
        assert source is not None
        self._source, self._save = source, source.save
        source.save = self.save  # type: ignore[method-assign]

    def save(self, changes: Sequence[RowChanges], choices: Mapping[Conflict, Keep] | None = None) -> Sequence[LabelRow]:
        assert self.store.wait(30)
        try:
            return self._save(changes, choices)
        finally:
            self.stored.set()
            assert self.answer.wait(30)

    def let_go(self) -> None:
        self.store.set()
        self.answer.set()
        self._source.save = self._save  # type: ignore[method-assign]


class Painter:
    """A hand that paints and erases on the chosen object, and knows where it has been."""

    def __init__(self, desk: Desk, draws: random.Random, size: tuple[int, int]) -> None:
        self._desk, self._random, self._size = desk, draws, size
        self.mine: Bits = np.zeros(size, np.bool_)
        """Pixels of finished strokes."""
        self.values: Bits = np.zeros(size, np.bool_)
        """What the last of these strokes has made of them."""
        self._covered, self._adds = self.mine, True

    @property
    def key(self) -> MaskKey:
        return MaskKey(0, self._desk.studio.view.object_hash or "")

    def pixels(self) -> Bits:
        return self._desk.document.mask(self.key).to_array(*self._size)

    def press(self, adds: bool) -> None:
        self._covered, self._adds = np.zeros(self._size, np.bool_), adds
        self._desk.studio.show(tool="brush" if adds else "eraser")
        self._point(Phase.PRESS)

    def move(self) -> None:
        self._point(Phase.MOVE)

    def release(self) -> None:
        before = self.pixels()
        self._point(Phase.RELEASE)
        self.note_end(before)

    def note_end(self, before: Bits) -> None:
        """Note what the stroke has changed."""
        changed = before ^ self.pixels()
        self.mine, self.values = self.mine | changed, np.where(changed, self._adds, self.values)

    def _point(self, phase: Phase) -> None:
        at = Point(self._random.uniform(14, 46), self._random.uniform(2, 34))
        self._desk.studio.point(PointerEvent(phase, at))


async def paint_during_a_save(desk: Desk, draws: random.Random, hand: Painter, others: Callable[[], None]) -> None:
    """One save, and a stroke that begins and ends somewhere in it or after it; nothing is asked in the end."""
    hand.press(adds=True)
    hand.release()
    others()
    slow = SlowSource(desk.studio)
    saving = asyncio.ensure_future(desk.session.save())
    await asyncio.sleep(0)
    begin, end = sorted(draws.choices(range(4), k=2))
    before: Bits | None = None
    for moment in range(4):
        if moment == begin:
            hand.press(draws.random() < 0.7)
            before = hand.pixels()
        for _ in range(draws.randrange(3)):
            await asyncio.sleep(0)
            hand.move()
        if before is not None:
            assert np.array_equal(before, hand.pixels()), "the mask has changed under the stroke"
        if moment == end:
            _end(desk, hand, draws)
            before = None
        await _go_on(moment, slow, saving)
    await saving


def _end(desk: Desk, hand: Painter, draws: random.Random) -> None:
    way, before = draws.randrange(4), hand.pixels()
    if way == 0:
        desk.studio.gestures.cancel()
    elif way == 1:
        desk.studio.gestures.finish()
        hand.note_end(before)
    else:
        hand.release()


async def _go_on(moment: int, slow: SlowSource, saving: asyncio.Future[bool]) -> None:
    """Lead the save to its next moment: it stores, it is stored, it is told of."""
    if moment == 0:
        await asyncio.sleep(0.002)
        slow.store.set()
    elif moment == 1:
        await asyncio.to_thread(slow.stored.wait, 30)
    elif moment == 2:
        slow.let_go()
        await asyncio.wait([saving], timeout=0.05)


def check(hand: Painter, theirs: Bits, now: Bits) -> None:
    """Where nobody of us was, pixels are as others made them; what the brush has set is set."""
    untouched = ~hand.mine
    assert np.array_equal(now[untouched], theirs[untouched])
    assert now[hand.mine & hand.values].all()
    erased = hand.mine & ~hand.values & ~theirs
    assert not now[erased].any()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_whenever_a_stroke_begins_and_ends_a_brush_only_adds_and_an_eraser_only_takes_away(
    tmp_path: Path, seed: int
) -> None:
    async def main() -> None:
        path, draws, desk = write_labels(tmp_path), random.Random(seed), Desk(tmp_path)
        await desk.session.open(OpenWish((path,)))
        desk.studio.ask.choice = Keep.BOTH
        hand = Painter(desk, draws, (HEIGHT, WIDTH))
        theirs = hand.pixels()
        theirs[THEIRS] = draws.random() < 0.8
        await paint_during_a_save(desk, draws, hand, lambda: change_outside(path, "objA", theirs))
        assert await desk.session.save()
        await desk.studio.jobs.settle()
        assert np.array_equal(hand.pixels(), objects_in(path, 0)["objA"])
        check(hand, theirs, hand.pixels())

    asyncio.run(main())


def test_the_same_on_a_project_of_a_server(tmp_path: Path, sandbox: Sandbox) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        draws, chosen = random.Random(5), desk.studio.view.object_hash or ""
        frame = desk.document.frames[0]
        desk.studio.ask.choice = Keep.BOTH

        def stored() -> Bits:
            return sdk_mask(sdk_row(sandbox, desk.document.row.info.data_hash), chosen)

        for number in range(ROUNDS):
            hand = Painter(desk, draws, (frame.height, frame.width))
            theirs = hand.pixels()
            theirs[THEIRS] = number % 2 == 0

            def others(mask: Bits = theirs) -> None:
                sandbox.colleague.change(str(info(desk).label_hash), lambda wire: _with_mask(wire, chosen, mask))

            await paint_during_a_save(desk, draws, hand, others)
            assert await desk.session.save()
            assert np.array_equal(hand.pixels(), stored())
            check(hand, theirs, hand.pixels())

    played(tmp_path, sandbox, scenario)


class Stroke:
    """A session whose save is stored, and waits for the stroke that is in progress."""

    def __init__(self, desk: Desk, path: Path) -> None:
        self.desk, self.path, self.theirs = desk, path, block(24, 4, 40, 30)
        self.saving: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    @classmethod
    async def begun(cls, folder: Path, partly: bool = False) -> Stroke:
        path, desk = write_labels(folder), Desk(folder)
        await desk.session.open(OpenWish((path,)))
        stroke = cls(desk, path)
        desk.dab(8, 20)
        change_outside(path, "objA", objects_in(path, 0)["objA"] | stroke.theirs)
        if partly:
            stroke._let_it_fail_afterwards()
        stroke.saving = asyncio.ensure_future(desk.session.save())
        await asyncio.sleep(0)
        stroke.point(Phase.PRESS, 8.5, 30.5)
        stroke.point(Phase.MOVE, 36.5, 12.5)
        await asyncio.wait([stroke.saving], timeout=0.2)
        assert objects_in(path, 0)["objA"][20, 8]
        assert not stroke.saving.done() and not stroke.has(THEIR_PLACE)
        return stroke

    def point(self, phase: Phase, x: float, y: float) -> None:
        self.desk.studio.point(PointerEvent(phase, Point(x, y)))

    def has(self, place: tuple[int, int]) -> bool:
        return self.desk.document.mask(MaskKey(0, "objA")).holds(*place)

    async def ended(self) -> None:
        """The save ends, what others did has come in, and none of it was taken away."""
        async with asyncio.timeout(5):
            await asyncio.wait([self.saving])
        assert not self.desk.document.is_saving and not self.desk.document.stroke.is_on
        self.desk.studio.ask.choice = Keep.BOTH
        assert await self.desk.session.save()
        now = objects_in(self.path, 0)["objA"]
        assert now[self.theirs].all() and now[20, 8]
        assert np.array_equal(self.desk.document.mask(MaskKey(0, "objA")).to_array(HEIGHT, WIDTH), now)

    def _let_it_fail_afterwards(self) -> None:
        source = self.desk.studio.workspace.source
        assert source is not None
        save = source.save

        def failing(
            changes: Sequence[RowChanges], choices: Mapping[Conflict, Keep] | None = None
        ) -> Sequence[LabelRow]:
            source.save = save  # type: ignore[method-assign]
            raise PartlySavedError("The rest is not stored.", {row.info.key: row for row in save(changes, choices)})

        source.save = failing  # type: ignore[method-assign]


THEIR_PLACE, MY_PLACE = (38, 28), (8, 30)


@pytest.mark.parametrize("partly", [False, True])
def test_what_a_save_brought_in_comes_when_the_stroke_has_ended(tmp_path: Path, partly: bool) -> None:
    async def main() -> None:
        stroke = await Stroke.begun(tmp_path, partly)
        stroke.point(Phase.RELEASE, 36.5, 12.5)
        assert stroke.has(MY_PLACE)
        await stroke.ended()
        assert stroke.has(MY_PLACE)

    asyncio.run(main())


def test_esc_in_the_stroke_ends_the_save_that_waits_for_it(tmp_path: Path) -> None:
    async def main() -> None:
        stroke = await Stroke.begun(tmp_path)
        assert stroke.desk.studio.gestures.cancel()
        await stroke.ended()
        assert stroke.has(THEIR_PLACE) and not stroke.has(MY_PLACE)

    asyncio.run(main())


@pytest.mark.parametrize("leave", [Leave.SAVE, Leave.CANCEL])
def test_closing_the_window_ends_the_save_that_waits_for_a_stroke(tmp_path: Path, leave: Leave) -> None:
    async def main() -> None:
        stroke = await Stroke.begun(tmp_path)
        stroke.desk.studio.ask.leave, stroke.desk.studio.ask.choice = leave, Keep.BOTH
        async with asyncio.timeout(5):
            assert await stroke.desk.session.may_leave() is (leave is Leave.SAVE)
        await stroke.ended()
        assert stroke.has(MY_PLACE)

    asyncio.run(main())


def test_a_second_save_ends_the_stroke_and_stores_it_too(tmp_path: Path) -> None:
    async def main() -> None:
        stroke = await Stroke.begun(tmp_path)
        stroke.desk.studio.ask.choice = Keep.BOTH
        async with asyncio.timeout(5):
            assert await stroke.desk.session.save()
        assert objects_in(stroke.path, 0)["objA"][30, 8]
        await stroke.ended()

    asyncio.run(main())


@pytest.mark.parametrize("step", [Document.undo, Document.redo, lambda document: document.discard("Discard")])
def test_what_else_changes_masks_ends_the_stroke_first(tmp_path: Path, step: Callable[[Document], object]) -> None:
    async def main() -> None:
        stroke = await Stroke.begun(tmp_path)
        step(stroke.desk.document)
        assert not stroke.desk.document.stroke.is_on and stroke.desk.studio.gestures.painter is None
        await stroke.saving
        stroke.desk.studio.ask.choice = Keep.THEIRS
        assert await stroke.desk.session.save()
        now = objects_in(stroke.path, 0)["objA"]
        assert now[stroke.theirs].all()

    asyncio.run(main())


def test_a_save_that_is_given_up_while_it_waits_has_taken_over_what_is_stored(tmp_path: Path) -> None:
    async def main() -> None:
        stroke = await Stroke.begun(tmp_path)
        stroke.saving.cancel()
        await stroke.ended()
        assert stroke.has(MY_PLACE)

    asyncio.run(main())


def test_a_tool_that_fails_ends_its_stroke_with_what_it_has_painted(tmp_path: Path) -> None:
    def failing(stroke: ToolStroke, event: PointerEvent) -> Gesture:
        options = stroke.options
        stroke.painter.draw_segment(event.point, event.point, options.size, options.shape, True)
        yield
        raise ZeroDivisionError

    async def main() -> None:
        stroke = await Stroke.begun(tmp_path)
        desk = stroke.desk
        desk.studio.gestures.cancel()
        await stroke.ended()
        target, tool = Target(desk.document, MaskKey(0, "objA")), replace(desk.studio.tool, paints=failing)
        desk.studio.gestures.press(target, tool, desk.studio.tool_options, PointerEvent(Phase.PRESS, Point(8, 30)))
        with pytest.raises(ZeroDivisionError):
            stroke.point(Phase.MOVE, 9, 30)
        assert not desk.document.stroke.is_on
        assert stroke.has(MY_PLACE)
        stroke.point(Phase.RELEASE, 9, 30)

    asyncio.run(main())


def test_no_stroke_is_lost_with_a_row_that_is_read_anew(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace, "FRESH", 0.0)

    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        before, key = desk.document, desk.studio.view.row or ""
        opening = asyncio.ensure_future(desk.session.open_row(key))
        while desk.studio.workspace.documents[key] is before:
            await asyncio.sleep(0)
        assert desk.document is before
        desk.dab(5, 5)
        assert not before.unsaved and "read anew" in desk.studio.told[-1]
        await opening
        assert desk.document is not before
        desk.studio.point(PointerEvent(Phase.PRESS, Point(5, 5)))
        shown = desk.document
        await desk.session.open_row(key)
        assert desk.document is shown and desk.studio.workspace.unsaved == [shown]

    played(tmp_path, sandbox, scenario)


def test_no_stroke_is_lost_while_what_is_open_makes_room_for_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go, end = threading.Event(), threading.Event(), Keeper.end

    def slowly(keeper: Keeper) -> None:
        asked.set()
        assert go.wait(30)
        end(keeper)

    async def main() -> None:
        (tmp_path / "other").mkdir()
        path, other, desk = write_labels(tmp_path), write_labels(tmp_path / "other"), KeepingDesk(tmp_path)
        await desk.open(path)
        desk.dab(5, 20)
        assert await desk.session.save()
        before = desk.document
        monkeypatch.setattr(Keeper, "end", slowly)
        opening = asyncio.ensure_future(desk.open(other))
        while not asked.is_set():
            await asyncio.sleep(0.001)
        assert desk.document is before
        desk.dab(30, 20)
        assert not before.unsaved and "Something else is being opened" in desk.told[-1]
        go.set()
        await opening
        assert desk.document is not before
        desk.dab(30, 20)
        assert desk.document.unsaved
        desk.session.end()

    asyncio.run(main())


def _with_mask(wire: Json, object_hash: str, mask: Bits) -> Json:
    for each in objects_of(wire):
        if each["objectHash"] == object_hash:
            each["bitmask"] = bitmask(mask)
    return wire
