"""The mark of the status bar: kept, being kept, not kept, and another window's."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel

from bitmask_studio.core.locks import Claim
from bitmask_studio.core.state import state_folder
from bitmask_studio.studio.journal.names import journals_folder
from bitmask_studio.studio.kept.places import place_of_files
from bitmask_studio.ui.bars.kept_mark import KeptMark
from tests.ui.desk import Desk


def mark(desk: Desk) -> KeptMark:
    found = desk.window.statusBar().findChild(KeptMark)
    assert isinstance(found, QLabel)
    return found


async def test_after_a_stroke_the_mark_says_kept_as_soon_as_it_is(desk: Desk, project: Path) -> None:
    await desk.open(project)
    await desk.until(lambda: mark(desk).text() == "Kept")
    desk.stroke((20, 20), (30, 30))
    assert mark(desk).text() == mark(desk).accessibleName() == "Keeping …"
    await desk.until(lambda: mark(desk).text() == "Kept")
    keeper = desk.studio.workspace.keeper
    assert keeper
    assert keeper.journal
    assert keeper.journal.waiting()[0].edits == 1


async def test_where_edits_cannot_be_kept_the_mark_says_so(desk: Desk, project: Path) -> None:
    journals_folder().parent.mkdir(parents=True, exist_ok=True)
    journals_folder().write_bytes(b"no folder")
    await desk.open(project)
    await desk.until(lambda: mark(desk).text() == "Not kept")
    assert mark(desk).toolTip()


async def test_in_a_second_window_it_says_read_only(desk: Desk, project: Path) -> None:
    place = place_of_files([project])
    claim = Claim.take(state_folder() / "locks", place.names, place.within)
    assert claim
    await desk.open(project)
    assert mark(desk).text() == "Read-only"
    claim.release()


async def test_without_anything_open_there_is_no_mark(desk: Desk) -> None:
    assert not mark(desk).text()
