"""The window: its title, what closing asks, what may be dropped on it, and what it remembers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from unittest.mock import Mock

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QApplication

from bitmask_studio.app.opening import new_session
from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.settings import SettingsStore
from bitmask_studio.studio import preferences
from bitmask_studio.studio.ask import Leave
from bitmask_studio.studio.notices import Level
from bitmask_studio.studio.session import OpenWish
from bitmask_studio.ui import theme
from bitmask_studio.ui.furnishing import furnish
from bitmask_studio.ui.main_window import MainWindow
from bitmask_studio.ui.sides import furnish_sides
from tests.fakes.encord_json import label_row
from tests.fakes.held_save import HeldSave
from tests.fakes.screen import FakeAsk
from tests.ui.desk import LEFT, NO_KEYS, Desk
from tests.ui.label_files import HEIGHT, WIDTH, picture, write_picture, write_rows
from tests.ui.rendering import Bits


def title(desk: Desk) -> str:
    """What the window manager is told."""
    return str(desk.window.windowHandle().title())


def stored_in(path: Path, row: int) -> dict[str, Bits]:
    """The masks on the first frame of a row as the file has them now."""
    unit = next(iter(json.loads(path.read_bytes())[row]["data_units"].values()))
    masks = {each["objectHash"]: each["bitmask"] for each in unit["labels"]["objects"]}
    decoded = {name: Mask.from_rle(each["rleString"], each["height"], each["width"]) for name, each in masks.items()}
    return {name: mask.to_array(HEIGHT, WIDTH) for name, mask in decoded.items()}


@pytest.fixture
def ask(desk: Desk) -> FakeAsk:
    """Answers instead of dialogs; thinks better of leaving unless told otherwise."""
    desk.studio.ask = ask = FakeAsk()
    return ask


async def close(desk: Desk) -> bool:
    """Close the window as its frame's button does; answers whether it is closed for good."""
    closed = Mock()
    desk.window.closed.connect(closed)
    desk.window.close()
    await desk.settle()
    assert closed.called is not desk.window.isVisible()
    return bool(closed.called)


async def test_the_title_is_the_programs_then_the_rows_with_a_star_while_unsaved(desk: Desk, project: Path) -> None:
    assert title(desk) == "Bitmask Studio"
    await desk.open(project)
    assert title(desk) == "one.png - Bitmask Studio"
    desk.stroke((30, 30))
    assert title(desk) == "one.png* - Bitmask Studio"
    await desk.keys("PgDown")
    assert title(desk) == "group.png - Bitmask Studio"
    await desk.keys("PgUp")
    assert title(desk) == "one.png* - Bitmask Studio"
    await desk.keys("Ctrl+Z")
    assert title(desk) == "one.png - Bitmask Studio"
    await desk.keys("Ctrl+Y", "Ctrl+S")
    assert title(desk) == "one.png - Bitmask Studio"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a[*]b", "a[*]b"),
        ("[*]", "[*]"),
        ("[*][*]", "[*][*]"),
        ("two\nlines\tand  tab", "two lines and tab"),
        ("<b>bold</b> &amp; &x", "<b>bold</b> &amp; &x"),
        ("צילום %1 %s {name}", "צילום %1 %s {name}"),
        ("", "hash"),
    ],
)
async def test_a_row_is_called_what_it_is_called(desk: Desk, tmp_path: Path, name: str, told: str) -> None:
    row = label_row("hash", (60, 44), [[]])
    row["data_title"] = name
    next(iter(row["data_units"].values()))["data_title"] = name  # type: ignore[attr-defined]
    await desk.open(write_rows(tmp_path, [row]))
    assert title(desk) == f"{told} - Bitmask Studio"
    desk.stroke((30, 30))
    assert title(desk) == f"{told}* - Bitmask Studio"


async def test_with_nothing_unsaved_the_window_closes_unasked(desk: Desk, project: Path, ask: FakeAsk) -> None:
    await desk.open(project)
    assert await close(desk)
    assert ask.asked == []


async def test_save_in_the_question_saves_every_row_and_closes(desk: Desk, project: Path, ask: FakeAsk) -> None:
    await desk.open(project)
    desk.stroke((30, 30))
    one = desk.bits()
    await desk.keys("PgDown")
    desk.stroke((30, 20))
    ask.leave = Leave.SAVE
    assert await close(desk)
    assert ask.asked == [("unsaved", ["one.png", "group.png"])]
    other = desk.bits()
    assert (stored_in(project, 0)["objA"] == one).all()
    assert (stored_in(project, 1)["objC"] == other).all()


async def test_discard_closes_and_leaves_the_file_alone(desk: Desk, project: Path, ask: FakeAsk) -> None:
    await desk.open(project)
    before = project.read_bytes()
    desk.stroke((30, 30))
    ask.leave = Leave.DISCARD
    assert await close(desk)
    assert project.read_bytes() == before


