"""Builds the widgets of the main window and puts them where they belong.

A module apart from the window's own: this one brings numpy, OpenCV and the studio, and is imported when the window's
frame is on screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QSizePolicy, QStackedWidget, QToolBar, QVBoxLayout, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.studio import preferences
from bitmask_studio.studio.session import Session
from bitmask_studio.ui import theme
from bitmask_studio.ui.bars.action_button import ActionButton
from bitmask_studio.ui.bars.status import StatusBar
from bitmask_studio.ui.bars.tool_options import ToolOptionsBar
from bitmask_studio.ui.canvas.canvas import Canvas
from bitmask_studio.ui.canvas.input import CanvasInput
from bitmask_studio.ui.commands import Commands
from bitmask_studio.ui.dialogs.dialogs import Dialogs
from bitmask_studio.ui.held_keys import HeldKeys
from bitmask_studio.ui.widgets.plain_text import plain_label

if TYPE_CHECKING:
    from bitmask_studio.ui.main_window import MainWindow

_TOOL_BAR = ("save", None, "undo", "redo", None, "fit", "actual_size", None, "outline", "only_chosen", None)


def furnish(window: MainWindow, session: Session) -> None:
    """Make the widgets, each an attribute of the window, and lay them out. They show what the studio holds by now."""
    studio, settings = session.studio, session.studio.settings
    window.canvas = Canvas(studio)
    window.input = CanvasInput(studio, window.canvas)
    studio.ask = Dialogs(
        window, lambda: settings.get(preferences.EXPORT_FOLDER), lambda: settings.get(preferences.LAST_FOLDER)
    )
    window.commands = Commands(session, window)
    window.held_keys = HeldKeys(window, studio, window.input, window.commands)
    window.hint = plain_label("", muted=True)
    window.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
    window.pages = _pages(window)
    window.setCentralWidget(window.pages)
    window.commands.fill(window.menuBar())
    _add_docks(window)
    _add_bars(window, session)
    studio.document_changed.connect(lambda: add_frame_bar(window, session) if _has_several_frames(session) else None)
    if _has_several_frames(session):
        add_frame_bar(window, session)


def _pages(window: MainWindow) -> QStackedWidget:
    """The canvas with what belongs to it, and the hint; the window adds the welcome page when it is to be seen."""
    pages = QStackedWidget()
    window.canvas_page = QWidget()
    window.canvas_page.installEventFilter(window.input)
    column = _column(window.canvas_page)
    column.addWidget(window.canvas, 1)
    for page in (window.hint, window.canvas_page):
        pages.addWidget(page)
    return pages


def _add_docks(window: MainWindow) -> None:
    """The places on both sides; what comes into them is made when the picture is there (ui.sides)."""
    left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
    window.setAnimated(False)  # nothing can be docked elsewhere, and Qt makes an animation for each place laid out
    window.rows_dock = _dock(window, "rows", tr("Rows"), left)
    window.objects_dock = _dock(window, "objects", tr("Objects"), right)


def _add_bars(window: MainWindow, session: Session) -> None:
    window.top_bar = _bar(window, "main", tr("Main tool bar"), Qt.ToolBarArea.TopToolBarArea)
    for name in _TOOL_BAR:
        _put(window, name, window.top_bar) if name else window.top_bar.addSeparator()
    window.top_bar.addWidget(ToolOptionsBar(session.studio))
    window.tool_bar = _bar(window, "tools", tr("Tools"), Qt.ToolBarArea.LeftToolBarArea)
    for tool in session.studio.tools:
        _put(window, f"tool_{tool.id}", window.tool_bar)
    window.setStatusBar(StatusBar(session.studio, window.canvas))


def add_frame_bar(window: MainWindow, session: Session) -> None:
    """Put the bar for rows of several frames below the canvas, once: a start with a single picture comes before it."""
    from bitmask_studio.ui.bars.frames import FrameBar

    if window.canvas_page.findChild(FrameBar) is None:
        actions, column = window.commands.actions, window.canvas_page.layout()
        bar = FrameBar(session, actions["previous_frame"], actions["next_frame"], window.canvas_page)
        assert column is not None
        column.addWidget(bar)


def _has_several_frames(session: Session) -> bool:
    document = session.studio.document
    return document is not None and len(document.frames) > 1


def put_in(dock: QDockWidget, widget: QWidget) -> None:
    """Let a dock hold this and nothing else."""
    widget.setMinimumWidth(190)
    widget.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
    if (before := dock.widget()) is not None:
        before.deleteLater()
    dock.setWidget(widget)


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column


def _bar(window: MainWindow, name: str, title: str, area: Qt.ToolBarArea) -> QToolBar:
    bar = QToolBar(title, movable=False)
    bar.setObjectName(name)
    bar.setIconSize(QSize(theme.ICON, theme.ICON))
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    window.addToolBar(area, bar)
    return bar


def _put(window: MainWindow, action_id: str, bar: QToolBar) -> None:
    button = ActionButton(window.commands.actions[action_id], bar)
    button.setObjectName(action_id)
    bar.addWidget(button)


def _dock(window: MainWindow, name: str, title: str, area: Qt.DockWidgetArea) -> QDockWidget:
    dock = QDockWidget(title, window)
    dock.setObjectName(name)
    dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
    heading = QLabel(title)
    heading.setProperty("heading", True)
    heading.setContentsMargins(theme.SPACE_M + 2, theme.SPACE_M, theme.SPACE_M, 0)
    dock.setTitleBarWidget(heading)
    put_in(dock, QWidget())
    dock.hide()  # until something is open
    window.addDockWidget(area, dock)
    return dock
