"""Which SSH key to sign in with: a file, or one that the environment offers; says at once what the file is."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.studio.account.key_file import KeyLook, look, look_at
from bitmask_studio.studio.account.signing_in import login_from_environment
from bitmask_studio.ui.dialogs.file_dialog import dress
from bitmask_studio.ui.icons import icon
from bitmask_studio.ui.theme import ICON, SPACE_M, SPACE_S
from bitmask_studio.ui.widgets.icon_label import IconLabel
from bitmask_studio.ui.widgets.plain_text import plain_label

_PAUSE_MS = 150
"""How long typing has to rest before the file is looked at."""


class KeyPart(QWidget):
    """`changed` tells of another choice, `looked` what the chosen key turned out to be.

    `environment` names variables that hold a key or its path; their values are read when the user chooses them.
    """

    changed = Signal()
    looked = Signal(KeyLook)
    _found = Signal(object, KeyLook)

    def __init__(self, key_path: Path | None, environment: Sequence[str]) -> None:
        super().__init__()
        self.field, self._browse = QLineEdit(str(key_path or "")), QPushButton(tr("C&hoose …"))
        self._own = QRadioButton(tr("A key &file"))
        self._offers = {name: QRadioButton(tr("Use the key from {name}").format(name=name)) for name in environment}
        self._mark, self._state = IconLabel("info", ICON - 4, "muted"), plain_label("", muted=True)
        self._rest = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._build()
        self._listen()
        self._look()

    @property
    def chosen(self) -> bool:
        """Whether there is a key to try."""
        return not self._own.isChecked() or bool(self.field.text().strip())

    def login(self, domain: str, email: str) -> Login:
        """How to sign in with the chosen key. Raises StudioError when the environment has it no more."""
        variable = self._variable()
        if variable is not None:
            return login_from_environment(variable, domain, email)
        return Login(domain, self._path(), email=email)

    def _build(self) -> None:
        self.setContentsMargins(0, 0, 0, 0)
        self.field.setPlaceholderText(tr("For example {path}").format(path=Path("~", ".ssh", "id_ed25519")))
        self.field.setAccessibleName(tr("Key file"))
        self.field.setToolTip(tr("The private key; its public half is in your Encord profile"))
        self._browse.setIcon(icon("open-file"))
        self._browse.setAutoDefault(False)
        self._browse.setToolTip(tr("Choose the private key file (Alt+H)"))
        where, state = QHBoxLayout(), QHBoxLayout()
        where.setSpacing(SPACE_M)
        where.addWidget(self.field, 1)
        where.addWidget(self._browse)
        state.setSpacing(SPACE_S + 2)
        state.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        state.addWidget(self._state, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S + 2)
        self._add_offers(column)
        column.addLayout(where)
        column.addLayout(state)

    def _add_offers(self, column: QVBoxLayout) -> None:
        self._group = QButtonGroup(self)
        self._own.setChecked(True)
        self._own.setVisible(bool(self._offers))
        self._own.setToolTip(tr("Choose the key file yourself"))
        for each in (*self._offers.values(), self._own):
            self._group.addButton(each)
            column.addWidget(each)
        for name, each in self._offers.items():
            each.setToolTip(tr("The environment variable {name} is set").format(name=name))

    def _listen(self) -> None:
        self._rest.timeout.connect(self._look)
        self._found.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._browse.clicked.connect(self._pick)
        self.field.textChanged.connect(self._change)
        self._group.buttonToggled.connect(lambda _, on: self._change() if on else None)

    def _change(self) -> None:
        for each in (self.field, self._browse):
            each.setEnabled(self._own.isChecked())
        self._rest.start()
        self.changed.emit()

    def _variable(self) -> str | None:
        return next((name for name, each in self._offers.items() if each.isChecked()), None)

    def _path(self) -> Path:
        return Path(self.field.text().strip()).expanduser()

    def _subject(self) -> tuple[str | None, str]:
        return self._variable(), self.field.text().strip()

    def _look(self) -> None:
        """Have a thread look at the key: its file may lie on a drive that does not answer."""
        subject = self._subject()
        if subject == (None, ""):
            self._show(subject, KeyLook())
            return
        threading.Thread(target=self._look_aside, args=(subject,), daemon=True).start()

    def _look_aside(self, subject: tuple[str | None, str]) -> None:
        variable, typed = subject
        value = os.environ.get(variable, "") if variable else typed
        found = look_at(value.encode(errors="replace")) if variable == "ENCORD_SSH_KEY" else look(Path(value))
        try:
            self._found.emit(subject, found)
        except RuntimeError:
            return  # the dialog was closed meanwhile

    def _show(self, subject: tuple[str | None, str], found: KeyLook) -> None:
        if subject != self._subject():
            return
        self._state.setText(_words(found) if self.chosen else tr("An Ed25519 key in OpenSSH's format"))
        name, tone = ("warning", "warning") if found.problem or found.exposed else ("check", "success")
        self._mark.show_icon(*((name, tone) if self.chosen else ("info", "muted")))
        self.looked.emit(found)

    def _pick(self) -> None:
        start = self._path().parent if self.field.text().strip() else Path.home() / ".ssh"
        picker = QFileDialog(self, tr("Private Key"), str(start))
        picker.setOption(QFileDialog.Option.DontUseNativeDialog, QGuiApplication.platformName() == "offscreen")
        picker.setFileMode(QFileDialog.FileMode.ExistingFile)
        picker.fileSelected.connect(self.field.setText)
        picker.finished.connect(picker.deleteLater)
        dress(picker)
        QDialog.open(picker)


def _words(found: KeyLook) -> str:
    if found.problem:
        return found.problem
    words = tr("Ed25519 key, locked with a passphrase") if found.locked else tr("Ed25519 key")
    if not found.exposed:
        return words
    return tr("{key}. Other users of this computer can read the file: make it private with “chmod 600”.").format(
        key=words
    )
