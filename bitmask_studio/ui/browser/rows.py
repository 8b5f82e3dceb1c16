"""The rows of what is open: what is typed, ticked and sorted above them, how many there are below."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from operator import is_
from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.source import EncordSource
from bitmask_studio.studio.notices import Busy
from bitmask_studio.studio.rows.row_list import RowFilter, RowList
from bitmask_studio.studio.rows.row_order import AS_LISTED, SortBy, ranks
from bitmask_studio.studio.rows.row_words import count_words
from bitmask_studio.studio.session import Session
from bitmask_studio.ui import theme
from bitmask_studio.ui.browser.filters import FilterBar
from bitmask_studio.ui.browser.project_button import ProjectButton
from bitmask_studio.ui.browser.row_delegate import THUMBNAIL, RowDelegate
from bitmask_studio.ui.browser.row_model import RowModel
from bitmask_studio.ui.browser.sort import SortButton
from bitmask_studio.ui.browser.thumbnails import Thumbnails
from bitmask_studio.ui.browser.view import RowView
from bitmask_studio.ui.icons import icon
from bitmask_studio.ui.widgets.plain_text import ElidedLabel

MANY = 5_000
"""Rows that are looked through at once; for more the window would stand still too long."""


class RowsPage(QWidget):
    """The list of rows with its filters."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._studio = session.studio
        self._rows = RowList()
        self._source = self._studio.workspace.source
        self._turn = 0
        self._busy = ""
        self.project = ProjectButton()
        self.search = _search_field()
        self.search.textChanged.connect(self._look_for)
        self.search.installEventFilter(self)
        self.sort = SortButton()
        self.sort.changed.connect(self._refill)
        self.filters = FilterBar()
        self.filters.changed.connect(self._refill)
        self.refresh_button = QToolButton()
        self.refresh_button.setIcon(icon("refresh"))
        self.refresh_button.setToolTip(tr("Read the list of rows anew (F5)"))
        self.refresh_button.setAccessibleName(tr("Refresh rows"))
        self.refresh_button.clicked.connect(lambda: self._studio.jobs.start(session.projects.refresh()))
        self._model = RowModel(self)
        self.list = RowView()
        self.list.setModel(self._model)
        self._thumbnails = Thumbnails(self._studio, round(THUMBNAIL * self.devicePixelRatioF()), self)
        workspace = self._studio.workspace
        self._delegate = RowDelegate(workspace.is_unsaved, self._thumbnails.image, self.list)
        self.list.setItemDelegate(self._delegate)
        self.count, self.file = QLabel(), ElidedLabel("")
        for label in (self.count, self.file):
            label.setProperty("muted", True)
        self.file.setAccessibleName(tr("File of the row"))
        self._lay_out()
        self._listen()
        self._take_source()
        self._tell_file()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the filter Return opens the first row found, Down goes into the list, Esc clears it and then leaves."""
        key = Qt.Key
        if watched is not self.search or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.key() not in (key.Key_Escape, key.Key_Down, key.Key_Return, key.Key_Enter):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress and event.key() == key.Key_Down:
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.type() == QEvent.Type.KeyPress and event.key() == key.Key_Escape and self.search.text():
            self.search.clear()
        elif event.type() == QEvent.Type.KeyPress:
            if event.key() != key.Key_Escape and self._model.rowCount():
                self._open(self._model.index(0))
            self.search.clearFocus()
        return True

    def row_after(self, key: str | None, step: int) -> str | None:
        """The row so many steps below another one, as they are shown."""
        return self._model.after(key, step)

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(theme.SPACE_M, theme.SPACE_M, theme.SPACE_M, theme.SPACE_M)
        head.setSpacing(theme.SPACE_S)
        head.addWidget(self.project)
        head.addLayout(_line(self.search, self.sort))
        head.addLayout(_line(self.filters, self.refresh_button))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        foot = QHBoxLayout()
        foot.setSpacing(theme.SPACE_M)
        foot.addWidget(self.count)
        foot.addWidget(self.file, 1)
        foot.setContentsMargins(theme.SPACE_M + 2, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        column.addLayout(foot)
        for one, following in ((self.search, self.list), (self.list, self.sort)):
            QWidget.setTabOrder(one, following)  # what was found is where one goes after looking for it

    def _listen(self) -> None:
        studio = self._studio
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        self.list.settled.connect(self._settle)
        self._thumbnails.arrived.connect(lambda: self.list.viewport().update())
        studio.rows_changed.connect(self._take_rows)
        for signal in (studio.rows_changed, studio.document_changed):
            signal.connect(self._tell_file)
        studio.view_changed.connect(lambda old, new: self._follow() if old.row != new.row else None)
        studio.busy_changed.connect(self._hear_busy)

    def _take_source(self) -> None:
        """Dress for what is open: a project on a server has stages, people and small pictures, files have not."""
        server = self._studio.workspace.server
        self._source = self._studio.workspace.source
        self._rows = RowList(email=server.email if server else "")
        self._delegate.stages = {stage.title: stage.kind for stage in server.stages} if server else None
        for each in (self.project, self.filters, self.refresh_button):
            each.setVisible(server is not None)
        self.project.setText(server.title if server else "")
        self.filters.reset()
        self.sort.offer(of_server=server is not None)
        self.list.set_row_height(self._delegate.height())
        self._take_rows()

    def _take_rows(self) -> None:
        """Show the workspace's rows; those that were added to the list, where the others stay as they are."""
        workspace = self._studio.workspace
        if workspace.source is not self._source:
            self._take_source()
            return
        rows, known = workspace.rows, self._rows.rows
        self._turn += 1
        grown = len(rows) >= len(known) and all(map(is_, rows, known))
        if grown and len(rows) - len(known) <= MANY:
            self._rows.extend(rows[len(known) :])
            self._refill(follow=len(rows) == len(known))
            return
        email = workspace.server.email if workspace.server else ""
        if len(rows) <= MANY:
            self._replace(RowList(rows, email))
        else:
            self._studio.jobs.start(self._read_rows(rows, email, self._turn))

    async def _read_rows(self, rows: tuple[RowInfo, ...], email: str, turn: int) -> None:
        made = await self._studio.jobs.run(lambda: RowList.made_aside(rows, email))
        if turn == self._turn:
            self._replace(made)

    def _replace(self, rows: RowList) -> None:
        self._rows = rows
        self._thumbnails.try_again()
        self._refill(follow=False)

    def _look_for(self, text: str) -> None:
        self._refill()

    def _refill(self, follow: bool = True) -> None:
        """Show the rows that are wanted now, and go to the open one when it was somebody's wish."""
        wanted = RowFilter(self.search.text(), self.filters.chosen, self.filters.mine)
        order = self.sort.order
        if len(self._rows.rows) > MANY and not self._rows.knows(order.by):
            self._studio.jobs.start(self._rank(self._rows, order.by))
            order = AS_LISTED
        numbers = self._rows.find(wanted, order)
        if follow:
            self._model.show(self._rows, numbers)
            self._follow()
        else:
            self._keep_place(lambda: self._model.show(self._rows, numbers))
        self._tell()

    async def _rank(self, rows: RowList, by: SortBy) -> None:
        listed = rows.rows
        places = await self._studio.jobs.run(lambda: ranks(listed, by))
        if rows is self._rows and rows.rows is listed:
            rows.keep(by, places)
            self._refill()

    def _keep_place(self, change: Callable[[], bool]) -> None:
        """Change the model; what is marked and where it stands on screen stays, as far as it is still there."""
        current, shown = self.list.currentIndex(), self.list.on_screen
        mark = self._model.row(current).key if current.isValid() else self._studio.view.row
        held = current if current.isValid() and current.row() in shown else self._model.index(shown.start, 0)
        anchor = (self._model.row(held).key, self.list.offset(held)) if shown else None
        if not change():
            self.list.mark(self._model.place(mark))
            if anchor and (place := self._model.place(anchor[0])).isValid():
                self.list.put(place, anchor[1])
        elif not self.list.currentIndex().isValid():
            self._follow()

    def _tell_file(self) -> None:
        """Which file the row on screen is saved into."""
        files, document = self._studio.workspace.files, self._studio.document
        path = ""
        if files and document:
            with suppress(InputError):  # the row has gone from its file: nothing is saved into it then
                path = files.file_of(document.row.info)
        self.file.show_short(Path(path).name, path)

    def _follow(self) -> None:
        index = self._model.place(self._studio.view.row)
        self.list.mark(index)
        if index.isValid():
            self.list.scrollTo(index)

    def _tell(self) -> None:
        """How many rows there are, and why none is shown; the filter's panel gets to know them too."""
        shown, total = self._model.rowCount(), len(self._rows.rows)
        whole = tr("1 row") if total == 1 else tr("{total} rows")
        text = whole if shown == total else tr("{shown} of {total} rows")
        self.count.setText(text.format(shown=count_words(shown), total=count_words(total)))
        server = self._studio.workspace.server
        nothing = tr("No row matches.") if total else (self._busy or tr("There are no rows.")) if server else ""
        self.list.nothing = nothing
        self.list.stir()
        self.filters.set_rows(self._rows, _why_not_mine(server))

    def _hear_busy(self, busy: Busy | None) -> None:
        self._busy = busy.text if busy else ""
        if not self._rows.rows:
            self._tell()
            self.list.viewport().update()

    def _settle(self) -> None:
        """While nobody types or scrolls, get ready for that and read the small pictures of what is on screen."""
        self._rows.gather()
        if self._studio.workspace.server is not None:
            self._thumbnails.want([self._model.row(self._model.index(at)) for at in self.list.on_screen])

    def _open(self, index: QModelIndex) -> None:
        key = self._model.row(index).key
        if key != self._studio.view.row:
            self._studio.jobs.start(self._session.open_row(key))


def _search_field() -> QLineEdit:
    field = QLineEdit(placeholderText=tr("Filter rows"), clearButtonEnabled=True)
    field.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
    field.setToolTip(tr("Show only rows whose title, type or hash holds these words (Ctrl+F)"))
    field.setAccessibleName(tr("Filter rows"))
    field.setAcceptDrops(False)  # files are dropped on the window
    return field


def _line(wide: QWidget, small: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(theme.SPACE_S)
    line.addWidget(wide, 1)
    line.addWidget(small)
    return line


def _why_not_mine(server: EncordSource | None) -> str:
    """Why nobody knows which rows are the user's own; empty where that is known."""
    if server is None or server.email:
        return ""
    return tr("Your e-mail address is not known. Give it in File > Connect to Encord.")
