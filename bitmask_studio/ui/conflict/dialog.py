"""Lets the user decide what is stored of labels that somebody else changed too, one at a time, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Conflict, Keep
from bitmask_studio.studio.ask import NamedConflict
from bitmask_studio.ui.conflict.version_card import VersionCard
from bitmask_studio.ui.conflict.view import ADDED, REMOVED, piece_of, versions_of
from bitmask_studio.ui.dialogs.question import Question, Role
from bitmask_studio.ui.theme import SPACE_L, SPACE_M, SPACE_S
from bitmask_studio.ui.widgets.plain_text import ElidedLabel, plain_label

SIZE = QSize(980, 560)
_CHIP = 12


class ConflictDialog(Question):
    """Can be accepted once every conflict is decided; what loses nobody's pixels is chosen beforehand."""

    def __init__(self, parent: QWidget | None, conflicts: Sequence[NamedConflict]) -> None:
        heading = tr("Somebody else changed the same labels")
        super().__init__(parent, tr("Changed by Two"), heading, "conflict")
        self._conflicts, self._at = tuple(conflicts), 0
        self._offered = [[each.keep for each in versions_of(named) if each.keep] for named in self._conflicts]
        self._chosen = [Keep.BOTH if Keep.BOTH in keeps else None for keeps in self._offered]
        self._name, self._place, self._legend = ElidedLabel(""), plain_label("", muted=True), _legend()
        self._cards = QHBoxLayout()
        self._build()
        self._add_keys()
        self._show(0)
        self.resize(SIZE.boundedTo(self.screen().availableGeometry().size() * 0.9))

    def choices(self) -> Mapping[Conflict, Keep]:
        """What to keep of each conflict that is decided."""
        pairs = zip(self._conflicts, self._chosen, strict=True)
        return {named.conflict: keep for named, keep in pairs if keep is not None}

    def _build(self) -> None:
        text = tr("Nothing is saved yet. All other changes, yours and theirs, are kept whatever you choose here.")
        self.add_text(text, muted=True)
        self._cards.setSpacing(SPACE_M)
        self._name.setProperty("heading", True)
        self.content.addSpacing(SPACE_S)
        self.content.addWidget(self._name)
        self.content.addLayout(self._cards, 1)
        self.content.addLayout(self._row_below())
        tip = tr("Save nothing for now; your edits stay (Esc)")
        self._save = self.add_button(tr("&Save"), "", Role.AcceptRole, QDialog.DialogCode.Accepted)
        self.add_cancel(tip)

    def _row_below(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        self._previous = _button(tr("&Previous"), tr("The conflict before (Page Up)"))
        self._next = _button(tr("&Next"), tr("The conflict after (Page Down)"))
        count = len(self._conflicts)
        self._same = _button(tr("Same for &All {count}").format(count=count), tr("Choose the same wherever it can be"))
        self._previous.clicked.connect(lambda: self._show(self._at - 1))
        self._next.clicked.connect(lambda: self._show(self._at + 1))
        self._same.clicked.connect(self._choose_for_all)
        row.addWidget(self._legend)
        row.addStretch(1)
        for each in (self._place, self._previous, self._next, self._same):
            each.setVisible(count > 1)
            row.addWidget(each)
        self._place.setWordWrap(False)
        return row

    def _add_keys(self) -> None:
        for number in range(3):
            QShortcut(QKeySequence(str(number + 1)), self, lambda number=number: self._press(number))
        QShortcut(QKeySequence(Qt.Key.Key_PageUp), self, self._previous.click)
        QShortcut(QKeySequence(Qt.Key.Key_PageDown), self, self._next.click)

    def _press(self, number: int) -> None:
        keeps = self._offered[self._at]
        if number < len(keeps):
            self._card(keeps[number]).click()
            self._card(keeps[number]).setFocus()

    def _card(self, keep: Keep) -> VersionCard:
        return next(card for card in self._shown() if card.version.keep is keep)

    def _shown(self) -> list[VersionCard]:
        items = (self._cards.itemAt(at) for at in range(self._cards.count()))
        return [each for item in items if item and isinstance(each := item.widget(), VersionCard)]

    def _show(self, at: int) -> None:
        """Show another conflict."""
        self._at, named = at, self._conflicts[at]
        self._name.setText(_name_of(named))
        self._name.setAccessibleName(_name_of(named))
        self._legend.setVisible(any(card.mask is not None for card in versions_of(named)))
        self._fill(named)
        self._previous.setEnabled(at > 0)
        self._next.setEnabled(at + 1 < len(self._conflicts))
        keep = self._chosen[at]
        choosable = [card for card in self._shown() if card.version.keep]
        (self._card(keep) if keep else choosable[0]).setFocus()
        self._check()

    def _fill(self, named: NamedConflict) -> None:
        for card in self._shown():
            self._cards.removeWidget(card)
            card.setParent(None)
            card.deleteLater()
        piece, number = piece_of(named), 0
        for version in versions_of(named):
            number += version.keep is not None
            card = VersionCard(named, version, piece, str(number) if version.keep else "")
            self._cards.addWidget(card, 1)
            card.show()  # a layout would do so later, and what is hidden gets no focus
            if version.keep is not None:
                card.setChecked(version.keep is self._chosen[self._at])
                card.toggled.connect(lambda on, keep=version.keep: self._choose(keep) if on else None)

    def _choose(self, keep: Keep) -> None:
        self._chosen[self._at] = keep
        self._check()

    def _choose_for_all(self) -> None:
        """The choice made here for every conflict that offers it; then on to one that is still open."""
        keep = self._chosen[self._at]
        self._chosen = [
            keep if keep in keeps else chosen for keeps, chosen in zip(self._offered, self._chosen, strict=True)
        ]
        self._show(next((at for at, chosen in enumerate(self._chosen) if chosen is None), self._at))

    def _check(self) -> None:
        left, count = self._chosen.count(None), len(self._conflicts)
        place = tr("{number} of {count}").format(number=self._at + 1, count=count)
        still = tr("{place}, {left} to decide").format(place=place, left=left)
        self._place.setText(still if left else place)
        self._save.setEnabled(not left)
        self._save.setToolTip(tr("Decide about each first") if left else tr("Save with what is chosen"))
        self._save.setDefault(not left)
        self._next.setDefault(bool(left) and self._next.isEnabled())
        self._same.setEnabled(self._chosen[self._at] is not None)


def _name_of(named: NamedConflict) -> str:
    parts = [named.object, named.attribute, named.row, tr("frame {number}").format(number=named.frame + 1)]
    return "   ·   ".join(part for part in parts if part)


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setToolTip(tip)
    return button


def _legend() -> QWidget:
    """What the tints mean."""
    legend = QWidget()
    row = QHBoxLayout(legend)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE_S + 2)
    for color, text in ((ADDED, tr("Added since you opened it")), (REMOVED, tr("Taken away"))):
        chip = QLabel()
        pixels = QPixmap(_CHIP, _CHIP)
        pixels.fill(QColor(color))
        chip.setPixmap(pixels)
        words = plain_label(text, muted=True)
        words.setWordWrap(False)
        row.addWidget(chip)
        row.addWidget(words)
        row.addSpacing(SPACE_L)
    row.addStretch(1)
    return legend
