"""The dock with the label rows: filter as you type, a click opens; and with the projects of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from bitmask_studio.studio.session import Session
from bitmask_studio.ui.browser.rows import RowsPage

if TYPE_CHECKING:
    from bitmask_studio.ui.browser.project_list import ProjectList


class Browser(QWidget):
    """Shows the rows of what is open; the projects while there is nothing open, or when somebody wants another one."""

    turned = Signal()
    """To the rows, or to the projects."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._studio = session, session.studio
        self.rows = RowsPage(session)
        self._projects: ProjectList | None = None
        self.search, self.list = self.rows.search, self.rows.list
        self._source = self._studio.workspace.source
        self._choosing = False
        self._pages = QStackedWidget()
        self._pages.addWidget(self.rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self.rows.project.clicked.connect(self.choose_project)
        self._studio.rows_changed.connect(self._follow_source)
        self._studio.account_changed.connect(self._follow_account)
        self._show_page()

    @property
    def projects(self) -> ProjectList:
        """The list of projects, made when it is first wanted: who opens files has no need of it."""
        if self._projects is None:
            from bitmask_studio.ui.browser.project_list import ProjectList

            self._projects = ProjectList(self._session)
            self._pages.addWidget(self._projects)
            self._projects.left.connect(self.show_rows)
        return self._projects

    def row_after(self, key: str | None, step: int) -> str | None:
        """The row so many steps below another one in the list as it is filtered and ordered."""
        return self.rows.row_after(key, step)

    def refresh(self) -> None:
        """Show which rows have unsaved edits now."""
        self.list.viewport().update()

    @property
    def shows_projects(self) -> bool:
        return self._pages.currentWidget() is not self.rows

    def choose_project(self) -> None:
        """Show the projects; what is open stays so until one is chosen."""
        self._choosing = True
        self._show_page()

    def show_rows(self) -> None:
        """Go back to the rows of what is open."""
        self._choosing = False
        self._show_page()

    def _follow_source(self) -> None:
        if self._source is not self._studio.workspace.source:
            self._source = self._studio.workspace.source
            self.show_rows()

    def _follow_account(self) -> None:
        if self._projects:
            self._projects.forget()
        self._show_page()

    def _show_page(self) -> None:
        """The projects are read anew each time they come into sight."""
        signed_in, is_open = self._studio.account is not None, self._source is not None
        wanted = signed_in and (self._choosing or not is_open)
        page = self.projects if wanted else self.rows
        turned = page is not self._pages.currentWidget()
        self._pages.setCurrentWidget(page)
        if wanted:
            self.projects.begin(may_leave=is_open)
        elif self._projects:
            self._projects.end()
        if turned:
            self.turned.emit()
            # A field that gets the focus by itself would take the keys of the tools.
            (self.projects.search if wanted else self.list).setFocus()
