"""A long list of rows: the first ones are worked with while the others are read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bitmask_studio.core.errors import GivenUpError
from bitmask_studio.sources.jsontext import skeleton
from bitmask_studio.sources.local import opening
from bitmask_studio.studio.notices import Busy
from bitmask_studio.studio.session import OpenWish, Session
from tests.fakes.encord_json import bitmask, label_row, mask_object
from tests.fakes.screen import FakeStudio

ROWS = 300
Scenario = Callable[[Session, Path], Coroutine[Any, Any, None]]


@pytest.fixture(autouse=True)
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every list is a long one, and each piece of it is told of."""
    monkeypatch.setattr(opening, "_LONG", 0)
    monkeypatch.setattr(skeleton, "_CHUNK", 8192)
    monkeypatch.setattr("bitmask_studio.sources.local.source._INTERVAL", 0.0)
    monkeypatch.setattr("bitmask_studio.sources.local.watch._INTERVAL", 0.0)


def played(folder: Path, scenario: Scenario) -> FakeStudio:
    """A studio after a scenario with a file of many rows."""
    pixels = np.ones((3, 4), np.bool_)
    rows = [label_row(f"row {number}", (4, 3), [[mask_object("objA", bitmask(pixels))]]) for number in range(ROWS)]
    path = folder / "labels.json"
    path.write_text(json.dumps(rows))
    studio = FakeStudio(folder)

    async def main() -> None:
        await scenario(Session(studio), path)
        await studio.jobs.settle()

    asyncio.run(main())
    return studio


def titles(studio: FakeStudio) -> list[str]:
    return [row.title for row in studio.workspace.rows]


ALL = [f"row {number}.png" for number in range(ROWS)]


def test_the_first_row_is_shown_before_the_list_is_whole_and_then_it_fills(tmp_path: Path) -> None:
    counts: list[int] = []
    told: list[str] = []

    async def scenario(session: Session, path: Path) -> None:
        studio = session.studio
        studio.rows_changed.connect(lambda: counts.append(len(studio.workspace.rows)))
        studio.busy_changed.connect(lambda busy: told.append(busy.text) if busy else None)
        assert await session.open(OpenWish((path,)))
        assert studio.document is not None
        assert 0 < len(studio.workspace.rows) < ROWS

    studio = played(tmp_path, scenario)
    assert titles(studio) == ALL
    assert counts == sorted(counts)
    assert len(set(counts)) > 5
    assert told[-1].startswith("Reading the rows of labels.json … ")
    assert studio.told == []


def test_a_row_that_is_asked_for_is_looked_for_in_all_of_them(tmp_path: Path) -> None:
    async def scenario(session: Session, path: Path) -> None:
        await session.open(OpenWish((path,), row=ALL[-1]))

    studio = played(tmp_path, scenario)
    assert studio.workspace.row(studio.view.row) == studio.workspace.rows[-1]
    assert titles(studio) == ALL


def test_cancel_before_there_is_a_row_opens_nothing(tmp_path: Path) -> None:
    async def scenario(session: Session, path: Path) -> None:
        cancel_at_once(session, "Opening")
        with pytest.raises(GivenUpError):
            await session.open(OpenWish((path,), row=ALL[-1]))

    assert played(tmp_path, scenario).workspace.source is None


def cancel_at_once(session: Session, text: str) -> None:
    """Be somebody who presses Cancel as soon as it is there beside some words."""

    def hear(busy: Busy | None) -> None:
        if busy and busy.text.startswith(text) and busy.cancel:
            busy.cancel()

    session.studio.busy_changed.connect(hear)


def test_cancel_later_keeps_the_rows_that_are_listed_and_says_so(tmp_path: Path) -> None:
    async def scenario(session: Session, path: Path) -> None:
        cancel_at_once(session, "Reading")
        await session.open(OpenWish((path,)))

    studio = played(tmp_path, scenario)
    count = len(studio.workspace.rows)
    assert 0 < count < ROWS
    (told,) = studio.told
    assert told.startswith(f"Only the first {count} rows of labels.json are listed")


def test_something_else_that_is_opened_ends_the_reading(tmp_path: Path) -> None:
    async def scenario(session: Session, path: Path) -> None:
        await session.open(OpenWish((path,)))
        (tmp_path / "other").mkdir()
        other = tmp_path / "other" / "other.json"
        other.write_text(json.dumps([label_row("else", (4, 3), [[]])]))
        await session.open(OpenWish((other,)))

    studio = played(tmp_path, scenario)
    assert titles(studio) == ["else.png"]
    assert studio.told == []


def test_a_list_that_breaks_later_is_told_and_its_rows_stay(tmp_path: Path) -> None:
    async def scenario(session: Session, path: Path) -> None:
        path.write_bytes(path.read_bytes()[:-40])
        await session.open(OpenWish((path,)))

    studio = played(tmp_path, scenario)
    assert titles(studio) == ALL[:-1]
    (told,) = studio.told
    assert "cut short" in told
    assert "The 299 rows before that are listed" in told


def test_the_row_that_is_shown_is_shown_again_after_reopening_wherever_it_stands(tmp_path: Path) -> None:
    async def scenario(session: Session, path: Path) -> None:
        await session.open(OpenWish((path,)))
        await session.studio.jobs.settle()
        await session.open_row(session.studio.workspace.rows[-1].key)
        await session.look_for_pictures(tmp_path)

    studio = played(tmp_path, scenario)
    assert studio.view.row == studio.workspace.rows[-1].key
