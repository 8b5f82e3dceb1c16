"""The main window: canvas in the middle, rows on the left, objects on the right, and the bars around them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from weakref import WeakSet

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QLabel,
    QMainWindow,
    QSizePolicy,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.text import tr
from bitmask_studio.studio import preferences
from bitmask_studio.studio.document import Document
from bitmask_studio.studio.notices import Busy, Level, Notice
from bitmask_studio.studio.session import OpenWish, Session
from bitmask_studio.ui import theme
from bitmask_studio.ui.browser import Browser
from bitmask_studio.ui.canvas import Canvas
from bitmask_studio.ui.canvas_input import CanvasInput
from bitmask_studio.ui.commands import Commands
from bitmask_studio.ui.dialogs import Dialogs, show_about
from bitmask_studio.ui.frames import FrameBar
from bitmask_studio.ui.held_keys import HeldKeys
from bitmask_studio.ui.icons import app_icon
from bitmask_studio.ui.keys_sheet import KeysSheet
from bitmask_studio.ui.notice_bar import NoticeBar
from bitmask_studio.ui.objects import ObjectPanel
from bitmask_studio.ui.plain_text import plain_label
from bitmask_studio.ui.status import StatusBar
from bitmask_studio.ui.task_area import TaskArea
from bitmask_studio.ui.tool_options import ToolOptionsBar
from bitmask_studio.ui.welcome import WelcomePage

_TOOL_BAR = ("save", None, "undo", "redo", None, "fit", "actual_size", None, "outline", "only_chosen", None)
_WELCOME, _CANVAS, _HINT = range(3)
_FLUSH_MS = 1000


class MainWindow(QMainWindow):
    """Builds the widgets and connects them; it is the studio's Screen. `closed` tells that it is gone for good."""

    closed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.studio = session.studio
        self._may_close = self._leaving = self._warned = self._works = False
        self._theme = self.studio.settings.get(preferences.THEME)
        self.canvas = Canvas(self.studio)
        self.input = CanvasInput(self.studio, self.canvas)
        self.studio.screen = self
        settings = self.studio.settings
        self.studio.ask = Dialogs(
            self, lambda: settings.get(preferences.EXPORT_FOLDER), lambda: settings.get(preferences.LAST_FOLDER)
        )
        self.commands = Commands(session, self)
        self.held_keys = HeldKeys(self, self.studio, self.input, self.commands)
        self.browser = Browser(session)
        self.objects = ObjectPanel(session)
        self.objects.new_button.setDefaultAction(self.commands.actions["new_object"])
        self.welcome = WelcomePage()
        self.hint = plain_label("", muted=True)
        self.pages = QStackedWidget()
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(760, 480)
        room = self.screen().availableGeometry().size() - QSize(16, 64)
        self.resize(QSize(1440, 900).boundedTo(room))
        self._build()
        self._listen()
        self._restore()
        self._show_state()

    def fit(self) -> None:
        self.canvas.fit()

    def actual_size(self) -> None:
        self.canvas.actual_size()

    def zoom_by(self, steps: int) -> None:
        self.canvas.zoom_by(steps)

    def show_box(self, box: Box) -> None:
        self.canvas.show_box(box)

    @property
    def is_drawn(self) -> bool:
        return self.canvas.is_whole

    def row_after(self, key: str | None, step: int) -> str | None:
        return self.browser.row_after(key, step)

    def find_row(self) -> None:
        self.rows_dock.show()
        self.browser.show_rows()
        self.browser.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.browser.search.selectAll()

    def show_keys(self) -> None:
        KeysSheet(self).open()

    def show_about(self) -> None:
        show_about(self)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved edits first; the answer closes the window, or not."""
        self.studio.gestures.finish()
        if self._may_close or not self.studio.workspace.unsaved:
            self._flush.stop()
            self._remember()
            event.accept()
            self.closed.emit()
            return
        event.ignore()
        if not self._leaving:
            self._leaving = True
            self.studio.jobs.start(self._leave())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        event.acceptProposedAction()
        self.studio.jobs.start(self.session.open(OpenWish(paths)))

    def _build(self) -> None:
        canvas_page = QWidget()
        column = QVBoxLayout(canvas_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.canvas, 1)
        actions = self.commands.actions
        column.addWidget(FrameBar(self.session, actions["previous_frame"], actions["next_frame"]))
        self.pages.addWidget(self.welcome)
        self.pages.addWidget(canvas_page)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages.addWidget(self.hint)
        self.setCentralWidget(self.pages)
        self.notices = NoticeBar(self.pages)
        self.commands.fill(self.menuBar())
        self.rows_dock = self._dock("rows", tr("Rows"), self.browser, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.objects_dock = self._dock(
            "objects", tr("Objects"), self._object_side(), Qt.DockWidgetArea.RightDockWidgetArea
        )
        self.resizeDocks([self.rows_dock, self.objects_dock], [290, 280], Qt.Orientation.Horizontal)
        self.top_bar = self._bar("main", tr("Main tool bar"), Qt.ToolBarArea.TopToolBarArea)
        for name in _TOOL_BAR:
            self.top_bar.addAction(actions[name]) if name else self.top_bar.addSeparator()
        self.top_bar.addWidget(ToolOptionsBar(self.studio))
        self.tool_bar = self._bar("tools", tr("Tools"), Qt.ToolBarArea.LeftToolBarArea)
        for tool in self.studio.tools:
            self.tool_bar.addAction(actions[f"tool_{tool.id}"])
        self.setStatusBar(StatusBar(self.studio, self.canvas))

    def _object_side(self) -> QWidget:
        """The row's task above its objects."""
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(TaskArea(self.session, self.commands))
        column.addWidget(self.objects, 1)
        return side

    def _bar(self, name: str, title: str, area: Qt.ToolBarArea) -> QToolBar:
        bar = QToolBar(title, movable=False)
        bar.setObjectName(name)
        bar.setIconSize(QSize(theme.ICON, theme.ICON))
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.addToolBar(area, bar)
        return bar

    def _dock(self, name: str, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        heading = QLabel(title)
        heading.setProperty("heading", True)
        heading.setContentsMargins(theme.SPACE_M + 2, theme.SPACE_M, theme.SPACE_M, 0)
        dock.setTitleBarWidget(heading)
        dock.setWidget(widget)
        widget.setMinimumWidth(190)
        widget.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.addDockWidget(area, dock)
        return dock

    def _listen(self) -> None:
        studio, jobs = self.studio, self.studio.jobs
        _application().installEventFilter(self.held_keys)
        studio.noticed.connect(self._show_notice)
        studio.over.connect(self.notices.forget)
        studio.busy_changed.connect(self._show_busy)
        studio.document_changed.connect(self._follow_document)
        studio.rows_changed.connect(self._show_state)
        studio.rows_changed.connect(self.browser.refresh)
        studio.view_changed.connect(lambda old, new: self._show_state() if old.row != new.row else None)
        studio.settings_changed.connect(self._settings_changed)
        self._flush = QTimer(self, singleShot=True, interval=_FLUSH_MS)
        self._flush.timeout.connect(lambda: jobs.start(self._keep_settings()))
        playing = self.session.playing
        playing.changed.connect(lambda: setattr(self.canvas, "at_once", playing.is_on))
        self._heard: WeakSet[Document] = WeakSet()
        self.welcome.open_files.connect(lambda: self.commands.run("open_files"))
        self.welcome.open_folder.connect(lambda: self.commands.run("open_folder"))
        self.welcome.open_sample.connect(lambda: self.commands.run("open_sample"))
        self.welcome.open_recent.connect(lambda entry: jobs.start(self.session.open_recent(entry)))
        self.welcome.connect_encord.connect(lambda: self.commands.run("connect"))
        self.welcome.try_sandbox.connect(lambda: self.commands.run("try_sandbox"))
        studio.account_changed.connect(self._show_state)
        self._rows_heading, self._no_heading = self.rows_dock.titleBarWidget(), QWidget(self.rows_dock)
        self._no_heading.setFixedHeight(0)
        self.browser.turned.connect(self._head_rows)
        self._head_rows()
        QApplication.styleHints().colorSchemeChanged.connect(self._dress)

    def _again(self, deed: Callable[[], Awaitable[object]]) -> None:
        """Do what a notice tells of, and not what failed last."""
        self.studio.jobs.start(_awaited(deed))

    def _show_busy(self, busy: Busy | None) -> None:
        """Where nothing is open there is a status bar while there is work to tell of."""
        self._works = busy is not None
        self.statusBar().setVisible(self._works or self.studio.workspace.source is not None)

    def _head_rows(self) -> None:
        """The projects bring a heading of their own."""
        heading = self._no_heading if self.browser.shows_projects else self._rows_heading
        if heading is not self.rows_dock.titleBarWidget():
            self.rows_dock.titleBarWidget().hide()
            self.rows_dock.setTitleBarWidget(heading)
            heading.show()

    def _show_notice(self, notice: Notice) -> None:
        self.commands.refresh()
        offered, again = self.commands.actions.get(notice.offers or ""), notice.again
        deed: Callable[[], object] | None = offered.trigger if offered else None
        if notice.offers == "retry":  # what itself was, and nothing else that failed
            deed = partial(self._again, again) if again else None
        self.notices.show_notice(notice, offered.text() if offered and deed else None, deed)

    def _follow_document(self) -> None:
        document = self.studio.document
        if document and document not in self._heard:
            self._heard.add(document)
            document.history_changed.connect(self._show_edits)
            document.objects_changed.connect(lambda frame: self.objects.reload())
        self._show_state()

    def _show_edits(self) -> None:
        self.objects.refresh()
        self.browser.refresh()
        self.commands.refresh()
        self._show_title()

    def _show_state(self) -> None:
        workspace, document = self.studio.workspace, self.studio.document
        is_open = workspace.source is not None
        page = _CANVAS if document or workspace.files else self._page_without_row()
        if page == _CANVAS and self.pages.currentIndex() == _HINT:
            self.canvas.setFocus()  # the list had it while there was nothing else
        self.pages.setCurrentIndex(page)
        self.rows_dock.setVisible(is_open or self.studio.account is not None)
        self.objects_dock.setVisible(is_open)
        for widget in (self.top_bar, self.tool_bar):
            widget.setVisible(is_open)
        self.statusBar().setVisible(is_open or self._works)
        self.welcome.set_recent(self.session.recent)
        self._show_title()
        self.commands.refresh()

    def _page_without_row(self) -> int:
        """The welcome page; with an account, what to do next."""
        if self.studio.account is None:
            return _WELCOME
        has_project = self.studio.workspace.server is not None
        self.hint.setText(tr("Choose a row on the left.") if has_project else tr("Choose a project on the left."))
        return _HINT

    def _show_title(self) -> None:
        info = self.studio.document.row.info if self.studio.document else None
        name = " ".join(info.name.split()).replace("[*]", "[*][*]") if info else ""
        self.setWindowTitle(f"{name}[*] - Bitmask Studio" if name else "Bitmask Studio")
        self.setWindowModified(bool(self.studio.document and self.studio.document.unsaved))

    def _settings_changed(self) -> None:
        if self._theme != self.studio.settings.get(preferences.THEME):
            self._dress()
        self._flush.start()

    def _dress(self) -> None:
        """Put the theme in force, which takes too long to be done at each step of the brush's size."""
        self._theme = self.studio.settings.get(preferences.THEME)
        theme.apply(_application(), self._theme)

    async def _leave(self) -> None:
        try:
            self._may_close = await self.session.may_leave()
        finally:
            self._leaving = False
        if self._may_close:
            self.close()

    async def _keep_settings(self) -> None:
        """Store the settings; where that cannot be, say so once."""
        try:
            await self.studio.jobs.run(self.studio.settings.flush)
        except (OSError, StudioError) as error:
            if not self._warned:
                self._warned = True
                reason = error.strerror if isinstance(error, OSError) else error
                text = tr("Settings cannot be kept for the next start: {reason}. Everything else works.")
                self.studio.say(text.format(reason=reason), Level.WARNING)

    def _remember(self) -> None:
        state = bytes(self.saveGeometry().toBase64().data()).decode()
        self.studio.settings.set(preferences.WINDOW_STATE, state)
        with suppress(OSError, StudioError):  # nothing may keep a window from closing
            self.studio.settings.flush()

    def _restore(self) -> None:
        if state := self.studio.settings.get(preferences.WINDOW_STATE):
            self.restoreGeometry(QByteArray.fromBase64(state.encode()))


async def _awaited(deed: Callable[[], Awaitable[object]]) -> None:
    await deed()


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
