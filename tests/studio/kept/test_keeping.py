"""Every step is kept, the window says so, and where that cannot be it says that too."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import Frame, RowInfo
from bitmask_studio.core.state import state_folder
from bitmask_studio.sources.base import Picture
from bitmask_studio.sources.local import LocalSource
from bitmask_studio.studio.journal import opening
from bitmask_studio.studio.journal.names import journals_folder
from bitmask_studio.studio.journal.schema import connect
from bitmask_studio.studio.kept.places import place_of_files
from bitmask_studio.studio.notices import KEEPING, Level
from bitmask_studio.studio.session import OpenWish
from bitmask_studio.tools.base import Phase, PointerEvent
from tests.fakes.encord_json import bitmask, label_row, mask_object
from tests.studio.keeping_desk import KeepingDesk, in_loop
from tests.studio.label_files import HEIGHT, WIDTH, block, write_labels
from tests.studio.test_strokes_and_saves import SlowSource


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_labels(tmp_path)


@in_loop
async def test_a_stroke_is_not_kept_before_it_is_on_the_disk_and_then_is(path: Path, tmp_path: Path) -> None:
    desk = KeepingDesk(tmp_path / "desk")
    await desk.open(path)
    await desk.kept()
    journal = desk.keeper.journal
    assert journal
    desk.dab(30, 30)
    assert not journal.kept
    await desk.kept()
    kept = journal.read(desk.document.row.info.key)
    assert kept
    assert kept.unsaved == 1
    desk.end()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Set, it lets pictures come; before that none does."""
    gate, picture = threading.Event(), LocalSource.picture

    def late(source: LocalSource, info: RowInfo, frame: Frame) -> Picture:
        assert gate.wait(30)
        return picture(source, info, frame)

    monkeypatch.setattr(LocalSource, "picture", late)
    yield gate
    gate.set()


@in_loop
async def test_pictures_that_do_not_come_hold_up_neither_keeping_nor_saving(
    gate: threading.Event, tmp_path: Path
) -> None:
    """The journal is made after the first picture, and there are fewer workers than pictures."""
    names = [f"row-{number}" for number in range(9)]
    objects = [mask_object("objA", bitmask(block(4, 4, 14, 14)))]
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([label_row(name, (WIDTH, HEIGHT), [objects]) for name in names]))
    desk = KeepingDesk(tmp_path / "desk")
    started: list[asyncio.Future[Any]] = [asyncio.ensure_future(desk.session.open(OpenWish((path,))))]
    await desk.until(lambda: desk.studio.document)
    for row in desk.studio.workspace.rows[1:]:
        started.append(asyncio.ensure_future(desk.session.open_row(row.key)))
        await desk.until(partial(desk.shows, row.key))
    desk.dab(30, 30)
    await desk.kept()
    assert await asyncio.wait_for(desk.session.save(), 20)
    gate.set()
    await asyncio.gather(*started)
    desk.end()


@in_loop
async def test_a_stroke_made_while_the_first_save_lasts_is_kept(
    gate: threading.Event, path: Path, tmp_path: Path
) -> None:
    """Saved while the first stroke is under way, when there is no journal yet."""
    desk = KeepingDesk(tmp_path / "desk")
    opened = asyncio.ensure_future(desk.session.open(OpenWish((path,))))
    await desk.until(lambda: desk.studio.document)
    source = SlowSource(desk.studio)
    desk.studio.point(PointerEvent(Phase.PRESS, Point(30, 30)))
    saving = asyncio.ensure_future(desk.session.save())
    await desk.until(lambda: desk.document.is_saving)
    desk.dab(40, 30)
    await desk.kept()
    assert not saving.done()
    source.let_go()
    gate.set()
    assert not await saving  # the second stroke came after it
    await opened
    desk.end()


