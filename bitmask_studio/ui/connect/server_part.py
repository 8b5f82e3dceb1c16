"""Which Encord to connect to: one of its two regions, or an address of one's own."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.login import AMERICA, EUROPE, is_loopback
from bitmask_studio.ui.theme import SPACE_S
from bitmask_studio.ui.widgets.plain_text import plain_label

_OWN = ""


class ServerPart(QWidget):
    """`changed` tells of another choice."""

    changed = Signal()

    def __init__(self, domain: str) -> None:
        super().__init__()
        self.choice, self._address, self._note = QComboBox(), QLineEdit(), plain_label("", muted=True)
        for title, url in _regions():
            self.choice.addItem(title, url)
        known = self.choice.findData(domain)
        self.choice.setCurrentIndex(known if known >= 0 else self.choice.findData(_OWN))
        self._address.setText("" if known >= 0 else domain)
        self._build()
        self._show()

    @property
    def domain(self) -> str | None:
        """The address to connect to; None when what was typed is none."""
        return str(self.choice.currentData()) or address_of(self._address.text())

    def _build(self) -> None:
        self.choice.setAccessibleName(tr("Region"))
        self.choice.setToolTip(tr("Where your Encord account lives"))
        self._address.setAccessibleName(tr("Address"))
        self._address.setPlaceholderText("https://")
        self._address.setToolTip(tr("The address that Encord gave your organisation"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S + 2)
        for each in (self.choice, self._address, self._note):
            column.addWidget(each)
        self.choice.currentIndexChanged.connect(self._show)
        self._address.textChanged.connect(self._show)

    def _show(self) -> None:
        own = self.choice.currentData() == _OWN
        self._address.setVisible(own)
        self._note.setText(_note_on(self._address.text()) if own else "")
        self._note.setVisible(bool(self._note.text()))
        self.changed.emit()


def address_of(text: str) -> str | None:
    """The address in what a user typed: https, or http to this very computer; None when it is neither."""
    typed = text.strip()
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return None
    plain = parts.username or parts.query or parts.fragment or any(letter.isspace() for letter in typed)
    if not host or plain or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        return None
    return parts.geturl().rstrip("/")


def _note_on(typed: str) -> str:
    address = address_of(typed)
    if address is None:
        tried = typed.strip()
        secure = tr("http is for servers on this computer only. Use https, so that nobody can listen in.")
        return secure if tried.startswith("http://") and len(tried) > len("http://") else tr("An address with https://")
    here = is_loopback(urlsplit(address).hostname or "")
    return tr("A server on this computer: nothing leaves it.") if here else ""


def _regions() -> tuple[tuple[str, str], ...]:
    return (
        (tr("Europe and global (api.encord.com)"), EUROPE),
        (tr("United States (api.us.encord.com)"), AMERICA),
        (tr("Own address …"), _OWN),
    )
