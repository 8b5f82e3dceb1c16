"""Keys drawn as the caps that they are printed on."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.ui.theme import SPACE_S, TEXT_S, scaled_font

Chord = tuple[str, ...]
"""Keys pressed together, as portable names: ("Ctrl", "Shift", "Z"); or a range of keys, ("1", TO, "9")."""

TO = "…"

_ON_A_MAC = {"Ctrl": "⌘", "Shift": "⇧", "Alt": "⌥", "Del": "⌫"}
_SHORT = {"Up": "↑", "Down": "↓", "Left": "←", "Right": "→", "PgDown": "PgDn"}


def chords_of(shortcut: str) -> tuple[Chord, ...]:
    """The chords of an action's shortcut: "Ctrl++, F1" is (("Ctrl", "+"), ("F1",))."""
    return tuple(_chord(each) for each in shortcut.split(", ") if each)


class KeyCaps(QWidget):
    """Chords in a row, any of which will do."""

    def __init__(self, chords: Sequence[Chord]) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S // 2 + 1)
        for number, chord in enumerate(chords):
            if number:
                layout.addWidget(_word(tr("or")))
            for key in chord:
                layout.addWidget(_word(key) if key == TO else _cap(_printed(key)))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr(" or ").join("+".join(chord) for chord in chords))


def _chord(sequence: str) -> Chord:
    if sequence.endswith("+"):
        return *(part for part in sequence[:-1].split("+") if part), "+"
    return tuple(sequence.split("+"))


def _printed(key: str) -> str:
    if sys.platform == "darwin" and key in _ON_A_MAC:
        return _ON_A_MAC[key]
    return tr(_SHORT.get(key, key))


def _cap(key: str) -> QLabel:
    cap = QLabel()
    cap.setTextFormat(Qt.TextFormat.PlainText)
    cap.setText(key)
    cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
    cap.setProperty("keycap", True)
    cap.setFont(scaled_font(TEXT_S))
    return cap


def _word(text: str) -> QLabel:
    word = QLabel(text)
    word.setProperty("muted", True)
    word.setFont(scaled_font(TEXT_S))
    return word
