"""The small mark that says whether every edit is on the disk, so that a crash loses none."""

from __future__ import annotations

from PySide6.QtGui import Qt
from PySide6.QtWidgets import QLabel, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.studio.studio import Studio
from bitmask_studio.ui import theme
from bitmask_studio.ui.widgets.plain_text import keep_room, plain_tip


class KeptMark(QLabel):
    """True at every moment: it never says that an edit is kept which is not on the disk yet."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = studio.workspace
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.numbers_font())
        self.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_M, 0)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        keep_room(self, _words())
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
            self._be(tr("Keeping …"), tr("Edits are on their way to the disk."))

    def _be(self, text: str, tip: str) -> None:
        if (text, tip) != (self.text(), self.accessibleDescription()):
            self.setText(text)
            self.setAccessibleName(text)
            self.setAccessibleDescription(tip)
            self.setToolTip(plain_tip(tip))


def _words() -> tuple[str, ...]:
    return tr("Kept"), tr("Keeping …"), tr("Not kept"), tr("Read-only")
