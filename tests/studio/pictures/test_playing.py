"""Playing: every frame in its order while pictures keep up, and a stop whenever somebody does something else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import pytest

from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import LabelRow, MaskKey
from bitmask_studio.studio.pictures.playing import DEFAULT_RATE, Playing, rate_of
from bitmask_studio.studio.session import Session
from bitmask_studio.tools.base import Phase, PointerEvent
from tests.fakes.film import Cinema, a_film
from tests.fakes.screen import FakeScreen, FakeStudio


class House:
    """A session on films, and what was shown there: frame, first pixel of its picture, chosen object."""

    def __init__(self, folder: Path, source: Cinema) -> None:
        self.studio, self.source = FakeStudio(folder), source
        self.session = Session(self.studio)
        self.studio.workspace.use(source, source.rows())
        self.shown: list[tuple[int, int | None, str | None]] = []
        self.studio.picture_changed.connect(self._note)

    @property
    def playing(self) -> Playing:
        return self.session.playing

    @property
    def frames(self) -> list[int]:
        return [frame for frame, _, _ in self.shown]

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not holds():
                await asyncio.sleep(0.002)

    async def play(self) -> None:
        """Play to the end."""
        self.shown.clear()
        self.session.playing.toggle()
        assert self.playing.is_on
        await self.until(lambda: not self.playing.is_on)

    def _note(self) -> None:
        picture, view = self.studio.picture, self.studio.view
        self.shown.append((view.frame, int(picture.pixels[0, 0, 0]) if picture else None, view.object_hash))


Scenario = Callable[[House], Coroutine[Any, Any, None]]


def in_house(folder: Path, rows: Sequence[LabelRow] | Cinema, scenario: Scenario) -> House:
    """A house after a scenario, which begins with the first film's first frame shown."""
    source = rows if isinstance(rows, Cinema) else Cinema(rows)
    houses: list[House] = []

    async def main() -> None:
        house = House(folder, source)
        houses.append(house)
        await house.session.open_row(source.label_rows[0].info.key)
        await scenario(house)
        house.playing.stop()
        await house.studio.jobs.settle()

    asyncio.run(main())
    return houses[0]


def test_every_frame_is_shown_in_order_with_its_picture_up_to_the_last(tmp_path: Path) -> None:
    house = in_house(tmp_path, [a_film(["a"] * 9, 30)], House.play)
    assert [(frame, pixel) for frame, pixel, _ in house.shown] == [(n, n) for n in range(1, 9)]
    assert not house.studio.told


