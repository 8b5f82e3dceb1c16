"""What somebody at work hears and can do when a file cannot be written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.state import VARIABLE
from bitmask_studio.studio.ask import ExportWish
from bitmask_studio.studio.exporting.window_export import export_masks
from bitmask_studio.studio.journal.names import journals_folder
from bitmask_studio.studio.notices import Level, Notice, notice_of
from tests.fakes.screen import FakeAsk
from tests.fakes.small_disk import FULL, SmallDisk, small_disk
from tests.studio.keeping_desk import KeepingDesk, in_loop
from tests.studio.label_files import objects_in, write_labels


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[KeepingDesk]:
    desk = KeepingDesk(tmp_path / "desk")
    yield desk
    desk.end()


async def refused(desk: KeepingDesk) -> Notice:
    """What is told of a save that fails."""
    with pytest.raises(SaveError) as error:
        await desk.session.save()
    assert desk.is_unsaved()
    return notice_of(error.value)


@in_loop
async def test_a_full_disk_is_told_with_where_the_edits_are_and_save_as(
    disk: SmallDisk, desk: KeepingDesk, tmp_path: Path
) -> None:
    path = write_labels(disk.folder)
    before = path.read_bytes()
    await desk.open(path)
    desk.dab(30, 30)
    await desk.kept()
    disk.fill()
    notice = await refused(desk)
    disk.free()
    assert notice.text.startswith("Not saved: labels.json could not be written: ")
    assert notice.text.endswith(f"your edits are safe in {journals_folder()}.")
    assert (notice.offers, notice.level) == ("save_as", Level.ERROR)
    assert path.read_bytes() == before
    assert "Saved" not in desk.told
    desk.studio.ask.new_file = tmp_path / "elsewhere.json"
    assert await desk.session.save_as()
    assert desk.told[-1] == "Saved"
    assert not desk.is_unsaved()
    assert objects_in(tmp_path / "elsewhere.json", 0)["objA"][30, 30]


@in_loop
async def test_edits_that_the_full_disk_does_not_keep_either_are_not_called_safe(
    disk: SmallDisk, desk: KeepingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(disk.folder / "state"))
    await desk.open(write_labels(disk.folder))
    journal = desk.keeper.journal
    assert journal
    disk.fill()
    desk.dab(30, 30)
    await desk.until(lambda: journal.state.reason)
    notice = await refused(desk)
    assert "Your edits are kept" in notice.text
    assert "safe in" not in notice.text
    disk.free()
    await desk.kept()
    assert await desk.session.save()


@in_loop
async def test_an_export_that_a_full_disk_stops_says_how_far_it_came_and_is_finished_by_another(
    disk: SmallDisk, desk: KeepingDesk, tmp_path: Path
) -> None:
    path = write_labels(tmp_path)
    out = disk.folder / "masks"
    await desk.open(path)
    desk.studio.ask.wish = ExportWish("png", out, True, False)
    disk.fill()
    await export_masks(desk.session)
    assert "It stopped at 0 of 2 rows: " in desk.told[-1]
    assert any(words in desk.told[-1] for words in FULL.split("|"))
    assert desk.notices[-1].level is Level.WARNING
    disk.free()
    assert not list(out.iterdir())
    await export_masks(desk.session)
    assert len(list(out.iterdir())) == 4


@in_loop
async def test_a_file_that_has_gone_is_saved_under_another_name_with_every_row_that_was_read(tmp_path: Path) -> None:
    path, other = write_labels(tmp_path), tmp_path / "other.json"
    desk = KeepingDesk(tmp_path / "desk")
    await desk.open(path, row="group")
    await desk.session.open_row(desk.studio.workspace.rows[0].key)
    desk.dab(30, 30)
    path.unlink()
    desk.studio.ask = FakeAsk(new_file=other)
    assert await desk.session.save_as()
    assert len(json.loads(other.read_bytes())) == 2
    assert desk.told[-1] == "Saved"
    desk.end()
