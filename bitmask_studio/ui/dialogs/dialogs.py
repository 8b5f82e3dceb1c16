"""The studio's questions as dialogs over a window: each opens and is waited for, none ever blocks.

The dialogs are imported when they are asked for, and Qt's own are named no sooner: PySide makes its types when they are
named, and a start has no need of any.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from PySide6 import QtGui, QtWidgets
from PySide6.QtCore import QObject, Qt, Signal

from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Conflict, Keep
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.local.pictures.finding import PICTURE_SUFFIXES
from bitmask_studio.studio.account import keyring
from bitmask_studio.studio.ask import Attempt, ConnectWish, Emptied, ExportWish, Leave, NamedConflict

_MASK_SUFFIXES = (".png", ".tif", ".tiff", ".npy")


class Dialogs:
    """Implements `studio.ask.Ask` on a window.

    `export_folder` and `last_folder` answer the folders of the last export and the last opening, "" for none;
    `has_keyring`, which may take its time, whether the system can keep a passphrase.
    """

    def __init__(
        self,
        parent: QtWidgets.QWidget,
        export_folder: Callable[[], str],
        last_folder: Callable[[], str] = str,
        has_keyring: Callable[[], bool] = keyring.available,
    ) -> None:
        self._parent = parent
        self._export_folder = export_folder
        self._last_folder = last_folder
        self._has_keyring = has_keyring
        self._visited = ""

    async def open_files(self) -> Sequence[Path]:
        dialog = self._file_dialog(tr("Open Files"), QtWidgets.QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(_name_filters())
        return await self._chosen(dialog)

    async def folder(self, title: str) -> Path | None:
        dialog = self._file_dialog(title, QtWidgets.QFileDialog.FileMode.Directory)
        dialog.setOption(QtWidgets.QFileDialog.Option.ShowDirsOnly)
        return next(iter(await self._chosen(dialog)), None)

    async def locate(self, path: Path) -> Path | None:
        is_file = path.suffix.lower() == ".json"
        mode = QtWidgets.QFileDialog.FileMode.ExistingFile if is_file else QtWidgets.QFileDialog.FileMode.Directory
        dialog = self._file_dialog(tr("Where Is {name} Now?").format(name=path.name), mode)
        if is_file:
            dialog.setNameFilters([tr("Labels (*.json)"), tr("All files (*)")])
        else:
            dialog.setOption(QtWidgets.QFileDialog.Option.ShowDirsOnly)
        dialog.setDirectory(str(next((each for each in path.parents if each.is_dir()), Path.home())))
        return next(iter(await self._chosen(dialog)), None)

    async def save_as(self, suggestion: Path) -> Path | None:
        dialog = self._file_dialog(tr("Save As"), QtWidgets.QFileDialog.FileMode.AnyFile)
        dialog.setAcceptMode(QtWidgets.QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("Labels (*.json)"), tr("All files (*)")])
        dialog.setDefaultSuffix("json")
        is_folder = suggestion.is_dir()
        dialog.setDirectory(str(suggestion if is_folder else suggestion.parent))
        dialog.selectFile(suggestion.name if suggestion.suffix.lower() == ".json" else f"{suggestion.name}.json")
        return next(iter(await self._chosen(dialog)), None)

    async def unsaved(self, rows: Sequence[str]) -> Leave:
        from bitmask_studio.ui.dialogs.questions import DISCARD, SAVE, unsaved_question

        code = await _answer(unsaved_question(self._parent, rows))
        return {SAVE: Leave.SAVE, DISCARD: Leave.DISCARD}.get(code, Leave.CANCEL)

    async def new_class(self) -> str | None:
        from bitmask_studio.ui.dialogs.text_question import TextQuestion

        heading, tip = tr("What is the new class called?"), tr("Add it to the classes of this file")
        dialog = TextQuestion(self._parent, tr("New Class"), heading, tr("&Name:"), tr("&Add Class"), tip)
        return dialog.text() if await _answer(dialog) else None

    async def export(self) -> ExportWish | None:
        from bitmask_studio.studio.exporting.exporting import formats
        from bitmask_studio.ui.dialogs.export_dialog import ExportDialog

        dialog = ExportDialog(self._parent, formats(), self._export_folder())
        return dialog.wish() if await _answer(dialog) else None

    async def connect(
        self, suggestion: Login, environment: Sequence[str], attempt: Attempt, cancel: Callable[[], object]
    ) -> ConnectWish | None:
        from bitmask_studio.ui.connect.dialog import ConnectDialog

        dialog = ConnectDialog(self._parent, suggestion, environment, attempt, cancel)
        search = _Aside(self._has_keyring, dialog)
        search.found.connect(dialog.offer_keyring, Qt.ConnectionType.QueuedConnection)
        search.start()
        return dialog.wish() if await _answer(dialog) else None

    async def create_row(self, name: str) -> bool:
        from bitmask_studio.ui.dialogs.questions import creation_question

        return bool(await _answer(creation_question(self._parent, name)))

    async def conflicts(self, conflicts: Sequence[NamedConflict]) -> Mapping[Conflict, Keep] | None:
        from bitmask_studio.ui.conflict.dialog import ConflictDialog

        dialog = ConflictDialog(self._parent, conflicts)
        return dialog.choices() if await _answer(dialog) else None

    async def emptied(self, objects: Sequence[str]) -> Emptied:
        from bitmask_studio.ui.dialogs.questions import DELETE, KEEP_EMPTY, emptied_question

        code = await _answer(emptied_question(self._parent, objects))
        return {KEEP_EMPTY: Emptied.KEEP_EMPTY, DELETE: Emptied.DELETE}.get(code, Emptied.CANCEL)

    async def losses(self, row: str, losses: Sequence[str]) -> bool:
        from bitmask_studio.ui.dialogs.questions import losses_question

        return bool(await _answer(losses_question(self._parent, row, losses)))

    async def mask_file(self) -> Path | None:
        dialog = self._file_dialog(tr("Import a Mask"), QtWidgets.QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([tr("Masks ({patterns})").format(patterns=_patterns(_MASK_SUFFIXES))])
        return next(iter(await self._chosen(dialog)), None)

    async def choose_class(self, classes: Sequence[ObjectClass]) -> str | None:
        from bitmask_studio.ui.dialogs.class_question import ClassQuestion

        dialog = ClassQuestion(self._parent, classes)
        return dialog.feature_hash() if await _answer(dialog) else None

    async def comment(self, title: str, verb: str) -> str | None:
        from bitmask_studio.ui.dialogs.comment_question import CommentQuestion

        dialog = CommentQuestion(self._parent, title, verb)
        return dialog.text() if await _answer(dialog) else None

    def _file_dialog(self, title: str, mode: QtWidgets.QFileDialog.FileMode) -> QtWidgets.QFileDialog:
        start = self._visited or self._last_folder() or str(Path.home())
        dialog = QtWidgets.QFileDialog(self._parent, title, start)
        dialog.setOption(
            QtWidgets.QFileDialog.Option.DontUseNativeDialog, QtGui.QGuiApplication.platformName() == "offscreen"
        )
        dialog.setOption(QtWidgets.QFileDialog.Option.HideNameFilterDetails)
        dialog.setFileMode(mode)
        return dialog

    async def _chosen(self, dialog: QtWidgets.QFileDialog) -> tuple[Path, ...]:
        from bitmask_studio.ui.dialogs.file_dialog import dress

        dress(dialog)
        if not await _answer(dialog):
            return ()
        paths = tuple(Path(name) for name in dialog.selectedFiles())
        self._visited = str(paths[0].parent) if paths else self._visited
        return paths


async def _answer(dialog: QtWidgets.QDialog) -> int:
    from bitmask_studio.ui.dialogs.question import answer_of

    return await answer_of(dialog)


def show_about(parent: QtWidgets.QWidget) -> QtWidgets.QDialog:
    """Say what this program is and which versions it runs on."""
    from bitmask_studio.ui.dialogs.about import AboutDialog

    dialog = AboutDialog(parent)
    dialog.open()
    return dialog


class _Aside(QObject):
    """Asks something that may take its time on a thread; `found` tells that the answer is yes."""

    found = Signal()

    def __init__(self, ask: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._ask = ask

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            if self._ask():
                self.found.emit()
        except RuntimeError:
            return  # the dialog was closed meanwhile


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
