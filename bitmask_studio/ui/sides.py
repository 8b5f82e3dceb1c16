"""Builds what stands on both sides of the canvas: the rows, the task and the objects; and the bar of frames below.

A module apart from the rest of the furniture: on a start it is imported when the picture is on screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from bitmask_studio.studio.session import Session
from bitmask_studio.ui.bars.connection_mark import ConnectionMark
from bitmask_studio.ui.bars.task_area import TaskArea
from bitmask_studio.ui.browser.browser import Browser
from bitmask_studio.ui.furnishing import add_frame_bar, put_in
from bitmask_studio.ui.icons import app_icon
from bitmask_studio.ui.objects.objects import ObjectPanel

if TYPE_CHECKING:
    from bitmask_studio.ui.main_window import MainWindow


def furnish_sides(window: MainWindow, session: Session) -> None:
    """Make the widgets of both docks, which show what the studio holds by now, and what else can come late."""
    window.setWindowIcon(app_icon())
    window.browser = Browser(session, window)
    window.objects = ObjectPanel(session, window)
    window.objects.new_button.setDefaultAction(window.commands.actions["new_object"])
    window.statusBar().insertPermanentWidget(1, ConnectionMark(session.connection, window.statusBar()))
    put_in(window.rows_dock, window.browser)
    put_in(window.objects_dock, _object_side(window, session))
    add_frame_bar(window, session)


def _object_side(window: MainWindow, session: Session) -> QWidget:
    """The row's task above its objects."""
    side = QWidget(window)
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(TaskArea(session, window.commands, side))
    column.addWidget(window.objects, 1)
    return side
