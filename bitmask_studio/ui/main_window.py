"""The main window: canvas in the middle, rows on the left, objects on the right, and the bars around them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakSet

from PySide6.QtCore import QByteArray, QSize, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.settings import SettingsStore
from bitmask_studio.core.text import one_line, tr
from bitmask_studio.studio import appearance
from bitmask_studio.ui import theme

if TYPE_CHECKING:  # the frame is on screen before any of these is imported
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QDockWidget, QLabel, QStackedWidget, QToolBar

    from bitmask_studio.core.geometry import Box
    from bitmask_studio.studio.document.document import Document
    from bitmask_studio.studio.notices import Busy, Notice
    from bitmask_studio.studio.session import Session
    from bitmask_studio.studio.studio import Studio
    from bitmask_studio.ui.bars.notice_bar import NoticeBar
    from bitmask_studio.ui.browser.browser import Browser
    from bitmask_studio.ui.canvas.canvas import Canvas
    from bitmask_studio.ui.canvas.input import CanvasInput
    from bitmask_studio.ui.commands import Commands
    from bitmask_studio.ui.dock_widths import DockWidths
    from bitmask_studio.ui.held_keys import HeldKeys
    from bitmask_studio.ui.objects.objects import ObjectPanel
    from bitmask_studio.ui.welcome.welcome import WelcomePage

_FLUSH_MS = 1000
_DOCK_WIDTHS = (290, 280)
_PROGRAM = "Bitmask Studio"


class MainWindow(QMainWindow):
    """A frame at first, which can be shown and closed; once it is filled, the studio's Screen.

    `closed` tells that it is gone for good.
    """

    closed = Signal()

    session: Session
    studio: Studio
    canvas: Canvas
    input: CanvasInput
    commands: Commands
    held_keys: HeldKeys
    browser: Browser
    objects: ObjectPanel
    canvas_page: QWidget
    hint: QLabel
    pages: QStackedWidget
    rows_dock: QDockWidget
    objects_dock: QDockWidget
    top_bar: QToolBar
    tool_bar: QToolBar

    def __init__(self, settings: SettingsStore) -> None:
        super().__init__()
        self.settings = settings
        self._filled = self._has_sides = self._may_close = self._leaving = self._warned = self._works = False
        self._welcome: WelcomePage | None = None
        self._notices: NoticeBar | None = None
        self._dock_widths: DockWidths | None = None
        self._theme = settings.get(appearance.THEME)
        self.setWindowTitle(_PROGRAM)
        self.setMinimumSize(760, 480)
        room = self.screen().availableGeometry().size() - QSize(16, 64)
        self.resize(QSize(1440, 900).boundedTo(room))
        if state := settings.get(appearance.WINDOW_STATE):
            self.restoreGeometry(QByteArray.fromBase64(state.encode()))

    def fill(self, session: Session, furnish: Callable[[MainWindow, Session], object], awaits: bool = False) -> None:
        """Put in the widgets that show the studio, as `furnish` makes them; to be called once.

        Something may be open in it already: everybody hears of that now. While the window `awaits` what is being opened
        it shows nothing, instead of the welcome page.
        """
        self.session, self.studio, self._awaits = session, session.studio, awaits
        self.setUpdatesEnabled(False)
        furnish(self, session)
        self._filled = True
        if self.studio.workspace.source:
            self.studio.rows_changed.emit()
            self.studio.document_changed.emit()
        self._listen()
        self._follow_document()
        self._size_docks()
        self._flush.start()  # opening has changed what was opened last
        self.setAcceptDrops(True)
        self.setUpdatesEnabled(True)

    def fill_sides(self, furnish_sides: Callable[[MainWindow, Session], object]) -> None:
        """Put in what stands on both sides of the canvas, as `furnish_sides` makes it; to be called once, after `fill`.

        The window does without until then.
        """
        furnish_sides(self, self.session)
        self._has_sides = True
        self.browser.turned.connect(self._head_rows)
        self._head_rows()
        self.studio.rows_changed.connect(self.browser.refresh)
        self.studio.rows_changed.emit()
        self.objects.reload()
        self._size_docks()

    def _size_docks(self) -> None:
        """To be called when they are there, shown or not: docks that come later would take the width again."""
        if self._dock_widths is None:
            from bitmask_studio.ui.dock_widths import DockWidths

            self._dock_widths = DockWidths(
                self, dict(zip((self.rows_dock, self.objects_dock), _DOCK_WIDTHS, strict=True))
            )
        self._dock_widths.apply()

    def await_no_more(self) -> None:
        """What was being opened is there, or will not come."""
        self._awaits = False
        self._show_state()
        if self.pages.currentWidget() is self._welcome:
            self.studio.jobs.start(self._show_waiting())

    @property
    def welcome(self) -> WelcomePage:
        """The welcome page, made when it is to be seen."""
        if self._welcome is None:
            from bitmask_studio.ui.welcome.welcome import WelcomePage

            self._welcome = page = WelcomePage()
            self.pages.addWidget(page)
            page.open_files.connect(lambda: self.commands.run("open_files"))
            page.open_folder.connect(lambda: self.commands.run("open_folder"))
            page.open_sample.connect(lambda: self.commands.run("open_sample"))
            page.open_recent.connect(lambda entry: self.studio.jobs.start(self.session.open_recent(entry)))
            page.open_waiting.connect(lambda each: self.studio.jobs.start(self.session.recovering.open(each)))
            page.locate_waiting.connect(lambda each: self.studio.jobs.start(self.session.recovering.locate(each)))
            page.connect_encord.connect(lambda: self.commands.run("connect"))
            page.try_sandbox.connect(lambda: self.commands.run("try_sandbox"))
        return self._welcome

    @property
    def notices(self) -> NoticeBar:
        """The bar over the pages, made when there is something to tell."""
        if self._notices is None:
            from bitmask_studio.ui.bars.notice_bar import NoticeBar

            self._notices = NoticeBar(self.pages)
        return self._notices

    def fit(self) -> None:
        self.canvas.fit()

    def actual_size(self) -> None:
        self.canvas.actual_size()

    def zoom_by(self, steps: int) -> None:
        self.canvas.zoom_by(steps)

    def show_box(self, box: Box, closer: bool = False) -> None:
        self.canvas.show_box(box, closer)

    @property
    def is_drawn(self) -> bool:
        return self._filled and self.canvas.is_whole

    @property
    def picture_side(self) -> int:
        """Device px that the longer side of a whole picture may take here; of a frame, when it is filled."""
        room = self.canvas.size() if self._filled else self.size() - QSize(sum(_DOCK_WIDTHS), 0)
        return ceil(max(room.width(), room.height()) * self.devicePixelRatioF())

    def row_after(self, key: str | None, step: int) -> str | None:
        if self._has_sides:
            return self.browser.row_after(key, step)
        keys = [row.key for row in self.studio.workspace.rows] if self._filled else []
        at = keys.index(key) + step if key in keys else -1
        return keys[at] if 0 <= at < len(keys) else None

    def find_row(self) -> None:
        from PySide6.QtCore import Qt

        if not self._has_sides:
            return
        self.rows_dock.show()
        self.browser.show_rows()
        self.browser.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.browser.search.selectAll()

    def show_keys(self) -> None:
        from bitmask_studio.ui.dialogs.keys_sheet import KeysSheet

        KeysSheet(self).open()

    def show_about(self) -> None:
        from bitmask_studio.ui.dialogs.dialogs import show_about

        show_about(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._dock_widths:
            self._dock_widths.follow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved edits first; the answer closes the window, or not. A frame closes at once."""
        if self._filled and not self._may_leave_unasked():
            event.ignore()
            if not self._leaving:
                self._leaving = True
                self.studio.jobs.start(self._leave())
            elif self.session.saving.is_under_way:
                text = tr("Your edits are still being saved; the window closes then.")
                stops = tr("Cancel stops that: it stays open.")
                self.studio.say(f"{text} {stops}" if self.studio.workspace.server else text)
            return
        if self._filled:
            self._flush.stop()
            self._remember()
        event.accept()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """While nothing has the focus, keys come here."""
        if not (self._filled and self.held_keys.hear(event)):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not (self._filled and self.held_keys.hear(event)):
            super().keyReleaseEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        from bitmask_studio.studio.session import OpenWish

        paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        event.acceptProposedAction()
        self.studio.jobs.start(self.session.open(OpenWish(paths)))

    def _may_leave_unasked(self) -> bool:
        self.studio.gestures.finish()
        return self._may_close or not self.studio.workspace.unsaved

    def _listen(self) -> None:
        studio, jobs = self.studio, self.studio.jobs
        studio.noticed.connect(self._show_notice)
        studio.over.connect(lambda topic: self._notices.forget(topic) if self._notices else None)
        studio.busy_changed.connect(self._show_busy)
        studio.document_changed.connect(self._follow_document)
        studio.rows_changed.connect(self._show_state)
        studio.view_changed.connect(lambda old, new: self._show_state() if old.row != new.row else None)
        studio.settings_changed.connect(self._settings_changed)
        self._flush = QTimer(self, singleShot=True, interval=_FLUSH_MS)
        self._flush.timeout.connect(lambda: jobs.start(self._keep_settings()))
        playing = self.session.playing
        playing.changed.connect(lambda: setattr(self.canvas, "at_once", playing.is_on))
        self._heard: WeakSet[Document] = WeakSet()
        studio.account_changed.connect(self._show_state)
        self.session.recovering.left.connect(lambda: jobs.start(self._show_waiting()))
        self._rows_heading, self._no_heading = self.rows_dock.titleBarWidget(), QWidget(self.rows_dock)
        self._no_heading.setFixedHeight(0)
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
        if notice.offers in ("retry", "discard"):  # what itself was, and nothing else that failed
            deed = partial(self._again, again) if again else None
        title = notice.verb or (offered.text() if offered else "")
        self.notices.show_notice(notice, title if deed else None, deed)

    def _follow_document(self) -> None:
        document = self.studio.document
        if document and document not in self._heard:
            self._heard.add(document)
            document.history_changed.connect(self._show_edits)
            document.objects_changed.connect(lambda frame: self.objects.reload() if self._has_sides else None)
        self._show_state()

    def _show_edits(self) -> None:
        if self._has_sides:
            self.objects.refresh()
            self.browser.refresh()
        self.commands.refresh()
        self._show_title()

    def _show_state(self) -> None:
        workspace, document = self.studio.workspace, self.studio.document
        is_open = workspace.source is not None
        page = self.canvas_page if document or workspace.files else self._page_without_row()
        if page is self.canvas_page and self.pages.currentWidget() is self.hint:
            self.canvas.setFocus()  # the list had it while there was nothing else
        self.pages.setCurrentWidget(page)
        self.rows_dock.setVisible(is_open or self.studio.account is not None)
        has_objects = document is not None or bool(workspace.files)
        if self.objects_dock.isHidden() == has_objects:
            self.objects_dock.setVisible(has_objects)
            self._size_docks()
        for widget in (self.top_bar, self.tool_bar):
            widget.setVisible(is_open)
        self.statusBar().setVisible(is_open or self._works)
        self._show_title()
        self.commands.refresh()

    def _page_without_row(self) -> QWidget:
        """The welcome page; with an account, what to do next."""
        if self.studio.account is not None:
            has_project = self.studio.workspace.server is not None
            self.hint.setText(tr("Choose a row on the left.") if has_project else tr("Choose a project on the left."))
            return self.hint
        if self._awaits:
            return self.hint
        self.welcome.set_recent(self.session.recent)
        return self.welcome

    async def _show_waiting(self) -> None:
        """Offer on the welcome page what was left unsaved."""
        if self._welcome:
            self._welcome.set_waiting(await self.session.recovering.waiting())

    def _show_title(self) -> None:
        info = self.studio.document.row.info if self.studio.document else None
        name = one_line(info.name).replace("[*]", "[*][*]") if info else ""
        self.setWindowTitle(f"{name}[*] - {_PROGRAM}" if name else _PROGRAM)
        self.setWindowModified(bool(self.studio.document and self.studio.document.unsaved))

    def _settings_changed(self) -> None:
        if self._theme != self.settings.get(appearance.THEME):
            self._dress()
        self._flush.start()

    def _dress(self) -> None:
        """Put the theme in force, which takes too long to be done at each step of the brush's size."""
        self._theme = self.settings.get(appearance.THEME)
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
        from bitmask_studio.studio.notices import Level

        try:
            await self.studio.jobs.run(self.settings.flush)
        except (OSError, StudioError) as error:
            if not self._warned:
                self._warned = True
                reason = error.strerror if isinstance(error, OSError) else error
                text = tr("Settings cannot be kept for the next start: {reason}. Everything else works.")
                self.studio.say(text.format(reason=reason), Level.WARNING)

    def _remember(self) -> None:
        state = bytes(self.saveGeometry().toBase64().data()).decode()
        self.settings.set(appearance.WINDOW_STATE, state)
        with suppress(OSError, StudioError):  # nothing may keep a window from closing
            self.settings.flush()


async def _awaited(deed: Callable[[], Awaitable[object]]) -> None:
    await deed()


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
