"""Dialogs are opened and waited for without ever blocking; each answer is what was pressed, each text is plain."""

import asyncio
import platform
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
import qasync
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bitmask_studio import __version__
from bitmask_studio.core.ontology import BITMASK, ObjectClass
from bitmask_studio.core.palette import parse_color
from bitmask_studio.core.text import one_line
from bitmask_studio.studio.ask import Ask, Emptied, ExportWish, Leave
from bitmask_studio.studio.exporting.exporting import formats
from bitmask_studio.ui.dialogs.dialogs import Dialogs, show_about
from bitmask_studio.ui.dialogs.questions import MAX_NAMED
from bitmask_studio.ui.widgets.plain_text import ElidedLabel
from tests.ui.asking import answered, button, key, only, press, texts

HOSTILE = ["<b>bold</b>", "a & b", "\u0635\u0641 \u0645\u0646", "x" * 300, "two\nlines"]


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    return window


@pytest.fixture
def dialogs(window: QWidget, tmp_path: Path) -> Dialogs:
    return Dialogs(window, lambda: str(tmp_path), lambda: str(tmp_path))


def test_the_dialogs_are_what_the_studio_asks_with(dialogs: Dialogs) -> None:
    ask: Ask = dialogs
    assert ask is dialogs


@pytest.mark.parametrize(
    ("act", "answer"),
    [
        (press("Save"), Leave.SAVE),
        (press("Discard"), Leave.DISCARD),
        (press("Cancel"), Leave.CANCEL),
        (key(Qt.Key.Key_Escape), Leave.CANCEL),
        (key(Qt.Key.Key_Return), Leave.SAVE),
        (QDialog.close, Leave.CANCEL),
    ],
)
def test_leaving_with_edits_answers_what_was_pressed(
    dialogs: Dialogs, act: Callable[[QDialog], object], answer: Leave
) -> None:
    assert answered(dialogs.unsaved(["a", "b"]), act) is answer


def test_leaving_names_up_to_five_rows_and_counts_all(dialogs: Dialogs) -> None:
    seen: list[str] = []

    def look(dialog: QDialog) -> None:
        seen.extend(texts(dialog))
        dialog.reject()

    names = [f"row {number}" for number in range(7)]
    answered(dialogs.unsaved(names), look)
    assert "Save the edits of 7 rows?" in seen
    assert [text for text in seen if text.startswith("row ")] == names[:MAX_NAMED]
    assert "and 2 more" in seen


@pytest.mark.parametrize(
    ("act", "answer"),
    [
        (press("Keep Empty"), Emptied.KEEP_EMPTY),
        (press("Delete"), Emptied.DELETE),
        (press("Cancel"), Emptied.CANCEL),
        (key(Qt.Key.Key_Escape), Emptied.CANCEL),
        (key(Qt.Key.Key_Return), Emptied.KEEP_EMPTY),
    ],
)
def test_emptied_masks_are_kept_or_deleted_as_the_user_says(
    dialogs: Dialogs, act: Callable[[QDialog], object], answer: Emptied
) -> None:
    assert answered(dialogs.emptied(["Person (aB3)"]), act) is answer


@pytest.mark.parametrize(
    ("act", "answer"),
    [
        (press("Make Label Row"), True),
        (key(Qt.Key.Key_Return), True),
        (press("Cancel"), False),
        (key(Qt.Key.Key_Escape), False),
        (QDialog.close, False),
    ],
)
def test_a_row_is_made_on_the_server_only_when_the_user_says_so(
    dialogs: Dialogs, act: Callable[[QDialog], object], answer: bool
) -> None:
    assert answered(dialogs.create_row("pier.png"), act) is answer


def test_before_a_row_is_made_the_user_is_told_what_others_will_see(dialogs: Dialogs) -> None:
    def look(dialog: QDialog) -> None:
        said = " ".join(texts(dialog))
        assert "on the server" in said
        assert "being worked on" in said
        dialog.reject()

    answered(dialogs.create_row("pier.png"), look)


@pytest.mark.parametrize(
    ("act", "answer"),
    [
        (press("Save to a File …"), True),
        (key(Qt.Key.Key_Return), True),
        (press("Cancel"), False),
        (key(Qt.Key.Key_Escape), False),
    ],
)
def test_where_saving_would_lose_work_a_file_is_offered(
    dialogs: Dialogs, act: Callable[[QDialog], object], answer: bool
) -> None:
    assert answered(dialogs.losses("pier.png", ["A review by tom@example.com"]), act) is answer


