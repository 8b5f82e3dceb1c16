"""The action rows as Qt actions: menus, tool bar and keys all use the same ones."""

from __future__ import annotations

from collections.abc import Iterable
from inspect import iscoroutine

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from bitmask_studio.actions.base import Action
from bitmask_studio.actions.registry import MENUS, all_actions
from bitmask_studio.core.text import tr
from bitmask_studio.studio.session import Session
from bitmask_studio.ui.icons import icon


class Commands:
    """One QAction for each action row, kept enabled and checked as the studio's state says."""

    def __init__(self, session: Session, window: QWidget) -> None:
        self._session = session
        self._rows = {row.id: row for row in all_actions()}
        self.actions = {row.id: self._action(row, window) for row in self._rows.values()}
        studio = session.studio
        studio.view_changed.connect(lambda old, new: self.refresh())
        for signal in (studio.document_changed, studio.rows_changed, studio.settings_changed):
            signal.connect(self.refresh)

    def row(self, action_id: str) -> Action:
        return self._rows[action_id]

    def run(self, action_id: str) -> None:
        """Do what an action says, if it can be done now."""
        row = self._rows[action_id]
        if row.enabled(self._session):
            deed = row.run(self._session)
            if iscoroutine(deed):
                self._session.studio.jobs.start(deed)
        self.refresh()

    def refresh(self) -> None:
        """Bring enabled, checked and the names of undo and redo up to date."""
        for row in self._rows.values():
            action = self.actions[row.id]
            action.setEnabled(row.enabled(self._session))
            if row.checked:
                action.setChecked(row.checked(self._session))
        document = self._session.studio.document
        history = document.history if document else None
        self._name("undo", history.undo_title if history else None)
        self._name("redo", history.redo_title if history else None)

    def fill(self, bar: QMenuBar) -> None:
        """Build the menus."""
        for name in MENUS:
            menu = bar.addMenu(f"&{tr(name)}")
            self._fill_menu(menu, (row for row in self._rows.values() if row.menu == name))

    def _fill_menu(self, menu: QMenu, rows: Iterable[Action]) -> None:
        group = 0
        for row in rows:
            if row.group != group:
                menu.addSeparator()
                group = row.group
            menu.addAction(self.actions[row.id])

    def _action(self, row: Action, window: QWidget) -> QAction:
        action = QAction(icon(row.icon), row.title, window)
        action.setIconVisibleInMenu(bool(row.icon))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        if not row.hold:
            action.setShortcuts([QKeySequence(key) for key in row.shortcut.split(", ") if key])
        action.setCheckable(row.checked is not None)
        action.setAutoRepeat(row.menu in ("Go", "Edit", "View"))
        action.setToolTip(_tip(row))
        action.setStatusTip(row.tip or row.title)
        if row.menu == "Help" and row.id == "about":
            action.setMenuRole(QAction.MenuRole.AboutRole)
        action.triggered.connect(lambda: self.run(row.id))
        window.addAction(action)
        return action

    def _name(self, action_id: str, step: str | None) -> None:
        title = self._rows[action_id].title
        self.actions[action_id].setText(f"{title} {step}" if step else title)


def _tip(row: Action) -> str:
    keys = [key for key in row.shortcut.split(", ") if key]
    title = (row.tip or row.title).removesuffix(" …")
    return f"{title} ({keys[0]})" if keys else title
