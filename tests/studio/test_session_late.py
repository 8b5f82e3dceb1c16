"""Rows, pictures and previews that come late are shown where they still belong, and nowhere else."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.labels import Frame, LabelRow, RowInfo
from bitmask_studio.sources.base import Picture
from bitmask_studio.studio.session import OpenWish
from tests.studio.label_files import HEIGHT, WIDTH, write_labels
from tests.studio.session_desk import Desk, played


class Slow:
    """Holds back the loading of a row, or the reading of a picture, until it is let go."""

    def __init__(self, desk: Desk, title: str, what: str) -> None:
        self.go = threading.Event()
        source = desk.studio.workspace.source
        assert source is not None
        self._title, self._real = title, getattr(source, what)
        setattr(source, what, getattr(self, what))

    def load(self, info: RowInfo) -> LabelRow:
        self._wait(info)
        row: LabelRow = self._real(info)
        return row

    def picture(self, info: RowInfo, frame: Frame) -> Picture:
        self._wait(info)
        picture: Picture = self._real(info, frame)
        return picture

    def preview(self, info: RowInfo, frame: Frame, side: int) -> Picture | None:
        self._wait(info)
        picture: Picture | None = self._real(info, frame, side)
        return picture

    def _wait(self, info: RowInfo) -> None:
        if info.title == self._title:
            assert self.go.wait(30)


async def leave_early(desk: Desk, slow: Slow) -> None:
    """Open the row `group` and leave it once it is shown; only then comes what was held back of it."""
    late = asyncio.ensure_future(desk.session.open_row(desk.key("group.png")))
    await desk.until(lambda: desk.row == "group.png")
    await desk.session.open_row(desk.key("one.png"))
    slow.go.set()
    await late


def test_a_row_that_comes_after_another_was_asked_for_is_not_shown(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        slow = Slow(desk, "group.png", "load")
        late = asyncio.ensure_future(desk.session.open_row(desk.key("group.png")))
        await asyncio.sleep(0)
        await desk.session.open_row(desk.key("one.png"))
        slow.go.set()
        await late

    desk = played(tmp_path, scenario)
    assert (desk.row, desk.shade) == ("one.png", 40)
    assert desk.document.row.info.title == "one.png"


def test_a_slow_picture_does_not_hold_up_its_masks_and_comes_later(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        slow = Slow(desk, "group.png", "picture")
        opening = asyncio.ensure_future(desk.session.open_row(desk.key("group.png")))
        await desk.until(lambda: desk.row == "group.png")
        assert desk.shade is None
        assert desk.studio.view.object_hash == "objC"
        slow.go.set()
        await opening

    assert played(tmp_path, scenario).shade == 80


def test_a_picture_that_comes_after_its_row_was_left_is_not_shown(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        await leave_early(desk, Slow(desk, "group.png", "picture"))

    desk = played(tmp_path, scenario)
    assert (desk.row, desk.shade) == ("one.png", 40)


def given_a_preview(desk: Desk) -> Picture:
    """Every picture has a reduced one from now on, of half the size; none of another row is read ahead."""
    desk.studio.screen.rows = tuple
    source = desk.studio.workspace.source
    assert source is not None
    small = Picture(np.full((HEIGHT // 2, WIDTH // 2, 3), 77, np.uint8))
    source.preview = lambda info, frame, side: small  # type: ignore[method-assign]
    return small


def test_a_preview_is_shown_until_the_picture_is_there_and_no_note_with_it(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        small, slow = given_a_preview(desk), Slow(desk, "group.png", "picture")
        seen: list[tuple[Picture | None, int | None, str | None]] = []
        desk.studio.picture_changed.connect(
            lambda: seen.append((desk.studio.preview, desk.shade, desk.studio.picture_note))
        )
        opening = asyncio.ensure_future(desk.session.open_row(desk.key("group.png")))
        await desk.until(desk.previewed)
        slow.go.set()
        await opening
        assert seen == [(small, None, None), (None, 80, None)]
        assert [busy.text for busy in desk.busy if busy and "picture" in busy.text] == []

    assert played(tmp_path, scenario).studio.preview is None


def test_a_preview_that_comes_late_takes_the_place_of_the_note(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        given_a_preview(desk)
        hold = Slow(desk, "group.png", "preview")
        opening = asyncio.ensure_future(desk.session.open_row(desk.key("group.png")))
        await desk.until(lambda: desk.studio.picture_note)
        slow = Slow(desk, "group.png", "picture")
        hold.go.set()
        await desk.until(desk.previewed)
        assert (desk.studio.picture_note or desk.shade) is None
        slow.go.set()
        await opening

    desk = played(tmp_path, scenario)
    assert (desk.shade, desk.studio.preview, desk.busy[-1]) == (80, None, None)


def test_a_preview_that_comes_after_its_row_was_left_is_not_shown(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        given_a_preview(desk)
        await leave_early(desk, Slow(desk, "group.png", "preview"))

    desk = played(tmp_path, scenario)
    assert (desk.row, desk.shade, desk.studio.preview) == ("one.png", 40, None)


def test_a_picture_that_fails_after_its_preview_says_why_and_leaves_none(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        given_a_preview(desk)
        (tmp_path / "group-0.png").write_bytes(b"nothing")
        await desk.session.open_row(desk.key("group.png"))

    desk = played(tmp_path, scenario)
    assert (desk.studio.picture, desk.studio.preview) == (None, None)
    assert desk.studio.picture_note is not None and "group-0.png" in desk.studio.picture_note


def test_going_to_another_frame_takes_the_preview_away(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        given_a_preview(desk)
        slow = Slow(desk, "group.png", "picture")
        opening = asyncio.ensure_future(desk.session.open_row(desk.key("group.png")))
        await desk.until(desk.previewed)
        desk.studio.show(frame=1)
        assert not desk.previewed()
        slow.go.set()
        await opening

    played(tmp_path, scenario)


def test_a_row_of_the_files_before_is_not_shown_among_those_opened_since(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        slow = Slow(desk, "group.png", "load")
        late = asyncio.ensure_future(desk.session.open_row(desk.key("group.png")))
        await asyncio.sleep(0)
        with pytest.raises(InputError):
            await desk.session.open(OpenWish((path,), row="nobody"))
        slow.go.set()
        await late

    desk = played(tmp_path, scenario)
    assert desk.studio.document is None
    assert desk.studio.workspace.documents == {}


def test_the_file_opened_last_wins_however_long_the_one_before_takes(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()

    async def scenario(desk: Desk, path: Path) -> None:
        last = write_labels(other)
        first = asyncio.ensure_future(desk.session.open(OpenWish((path,))))
        await asyncio.sleep(0)
        assert await desk.session.open(OpenWish((last,)))
        assert not await first

    desk = played(tmp_path, scenario)
    assert desk.studio.workspace.files is not None
    assert desk.studio.workspace.files.paths == (other / "labels.json",)
