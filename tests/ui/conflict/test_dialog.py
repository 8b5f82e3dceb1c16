"""What two people changed is shown side by side, to the pixel, and stored as the user chooses."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.mask import Mask
from bitmask_studio.sources.base import Conflict, Keep
from bitmask_studio.studio.ask import NamedConflict
from bitmask_studio.ui.conflict.dialog import ConflictDialog
from bitmask_studio.ui.conflict.version_card import VersionCard
from bitmask_studio.ui.conflict.view import ADDED, REMOVED, drawn, piece_of, versions_of
from bitmask_studio.ui.dialogs.dialogs import Dialogs
from bitmask_studio.ui.widgets.plain_text import ElidedLabel
from tests.ui.asking import answered, button, key, press, texts

SIZE = 64, 48
BASE, MINE, THEIRS = Box(10, 10, 30, 30), Box(10, 10, 40, 30), Box(10, 20, 30, 30)


def mask(box: Box) -> Mask:
    return Mask(box, np.ones((box.height, box.width), np.bool_))


def painted(number: int = 0, picture: NDArray[np.uint8] | None = None) -> NamedConflict:
    """Mine is wider than the base by 200 px, theirs lower by 200 px."""
    conflict = Conflict("row", MaskKey(0, f"hash{number}"), None, mask(BASE), mask(MINE), mask(THEIRS))
    return NamedConflict(conflict, "pier.png", f"Crane {number}", 0, SIZE, picture)


def deleted(number: int = 1) -> NamedConflict:
    conflict = Conflict("row", MaskKey(0, f"hash{number}"), None, mask(BASE), None, mask(THEIRS))
    return NamedConflict(conflict, "pier.png", f"Boat {number}", 0, SIZE)


def answers(number: int = 2) -> NamedConflict:
    conflict = Conflict("row", MaskKey(0, f"hash{number}"), "feature")
    return NamedConflict(conflict, "pier.png", "Boat", 0, SIZE, None, "Condition", ("", "<b>Rusty</b>", "Painted"))


@pytest.fixture
def dialogs(qtbot: QtBot) -> Dialogs:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    return Dialogs(window, str)


def cards(dialog: QWidget) -> dict[str, VersionCard]:
    """The cards that show, by their titles."""
    return {card.version.title: card for card in dialog.findChildren(VersionCard) if card.isVisible()}


def colour_at(image: QImage, piece: Box, x: int, y: int) -> tuple[int, int, int]:
    """Red, green and blue where an image pixel is drawn."""
    scale = image.width() / piece.width
    found = image.pixelColor(int((x - piece.x0 + 0.5) * scale), int((y - piece.y0 + 0.5) * scale))
    return found.red(), found.green(), found.blue()


def test_what_loses_nobodys_pixels_is_chosen_beforehand(dialogs: Dialogs) -> None:
    named = painted()
    assert answered(dialogs.conflicts([named]), key(Qt.Key.Key_Return)) == {named.conflict: Keep.BOTH}


@pytest.mark.parametrize(("digit", "keep"), [("1", Keep.MINE), ("2", Keep.THEIRS), ("3", Keep.BOTH)])
def test_a_digit_chooses(dialogs: Dialogs, digit: str, keep: Keep) -> None:
    named = painted()

    def act(dialog: QDialog) -> None:
        QTest.keyClicks(QApplication.focusWidget() or dialog, digit)
        button(dialog, "Save").click()

    assert answered(dialogs.conflicts([named]), act) == {named.conflict: keep}


@pytest.mark.parametrize(("title", "keep"), [("Mine", Keep.MINE), ("Theirs", Keep.THEIRS), ("Both", Keep.BOTH)])
def test_a_click_anywhere_on_a_card_chooses_it(dialogs: Dialogs, title: str, keep: Keep) -> None:
    named = painted()

    def act(dialog: QDialog) -> None:
        card = cards(dialog)[title]
        QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=card.rect().bottomRight() / 2)
        assert [each.isChecked() for each in cards(dialog).values()].count(True) == 1
        button(dialog, "Save").click()

    assert answered(dialogs.conflicts([named]), act) == {named.conflict: keep}


def test_the_version_before_is_shown_and_cannot_be_chosen(dialogs: Dialogs) -> None:
    named = painted()

    def act(dialog: QDialog) -> None:
        card = cards(dialog)["Before"]
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)
        assert not card.isChecked()
        assert not card.focusPolicy()
        button(dialog, "Save").click()

    assert answered(dialogs.conflicts([named]), act) == {named.conflict: Keep.BOTH}


@pytest.mark.parametrize("act", [press("Cancel"), key(Qt.Key.Key_Escape), QDialog.close])
def test_who_thinks_better_of_it_saves_nothing(dialogs: Dialogs, act: object) -> None:
    assert callable(act)
    assert answered(dialogs.conflicts([painted()]), act) is None


def test_what_only_one_has_must_be_decided_and_offers_no_both(dialogs: Dialogs) -> None:
    named = deleted()

    def act(dialog: QDialog) -> None:
        assert list(cards(dialog)) == ["Before", "Mine", "Theirs"]
        assert not button(dialog, "Save").isEnabled()
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        QTest.keyClicks(dialog, "3")
        assert dialog.isVisible()
        QTest.keyClicks(dialog, "2")
        button(dialog, "Save").click()

    assert answered(dialogs.conflicts([named]), act) == {named.conflict: Keep.THEIRS}


def test_answers_are_shown_as_words_letter_by_letter(dialogs: Dialogs) -> None:
    named = answers()

    def act(dialog: QDialog) -> None:
        shown = {title: card.version.text for title, card in cards(dialog).items()}
        assert shown == {"Before": "No answer", "Mine": "<b>Rusty</b>", "Theirs": "Painted"}
        assert "<b>" not in cards(dialog)["Mine"].toolTip()
        assert any("Condition" in label.text() for label in dialog.findChildren(ElidedLabel))
        QTest.keyClicks(dialog, "1")
        button(dialog, "Save").click()

    assert answered(dialogs.conflicts([named]), act) == {named.conflict: Keep.MINE}


def test_several_are_gone_through_and_each_keeps_its_own_choice(dialogs: Dialogs) -> None:
    first, second, third = painted(0), deleted(1), answers(2)

    def act(dialog: QDialog) -> None:
        assert "1 of 3, 2 to decide" in texts(dialog)
        QTest.keyClicks(dialog, "1")
        QTest.keyClick(dialog, Qt.Key.Key_PageDown)
        assert QApplication.focusWidget() is cards(dialog)["Mine"]
        QTest.keyClicks(dialog, "2")
        button(dialog, "Next").click()
        assert not button(dialog, "Next").isEnabled()
        QTest.keyClicks(dialog, "1")
        button(dialog, "Previous").click()
        assert cards(dialog)["Theirs"].isChecked()
        QTest.keyClick(dialog, Qt.Key.Key_PageUp)
        assert cards(dialog)["Mine"].isChecked()
        assert "1 of 3" in texts(dialog)
        button(dialog, "Save").click()

    choices = {first.conflict: Keep.MINE, second.conflict: Keep.THEIRS, third.conflict: Keep.MINE}
    assert answered(dialogs.conflicts([first, second, third]), act) == choices


def test_enter_leads_on_while_something_is_to_be_decided(dialogs: Dialogs) -> None:
    def act(dialog: QDialog) -> None:
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        assert "2 of 2, 1 to decide" in texts(dialog)
        dialog.reject()

    answered(dialogs.conflicts([painted(0), deleted(1)]), act)


def test_the_same_can_be_chosen_for_all(dialogs: Dialogs) -> None:
    conflicts = [painted(0), deleted(1), answers(2)]

    def act(dialog: QDialog) -> None:
        QTest.keyClicks(dialog, "2")
        button(dialog, "Same for All 3").click()
        button(dialog, "Save").click()

    found = answered(dialogs.conflicts(conflicts), act)
    assert found == {each.conflict: Keep.THEIRS for each in conflicts}


def test_both_for_all_leaves_open_what_has_no_both_and_leads_there(dialogs: Dialogs) -> None:
    def act(dialog: QDialog) -> None:
        QTest.keyClicks(dialog, "1")
        button(dialog, "Next").click()
        QTest.keyClicks(dialog, "3")
        button(dialog, "Same for All 3").click()
        assert "3 of 3, 1 to decide" in texts(dialog)
        dialog.reject()

    answered(dialogs.conflicts([painted(0), painted(1), deleted(2)]), act)


def test_one_conflict_alone_has_nothing_to_go_through(dialogs: Dialogs) -> None:
    def act(dialog: QDialog) -> None:
        assert not any(button(dialog, text).isVisible() for text in ("Previous", "Next", "Same for All 1"))
        dialog.reject()

    answered(dialogs.conflicts([painted()]), act)


def test_conflicts_nobody_has_pixels_of_can_be_decided_all_the_same(dialogs: Dialogs) -> None:
    named = NamedConflict(Conflict("row", MaskKey(0, "hash")), "pier.png", "Crane", 0, SIZE)

    def act(dialog: QDialog) -> None:
        assert list(cards(dialog)) == ["Mine", "Theirs"]
        dialog.grab()
        QTest.keyClicks(dialog, "1")
        button(dialog, "Save").click()

    assert answered(dialogs.conflicts([named]), act) == {named.conflict: Keep.MINE}


def test_both_takes_each_pixel_from_whoever_changed_it() -> None:
    both = versions_of(painted())[-1]
    assert both.keep is Keep.BOTH
    assert both.mask is not None
    assert both.mask.same_as(mask(Box(10, 20, 40, 30)).changed(Box(30, 10, 40, 20), lambda bits, reach: _fill(bits)))


def _fill(bits: NDArray[np.bool_]) -> None:
    bits[:10, 20:] = True


def test_a_card_says_how_large_its_version_is_and_what_it_changed(dialogs: Dialogs) -> None:
    def act(dialog: QDialog) -> None:
        assert cards(dialog)["Before"].accessibleName() == "Before: 400 px"
        assert cards(dialog)["Mine"].accessibleName() == "Mine: 600 px +200 –0"
        assert cards(dialog)["Theirs"].accessibleName() == "Theirs: 200 px +0 –200"
        dialog.reject()

    answered(dialogs.conflicts([painted()]), act)


@pytest.mark.parametrize("room", [QSize(20, 16), QSize(300, 300), QSize(640, 200)])
def test_what_was_added_and_taken_away_is_tinted_over_the_picture(room: QSize) -> None:
    picture = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    named = painted(picture=picture)
    piece = Box.of_size(*SIZE)
    mine = drawn(named, mask(MINE), piece, room)
    theirs = drawn(named, mask(THEIRS), piece, room)
    assert _hue(colour_at(mine, piece, 35, 20)) == _hue(_rgb(ADDED))
    assert _hue(colour_at(theirs, piece, 20, 14)) == _hue(_rgb(REMOVED))
    kept, around = colour_at(mine, piece, 20, 25), colour_at(mine, piece, 55, 40)
    assert sum(kept) > sum(around) == 0


def test_all_versions_show_the_same_piece_with_room_around_every_mask() -> None:
    piece = piece_of(painted())
    assert piece.covers(Box(8, 8, 42, 32))
    assert Box.of_size(*SIZE).covers(piece)


def test_masks_as_large_as_the_frame_and_empty_ones_can_be_drawn() -> None:
    whole, nothing = mask(Box.of_size(*SIZE)), Mask(Box(0, 0, 0, 0), np.zeros((0, 0), np.bool_))
    conflict = Conflict("row", MaskKey(0, "hash"), None, nothing, whole, nothing)
    named = NamedConflict(conflict, "pier.png", "Crane", 0, SIZE)
    for version in versions_of(named):
        assert version.mask is not None
        assert not drawn(named, version.mask, piece_of(named), QSize(50, 50)).isNull()


@pytest.mark.parametrize("name", ["x" * 300, "<img src=x>", "\u0635\u0641", "two\nlines"])
def test_any_name_fits_and_is_shown_letter_by_letter(dialogs: Dialogs, name: str) -> None:
    conflict = painted().conflict
    named = NamedConflict(conflict, name, name, 0, SIZE, None, "")

    def act(dialog: QDialog) -> None:
        dialog.grab()
        assert dialog.width() <= 980
        label = next(each for each in dialog.findChildren(ElidedLabel) if name in each.text())
        assert label.textFormat() == Qt.TextFormat.PlainText
        dialog.reject()

    answered(dialogs.conflicts([named]), act)


def test_the_dialog_can_be_made_small(qtbot: QtBot) -> None:
    dialog = ConflictDialog(None, [painted()])
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.resize(dialog.minimumSizeHint())
    dialog.grab()
    assert dialog.width() <= 760
    assert dialog.height() <= 480


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _hue(color: tuple[int, int, int]) -> list[int]:
    """The order of a colour's channels, the strongest last."""
    return sorted(range(3), key=lambda channel: color[channel])