@in_loop
async def test_where_nothing_can_be_kept_painting_goes_on_and_it_is_said_until_it_can(
    path: Path, tmp_path: Path
) -> None:
    journals_folder().parent.mkdir(parents=True)
    journals_folder().write_bytes(b"no folder")
    desk = KeepingDesk(tmp_path / "desk")
    await desk.open(path)
    desk.dab(30, 30)
    after = desk.pixels("objA")
    (told,) = [each for each in desk.notices if each.topic == KEEPING]
    assert told.level is Level.ERROR
    assert "not being kept" in told.text
    assert told.offers == "save"
    assert desk.is_unsaved()
    desk.over.clear()
    journals_folder().unlink()
    desk.dab(40, 30)
    await desk.kept()
    assert KEEPING in desk.over
    desk.studio.undo()
    assert np.array_equal(desk.pixels("objA"), after)
    desk.end()


@in_loop
async def test_a_file_and_the_folder_that_it_is_in_are_not_both_worked_on(path: Path, tmp_path: Path) -> None:
    desk, other, third = (KeepingDesk(tmp_path / name) for name in ("desk", "other", "third"))
    await desk.open(path)
    await other.open(path.parent)
    assert other.is_shut()
    second = tmp_path / "second.json"
    second.write_bytes(path.read_bytes())
    await third.open(second, path)
    assert third.is_shut()
    await third.open(second)
    assert not third.is_shut()
    for each in (desk, other, third):
        each.end()


@in_loop
async def test_what_a_second_window_wants_to_save_is_refused_in_words(path: Path, tmp_path: Path) -> None:
    desk, other = KeepingDesk(tmp_path / "desk"), KeepingDesk(tmp_path / "other")
    await desk.open(path)
    await other.open(path)
    other.notices.clear()
    await other.session.save()
    assert "open in another window" in other.told[0]
    for each in (desk, other):
        each.end()


@in_loop
async def test_a_window_stays_alone_where_somebody_took_the_claims_from_the_disk(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "connect", partial(connect, patience=0.1))
    desk, other = KeepingDesk(tmp_path / "desk"), KeepingDesk(tmp_path / "other")
    await desk.open(path)
    desk.dab(30, 30)
    await desk.kept()
    shutil.rmtree(state_folder() / "locks")
    await other.open(path)
    assert other.is_shut()
    other.dab(40, 30)
    assert not other.is_unsaved()
    third = tmp_path / "third.json"
    third.write_bytes(path.read_bytes())
    await other.open(third)
    other.studio.ask.new_file = path
    with pytest.raises(SaveError, match="open in another window"):
        await other.session.save_as()
    other.dab(40, 30)
    await other.kept()
    for each in (desk, other):
        each.end()


@in_loop
async def test_what_cannot_be_opened_claims_nothing(path: Path, tmp_path: Path) -> None:
    desk, other = KeepingDesk(tmp_path / "desk"), KeepingDesk(tmp_path / "other")
    broken = tmp_path / "broken.json"
    broken.write_bytes(b"{")
    with pytest.raises(Exception, match=r"broken\.json"):
        await desk.open(broken)
    await desk.studio.jobs.settle()
    assert not list((state_folder() / "locks").iterdir())
    await desk.open(path)
    await other.open(broken.parent / "labels.json")
    assert other.is_shut()
    for each in (desk, other):
        each.end()


def test_one_file_is_claimed_beside_others_of_its_folder(path: Path) -> None:
    place = place_of_files([path])
    assert (place.names, place.within) == ((str(path),), (str(path.parent),))
    whole = place_of_files([path.parent, path])
    assert (set(whole.names), whole.within) == ({str(path), str(path.parent)}, ())


def test_a_folder_is_claimed_with_the_label_files_that_its_links_lead_to(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "links"
    folder.mkdir()
    (folder / "labels.json").symlink_to(path)
    (folder / "again.json").symlink_to(path)
    (folder / "own.json").write_bytes(path.read_bytes())
    (folder / "inside.json").symlink_to(folder / "own.json")
    (folder / "nowhere.json").symlink_to(tmp_path / "gone.json")
    place = place_of_files([folder])
    assert (place.names, place.within) == ((str(folder), str(path)), (str(path.parent),))
    assert place.about.paths == (str(folder),)


def test_a_path_that_cannot_be_has_a_name_all_the_same(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path in (Path("a\0b"), loop):
        assert place_of_files([path]).identity.startswith("files:")