def test_from_the_last_frame_it_begins_with_the_first(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        await house.session.open_frame(4)
        await house.play()

    assert in_house(tmp_path, [a_film(["a"] * 5, 30)], scenario).frames == [0, 1, 2, 3, 4]


def test_the_chosen_object_is_kept_and_where_it_is_not_the_first_is_chosen(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        house.studio.show(object_hash="b")
        await house.play()

    house = in_house(tmp_path, [a_film(["ab", "ab", "ac", "", "cb"], 30)], scenario)
    assert [name for _, _, name in house.shown] == ["b", "a", None, "b"]


def test_a_frame_without_a_picture_tells_why_and_the_next_one_comes(tmp_path: Path) -> None:
    notes: list[str | None] = []

    async def scenario(house: House) -> None:
        house.studio.picture_changed.connect(lambda: notes.append(house.studio.picture_note))
        await house.play()

    house = in_house(tmp_path, Cinema([a_film([""] * 4, 30)], missing=frozenset({2})), scenario)
    assert [(frame, pixel) for frame, pixel, _ in house.shown] == [(1, 1), (2, None), (3, 3)]
    assert notes == [None, "frame 2 is missing", None]


def test_what_goes_wrong_otherwise_stops_it_and_is_told(tmp_path: Path) -> None:
    house = in_house(tmp_path, Cinema([a_film([""] * 9, 30)], breaks_at=4), House.play)
    assert house.frames == list(range(1, len(house.frames) + 1))
    assert house.studio.view.frame < 4
    assert house.studio.told == ["the cinema burns"]


def test_pictures_that_come_too_slowly_make_it_slower_and_none_is_left_out(tmp_path: Path) -> None:
    house = in_house(tmp_path, Cinema([a_film([""] * 8, 30)], seconds=0.15), House.play)
    assert house.frames == list(range(1, 8))


def test_a_screen_that_is_too_slow_leaves_frames_out_but_not_the_last(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        house.studio.picture_changed.connect(lambda: time.sleep(0.12))
        await house.play()

    house = in_house(tmp_path, [a_film([""] * 30, 30)], scenario)
    assert house.frames == sorted(set(house.frames))
    assert house.frames[-1] == 29
    assert len(house.frames) < 25


def test_a_frame_is_drawn_whole_before_the_next_is_shown(tmp_path: Path) -> None:
    class Window(FakeScreen):
        is_drawn = True

    window = Window()
    cut: list[int] = []

    def draw() -> None:
        if not window.is_drawn:
            cut.append(1)
        window.is_drawn = False
        asyncio.get_running_loop().call_later(0.1, setattr, window, "is_drawn", True)

    async def scenario(house: House) -> None:
        house.studio.screen = window
        house.studio.picture_changed.connect(draw)
        await house.play()

    house = in_house(tmp_path, [a_film([""] * 20, 30)], scenario)
    assert not cut
    assert house.frames[-1] == 19
    assert len(house.frames) < 15


def test_no_more_is_read_ahead_than_is_bounded(tmp_path: Path) -> None:
    most: list[int] = []

    async def scenario(house: House) -> None:
        house.studio.picture_changed.connect(lambda: most.append(max(house.source.read) - house.studio.view.frame))
        house.session.playing.toggle()
        await house.until(lambda: house.studio.view.frame > 20)

    in_house(tmp_path, [a_film([""] * 300, 30)], scenario)
    assert 0 < max(most) <= 16


def test_faster_speeds_leave_out_frames_that_nobody_could_see(tmp_path: Path) -> None:
    house = in_house(tmp_path, [a_film([""] * 30, 120)], House.play)
    assert house.frames == [4, 8, 12, 16, 20, 24, 28, 29]


def test_the_speed_can_be_changed_while_playing(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        house.playing.set_speed(0.25)
        house.session.playing.toggle()
        await house.until(lambda: house.studio.view.frame == 1)
        house.playing.set_speed(4.0)
        await house.until(lambda: not house.playing.is_on)

    house = in_house(tmp_path, [a_film([""] * 12, 25)], scenario)
    assert house.studio.view.frame == 11
    assert house.playing.speed == 4.0


def dab(house: House) -> None:
    for phase in (Phase.PRESS, Phase.RELEASE):
        house.studio.point(PointerEvent(phase, Point(30, 30)))


def press(house: House) -> None:
    house.studio.point(PointerEvent(Phase.PRESS, Point(30, 30)))


DEEDS: dict[str, Callable[[House], object]] = {
    "play": lambda house: house.session.playing.toggle(),
    "edit": dab,
    "press": press,
    "choose": lambda house: house.studio.show(object_hash=None),
    "undo": lambda house: house.studio.undo(),
    "delete": lambda house: house.studio.delete_chosen(),
    "frame": lambda house: house.studio.jobs.start(house.session.open_frame(30)),
    "row": lambda house: house.studio.jobs.start(house.session.open_row("other")),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_it_stops_when_somebody_does_something_else(tmp_path: Path, deed: str) -> None:
    async def scenario(house: House) -> None:
        dab(house)
        house.session.playing.toggle()
        await house.until(lambda: house.studio.view.frame >= 2)
        DEEDS[deed](house)
        await house.until(lambda: not house.playing.is_on)
        house.studio.gestures.finish()
        place = house.studio.view.row, house.studio.view.frame
        await house.studio.jobs.settle()
        if deed in ("frame", "row"):
            place = ("film", 30) if deed == "frame" else ("other", 0)
        await asyncio.sleep(0.15)
        assert (house.studio.view.row, house.studio.view.frame) == place
        assert house.studio.picture is not None
        assert house.studio.picture.pixels[0, 0, 0] == place[1]

    in_house(tmp_path, [a_film(["ab"] * 100, 30), a_film(["ab", "a"], key="other")], scenario)


def test_a_stroke_while_playing_lands_on_the_frame_it_began_on(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        house.session.playing.toggle()
        await house.until(lambda: house.studio.view.frame >= 2)
        press(house)
        frame = house.studio.view.frame
        await asyncio.sleep(0.15)
        house.studio.point(PointerEvent(Phase.RELEASE, Point(35, 30)))
        document = house.studio.document
        assert document is not None
        assert house.studio.view.frame == frame
        assert document.mask(MaskKey(frame, "a")).holds(33, 30)

    in_house(tmp_path, [a_film(["a"] * 100, 30)], scenario)


def test_other_looks_do_not_stop_it(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        house.session.playing.toggle()
        await house.until(lambda: house.studio.view.frame >= 2)
        house.studio.show(opacity=0.9, outline=True, tool="eraser", peek=True)
        await house.until(lambda: house.studio.view.frame >= 5)

    in_house(tmp_path, [a_film(["a"] * 100, 30)], scenario)


def test_a_picture_that_was_on_its_way_does_not_come_between(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        going = house.studio.jobs.start(house.session.open_frame(5))
        await house.until(lambda: house.studio.view.frame == 5)
        assert house.studio.picture is None
        await house.play()
        await going

    house = in_house(tmp_path, Cinema([a_film([""] * 8, 30)], seconds=0.4), scenario)
    pictures = [(frame, pixel) for frame, pixel, _ in house.shown if pixel is not None]
    assert pictures == [(5, 5), (6, 6), (7, 7)]


def test_stopping_while_a_picture_is_on_its_way_lets_it_arrive(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        house.studio.jobs.start(house.session.open_frame(5))
        await house.until(lambda: house.studio.view.frame == 5)
        house.session.playing.toggle()
        await asyncio.sleep(0.02)
        house.session.playing.toggle()
        await house.studio.jobs.settle()
        assert house.shown[-1][:2] == (5, 5)

    in_house(tmp_path, Cinema([a_film([""] * 8, 30)], seconds=0.4), scenario)


def test_a_row_of_one_frame_does_not_play(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        house.session.playing.toggle()
        assert not house.playing.is_on

    in_house(tmp_path, [a_film(["a"])], scenario)


@pytest.mark.parametrize(
    ("rate", "told"), [(None, None), (29.97, 29.97), (0.0, None), (float("nan"), None), (1e9, None)]
)
def test_the_rate_is_that_of_the_video_where_it_makes_sense(
    tmp_path: Path, rate: float | None, told: float | None
) -> None:
    async def scenario(house: House) -> None:
        assert house.studio.document is not None
        assert rate_of(house.studio.document, 0) == told

    in_house(tmp_path, [a_film(["a", "a"], rate)], scenario)
    assert DEFAULT_RATE == 25.0
