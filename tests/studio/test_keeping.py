"""Every step is kept, the window says so, and where that cannot be it says that too."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.state import state_folder
from bitmask_studio.studio.journal import opening
from bitmask_studio.studio.journal.names import journals_folder
from bitmask_studio.studio.journal.schema import connect
from bitmask_studio.studio.notices import KEEPING, Level
from bitmask_studio.studio.places import place_of_files
from tests.studio.keeping_desk import KeepingDesk, in_loop
from tests.studio.label_files import write_labels


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


def test_a_path_that_cannot_be_has_a_name_all_the_same(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path in (Path("a\0b"), loop):
        assert place_of_files([path]).identity.startswith("files:")
