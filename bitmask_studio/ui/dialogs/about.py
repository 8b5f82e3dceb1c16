"""What this program is, and which versions it runs on."""

from __future__ import annotations

import platform

import PySide6
from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

import bitmask_studio
from bitmask_studio.core.text import tr
from bitmask_studio.ui.icons import app_icon
from bitmask_studio.ui.theme import SPACE_L, SPACE_M, SPACE_XL, TEXT_L, scaled_font
from bitmask_studio.ui.widgets.plain_text import plain_label

LOGO = 72
"""Side of the program's icon, logical px."""


class AboutDialog(QDialog):
    """Deletes itself when it is closed; all of its text can be selected."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("About Bitmask Studio"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_L)
        layout.setSpacing(SPACE_M)
        logo, name = logo_label(LOGO), _centred(tr("Bitmask Studio"))
        name.setFont(scaled_font(TEXT_L, bold=True))
        layout.addWidget(logo, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(name)
        layout.addWidget(_centred(tr("Version {version}").format(version=bitmask_studio.__version__)))
        layout.addWidget(_centred(tr("Look at, touch up and export the bitmask labels of the Encord platform.")))
        layout.addSpacing(SPACE_M)
        layout.addWidget(_centred(tr("Uses Qt under the GNU Lesser General Public License, version 3."), muted=True))
        layout.addWidget(_centred(_versions(), muted=True))
        layout.addSpacing(SPACE_M)
        layout.addWidget(self._close_button())

    def _close_button(self) -> QDialogButtonBox:
        button, box = QPushButton(tr("&Close")), QDialogButtonBox()
        box.setCenterButtons(True)
        box.addButton(button, QDialogButtonBox.ButtonRole.AcceptRole)
        button.setDefault(True)
        button.setFocus()
        box.accepted.connect(self.accept)
        return box


def logo_label(side: int) -> QLabel:
    """The program's icon, `side` logical px wide and high, sharp on every screen."""
    label = QLabel()
    label.setFixedSize(side, side)
    label.setPixmap(app_icon().pixmap(QSize(side, side), label.devicePixelRatioF()))
    label.setAccessibleName(tr("Bitmask Studio"))
    return label


def _centred(text: str, *, muted: bool = False) -> QLabel:
    label = plain_label(text, muted=muted)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    label.setMinimumWidth(340)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _versions() -> str:
    return f"Qt {qVersion()} · PySide {PySide6.__version__} · Python {platform.python_version()} · {platform.system()}"
