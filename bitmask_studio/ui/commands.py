"""The action rows as Qt actions: menus, tool bar and keys all use the same ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from inspect import iscoroutine

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from bitmask_studio.actions.base import EDIT, REVIEW, Action
from bitmask_studio.actions.registry import HIDDEN, MENUS, all_actions
from bitmask_studio.core.text import tr
from bitmask_studio.studio.session import Session
from bitmask_studio.ui.icons import icon

_LONGEST = 60
"""Letters of a menu's entry that names what is open."""


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
        session.reviewing.changed.connect(self.refresh)
        studio.stroke_changed.connect(self._offer_saving)
        self._menus: dict[str, QMenu] = {}
        self._keys_for = ""
        self._set_keys()

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
        """Bring enabled, checked and the titles up to date."""
        self._set_keys()
        for row in self._rows.values():
            action = self.actions[row.id]
            action.setEnabled(row.enabled(self._session))
            if row.checked:
                action.setChecked(row.checked(self._session))
            if row.titled:
                action.setText(_entry(row.titled(self._session)))
        for name in HIDDEN:
            if menu := self._menus.get(name):
                menu.menuAction().setVisible(any(each.isEnabled() for each in menu.actions() if not each.isSeparator()))

    def _offer_saving(self) -> None:
        """A stroke that is not over yet can be saved too: that ends it."""
        self.actions["save"].setEnabled(self._rows["save"].enabled(self._session))

    def _set_keys(self) -> None:
        """Give every action its keys; those of the context in force go before others."""
        context = REVIEW if self._session.reviewing.active else EDIT
        if context == self._keys_for:
            return
        self._keys_for = context
        taken = {key for row in self._rows.values() if row.context == context != EDIT for key in row.keys}
        for row in self._rows.values():
            usable = row.context in (context, EDIT) and not row.hold
            own = row.context == context != EDIT
            keys = [key for key in row.keys if own or key not in taken]
            self.actions[row.id].setShortcuts([QKeySequence(key) for key in keys] if usable else [])
            self.actions[row.id].setToolTip(_tip(row, keys if usable else row.keys))

    def fill(self, bar: QMenuBar) -> None:
        """Build the menus."""
        for name in MENUS:
            menu = bar.addMenu(f"&{tr(name)}")
            self._menus[name] = menu
            self._fill_menu(menu, (row for row in self._rows.values() if row.menu == name))
        self.refresh()

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
        action.setCheckable(row.checked is not None)
        action.setAutoRepeat(row.menu in ("Go", "Edit", "View"))
        action.setStatusTip(row.tip or row.title)
        if row.menu == "Help" and row.id == "about":
            action.setMenuRole(QAction.MenuRole.AboutRole)
        action.triggered.connect(lambda: self.run(row.id))
        window.addAction(action)
        return action


def _entry(title: str) -> str:
    """A title with names of others in it, as a menu has it: short, and without letters underlined."""
    return (title if len(title) <= _LONGEST else title[: _LONGEST - 1] + "…").replace("&", "&&")


def _tip(row: Action, keys: Sequence[str]) -> str:
    title = (row.tip or row.title).removesuffix(" …")
    return f"{title} ({keys[0]})" if keys else title
