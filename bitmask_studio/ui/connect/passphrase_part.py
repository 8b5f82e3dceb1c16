"""Asks for a key's passphrase: hidden, unless the user wants to see it."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.ui.icons import icon
from bitmask_studio.ui.theme import ICON, SPACE_M, SPACE_S


class PassphrasePart(QWidget):
    """Its text never leaves it but through `passphrase`; keeping it is offered once there is a keyring for it."""

    def __init__(self, passphrase: str | None) -> None:
        super().__init__()
        self.field, self._show = QLineEdit(passphrase or ""), QToolButton()
        self._keep = QCheckBox(tr("&Remember it in the system's keyring"))
        self._keep.setChecked(bool(passphrase))
        self._keep.hide()
        self._build()
        self._reveal(False)

    @property
    def passphrase(self) -> str | None:
        """What was typed, letter by letter; None when nothing was."""
        return self.field.text() or None

    @property
    def keep(self) -> bool:
        return not self._keep.isHidden() and self._keep.isChecked() and self.passphrase is not None

    def offer_keyring(self) -> None:
        """Let the user have it remembered."""
        self._keep.show()
        self.field.setPlaceholderText(tr("Empty: the one in the keyring, if it is there"))

    def conceal(self) -> None:
        """Hide what was typed."""
        self._show.setChecked(False)

    def _build(self) -> None:
        self.field.setAccessibleName(tr("Passphrase"))
        self.field.setToolTip(tr("The passphrase that unlocks the key file"))
        self._keep.setToolTip(tr("So that it need not be typed again; otherwise it is forgotten with this window"))
        self._show.setCheckable(True)
        self._show.setIconSize(QSize(ICON, ICON))
        self._show.setFixedHeight(self.field.sizeHint().height())
        self._show.toggled.connect(self._reveal)
        line = QHBoxLayout()
        line.setSpacing(SPACE_S)
        line.addWidget(self.field, 1)
        line.addWidget(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M - 2)
        column.addLayout(line)
        column.addWidget(self._keep)

    def _reveal(self, on: bool) -> None:
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
        self._show.setIcon(icon("eye-off" if on else "eye"))
        self._show.setToolTip(tr("Hide the passphrase") if on else tr("Show the passphrase"))
        self._show.setAccessibleName(self._show.toolTip())
