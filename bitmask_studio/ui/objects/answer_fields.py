"""The controls that take an answer, one kind for each type of attribute."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRegularExpression, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QRegularExpressionValidator, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bitmask_studio.core.attributes import AnswerValue, Attribute, AttributeType, Option, in_order
from bitmask_studio.core.text import one_line, tr
from bitmask_studio.studio.document.object_words import NOTHING, number_words
from bitmask_studio.ui import theme
from bitmask_studio.ui.widgets.elided_combo import ElidedCombo
from bitmask_studio.ui.widgets.plain_text import explain, explain_refusals, plain_tip

MAX_BUTTONS = 4
"""Up to so many options of a radio attribute are buttons, more are a list to open."""
_BESIDE_BUTTON = 30
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)
_MODIFIERS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_unknown,
)
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_NUMBER = QRegularExpression(r"[-+]?[0-9]*[.,]?[0-9]*([eE][-+]?[0-9]*)?")


class Field(QWidget):
    """Takes one answer. `answered` tells of one that the user gave: a value, or None for none."""

    answered = Signal(object)

    def __init__(self, attribute: Attribute) -> None:
        super().__init__()
        self.attribute = attribute
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.SPACE_S // 2)

    @property
    def controls(self) -> Sequence[QWidget]:
        """What the keyboard can reach, in order."""
        raise NotImplementedError

    def show_value(self, value: AnswerValue | None) -> None:
        """Show an answer, without telling of it."""
        raise NotImplementedError

    def finish(self) -> None:
        """Take what is being typed as the answer."""


class ButtonsField(Field):
    """A radio attribute of few options, or a checklist: one button below the other."""

    def __init__(self, attribute: Attribute) -> None:
        super().__init__(attribute)
        self._many = attribute.type is AttributeType.CHECKLIST
        self.buttons = {each.feature_hash: self._button(each) for each in attribute.options}
        for button in self.buttons.values():
            self.column.addWidget(button)
            button.clicked.connect(self._tell)

    @property
    def controls(self) -> Sequence[QWidget]:
        return tuple(self.buttons.values())

    def show_value(self, value: AnswerValue | None) -> None:
        chosen = {each.feature_hash for each in self.attribute.chosen(value)}
        for option in self.attribute.options:
            button, on = self.buttons[option.feature_hash], option.feature_hash in chosen
            button.setAutoExclusive(False)  # else the last one on could not be put out
            button.setChecked(on)
            button.setAutoExclusive(not self._many)
            button.setVisible(on or not option.archived)

    def _button(self, option: Option) -> _ElidedCheck | _ElidedRadio:
        button = _ElidedCheck(option.title) if self._many else _ElidedRadio(option.title)
        button.setAccessibleName(tr("{attribute}: {option}").format(attribute=self.attribute.name, option=option.title))
        return button

    def _tell(self) -> None:
        self.answered.emit(in_order(key for key, button in self.buttons.items() if button.isChecked()) or None)


class ListField(Field):
    """A radio attribute of many options."""

    def __init__(self, attribute: Attribute) -> None:
        super().__init__(attribute)
        self.box = _Combo()
        self.box.setAccessibleName(attribute.name)
        self.box.activated.connect(self._tell)
        self.column.addWidget(self.box)

    @property
    def controls(self) -> Sequence[QWidget]:
        return (self.box,)

    def show_value(self, value: AnswerValue | None) -> None:
        chosen = self.attribute.chosen(value)
        self.box.clear()
        self.box.addItem(NOTHING, None)
        for option in self.attribute.options:
            if option in chosen or not option.archived:
                self.box.addItem(one_line(option.title), option.feature_hash)
                self.box.setItemData(self.box.count() - 1, plain_tip(option.title), Qt.ItemDataRole.ToolTipRole)
        self.box.setCurrentIndex(max(0, self.box.findData(chosen[0].feature_hash)) if chosen else 0)

    def _tell(self, at: int) -> None:
        key = self.box.itemData(at)
        self.answered.emit((key,) if key else None)


class TextField(Field):
    """A text of one line."""

    def __init__(self, attribute: Attribute) -> None:
        super().__init__(attribute)
        self.line = _Line(self.finish, self._restore)
        self.line.setAccessibleName(attribute.name)
        self._stored = self._shown = ""
        self.column.addWidget(self.line)

    @property
    def controls(self) -> Sequence[QWidget]:
        return (self.line,)

    def show_value(self, value: AnswerValue | None) -> None:
        text = self._text_of(value)
        if text == self._stored and self.line.hasFocus():
            return
        self._stored = text
        if self.line.text() != text:
            self.line.setText(text)
            self.line.setCursorPosition(0)
        self._shown = self.line.text()

    def finish(self) -> None:
        if (text := self.line.text()) != self._shown:
            self._shown = text
            self.answered.emit(text or None)

    def _restore(self) -> None:
        self.line.setText(self._shown)

    def _text_of(self, value: AnswerValue | None) -> str:
        return value if isinstance(value, str) else ""


class NumberField(TextField):
    """A number; a comma is taken for a point, and what is no number for a slip of the hand."""

    def __init__(self, attribute: Attribute) -> None:
        super().__init__(attribute)
        self.line.setValidator(QRegularExpressionValidator(_NUMBER, self.line))
        self.line.setPlaceholderText(tr("Number"))
        explain_refusals(self.line, _numbers())

    def finish(self) -> None:
        text = self.line.text().strip()
        number = _number(text) if text else None
        if text and number is None:
            self._restore()
            explain(self.line, _numbers())
        elif text != self._shown:
            self._shown = text
            self.answered.emit(number)

    def _text_of(self, value: AnswerValue | None) -> str:
        return number_words(value) if isinstance(value, float) else ""


def field_for(attribute: Attribute) -> Field:
    """The control that fits an attribute."""
    if attribute.type is AttributeType.TEXT:
        return TextField(attribute)
    if attribute.type is AttributeType.NUMERIC:
        return NumberField(attribute)
    few = len(attribute.options) <= MAX_BUTTONS or attribute.type is AttributeType.CHECKLIST
    return ButtonsField(attribute) if few else ListField(attribute)


def _numbers() -> str:
    return tr("A number, such as 12, -0.5 or 3e6.")


def _number(text: str) -> float | None:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


class _Line(QLineEdit):
    """Its text is finished by Enter, by leaving it, and before a key or a click does anything else."""

    def __init__(self, finish: Callable[[], object], restore: Callable[[], object]) -> None:
        super().__init__()
        self._finish, self._restore = finish, restore
        self.setMinimumWidth(40)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Escape, *_ENTER) and event.modifiers() in _PLAIN:
                event.accept()
                return True
            event.ignore()
            handled = super().event(event)
            if not event.isAccepted() and event.key() not in _MODIFIERS:
                self._finish()
            return handled
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._restore()
        elif event.key() not in _ENTER:
            super().keyPressEvent(event)
            return
        self._finish()
        self.clearFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def focusOutEvent(self, event: QFocusEvent) -> None:
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        super().focusOutEvent(event)
        self._finish()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Buttons that take no focus, and a window that closes, find the text finished."""
        pressed = event.type() == QEvent.Type.MouseButtonPress and watched is not self
        if (pressed and isinstance(watched, QWidget)) or event.type() == QEvent.Type.Close:
            self._finish()
        return False