def test_every_loss_is_listed_and_many_are_scrolled_through(dialogs: Dialogs) -> None:
    losses = [f"<b>{number}</b> would be lost" for number in range(60)]

    def look(dialog: QDialog) -> None:
        assert [text.removeprefix("•  ") for text in texts(dialog) if text.startswith("•")] == losses
        dialog.grab()
        assert only(dialog, QScrollArea).verticalScrollBar().maximum() > 0
        assert dialog.height() < 600
        dialog.reject()

    answered(dialogs.losses("x" * 300, losses), look)


def test_a_list_of_losses_is_as_high_as_it_needs_and_the_dialog_fits_a_small_window(
    dialogs: Dialogs, window: QWidget
) -> None:
    window.resize(760, 480)
    heights = {}

    def look(dialog: QDialog) -> None:
        dialog.grab()
        area = only(dialog, QScrollArea)
        assert dialog.height() < 440
        heights[area.height()] = area.verticalScrollBar().maximum()
        dialog.reject()

    for count in (1, 3, 60):
        answered(dialogs.losses("pier.png", ["Words that would be lost to everybody"] * count), look)
    one, three, many = heights
    assert one < 50 < three < many
    assert heights[one] == heights[three] == 0 < heights[many]


CLASSES = [
    ObjectClass(f"hash{number}", name, "#16406C", BITMASK)
    for number, name in enumerate(["Person", "Harbour crane", "<b>Boat</b>", "Person at work"])
]


def test_a_class_is_found_by_a_part_of_its_name(dialogs: Dialogs) -> None:
    def act(dialog: QDialog) -> None:
        QTest.keyClicks(only(dialog, QLineEdit), "CRANE")
        QTest.keyClick(only(dialog, QLineEdit), Qt.Key.Key_Return)

    assert answered(dialogs.choose_class(CLASSES), act) == "hash1"


def test_the_arrow_keys_choose_among_the_classes_found(dialogs: Dialogs) -> None:
    def act(dialog: QDialog) -> None:
        field = only(dialog, QLineEdit)
        QTest.keyClicks(field, "person")
        QTest.keyClick(field, Qt.Key.Key_Down)
        button(dialog, "Choose").click()

    assert answered(dialogs.choose_class(CLASSES), act) == "hash3"


def test_no_class_is_chosen_where_none_is_found(dialogs: Dialogs) -> None:
    def act(dialog: QDialog) -> None:
        field = only(dialog, QLineEdit)
        QTest.keyClicks(field, "zebra")
        assert not button(dialog, "Choose").isEnabled()
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert dialog.isVisible()
        field.clear()
        assert button(dialog, "Choose").isEnabled()
        dialog.reject()

    assert answered(dialogs.choose_class(CLASSES), act) is None


def test_classes_are_listed_letter_by_letter_in_their_order(dialogs: Dialogs) -> None:
    def act(dialog: QDialog) -> None:
        names = only(dialog, QListWidget)
        assert [names.item(row).text() for row in range(names.count())] == [each.name for each in CLASSES]
        assert all("<b>" not in names.item(row).toolTip() for row in range(names.count()))
        dialog.reject()

    answered(dialogs.choose_class(CLASSES), act)


