"""In the status bar, only while the server cannot be reached: since when, and a way to ask it at once."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.studio.account.connection import Connection
from bitmask_studio.ui.widgets.plain_text import plain_tip


class ConnectionMark(QPushButton):
    """Nothing moves or blinks: it comes, says what is safe, and goes."""

    def __init__(self, connection: Connection, parent: QWidget | None = None) -> None:
        super().__init__(parent, flat=True)
        self._connection = connection
        self.setObjectName("connection")
        self.clicked.connect(connection.ask_now)
        connection.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is known now."""
        lost_at = self._connection.lost_at
        self.setVisible(lost_at is not None)
        if lost_at is None:
            return
        self.setText(tr("Offline since {time}").format(time=f"{lost_at:%H:%M}"))
        self.setAccessibleName(self.text())
        host = self._connection.host
        self.setToolTip(plain_tip(_words().format(host=host)))
        self.setAccessibleDescription(_words().format(host=host))


def _words() -> str:
    return tr(
        "{host} cannot be reached. You can go on painting what is open; your edits are kept on this computer. "
        "It is asked again and again; click to ask it now."
    )
