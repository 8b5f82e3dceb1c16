"""A sheet of all keys and mouse gestures, with a field to search them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from bitmask_studio.actions.base import Action
from bitmask_studio.actions.registry import all_actions
from bitmask_studio.core.text import tr
from bitmask_studio.ui.dialogs.key_caps import TO, Chord, KeyCaps, chords_of
from bitmask_studio.ui.icons import icon
from bitmask_studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, TEXT_L, scaled_font
from bitmask_studio.ui.widgets.plain_text import plain_label

COLUMN = 330
"""Width that a column needs, logical px."""

MAX_COLUMNS = 3


class KeyRow(Struct, frozen=True):
    """What a user can do, and with which chords."""

    title: str
    chords: tuple[Chord, ...]


class KeyGroup(Struct, frozen=True):
    """Rows under one heading."""

    title: str
    rows: tuple[KeyRow, ...]


class KeysSheet(QDialog):
    """Open it with `open()`, or with `show()` to leave it beside the window; deletes itself when it is closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keyboard and Mouse"))
        self._cards = [_Card(group) for group in key_groups(all_actions())]
        self._nothing = plain_label(tr("No key and no action of that name."), muted=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._search = self._search_field()
        self._columns = [QVBoxLayout() for _ in range(MAX_COLUMNS)]
        self._lay_out()
        self._filter("")
        self._search.setFocus()
        self._fit_screen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread()

    def _search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(tr("Search by name or key"))
        field.setAccessibleName(tr("Search by name or key"))
        field.setClearButtonEnabled(True)
        field.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        field.setMaximumWidth(COLUMN)
        field.textChanged.connect(self._filter)
        return field

    def _lay_out(self) -> None:
        heading = plain_label(tr("Keyboard and mouse"), heading=True)
        heading.setFont(scaled_font(TEXT_L, bold=True))
        top = QHBoxLayout()
        top.addWidget(heading, 1)
        top.addWidget(self._search, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L + SPACE_M, SPACE_L + SPACE_M, SPACE_M, SPACE_L)
        layout.setSpacing(SPACE_L)
        top.setContentsMargins(0, 0, SPACE_L, 0)
        layout.addLayout(top)
        layout.addWidget(self._nothing)
        layout.addWidget(self._scroll_area(), 1)

    def _scroll_area(self) -> QScrollArea:
        page = QWidget()
        self._row = row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, SPACE_L, 0)
        row.setSpacing(SPACE_L)
        for column in self._columns:
            column.setSpacing(SPACE_L)
            row.addLayout(column)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidgetResizable(True)
        area.setWidget(page)
        for each in (area.viewport(), page):
            each.setAutoFillBackground(False)
        return area

    def _fit_screen(self) -> None:
        room = self.screen().availableSize()
        self.setMinimumSize(COLUMN + 2 * SPACE_XL, COLUMN)
        self.resize(min(MAX_COLUMNS * COLUMN + 4 * SPACE_XL, room.width()), min(700, room.height() - 2 * SPACE_XL))

    def _filter(self, words: str) -> None:
        found = [card.filter(words) for card in self._cards]
        self._nothing.setVisible(not any(found))
        self._spread()

    def _spread(self) -> None:
        """Deal the cards to as many columns as there is room for, in order and about equally high."""
        count = min(max(self.width() // COLUMN, 1), MAX_COLUMNS)
        shown = [card for card in self._cards if card.shown]
        heights = [card.shown + 2 for card in shown]
        places = iter(even_columns(heights, count))
        for column in self._columns:
            while column.count():
                column.takeAt(0)
        for card in shown:
            self._columns[next(places)].addWidget(card)
        for number, column in enumerate(self._columns):
            self._row.setStretch(number, int(column.count() > 0))
            column.addStretch(1)


class _Card(QFrame):
    """One group."""

    def __init__(self, group: KeyGroup) -> None:
        super().__init__()
        self.setProperty("card", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_M + SPACE_S, SPACE_L, SPACE_M + SPACE_S)
        layout.setSpacing(SPACE_S)
        layout.addWidget(plain_label(group.title, muted=True, heading=True))
        self._lines = [(row, _line(row)) for row in group.rows]
        for _, line in self._lines:
            layout.addWidget(line)
        self.shown = len(self._lines)

    def filter(self, words: str) -> int:
        """Show the rows that match; answers how many."""
        for row, line in self._lines:
            line.setVisible(matches(row, words))
        self.shown = sum(not line.isHidden() for _, line in self._lines)
        self.setVisible(self.shown > 0)
        return self.shown


def key_groups(actions: Iterable[Action]) -> tuple[KeyGroup, ...]:
    """The keys of the actions by menu, in the order of the menus, and then the mouse's."""
    menus = groupby((each for each in actions if each.shortcut), key=lambda each: each.menu)
    return (*(KeyGroup(tr(menu), tuple(_folded(list(rows)))) for menu, rows in menus), _mouse())


def matches(row: KeyRow, words: str) -> bool:
    """Whether every word is in the row's title or among its keys."""
    keys = " ".join("+".join(chord) for chord in row.chords)
    text = f"{row.title} {keys}".casefold()
    return all(word in text for word in words.casefold().split())


def even_columns(heights: Sequence[int], count: int) -> list[int]:
    """The column of each height when they are dealt in order to `count` columns, the highest being as low as can be."""
    for limit in range(max(heights, default=0), sum(heights) + 1):
        places = _deal(heights, limit)
        if not places or places[-1] < count:
            return places
    return []


def _deal(heights: Sequence[int], limit: int) -> list[int]:
    places: list[int] = []
    column = filled = 0
    for height in heights:
        if filled and filled + height > limit:
            column, filled = column + 1, 0
        filled += height
        places.append(column)
    return places


def _folded(actions: Sequence[Action]) -> Iterator[KeyRow]:
    """A row for each action; actions that differ by a digit alone, on digit keys, share one."""

    def kind(action: Action) -> str:
        return re.sub(r"\d", "#", action.title) if action.shortcut.isdecimal() else action.id

    for _, run in groupby(actions, kind):
        first, *others = run
        row = KeyRow(first.title, chords_of(first.shortcut))
        if others:
            title = re.sub(r"\d", f"{first.shortcut} … {others[-1].shortcut}", first.title)
            row = replace(row, title=title, chords=((first.shortcut, TO, others[-1].shortcut),))
        yield row


def _mouse() -> KeyGroup:
    wheel, click = tr("Wheel"), tr("Click")
    return KeyGroup(
        tr("Mouse, and keys to hold"),
        (
            KeyRow(tr("Zoom at the pointer"), ((wheel,),)),
            KeyRow(tr("Pan"), (("Shift", wheel),)),
            KeyRow(tr("Pan while held"), (("Space",), (tr("Middle button"),))),
            KeyRow(tr("Brush size"), (("Alt", wheel),)),
            KeyRow(tr("Straight line from the last point"), (("Shift", click),)),
            KeyRow(tr("Erase while held"), (("Ctrl",),)),
            KeyRow(tr("Choose the object under the pointer"), (("Alt", "Shift", click),)),
        ),
    )


def _line(row: KeyRow) -> QWidget:
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 1, 0, 1)
    layout.setSpacing(SPACE_M)
    layout.addWidget(plain_label(row.title), 1)
    layout.addWidget(KeyCaps(row.chords), 0, Qt.AlignmentFlag.AlignRight)
    return line