async def test_cancel_keeps_window_and_edits_and_the_next_time_asks_again(
    desk: Desk, project: Path, ask: FakeAsk
) -> None:
    await desk.open(project)
    desk.stroke((30, 30))
    for times in (1, 2):
        assert not await close(desk)
        assert len(ask.asked) == times
        assert desk.document.unsaved


async def test_quit_from_the_menu_asks_too(desk: Desk, project: Path, ask: FakeAsk) -> None:
    await desk.open(project)
    desk.stroke((30, 30))
    await desk.keys("Ctrl+Q")
    assert desk.window.isVisible()
    assert len(ask.asked) == 1


async def test_a_save_that_fails_keeps_the_window_open_and_says_why(
    desk: Desk, project: Path, ask: FakeAsk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.open(project)
    desk.stroke((30, 30))
    ask.leave = Leave.SAVE
    source = desk.studio.workspace.source
    assert source is not None
    monkeypatch.setattr(source, "save", Mock(side_effect=SaveError("The disk is full.")))
    assert not await close(desk)
    assert [each.split(" Until")[0] for each in desk.told] == ["The disk is full."]
    assert desk.document.unsaved


async def test_closing_again_while_a_save_hangs_says_that_it_is_waited_for(
    desk: Desk, project: Path, ask: FakeAsk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.open(project)
    desk.stroke((30, 30))
    ask.leave = Leave.SAVE
    save = HeldSave(desk.studio.workspace.source, monkeypatch)
    desk.window.close()
    await desk.until(save.begun.is_set)
    assert not desk.told
    desk.window.close()
    assert [each.split(";")[0] for each in desk.told] == ["Your edits are still being saved"]
    save.goes_on.set()
    await desk.until(lambda: not desk.window.isVisible())
    assert not desk.document.unsaved


async def test_a_stroke_in_progress_counts_as_unsaved(desk: Desk, project: Path, ask: FakeAsk) -> None:
    await desk.open(project)
    desk.press((30, 30))
    assert not await close(desk)
    assert ask.asked == [("unsaved", ["one.png"])]


async def test_closing_again_while_the_question_is_open_asks_once(desk: Desk, project: Path, ask: FakeAsk) -> None:
    await desk.open(project)
    desk.stroke((30, 30))
    for _ in range(3):
        desk.window.close()
    await desk.settle()
    assert len(ask.asked) == 1


async def test_a_file_dropped_on_the_window_opens(desk: Desk, project: Path) -> None:
    assert desk.drop(project)
    await desk.settle()
    assert desk.row == "one.png"


async def test_several_files_dropped_open_together(desk: Desk, project: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    more = write_rows(tmp_path / "more", [label_row("more", (60, 44), [[]])])
    assert desk.drop(project, more)
    await desk.settle()
    assert [row.title for row in desk.studio.workspace.rows] == ["one.png", "group.png", "bare.png", "more.png"]


async def test_a_folder_of_pictures_dropped_opens(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    write_picture(folder, "a.png", picture())
    assert desk.drop(folder)
    await desk.settle()
    assert title(desk) == "a.png - Bitmask Studio"


async def test_a_bad_file_dropped_is_refused_in_words_and_what_was_open_stays(desk: Desk, project: Path) -> None:
    await desk.open(project)
    bad = project.parent / "bad.json"
    bad.write_text("{")
    desk.drop(bad)
    await desk.settle()
    assert [notice.level for notice in desk.notices] == [Level.ERROR]
    assert "bad.json" in desk.told[0]
    assert desk.row == "one.png"


async def test_what_is_no_local_file_is_not_taken(desk: Desk) -> None:
    data, action = QMimeData(), Qt.DropAction.CopyAction
    data.setUrls([QUrl("https://example.com/labels.json")])
    data.setText("labels.json")
    enter = QDragEnterEvent(QPoint(50, 50), action, data, LEFT, NO_KEYS)
    enter.ignore()
    QApplication.sendEvent(desk.window, enter)
    assert not enter.isAccepted()


async def test_with_nothing_open_there_is_the_welcome_page_and_no_bars(desk: Desk, project: Path) -> None:
    window = desk.window
    bars = (window.rows_dock, window.objects_dock, window.top_bar, window.tool_bar, window.statusBar())
    assert window.pages.currentWidget() is window.welcome
    assert not any(each.isVisible() for each in bars)
    await desk.open(project)
    assert window.pages.currentWidget() is not window.welcome
    assert all(each.isVisible() for each in bars)


async def test_what_was_opened_is_offered_on_the_welcome_page_next_time(desk: Desk, project: Path) -> None:
    await desk.open(project)
    assert desk.studio.settings.get(preferences.RECENT_FILES) == [str(project)]


async def test_the_program_is_dressed_again_for_another_theme_only(
    desk: Desk, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.open(project)
    dress = Mock(wraps=theme.apply)
    monkeypatch.setattr(theme, "apply", dress)
    await desk.keys("]", "Alt+Up", "Z")
    assert not dress.called
    desk.window.commands.run("theme_dark")
    dress.assert_called_once_with(QApplication.instance(), "dark")
    assert theme.colors() is theme.DARK


async def test_settings_are_kept_soon_after_they_change_and_at_the_end(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.choose(size=33)
    assert await close(desk)
    assert desk.studio.settings.get(preferences.BRUSH_SIZE) == 33
    assert desk.studio.settings.get(preferences.WINDOW_STATE)


async def test_edits_of_a_row_that_is_not_shown_survive_another_file_only_if_the_user_says_so(
    desk: Desk, project: Path, tmp_path: Path, ask: FakeAsk
) -> None:
    await desk.open(project)
    desk.stroke((30, 30))
    (tmp_path / "more").mkdir()
    more = write_rows(tmp_path / "more", [label_row("more", (60, 44), [[]])])
    desk.drop(more)
    await desk.settle()
    assert (desk.row, ask.asked) == ("one.png", [("unsaved", ["one.png"])])
    ask.leave = Leave.DISCARD
    desk.drop(more)
    await desk.settle()
    assert desk.row == "more.png"


async def test_settings_that_cannot_be_kept_are_told_once_and_keep_no_window_open(desk: Desk, project: Path) -> None:
    state = Path(os.environ["BITMASK_STUDIO_STATE"])
    state.parent.mkdir(parents=True, exist_ok=True)
    state.write_text("a file where the folder should be")
    await desk.open(project)
    for size in (7, 8):
        desk.choose(size=size)
        await desk.window._keep_settings()
    assert [notice.level for notice in desk.notices if "Settings cannot be kept" in notice.text] == [Level.WARNING]
    closed: list[bool] = []
    desk.window.closed.connect(lambda: closed.append(True))
    assert desk.window.close()
    assert closed == [True]


async def test_the_canvas_hears_the_pointer_up_to_its_edges(desk: Desk, project: Path) -> None:
    await desk.window.session.open(OpenWish((project,)))
    window, canvas = desk.window, desk.window.canvas
    for x in (0, canvas.width() - 1):
        assert window.childAt(canvas.mapTo(window, QPoint(x, canvas.height() // 2))) is canvas


async def test_a_window_that_is_filled_when_a_file_is_open_already_shows_it(desk: Desk, project: Path) -> None:
    """As on a start with a file, which is read while the widgets are imported."""
    window = MainWindow(desk.studio.settings)
    window.resize(1280, 800)
    session = new_session(window)
    window.show()
    try:
        await session.open(OpenWish((project,), row="group.png"))
        window.fill(session, furnish)
        rows = [row.key for row in session.studio.workspace.rows]
        assert window.row_after(rows[0], 1) == rows[1]
        assert window.row_after(rows[0], -1) is None
        window.fill_sides(furnish_sides)
        await desk.until(lambda: (window.rows_dock.width(), window.objects_dock.width()) == (290, 280))
        assert window.windowTitle() == "group.png[*] - Bitmask Studio"
        assert window.pages.currentWidget() is window.canvas_page
        assert window.browser.list.currentIndex().row() == 1
        assert window.browser.rows.file.text() == project.name
        assert window.objects.list.model().rowCount() == len(session.studio.objects) > 0
    finally:
        window.close()
        await session.studio.jobs.settle()
        session.studio.jobs.close()
        window.deleteLater()


def test_an_empty_frame_closes_at_once_and_keeps_what_was_remembered(qapp: QApplication, tmp_path: Path) -> None:
    settings = SettingsStore(tmp_path / "settings.json", Mock())
    window, closed = MainWindow(settings), Mock()
    window.closed.connect(closed)
    window.show()
    assert window.close()
    closed.assert_called_once_with()
    assert not settings.get(preferences.WINDOW_STATE)


async def test_a_picture_is_reduced_to_what_the_window_has_room_for(desk: Desk, project: Path) -> None:
    """Before the canvas is there too: by then the first picture is being read."""
    window = MainWindow(desk.studio.settings)
    window.resize(1440, 880)
    session = new_session(window)
    assert session.studio.workspace.preview_side() == 880
    window.show()
    window.resize(1800, 880)
    side = 1800 - 290 - 280
    assert session.studio.workspace.preview_side() == side
    await session.open(OpenWish((project,)))
    window.fill(session, furnish)
    window.fill_sides(furnish_sides)
    await desk.until(lambda: side - 80 < session.studio.workspace.preview_side() == window.canvas.width() <= side)
    window.close()
    await session.studio.jobs.settle()
    session.studio.jobs.close()
    window.deleteLater()


async def test_while_a_file_is_being_opened_there_is_no_welcome_page(desk: Desk) -> None:
    window = MainWindow(desk.studio.settings)
    window.fill(new_session(window), furnish, awaits=True)
    assert window.pages.currentWidget() is window.hint
    window.await_no_more()
    assert window.pages.currentWidget() is window.welcome
    window.close()
    window.studio.jobs.close()
    window.deleteLater()
