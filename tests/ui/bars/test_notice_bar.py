"""Notices come one at a time, go by themselves unless they are errors, and say things letter by letter."""

from collections.abc import Generator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsOpacityEffect,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTextEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bitmask_studio.studio.notices import Level, Notice
from bitmask_studio.ui.bars import notice_bar
from bitmask_studio.ui.bars.notice_bar import MAX_WIDTH, NoticeBar

INFO, WARNING, ERROR = Notice("Saved"), Notice("Careful", Level.WARNING), Notice("Broken", Level.ERROR)
OTHER_ERROR = Notice("Broken too", Level.ERROR)


@pytest.fixture
def ground(qtbot: QtBot) -> QWidget:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.resize(1000, 600)
    ground.show()
    return ground


@pytest.fixture
def bar(ground: QWidget) -> NoticeBar:
    return NoticeBar(ground)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Time runs fast, in the same order."""
    monkeypatch.setattr(notice_bar, "PATIENCE_MS", {Level.INFO: 40, Level.WARNING: 80})
    monkeypatch.setattr(notice_bar, "FADE_MS", 10)
    yield


def text(bar: NoticeBar) -> str:
    field = bar.findChild(QTextEdit)
    assert field is not None
    return field.toPlainText()


def waiting(bar: NoticeBar) -> str:
    label = bar.findChild(QLabel)
    assert label is not None
    return label.text() if label.isVisible() else ""


def close(bar: NoticeBar) -> None:
    button = bar.findChild(QToolButton)
    assert button is not None
    button.click()


def action(bar: NoticeBar) -> QPushButton:
    button = bar.findChild(QPushButton)
    assert button is not None
    return button


def test_nothing_shows_at_first(bar: NoticeBar) -> None:
    assert not bar.isVisible()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("notice", [INFO, WARNING])
def test_what_is_no_error_goes_by_itself(qtbot: QtBot, bar: NoticeBar, notice: Notice) -> None:
    bar.show_notice(notice)
    assert bar.isVisible()
    assert text(bar) == notice.text
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_news_stay_four_seconds_and_warnings_eight() -> None:
    assert notice_bar.PATIENCE_MS == {Level.INFO: 4000, Level.WARNING: 8000}


@pytest.mark.usefixtures("quick")
def test_an_error_stays_until_it_is_closed(qtbot: QtBot, bar: NoticeBar) -> None:
    bar.show_notice(ERROR)
    qtbot.wait(200)
    assert bar.isVisible()
    close(bar)
    assert not bar.isVisible()


def test_time_stands_still_under_the_pointer(qtbot: QtBot, bar: NoticeBar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notice_bar, "PATIENCE_MS", {Level.INFO: 1500})  # enough for the pointer to arrive in time
    monkeypatch.setattr(notice_bar, "FADE_MS", 10)
    bar.show_notice(INFO)
    for place in (QPoint(9, 9), QPoint(5, 5)):  # where the pointer is already, it does not move
        QTest.mouseMove(bar, place)
        qtbot.wait(20)
    qtbot.waitUntil(bar.underMouse)
    qtbot.wait(1800)
    assert bar.isVisible()


def test_a_later_notice_replaces_one_that_is_no_error(bar: NoticeBar) -> None:
    bar.show_notice(INFO)
    bar.show_notice(WARNING)
    assert text(bar) == WARNING.text
    bar.show_notice(ERROR)
    assert text(bar) == ERROR.text
    assert waiting(bar) == ""


@pytest.mark.usefixtures("quick")
def test_the_newest_is_in_front_and_errors_wait_behind_it(qtbot: QtBot, bar: NoticeBar) -> None:
    for notice in (ERROR, OTHER_ERROR, WARNING, INFO):
        bar.show_notice(notice)
    assert (text(bar), waiting(bar)) == (INFO.text, "+2")
    qtbot.waitUntil(lambda: text(bar) == OTHER_ERROR.text)
    assert waiting(bar) == "+1"
    close(bar)
    assert (text(bar), waiting(bar)) == (ERROR.text, "")
    close(bar)
    assert not bar.isVisible()


def test_where_there_is_little_room_the_action_stands_under_the_words(ground: QWidget, bar: NoticeBar) -> None:
    bar.show_notice(Notice("Not saved: " + "the server does not answer. " * 4, Level.ERROR), "Save As …", lambda: None)
    words = bar.findChild(QTextEdit)
    assert words is not None and action(bar).y() < words.y() + words.height()
    ground.resize(430, 600)
    assert action(bar).y() >= words.y() + words.height()
    assert words.width() > 200 and bar.rect().contains(action(bar).geometry())
    ground.resize(1000, 600)
    assert action(bar).y() < words.y() + words.height()


def test_the_same_error_again_is_not_counted(bar: NoticeBar) -> None:
    for notice in (ERROR, ERROR, OTHER_ERROR, OTHER_ERROR):
        bar.show_notice(notice)
    assert waiting(bar) == "+1"


def test_clear_takes_away_what_waits_too(bar: NoticeBar) -> None:
    bar.show_notice(ERROR)
    bar.show_notice(OTHER_ERROR)
    bar.clear()
    assert not bar.isVisible()
    bar.show_notice(INFO)
    assert (text(bar), waiting(bar)) == (INFO.text, "")


@pytest.mark.usefixtures("quick")
def test_a_notice_that_comes_while_another_fades_is_fully_visible(qtbot: QtBot, bar: NoticeBar) -> None:
    bar.show_notice(INFO)
    effect = bar.graphicsEffect()
    assert isinstance(effect, QGraphicsOpacityEffect)
    qtbot.waitUntil(effect.isEnabled)
    bar.show_notice(ERROR)
    assert not effect.isEnabled()
    qtbot.wait(50)
    assert bar.isVisible()
    assert text(bar) == ERROR.text


def test_markup_is_shown_as_it_is(bar: NoticeBar) -> None:
    bar.show_notice(Notice("<b>x</b> &amp; <img src=y>", Level.ERROR))
    assert text(bar) == "<b>x</b> &amp; <img src=y>"


def test_the_text_can_be_selected_but_not_changed(bar: NoticeBar) -> None:
    bar.show_notice(ERROR)
    field = bar.findChild(QTextEdit)
    assert field is not None
    QTest.keyClicks(field, "abc")
    assert text(bar) == ERROR.text
    field.selectAll()
    assert field.textCursor().selectedText() == ERROR.text


@pytest.mark.parametrize("width", [300, 700, 1000, 3840])
@pytest.mark.parametrize("words", ["Saved", "word " * 60, "x" * 300, "\u0635\u0641 " * 100, "line\n" * 200])
def test_the_bar_stays_inside_and_in_the_middle_at_every_size(
    ground: QWidget, bar: NoticeBar, width: int, words: str
) -> None:
    bar.show_notice(Notice(words, Level.ERROR))
    ground.resize(width, 600)
    QTest.qWait(1)
    assert ground.rect().contains(bar.geometry())
    assert bar.width() <= MAX_WIDTH
    assert abs(bar.geometry().center().x() - ground.rect().center().x()) <= 1


def test_all_of_a_long_sentence_is_in_view(bar: NoticeBar) -> None:
    bar.show_notice(Notice("Nothing is lost, your edits are still here. " * 6 + "x" * 200, Level.ERROR))
    QTest.qWait(1)
    field = bar.findChild(QTextEdit)
    assert field is not None
    assert field.verticalScrollBar().maximum() == 0
    assert field.horizontalScrollBar().maximum() == 0


def test_the_action_runs_once_and_takes_the_notice_away(bar: NoticeBar) -> None:
    runs: list[str] = []
    bar.show_notice(ERROR, "Save As …", lambda: runs.append("ran"))
    button = bar.findChild(QPushButton)
    assert button is not None
    assert button.text() == "Save As …"
    button.click()
    assert runs == ["ran"]
    assert not bar.isVisible()
    bar.show_notice(ERROR)
    assert not button.isVisible()


def test_an_action_that_has_to_wait_counts_down_and_can_be_run_then(qtbot: QtBot, bar: NoticeBar) -> None:
    runs: list[str] = []
    busy = Notice("Too many requests", Level.ERROR, "retry", countdown=1.1)
    bar.show_notice(busy, "Try Again", lambda: runs.append("ran"))
    button = action(bar)
    seen: list[str] = []
    while not button.isEnabled():
        seen.append(button.text())
        qtbot.wait(20)
    seen.append(button.text())
    assert list(dict.fromkeys(seen)) == ["Try again in 2 s", "Try again in 1 s", "Try Again"]
    assert bar.isVisible()
    button.click()
    assert runs == ["ran"]


def test_an_action_cannot_be_run_before_its_time(bar: NoticeBar) -> None:
    runs: list[str] = []
    bar.show_notice(Notice("Busy", Level.ERROR, "retry", countdown=30), "Try Again", lambda: runs.append("ran"))
    action(bar).click()
    assert (runs, action(bar).text()) == ([], "Try again in 30 s")


def test_a_countdown_runs_on_while_its_notice_waits_behind_another(qtbot: QtBot, bar: NoticeBar) -> None:
    bar.show_notice(Notice("Busy", Level.ERROR, "retry", countdown=0.2), "Try Again", print)
    bar.show_notice(ERROR)
    qtbot.wait(300)
    close(bar)
    assert (action(bar).text(), action(bar).isEnabled()) == ("Try Again", True)


def test_the_notice_after_a_countdown_has_none(bar: NoticeBar) -> None:
    bar.show_notice(Notice("Busy", Level.ERROR, countdown=30))
    assert action(bar).text() == "Try again in 30 s"
    close(bar)
    bar.show_notice(ERROR)
    assert not action(bar).isVisible()


@pytest.mark.usefixtures("quick")
def test_a_notice_does_not_go_while_it_counts(qtbot: QtBot, bar: NoticeBar) -> None:
    bar.show_notice(Notice("Busy", Level.WARNING, countdown=0.6))
    qtbot.wait(300)
    assert bar.isVisible()
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_an_action_may_show_the_next_notice(bar: NoticeBar) -> None:
    bar.show_notice(ERROR, "Again", lambda: bar.show_notice(OTHER_ERROR))
    button = bar.findChild(QPushButton)
    assert button is not None
    button.click()
    assert text(bar) == OTHER_ERROR.text


def test_screen_readers_are_told_the_level_and_the_words(bar: NoticeBar) -> None:
    bar.show_notice(ERROR)
    assert bar.accessibleName() == "Error: Broken"
    interface = QAccessible.queryAccessibleInterface(bar)
    assert interface.text(QAccessible.Text.Name) == "Error: Broken"
    button = bar.findChild(QToolButton)
    assert button is not None
    assert button.accessibleName()


def test_braces_in_a_message_are_just_letters(bar: NoticeBar) -> None:
    bar.show_notice(Notice("{0} {name}", Level.WARNING))
    assert bar.accessibleName() == "Warning: {0} {name}"


def test_the_bar_stays_on_top_when_the_page_below_changes(qtbot: QtBot) -> None:
    pages = QStackedWidget()
    qtbot.addWidget(pages)
    pages.addWidget(QWidget())
    pages.addWidget(QWidget())
    pages.resize(600, 400)
    pages.show()
    bar = NoticeBar(pages)
    bar.show_notice(ERROR)
    pages.setCurrentIndex(1)
    QTest.qWait(1)
    found = pages.childAt(bar.geometry().center())
    assert found is bar or (found is not None and bar.isAncestorOf(found))


def test_closing_by_keyboard_gives_the_focus_back_to_what_is_below(qtbot: QtBot) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.show()
    with qtbot.waitActive(ground):
        ground.activateWindow()
    bar = NoticeBar(ground)
    bar.show_notice(ERROR)
    button = bar.findChild(QToolButton)
    assert button is not None
    button.setFocus()
    assert QApplication.focusWidget() is button
    button.click()
    assert QApplication.focusWidget() is ground


def test_what_succeeds_takes_the_words_of_what_had_failed_away(bar: NoticeBar) -> None:
    bar.show_notice(Notice("Not saved", Level.ERROR, topic="saving"))
    bar.show_notice(OTHER_ERROR)
    bar.show_notice(Notice("Saved", topic="saving"))
    assert text(bar) == "Saved"
    bar.show_notice(ERROR)
    bar.show_notice(Notice("Not saved", Level.ERROR, topic="saving"))
    bar.show_notice(Notice("Saved", topic="saving"))
    assert text(bar) == "Saved" and waiting(bar) == "+2"


def test_what_stays_waits_behind_what_stays_and_is_no_less_bad(bar: NoticeBar) -> None:
    recovered = Notice("Recovered 2 edits", lasting=True, topic="recovered")
    bar.show_notice(ERROR)
    bar.show_notice(recovered)
    assert text(bar) == ERROR.text
    assert waiting(bar) == "+1"
    bar.show_notice(Notice("Edits of others", lasting=True, topic="others"))
    close(bar)
    assert text(bar) == recovered.text


def test_who_wants_to_know_hears_that_a_notice_was_closed_and_not_that_it_did_what_it_offers(bar: NoticeBar) -> None:
    heard: list[str] = []
    notice = Notice("Recovered 2 edits", lasting=True, closed=lambda: heard.append("closed"))
    bar.show_notice(notice)
    close(bar)
    assert heard == ["closed"]
    bar.show_notice(notice, "Discard", lambda: heard.append("discarded"))
    action(bar).click()
    assert heard == ["closed", "discarded"]