class _Combo(ElidedCombo):
    """Keys act on it while it has the focus; a wheel that passes over it does not."""

    def __init__(self) -> None:
        super().__init__(minimumContentsLength=4)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def event(self, event: QEvent) -> bool:
        return _keep_key(event, (*_ARROWS, *_ENTER)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.showPopup() if event.key() in _ENTER else super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _ElidedRadio(QRadioButton):
    """One line, cut where it does not fit; arrow keys go to the next one."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = _prepared(self, title)

    def event(self, event: QEvent) -> bool:
        return _keep_key(event, _ARROWS) or super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setText(_fitting(self, self._title))

    def sizeHint(self) -> QSize:
        return QSize(40, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class _ElidedCheck(QCheckBox):
    """One line, cut where it does not fit."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = _prepared(self, title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setText(_fitting(self, self._title))

    def sizeHint(self) -> QSize:
        return QSize(40, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def _keep_key(event: QEvent, keys: Sequence[Qt.Key]) -> bool:
    """Whether a key is meant for the widget and not for the window's actions."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() not in keys or event.modifiers() not in _PLAIN:
        return False
    event.accept()
    return True


def _prepared(button: QRadioButton | QCheckBox, title: str) -> str:
    button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    button.setToolTip(plain_tip(title))
    return one_line(title)


def _fitting(button: QRadioButton | QCheckBox, title: str) -> str:
    room = max(0, button.width() - _BESIDE_BUTTON)
    return button.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room).replace("&", "&&")
