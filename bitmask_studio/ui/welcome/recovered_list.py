"""The rows with edits that a program could not save before it ended: a click opens one, and they come back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu, QWidget

from bitmask_studio.core.text import one_line, tr
from bitmask_studio.studio.kept.kept_rows import Waiting
from bitmask_studio.studio.kept.recovering import SANDBOX
from bitmask_studio.ui.welcome.recent_list import host_of, place_of
from bitmask_studio.ui.widgets.choice_list import Choice, ChoiceList

MOST_LINES = 3
"""More are reached by scrolling."""


class RecoveredList(ChoiceList):
    """One line for each row; emits `chosen` with a `Waiting`, and `lost` to say where its file is now."""

    lost = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Rows with unsaved edits"), parent)

    def set_entries(self, entries: Sequence[Waiting]) -> None:
        """Show these, the first on top."""
        self.set_choices([_choice(each) for each in entries])
        self.setFixedHeight(self.sizeHint().height())

    def sizeHint(self) -> QSize:
        return self.size_of(min(self.count(), MOST_LINES))

    def words_of_missing(self, path: str) -> str:
        text = tr(
            "{path} is not there any more: moved, renamed, or on a drive that is not connected. The edits are kept: "
            "a click, or Locate… in the menu of this line, lets you say where it is now."
        )
        return text.format(path=path)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        item = self.itemAt(event.pos()) if event.reason() == event.Reason.Mouse else self.currentItem()
        if item is None:
            return
        waiting = self.meant(item)
        assert isinstance(waiting, Waiting)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("&Open"), lambda: self.chosen.emit(waiting))
        if waiting.path:
            menu.addAction(tr("&Locate…"), lambda: self.lost.emit(waiting))
        place = self.visualItemRect(item).center() if event.reason() != event.Reason.Mouse else event.pos()
        menu.popup(self.viewport().mapToGlobal(place))


def _choice(waiting: Waiting) -> Choice:
    tip = "\n".join(each for each in (waiting.text, waiting.path) if each)
    server = host_of(waiting.about.entry)
    place = place_of(waiting.path) if waiting.path else tr("Sample server") if server == SANDBOX else server
    return Choice(waiting, one_line(waiting.text), place, "recent", tip, next(iter(waiting.about.paths), ""))
