"""The projects of an account, to choose one from: those opened last come first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.projects import ProjectInfo
from bitmask_studio.studio import preferences
from bitmask_studio.studio.rows.row_words import moment
from bitmask_studio.studio.session import Session
from bitmask_studio.ui import theme
from bitmask_studio.ui.browser.project_delegate import PROJECT, RECENT, ProjectDelegate
from bitmask_studio.ui.icons import icon
from bitmask_studio.ui.widgets.plain_text import plain_label, plain_tip

_KEY = Qt.Key
_IN_SEARCH = frozenset((_KEY.Key_Down, _KEY.Key_Return, _KEY.Key_Enter, _KEY.Key_Escape))
_IN_LIST = frozenset((_KEY.Key_Up, _KEY.Key_Down, _KEY.Key_Home, _KEY.Key_End, _KEY.Key_PageUp, _KEY.Key_PageDown))


class ProjectList(QWidget):
    """Reads the projects when it comes into sight. `left` tells that somebody wants to go back to what is open."""

    left = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._projects: Sequence[ProjectInfo] | None = None
        self._turn = 0
        self._in_sight = False
        self._opens = False
        self.back = _button("", tr("Back to the rows (Esc)"), tr("Back to the rows"))
        self.back.setArrowType(Qt.ArrowType.LeftArrow)
        self.back.clicked.connect(self.left)
        self.refresh_button = _button("refresh", tr("Read the list of projects anew"), tr("Refresh projects"))
        self.refresh_button.clicked.connect(self.read)
        self.search = self._search_field()
        self.list = self._list()
        self.words = plain_label("", muted=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.again = QPushButton(tr("Try Again"))
        self.again.clicked.connect(self.read)
        self._pages = QStackedWidget()
        self._lay_out()

    def begin(self, may_leave: bool) -> None:
        """Come into sight and read the projects; those known from the last time are shown meanwhile."""
        self.back.setVisible(may_leave)
        if not self._in_sight:
            self._in_sight = True
            self.read()

    def end(self) -> None:
        """Go out of sight; answers that come later are dropped."""
        self._in_sight = False
        self._turn += 1

    def forget(self) -> None:
        """There is another account, or none: it has other projects."""
        self.end()
        self._projects = None
        self.search.clear()

    def read(self) -> None:
        """Read the list of projects anew."""
        self._turn += 1
        self._session.studio.jobs.start(self._read(self._turn))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the search Return opens the first project and Down goes into the list; Esc clears it, then leaves."""
        if not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        keys = _IN_SEARCH if watched is self.search else _IN_LIST
        if event.type() == QEvent.Type.ShortcutOverride and (event.key() in keys or event.key() == _KEY.Key_Escape):
            event.accept()
            return True
        pressed = event.type() == QEvent.Type.KeyPress
        if pressed and (event.key() == _KEY.Key_Escape or (watched is self.search and event.key() in _IN_SEARCH)):
            self._press(event.key())
            return True
        return super().eventFilter(watched, event)

    def _press(self, key: int) -> None:
        if key == _KEY.Key_Escape and self.search.text():
            self.search.clear()
        elif key == _KEY.Key_Escape:
            self.left.emit()
        elif key == _KEY.Key_Down:
            self.list.setCurrentRow(max(self.list.currentRow(), 0))
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.list.count():
            self._choose(self.list.item(0))

    def _search_field(self) -> QLineEdit:
        field = QLineEdit(placeholderText=tr("Find a project"), clearButtonEnabled=True)
        field.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        field.setAccessibleName(tr("Find a project"))
        field.setToolTip(tr("Show only projects whose title, description or ID holds these words"))
        field.setAcceptDrops(False)
        field.textChanged.connect(self._fill)
        field.installEventFilter(self)
        return field

    def _list(self) -> QListWidget:
        projects = QListWidget()
        projects.setItemDelegate(ProjectDelegate(projects))
        projects.setAccessibleName(tr("Projects"))
        projects.setUniformItemSizes(True)
        projects.setMouseTracking(True)
        projects.setFrameShape(QFrame.Shape.NoFrame)
        projects.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        projects.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        projects.itemClicked.connect(self._choose)
        projects.itemActivated.connect(self._choose)
        projects.installEventFilter(self)
        return projects

    def _lay_out(self) -> None:
        heading = plain_label(tr("Projects"), heading=True)
        heading.setWordWrap(False)
        title = QHBoxLayout()
        title.setSpacing(theme.SPACE_S)
        title.addWidget(self.back)
        title.addWidget(heading, 1)
        title.addWidget(self.refresh_button)
        head = QVBoxLayout()
        head.setContentsMargins(theme.SPACE_M, theme.SPACE_M, theme.SPACE_M, theme.SPACE_M)
        head.setSpacing(theme.SPACE_S)
        head.addLayout(title)
        head.addWidget(self.search)
        said = QWidget()
        words = QVBoxLayout(said)
        words.setContentsMargins(theme.SPACE_L, theme.SPACE_XL, theme.SPACE_L, theme.SPACE_L)
        words.setSpacing(theme.SPACE_L)
        words.addWidget(self.words)
        words.addWidget(self.again, 0, Qt.AlignmentFlag.AlignHCenter)
        words.addStretch(1)
        self._pages.addWidget(self.list)
        self._pages.addWidget(said)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._pages, 1)

    async def _read(self, turn: int) -> None:
        if not self._projects:
            self._say(tr("Reading the projects …"))
        try:
            projects = await self._session.projects.list()
        except StudioError as error:
            if turn == self._turn:
                self._projects = None
                self._say(str(error), again=True)
            return
        if turn == self._turn:
            self._projects = projects
            self._fill()

    def _fill(self) -> None:
        """Show the projects that hold every word typed."""
        if self._projects is None:
            return
        words, recent = self.search.text().casefold().split(), self._recent()
        found = [each for each in self._projects if all(word in _text(each) for word in words)]
        place = {project_hash: number for number, project_hash in enumerate(recent)}
        found.sort(key=lambda each: place.get(each.project_hash, len(place)))
        self.list.clear()
        for each in found:
            self.list.addItem(_item(each, each.project_hash in place))
        if found:
            self._pages.setCurrentIndex(0)
        else:
            self._say(tr("No project is called that.") if words else _no_projects(), again=not words)

    def _recent(self) -> list[str]:
        """The hashes of the projects opened last on this server."""
        studio = self._session.studio
        domain = studio.account.login.domain if studio.account else ""
        entries = (entry.split("|") for entry in studio.settings.get(preferences.RECENT_PROJECTS))
        return [entry[1] for entry in entries if len(entry) > 1 and entry[0] == domain]

    def _say(self, words: str, again: bool = False) -> None:
        self.words.setText(words)
        self.again.setVisible(again)
        self._pages.setCurrentIndex(1)

    def _choose(self, item: QListWidgetItem) -> None:
        """A click opens, and so does Return; the second click of two is no other wish."""
        if not self._opens:
            self._opens = True
            self._session.studio.jobs.start(self._open(item.data(PROJECT)))

    async def _open(self, project: ProjectInfo) -> None:
        """Open a project; where that fails the list is there again, and the failure is told as any other."""
        self._say(tr("Opening {title} …").format(title=project.title))
        try:
            if await self._session.projects.open(project.project_hash):
                self.left.emit()
        finally:
            self._opens = False
            self._fill()


def _button(name: str, tip: str, accessible: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(name))
    button.setToolTip(tip)
    button.setAccessibleName(accessible)
    return button


def _item(project: ProjectInfo, recent: bool) -> QListWidgetItem:
    item = QListWidgetItem(project.title)
    edited = tr("Last edited {time}").format(time=moment(project.last_edited)) if project.last_edited else ""
    lines = [line for line in (project.title, project.description, edited, project.project_hash) if line]
    item.setData(PROJECT, project)
    item.setData(RECENT, recent)
    item.setToolTip("<br>".join(map(plain_tip, lines)))
    item.setData(Qt.ItemDataRole.AccessibleTextRole, "\n".join(lines))
    return item


def _text(project: ProjectInfo) -> str:
    return f"{project.title} {project.description} {project.project_hash}".casefold()


def _no_projects() -> str:
    return tr("This key opens no project. Ask for access to one, or check that the region is the right one.")
