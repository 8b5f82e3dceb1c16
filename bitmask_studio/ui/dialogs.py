"""The studio's questions as dialogs over a window: each opens and is waited for, none ever blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QVBoxLayout, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Keep
from bitmask_studio.sources.local.pictures.finding import PICTURE_SUFFIXES
from bitmask_studio.studio.ask import ExportWish, Leave
from bitmask_studio.studio.exporting import formats
from bitmask_studio.ui.about import AboutDialog
from bitmask_studio.ui.export_dialog import ExportDialog
from bitmask_studio.ui.plain_text import ElidedLabel, plain_label
from bitmask_studio.ui.question import Question, Role, answer_of
from bitmask_studio.ui.text_question import TextQuestion

MAX_NAMED = 5
"""How many names a question lists before it only counts the rest."""

_SAVE, _DISCARD = 1, 2
_MINE, _THEIRS = 1, 2


class Dialogs:
    """Implements `studio.ask.Ask` on a window.

    `export_folder` and `last_folder` answer the folders of the last export and the last opening, "" for none.
    """

    def __init__(self, parent: QWidget, export_folder: Callable[[], str], last_folder: Callable[[], str] = str) -> None:
        self._parent = parent
        self._export_folder = export_folder
        self._last_folder = last_folder
        self._visited = ""

    async def open_files(self) -> Sequence[Path]:
        dialog = self._file_dialog(tr("Open Files"), QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(_name_filters())
        return await self._chosen(dialog)

    async def folder(self, title: str) -> Path | None:
        dialog = self._file_dialog(title, QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        return next(iter(await self._chosen(dialog)), None)

    async def save_as(self, suggestion: Path) -> Path | None:
        dialog = self._file_dialog(tr("Save As"), QFileDialog.FileMode.AnyFile)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("Labels (*.json)"), tr("All files (*)")])
        dialog.setDefaultSuffix("json")
        is_folder = suggestion.is_dir()
        dialog.setDirectory(str(suggestion if is_folder else suggestion.parent))
        dialog.selectFile(suggestion.name if suggestion.suffix.lower() == ".json" else f"{suggestion.name}.json")
        return next(iter(await self._chosen(dialog)), None)

    async def unsaved(self, rows: Sequence[str]) -> Leave:
        code = await answer_of(_unsaved_question(self._parent, rows))
        return {_SAVE: Leave.SAVE, _DISCARD: Leave.DISCARD}.get(code, Leave.CANCEL)

    async def keep(self, objects: Sequence[str]) -> Keep | None:
        code = await answer_of(_keep_question(self._parent, objects))
        return {_MINE: Keep.MINE, _THEIRS: Keep.THEIRS}.get(code)

    async def new_class(self) -> str | None:
        heading, tip = tr("What is the new class called?"), tr("Add it to the classes of this file")
        dialog = TextQuestion(self._parent, tr("New Class"), heading, tr("&Name:"), tr("&Add Class"), tip)
        return dialog.text() if await answer_of(dialog) else None

    async def export(self) -> ExportWish | None:
        dialog = ExportDialog(self._parent, formats(), self._export_folder())
        return dialog.wish() if await answer_of(dialog) else None

    def _file_dialog(self, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        start = self._visited or self._last_folder() or str(Path.home())
        dialog = QFileDialog(self._parent, title, start)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog, QGuiApplication.platformName() == "offscreen")
        dialog.setFileMode(mode)
        return dialog

    async def _chosen(self, dialog: QFileDialog) -> tuple[Path, ...]:
        if not await answer_of(dialog):
            return ()
        paths = tuple(Path(name) for name in dialog.selectedFiles())
        self._visited = str(paths[0].parent) if paths else self._visited
        return paths


def show_about(parent: QWidget) -> QDialog:
    """Say what this program is and which versions it runs on."""
    dialog = AboutDialog(parent)
    dialog.open()
    return dialog


def _unsaved_question(parent: QWidget, rows: Sequence[str]) -> Question:
    heading = tr("Save the edits of this row?") if len(rows) == 1 else tr("Save the edits of {count} rows?")
    dialog = Question(parent, tr("Unsaved Edits"), heading.format(count=len(rows)), "save")
    _list(dialog, rows)
    dialog.add_text(tr("What is discarded cannot be brought back."), muted=True)
    dialog.add_button(tr("&Discard"), tr("Go on without these edits"), Role.DestructiveRole, _DISCARD)
    dialog.add_cancel(tr("Stay here; nothing is saved or lost"))
    save = dialog.add_button(tr("&Save"), tr("Save all of them, then go on"), Role.AcceptRole, _SAVE)
    save.setDefault(True)
    save.setFocus()
    return dialog


def _keep_question(parent: QWidget, objects: Sequence[str]) -> Question:
    heading = tr("Which version should the file keep?")
    dialog = Question(parent, tr("Changed by Another Program"), heading, "warning")
    dialog.add_text(tr("Another program changed the same masks since you opened the file:"))
    _list(dialog, objects)
    text = tr("Nothing is saved yet. All other changes, yours and theirs, are kept whatever you choose here.")
    dialog.add_text(text, muted=True)
    mine, theirs = tr("Save your masks over the other program's"), tr("Drop your edits of these masks")
    dialog.add_button(tr("Keep &Mine"), mine, Role.AcceptRole, _MINE)
    dialog.add_button(tr("Keep &Theirs"), theirs, Role.AcceptRole, _THEIRS)
    cancel = dialog.add_cancel(tr("Save nothing for now; your edits stay"))
    cancel.setDefault(True)
    cancel.setFocus()
    return dialog


def _list(dialog: Question, names: Sequence[str]) -> None:
    card = QFrame()
    card.setProperty("card", True)
    lines = QVBoxLayout(card)
    for name in names[:MAX_NAMED]:
        lines.addWidget(ElidedLabel(name))
    if len(names) > MAX_NAMED:
        text = tr("and {count} more").format(count=len(names) - MAX_NAMED)
        lines.addWidget(plain_label(text, muted=True))
    dialog.content.addWidget(card)


def _name_filters() -> list[str]:
    pictures = _patterns(PICTURE_SUFFIXES)
    return [
        tr("Labels and pictures ({patterns})").format(patterns=f"*.json {pictures}"),
        tr("Labels (*.json)"),
        tr("Pictures ({patterns})").format(patterns=pictures),
        tr("All files (*)"),
    ]


def _patterns(suffixes: Iterable[str]) -> str:
    return " ".join(f"*{suffix}" for suffix in sorted(suffixes))