def test_a_double_click_chooses_a_class(dialogs: Dialogs) -> None:
    def act(dialog: QDialog) -> None:
        names = only(dialog, QListWidget)
        place = names.visualItemRect(names.item(2)).center()
        QTest.mouseClick(names.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(names.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert answered(dialogs.choose_class(CLASSES), act) == "hash2"


def test_a_comment_has_as_many_lines_as_were_typed(dialogs: Dialogs) -> None:
    def act(dialog: QDialog) -> None:
        field = only(dialog, QPlainTextEdit)
        QTest.keyClicks(field, "The left edge")
        QTest.keyClick(field, Qt.Key.Key_Return)
        QTest.keyClicks(field, "is missing. ")
        assert dialog.isVisible()
        QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert answered(dialogs.comment("Reject pier.png", "&Reject"), act) == "The left edge\nis missing."


def test_a_comment_may_stay_empty_and_be_thought_better_of(dialogs: Dialogs) -> None:
    assert answered(dialogs.comment("Approve pier.png", "&Approve"), press("Approve")) == ""
    assert answered(dialogs.comment("Approve pier.png", "&Approve"), key(Qt.Key.Key_Escape)) is None


def test_a_long_title_does_not_widen_the_comments_dialog(dialogs: Dialogs) -> None:
    def look(dialog: QDialog) -> None:
        dialog.grab()
        assert dialog.width() < 700
        dialog.reject()

    answered(dialogs.comment("Reject " + "x" * 300, "&Reject"), look)


def test_a_mask_is_imported_from_one_file_of_a_known_kind(dialogs: Dialogs, tmp_path: Path) -> None:
    (tmp_path / "a.npy").touch()

    def act(dialog: QFileDialog) -> None:
        assert dialog.fileMode() == QFileDialog.FileMode.ExistingFile
        assert all(pattern in dialog.nameFilters()[0] for pattern in ("*.png", "*.tif", "*.tiff", "*.npy"))
        choose(tmp_path / "a.npy")(dialog)

    assert answered(dialogs.mask_file(), act) == tmp_path / "a.npy"


def test_where_a_file_is_now_is_asked_for_from_the_nearest_folder_that_is_still_there(
    dialogs: Dialogs, tmp_path: Path
) -> None:
    (tmp_path / "other.json").touch()

    def act(dialog: QFileDialog) -> None:
        assert dialog.windowTitle() == "Where Is labels.json Now?"
        assert dialog.fileMode() == QFileDialog.FileMode.ExistingFile
        assert Path(dialog.directory().path()) == tmp_path
        choose(tmp_path / "other.json")(dialog)

    assert answered(dialogs.locate(tmp_path / "gone" / "deep" / "labels.json"), act) == tmp_path / "other.json"


def test_where_a_folder_is_now_is_asked_for_as_a_folder(dialogs: Dialogs, tmp_path: Path) -> None:
    def act(dialog: QFileDialog) -> None:
        assert dialog.fileMode() == QFileDialog.FileMode.Directory
        dialog.reject()

    assert answered(dialogs.locate(tmp_path / "gone"), act) is None


@pytest.mark.parametrize("ask", [Dialogs.unsaved, Dialogs.emptied])
def test_names_are_shown_letter_by_letter_and_do_not_widen_the_dialog(
    dialogs: Dialogs, ask: Callable[..., Coroutine[Any, Any, object]]
) -> None:
    def look(dialog: QDialog) -> None:
        labels = [label for label in dialog.findChildren(QLabel) if not label.pixmap().width()]
        assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
        assert [label.text() for label in dialog.findChildren(ElidedLabel)] == HOSTILE
        assert dialog.width() < 700
        long = next(label for label in dialog.findChildren(ElidedLabel) if len(label.text()) == 300)
        assert "x" * 300 in long.toolTip()
        dialog.grab()
        dialog.reject()

    answered(ask(dialogs, HOSTILE), look)


def test_tool_tips_of_names_hold_no_markup(qtbot: QtBot) -> None:
    label = ElidedLabel("<b>" + "x" * 300)
    qtbot.addWidget(label)
    label.resize(50, 20)
    label.grab()
    assert "<b>" not in label.toolTip()
    assert "&lt;b&gt;" in label.toolTip()


def test_a_name_is_one_line_high_whatever_is_in_it(qtbot: QtBot) -> None:
    plain, broken = ElidedLabel("name"), ElidedLabel("na\nme\n")
    for label in (plain, broken):
        qtbot.addWidget(label)
    assert broken.sizeHint().height() == plain.sizeHint().height() == plain.minimumSizeHint().height()


def test_a_class_is_one_line_in_the_colour_that_its_objects_have(dialogs: Dialogs) -> None:
    def look(dialog: QDialog) -> None:
        item = only(dialog, QListWidget).item(0)
        blue, green, red = parse_color("nonsense")
        assert item.text() == one_line("two\nlines\t")
        assert item.icon().pixmap(16, 16).toImage().pixelColor(8, 8) == QColor(red, green, blue)
        dialog.reject()

    answered(dialogs.choose_class([ObjectClass("hash1", "two\nlines\t", "nonsense", BITMASK)]), look)


def test_a_new_class_gets_the_name_without_blanks_around_it(dialogs: Dialogs) -> None:
    def act(dialog: QDialog) -> None:
        QTest.keyClicks(only(dialog, QLineEdit), "  Left lung ")
        button(dialog, "Add Class").click()

    assert answered(dialogs.new_class(), act) == "Left lung"


@pytest.mark.parametrize("name", ["", "   ", "\t"])
def test_a_class_without_a_name_is_refused(dialogs: Dialogs, name: str) -> None:
    def act(dialog: QDialog) -> None:
        field = only(dialog, QLineEdit)
        field.setText(name)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert dialog.isVisible()
        assert not button(dialog, "Add Class").isEnabled()
        dialog.reject()

    assert answered(dialogs.new_class(), act) is None


def test_an_export_starts_with_the_open_row_as_png_in_the_last_folder_over_no_other_files(
    dialogs: Dialogs, tmp_path: Path
) -> None:
    wish = answered(dialogs.export(), press("Export"))
    assert wish == ExportWish("png", tmp_path, all_rows=False, force=False)


def test_an_export_is_what_was_chosen(dialogs: Dialogs, tmp_path: Path) -> None:
    def act(dialog: QDialog) -> None:
        choice = only(dialog, QComboBox)
        choice.setCurrentIndex(choice.findData("npz"))
        only(dialog, QLineEdit).setText(str(tmp_path / "new"))
        next(each for each in dialog.findChildren(QRadioButton) if "All" in each.text()).click()
        only(dialog, QCheckBox).click()
        button(dialog, "Export").click()

    assert answered(dialogs.export(), act) == ExportWish("npz", tmp_path / "new", all_rows=True, force=True)


@pytest.mark.parametrize("folder", ["", "  ", "relative/folder"])
def test_an_export_needs_a_folder(window: QWidget, folder: str) -> None:
    def act(dialog: QDialog) -> None:
        assert not button(dialog, "Export").isEnabled()
        QTest.keyClick(only(dialog, QLineEdit), Qt.Key.Key_Return)
        assert dialog.isVisible()
        dialog.reject()

    assert answered(Dialogs(window, lambda: folder).export(), act) is None


def test_every_format_is_offered_and_says_what_it_writes(dialogs: Dialogs) -> None:
    def act(dialog: QDialog) -> None:
        choice = only(dialog, QComboBox)
        assert [choice.itemData(row) for row in range(choice.count())] == list(formats())
        for row, each in enumerate(formats().values()):
            choice.setCurrentIndex(row)
            unit = "row" if each.per_row else "mask"
            assert f"One {each.suffix} file for each {unit}." in texts(dialog)
        dialog.reject()

    answered(dialogs.export(), act)


def test_the_export_folder_can_be_picked(dialogs: Dialogs, tmp_path: Path) -> None:
    wanted = tmp_path / "masks"
    wanted.mkdir()

    def act(dialog: QDialog) -> None:
        button(dialog, "Choose …").click()
        picker = only(dialog, QFileDialog)
        assert picker.fileMode() == QFileDialog.FileMode.Directory
        assert Path(picker.directory().absolutePath()) == tmp_path
        picker.fileSelected.emit(str(wanted))
        picker.reject()
        button(dialog, "Export").click()

    wish = answered(dialogs.export(), act)
    assert wish is not None
    assert wish.folder == wanted


def choose(*paths: Path) -> Callable[[QFileDialog], None]:
    """Type names into a file dialog and accept it."""

    def act(dialog: QFileDialog) -> None:
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(field, QLineEdit)
        field.setText(" ".join(f'"{path}"' for path in paths) if len(paths) > 1 else str(paths[0]))
        dialog.accept()

    return act


def test_several_files_can_be_opened_at_once(dialogs: Dialogs, tmp_path: Path) -> None:
    paths = [tmp_path / "a.json", tmp_path / "b.png"]
    for path in paths:
        path.touch()
    assert sorted(answered(dialogs.open_files(), choose(*paths))) == paths


def test_the_file_dialog_has_columns_as_wide_as_their_words_and_no_icons_on_its_buttons(
    dialogs: Dialogs, tmp_path: Path
) -> None:
    (tmp_path / "labels.json").write_bytes(b" " * 5_000_000)

    def act(dialog: QFileDialog) -> None:
        dialog.setDirectory(str(tmp_path))
        files = dialog.findChild(QTreeView, "treeView")
        assert isinstance(files, QTreeView)
        modes = {files.header().sectionResizeMode(column) for column in range(1, files.header().count())}
        assert modes == {QHeaderView.ResizeMode.ResizeToContents}
        (box,) = dialog.findChildren(QDialogButtonBox)
        assert [each.icon().isNull() for each in box.buttons()] == [True, True]
        assert all("*." not in each.currentText() for each in dialog.findChildren(QComboBox))
        dialog.reject()

    assert answered(dialogs.open_files(), act) == ()
    assert answered(dialogs.save_as(tmp_path / "labels.json"), act) is None


def test_opening_offers_labels_and_pictures_first_and_starts_in_the_last_folder(
    dialogs: Dialogs, tmp_path: Path
) -> None:
    def act(dialog: QFileDialog) -> None:
        first = dialog.nameFilters()[0]
        assert all(pattern in first for pattern in ("*.json", "*.png", "*.jpg", "*.tiff"))
        assert "All files (*)" in dialog.nameFilters()
        assert Path(dialog.directory().absolutePath()) == tmp_path
        assert dialog.testOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.reject()

    assert list(answered(dialogs.open_files(), act)) == []


def test_the_next_opening_starts_where_the_last_one_ended(dialogs: Dialogs, tmp_path: Path) -> None:
    folder = tmp_path / "inner"
    folder.mkdir()
    (folder / "a.json").touch()
    answered(dialogs.open_files(), choose(folder / "a.json"))

    def act(dialog: QFileDialog) -> None:
        assert Path(dialog.directory().absolutePath()) == folder
        dialog.reject()

    answered(dialogs.open_files(), act)


def test_a_folder_is_answered_under_the_title_asked_for(dialogs: Dialogs, tmp_path: Path) -> None:
    def act(dialog: QFileDialog) -> None:
        assert dialog.windowTitle() == "Folder with the Pictures"
        choose(tmp_path)(dialog)

    assert answered(dialogs.folder("Folder with the Pictures"), act) == tmp_path


def test_no_folder_is_none(dialogs: Dialogs) -> None:
    assert answered(dialogs.folder("Folder"), QDialog.reject) is None


@pytest.mark.parametrize(
    ("suggestion", "offered"), [("labels.json", "labels.json"), ("labels.JSON", "labels.JSON"), ("a.b", "a.b.json")]
)
def test_save_as_suggests_a_json_name(dialogs: Dialogs, tmp_path: Path, suggestion: str, offered: str) -> None:
    def act(dialog: QFileDialog) -> None:
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(field, QLineEdit)
        assert field.text() == offered
        assert Path(dialog.directory().absolutePath()) == tmp_path
        dialog.accept()

    assert answered(dialogs.save_as(tmp_path / suggestion), act) == tmp_path / offered


def test_save_as_of_a_folder_suggests_a_file_inside(dialogs: Dialogs, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    assert answered(dialogs.save_as(folder), lambda dialog: dialog.accept()) == folder / "pictures.json"


def test_save_as_adds_the_suffix_that_was_not_typed(dialogs: Dialogs, tmp_path: Path) -> None:
    assert answered(dialogs.save_as(tmp_path / "a.json"), choose(tmp_path / "typed")) == tmp_path / "typed.json"


def test_the_window_lives_on_while_a_question_waits(dialogs: Dialogs) -> None:
    async def ask() -> tuple[Leave, int]:
        ticks = 0
        question = asyncio.ensure_future(dialogs.unsaved(["a"]))
        while ticks < 5:
            await asyncio.sleep(0)
            ticks += 1
        return await question, ticks

    assert answered(ask(), press("Discard")) == (Leave.DISCARD, 5)


def test_a_question_whose_task_is_cancelled_goes_away(dialogs: Dialogs, window: QWidget) -> None:
    async def ask() -> bool:
        question = asyncio.ensure_future(dialogs.unsaved(["a"]))
        while QApplication.activeModalWidget() is None:
            await asyncio.sleep(0.005)
        question.cancel()
        await asyncio.wait([question])
        return question.cancelled()

    loop = qasync.QEventLoop(QApplication.instance())
    assert loop.run_until_complete(ask())
    loop.close()
    assert not [each for each in window.findChildren(QDialog) if each.isVisible()]


def test_every_field_and_button_of_a_question_has_a_name_for_screen_readers(dialogs: Dialogs) -> None:
    def act(dialog: QDialog) -> None:
        for kind in (QLineEdit, QComboBox, QListWidget, QPlainTextEdit):
            assert all(each.accessibleName() for each in dialog.findChildren(kind))
        assert all(each.toolTip() for each in dialog.findChildren(QPushButton))
        dialog.reject()

    answered(dialogs.export(), act)
    answered(dialogs.choose_class(CLASSES), act)
    answered(dialogs.comment("Approve", "&Approve"), act)
    answered(dialogs.losses("pier.png", ["A review"]), act)


def test_about_names_the_versions_and_the_licence_of_qt(window: QWidget) -> None:
    dialog = show_about(window)
    said = " ".join(texts(dialog))
    assert all(part in said for part in (__version__, qVersion(), platform.python_version(), "GNU Lesser General"))
    button(dialog, "Close").click()
    QTest.qWait(1)
    assert window.findChildren(QDialog) == []
