"""One attribute of the form: its title, whether it wants an answer, and the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from bitmask_studio.core.attributes import AnswerValue, Attribute, AttributeType
from bitmask_studio.core.text import one_line, tr
from bitmask_studio.studio.document.object_words import NOTHING, answer_words
from bitmask_studio.ui import theme
from bitmask_studio.ui.icons import icon
from bitmask_studio.ui.objects.answer_fields import Field, field_for
from bitmask_studio.ui.widgets.icon_label import IconLabel
from bitmask_studio.ui.widgets.plain_text import ElidedLabel, plain_label, plain_tip

_MAX_LINES = 30
"""Of answers that differ from frame to frame; more are counted."""
_MAX_DEPTH = 4
"""Deeper nesting is not indented further: the panel is narrow."""


_BREAK = "\u200b"
"""Lets a line end inside a word that is too long for one."""


class Asked(Struct, frozen=True):
    """An attribute, how deep it is nested, and whether its answer is only shown."""

    attribute: Attribute
    depth: int
    fixed: bool


class Block(QWidget):
    """Takes an answer in `field`, or shows one that is fixed."""

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self.asked, self.attribute = asked, asked.attribute
        self.title = ElidedLabel(one_line(self.attribute.name))
        self.title.setToolTip("")
        self.wanted = IconLabel("dot", theme.ICON - 8, "warning")
        self.missing = QLabel(tr("required"))
        self.missing.setFont(theme.scaled_font(theme.TEXT_S))
        self.missing.setProperty("muted", True)
        self.clear = QToolButton(autoRaise=True)
        self.clear.setIcon(icon("close"))
        self.clear.setIconSize(QSize(theme.ICON - 8, theme.ICON - 8))
        self.clear.setToolTip(tr("Take the answer away"))
        self.clear.setAccessibleName(tr("Take the answer to {name} away").format(name=self.attribute.name))
        self.clear.setStyleSheet("padding: 1px;")
        self.field: Field | None = None if asked.fixed else field_for(self.attribute)
        self.text = plain_label("")
        self._lay_out()

    def show_value(self, value: AnswerValue | None, lines: Sequence[str] | None = None) -> None:
        """Show an answer; `lines` are those of an attribute that may differ from frame to frame."""
        if self.field:
            self.field.show_value(value)
        else:
            shown = list(lines[:_MAX_LINES]) if lines else [answer_words(self.attribute, value)]
            if lines and len(lines) > _MAX_LINES:
                shown.append(tr("and {count} more").format(count=len(lines) - _MAX_LINES))
            self._show_text("\n".join(shown))
        lacks = self.attribute.required and not lines and (value is None or value == "")
        for mark in (self.wanted, self.missing):
            mark.setVisible(lacks)
        self.setAccessibleDescription(tr("An answer is required") if lacks else "")
        is_radio = self.field is not None and self.attribute.type is AttributeType.RADIO
        self.clear.setVisible(is_radio and value is not None)

    def finish(self) -> None:
        """Take what is being typed as the answer."""
        if self.field:
            self.field.finish()

    def focusable(self) -> Sequence[QWidget]:
        """What the keyboard can reach, in order."""
        return [*self.field.controls, self.clear] if self.field else []

    def _show_text(self, text: str) -> None:
        self.text.setText(re.sub(r"(\S{12})(?=\S)", f"\\1{_BREAK}", text))
        self.text.setToolTip(plain_tip(text))
        self.text.setAccessibleName(f"{self.attribute.name}: {text}")
        self.text.setProperty("muted", text == NOTHING)
        self.text.style().polish(self.text)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        indent = min(self.asked.depth, _MAX_DEPTH) * (theme.SPACE_M + theme.SPACE_S)
        column.setContentsMargins(indent, 0, 0, 0)
        column.setSpacing(theme.SPACE_S // 2)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_S)
        self.title.setProperty("muted", True)
        row.addWidget(self.title, 1)
        for mark in (self.wanted, self.missing, self.clear):
            row.addWidget(mark)
        column.addLayout(row)
        column.addWidget(self.field or self.text)
        if not self.field:
            self.clear.hide()
        else:
            self.text.hide()
