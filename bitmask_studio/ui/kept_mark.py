"""The small mark that says whether every edit is on the disk, so that a crash loses none."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFontMetrics, Qt
from PySide6.QtWidgets import QLabel, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.studio.studio import Studio
from bitmask_studio.ui import theme
from bitmask_studio.ui.plain_text import plain_tip

PATIENCE_MS = 100
"""Keeping an edit is not worth a word unless it takes longer."""


class KeptMark(QLabel):
    """Its accessible name is true at every moment; what is to be read changes only when writing takes long."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = studio.workspace
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.numbers_font())
        self.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_M, 0)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        metrics, margins = QFontMetrics(self.font()), 2 * theme.SPACE_M
        self.setMinimumWidth(max(map(metrics.horizontalAdvance, _words())) + margins)
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._timer.timeout.connect(lambda: self._show(tr("Keeping …")))
        studio.workspace.kept_changed.connect(self.tell)
        studio.document_changed.connect(self.tell)
        self.tell()

    def tell(self) -> None:
        """Say how it is now."""
        keeper = self._workspace.keeper
        if keeper is None:
            self._be("", "")
        elif keeper.is_shut:
            self._be(tr("Read-only"), tr("Another window has this open: nothing can be changed here."))
        elif keeper.journal.kept if keeper.journal else not self._workspace.unsaved:
            text = tr("Every edit is on the disk: none is lost if the program or the computer stops. Save stores them.")
            self._be(tr("Kept"), text)
        elif keeper.journal and (reason := keeper.journal.state.reason):
            self._be(tr("Not kept"), tr("Edits are not on the disk: {reason}.").format(reason=reason.rstrip(".")))
        else:
            self.setAccessibleName(tr("Keeping …"))
            if not self._timer.isActive() and self.text() != tr("Keeping …"):
                self._timer.start()

    def _be(self, text: str, tip: str) -> None:
        self._timer.stop()
        self.setAccessibleName(text)
        self.setAccessibleDescription(tip)
        self.setToolTip(plain_tip(tip))
        self._show(text)

    def _show(self, text: str) -> None:
        if self.text() != text:
            self.setText(text)


def _words() -> tuple[str, ...]:
    return tr("Kept"), tr("Keeping …"), tr("Not kept"), tr("Read-only")
