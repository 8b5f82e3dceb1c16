"""Shows what the program has to say over the top of another widget, one notice at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic

from msgspec import Struct
from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPropertyAnimation, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bitmask_studio.core.text import letters, tr
from bitmask_studio.studio.notices import Level, Notice
from bitmask_studio.ui.icons import icon
from bitmask_studio.ui.theme import ICON, SPACE_L, SPACE_M, SPACE_S
from bitmask_studio.ui.widgets.countdown import Countdown
from bitmask_studio.ui.widgets.icon_label import IconLabel
from bitmask_studio.ui.widgets.wrapped_text import WrappedText

MAX_WIDTH = 720
_NARROW = 560
"""Below this width of what it lies over, logical px, an action goes under the words."""
FADE_MS = 250
PATIENCE_MS = {Level.INFO: 4000, Level.WARNING: 8000}
"""How long a notice stays by itself; not in here: until it is closed."""

_TOP, _MIDDLE = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignVCenter
_LOOKS = {Level.INFO: ("info", "accent"), Level.WARNING: ("warning", "warning"), Level.ERROR: ("error", "danger")}


class _Entry(Struct, frozen=True):
    notice: Notice
    action_title: str | None
    action: Callable[[], object] | None
    ready: float
    """When the action may be run, on the monotonic clock."""


class NoticeBar(QFrame):
    """Floats over the top of its parent and follows its size.

    The newest is in front. Errors and lasting ones that it covers wait behind it, and "+N" counts them. Time stands
    still under the pointer. An action that has to wait says for how long and can be run then.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self._queue: deque[_Entry] = deque()
        self._current: _Entry | None = None
        self._icon = IconLabel("info", ICON, "accent")
        self._text = WrappedText(self)
        self._more, self._action, self._close = QLabel(), QPushButton(), QToolButton()
        self._countdown = Countdown(self)
        self._patience = QTimer(self, singleShot=True)
        self._veil = QGraphicsOpacityEffect(self, opacity=1.0)
        self._fade = QPropertyAnimation(self._veil, b"opacity", self)
        self._build()
        self.hide()
        parent.installEventFilter(self)

    def show_notice(
        self, notice: Notice, action_title: str | None = None, action: Callable[[], object] | None = None
    ) -> None:
        """Show a notice now. One that stays and is showing waits behind it, and is there again when it has gone.

        What stays does not cover what stays, unless it is worse or an error: it waits behind.

        Those of its topic, shown or waiting, are over and go.
        """
        entry = _Entry(notice, action_title, action, monotonic() + (notice.countdown or 0))
        before, self._current = self._current, None
        if before and before.notice.stays:
            self._queue.appendleft(before)
        self._queue = deque(
            each
            for each in self._queue
            if each.notice != notice and (not notice.topic or each.notice.topic != notice.topic)
        )
        waits = notice.stays and notice.level is not Level.ERROR
        if before and waits and before in self._queue and _rank(before) >= _rank(entry):
            self._queue.remove(before)
            self._queue.append(entry)
            entry = before
        self._show(entry)

    def forget(self, topic: str) -> None:
        """What was said of a topic is old."""
        self._queue = deque(each for each in self._queue if each.notice.topic != topic)
        if self._current and self._current.notice.topic == topic:
            self._next()
        else:
            self._count()

    def clear(self) -> None:
        """Take away what is shown and all that waits."""
        self._queue.clear()
        self._next()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._ground and self._current:
            if event.type() == QEvent.Type.Resize:
                self._place()
            elif event.type() == QEvent.Type.LayoutRequest:  # another page came to the top
                self.raise_()
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._stay()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._wait()
        super().leaveEvent(event)

    def _build(self) -> None:
        self.setGraphicsEffect(self._veil)
        self._veil.setEnabled(False)
        self._more.setProperty("muted", True)
        self._action.clicked.connect(self._act)
        self._countdown.left.connect(self._show_action)
        self._close.setIcon(icon("close"))
        self._close.setIconSize(QSize(16, 16))
        self._close.setAutoRaise(True)
        self._close.setAccessibleName(tr("Close this notice"))
        self._close.setToolTip(tr("Close this notice"))
        self._close.clicked.connect(self._dismiss)
        self._patience.timeout.connect(self._begin_to_fade)
        self._fade.setDuration(FADE_MS)
        self._fade.setEasingCurve(QEasingCurve.Type.InQuad)
        self._fade.setStartValue(1.0)
        self._fade.setEndValue(0.0)
        self._fade.finished.connect(self._next)
        self._rows, self._row, self._below = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        self._lay_out()

    def _lay_out(self) -> None:
        self._rows.setContentsMargins(SPACE_L - SPACE_S, SPACE_M, SPACE_M, SPACE_M)
        self._rows.setSpacing(0)
        self._rows.addLayout(self._row)
        self._rows.addLayout(self._below)
        self._below.addStretch(1)
        self._row.setSpacing(SPACE_M + SPACE_S)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._text, 1)
        for widget in (self._more, self._action, self._close):
            self._row.addWidget(widget)

    def _put_action_below(self, below: bool) -> None:
        """Where there is little room the action stands under the words instead of beside them."""
        if below == (self._below.indexOf(self._action) >= 0):
            return
        self._row.removeWidget(self._action)
        self._below.removeWidget(self._action)
        if below:
            self._below.addWidget(self._action)
        else:
            self._row.insertWidget(self._row.indexOf(self._close), self._action)

    def _show(self, entry: _Entry) -> None:
        self._stay()
        self._current = entry
        name, tone = _LOOKS[entry.notice.level]
        self.setProperty("notice", name)
        self.style().unpolish(self)
        self.style().polish(self)
        self._icon.show_icon(name, tone)
        self._text.setPlainText(letters(entry.notice.text))
        self._countdown.start(entry.ready)
        self._count()
        self.show()
        self._place()  # a bar that was just made knows its fonts by now
        self.raise_()
        self._announce(entry.notice)
        self._wait()

    def _show_action(self, seconds: int) -> None:
        """Offer the action, or say how many seconds are left until then."""
        entry = self._current
        if entry is None:
            return
        waiting = tr("Try again in {seconds} s").format(seconds=seconds)
        self._action.setText(waiting if seconds else entry.action_title or "")
        self._action.setEnabled(not seconds)
        self._action.setVisible(seconds > 0 or entry.action is not None)
        self._place()
        if not seconds:
            self._wait()

    def _announce(self, notice: Notice) -> None:
        spoken = {Level.INFO: "{text}", Level.WARNING: tr("Warning: {text}"), Level.ERROR: tr("Error: {text}")}
        self.setAccessibleName(spoken[notice.level].format(text=notice.text))
        self._text.setAccessibleName(notice.text)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _count(self) -> None:
        waiting = len(self._queue)
        self._more.setVisible(waiting > 0)
        self._more.setText(f"+{waiting}")
        self._more.setToolTip(tr("{count} more notices wait behind this one").format(count=waiting))
        self._more.setAccessibleName(self._more.toolTip())
        self._place()

    def _place(self) -> None:
        room, margins, line = self._ground.size(), self._rows.contentsMargins(), self.fontMetrics().height()
        below = not self._action.isHidden() and room.width() < _NARROW
        self._put_action_below(below)
        widgets: tuple[QWidget, ...] = self._icon, self._more, self._action, self._close
        beside = [each for each in widgets if not each.isHidden() and not (below and each is self._action)]
        around = margins.left() + margins.right() + 2 * self.frameWidth()
        around += sum(each.sizeHint().width() + self._row.spacing() for each in beside)
        words = max(min(MAX_WIDTH, room.width() - 2 * SPACE_M) - around, 1)
        text = self._text.fit(words, max(room.height() // 2, line))
        self._text.setFixedHeight(text.height())
        for each in beside:
            self._row.setAlignment(each, _TOP if text.height() > 3 * line else _MIDDLE)
        high = max(text.height(), *(each.sizeHint().height() for each in beside))
        high += self._action.sizeHint().height() if below else 0
        width, height = text.width() + around, high + margins.top() + margins.bottom() + 2 * self.frameWidth()
        self.setGeometry((room.width() - width) // 2, SPACE_M, width, height)

    def _wait(self) -> None:
        if self._current and not self._countdown.running and not self._current.notice.stays:
            self._patience.start(PATIENCE_MS[self._current.notice.level])

    def _stay(self) -> None:
        self._patience.stop()
        self._fade.stop()
        self._veil.setEnabled(False)

    def _begin_to_fade(self) -> None:
        self._veil.setEnabled(True)
        self._fade.start()

    def _next(self) -> None:
        self._stay()
        self._countdown.stop()
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self._ground.setFocus()
        self._current = None
        if self._queue:
            worst = max(self._queue, key=_rank)
            self._queue.remove(worst)
            self._show(worst)
        else:
            self.hide()

    def _dismiss(self) -> None:
        """The user has read it and wants no more of it."""
        entry = self._current
        self._next()
        if entry and entry.notice.closed:
            entry.notice.closed()

    def _act(self) -> None:
        entry = self._current
        self._next()
        if entry and entry.action:
            entry.action()


def _rank(entry: _Entry) -> int:
    """How bad it is."""
    return list(Level).index(entry.notice.level)
