"""The bar below the canvas that goes through the frames of a row, and plays them."""

from __future__ import annotations

import asyncio
from inspect import iscoroutine

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QSizePolicy, QToolButton, QWidget

from bitmask_studio.actions.base import Action
from bitmask_studio.actions.play import NEXT_LABELLED, PLAY, PREVIOUS_LABELLED
from bitmask_studio.core.text import one_line, tr
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.pictures.playing import SPEEDS, rate_of
from bitmask_studio.studio.session import Session
from bitmask_studio.studio.view import View
from bitmask_studio.ui import theme
from bitmask_studio.ui.bars.frame_marks import FrameMarks
from bitmask_studio.ui.bars.timeline import Timeline
from bitmask_studio.ui.icons import icon
from bitmask_studio.ui.widgets.plain_text import ElidedLabel, plain_tip

_PATIENCE = 1.0
"""Seconds after which a frame that does not come holds up a later one no more."""
_FIELD_MARGINS = 22
_MIN_WIDTH, _ROOM_FOR_JUMPS, _ROOM_FOR_COUNT, _ROOM_FOR_SPEED = 280, 340, 400, 480
_ROOM_FOR_TIME, _ROOM_FOR_TITLE, _ROOM_FOR_BOTH = 560, 520, 760
"""Widths of the bar from which these are shown, logical px."""


class FrameBar(QWidget):
    """A timeline with buttons to step, jump and play, and the frame's number, time and title.

    Hidden for rows of one frame. While the timeline is dragged the number follows at once, and one frame at a time is
    read: the one that is wanted last.
    """

    def __init__(self, session: Session, previous: QAction, following: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._studio, self._playing = session, session.studio, session.playing
        self._heading: int | None = None
        """Where the user is going and has not arrived yet."""
        self._wanted: int | None = None
        self._reading: int | None = None
        self._loads = False
        self.setObjectName("frames")
        self.slider = Timeline(self._describe)
        self.slider.valueChanged.connect(self._want)
        self.slider.sliderReleased.connect(self.refresh)
        self.number = self._number_field()
        self._count = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._count.setFont(theme.numbers_font())
        self._time = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._time.setFont(theme.numbers_font())
        self._time.setProperty("muted", True)
        self._time.setContentsMargins(theme.SPACE_M, 0, 0, 0)
        self._title = ElidedLabel("")
        self._title.setProperty("muted", True)
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._title.setMaximumWidth(220)
        self._buttons = {row: self._button(row) for row in (PREVIOUS_LABELLED, PLAY, NEXT_LABELLED)}
        self._speed = self._speed_button()
        self._lay_out(_action_button(previous), _action_button(following))
        self._listen()
        self._marks = FrameMarks(session.studio, self.slider)

    def refresh(self) -> None:
        """Show where in the row the studio is, unless the user is on the way elsewhere."""
        studio = self._studio
        count = len(studio.document.frames) if studio.document else 0
        self.setVisible(count > 1)
        if studio.document is None or studio.frame is None or count < 2:
            return
        self.slider.blockSignals(True)
        self.slider.set_count(count)
        digits = self.number.fontMetrics().horizontalAdvance("0" * len(str(count)))
        self.number.setFixedWidth(max(digits + _FIELD_MARGINS, self.number.minimumSizeHint().width()))
        self._count.setText(tr("/ {count}").format(count=count))
        if self._heading is None and not self.slider.isSliderDown():
            self.slider.setValue(studio.view.frame)
            self._tell(studio.document, studio.view.frame)
        self.slider.blockSignals(False)
        for row, button in self._buttons.items():
            button.setEnabled(row.enabled(self._session))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _number_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setFont(theme.numbers_font())
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setAccessibleName(tr("Frame number"))
        field.setToolTip(tr("Go to a frame: type its number and press Enter"))
        field.returnPressed.connect(self._go_to_typed)
        field.editingFinished.connect(self.refresh)
        return field

    def _speed_button(self) -> QToolButton:
        button, menu = QToolButton(autoRaise=True), QMenu(self)
        button.setAccessibleName(tr("Speed of playing"))
        button.setToolTip(tr("Speed of playing"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        group = QActionGroup(menu)
        for speed in SPEEDS:
            action = QAction(_times(speed), group, checkable=True, checked=speed == self._playing.speed)
            action.triggered.connect(lambda checked, speed=speed: self._playing.set_speed(speed))
            menu.addAction(action)
        button.setMenu(menu)
        return button

    def _button(self, row: Action) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setIcon(icon(row.icon))
        button.setText(row.title)
        button.setAccessibleName(row.title)
        button.setToolTip(f"{row.title} ({row.shortcut})")
        button.setIconSize(QSize(theme.ICON, theme.ICON))
        button.clicked.connect(lambda: self._run(row))
        return button

    def _lay_out(self, previous: QToolButton, following: QToolButton) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_M, 2, theme.SPACE_M, 2)
        row.setSpacing(2)
        for button in (
            self._buttons[PREVIOUS_LABELLED],
            previous,
            self._buttons[PLAY],
            following,
            self._buttons[NEXT_LABELLED],
        ):
            row.addWidget(button)
        row.addSpacing(theme.SPACE_S)
        row.addWidget(self.slider, 1)
        row.addSpacing(theme.SPACE_S)
        for widget in (self.number, self._count, self._time, self._speed, self._title):
            row.addWidget(widget)
        self.setMinimumWidth(_MIN_WIDTH)

    def _listen(self) -> None:
        self._studio.view_changed.connect(self._follow_view)
        self._studio.document_changed.connect(self._follow_document)
        self._playing.changed.connect(self._show_playing)
        self._show_playing()
        self._follow_document()

    def _follow_view(self, old: View, new: View) -> None:
        if (old.row, old.frame) != (new.row, new.frame):
            if new.frame not in (self._reading, self._heading):
                self._wanted = None  # somebody else went elsewhere
            if new.frame == self._heading or self._wanted is None:
                self._heading = None
            self.refresh()

    def _follow_document(self) -> None:
        self._wanted = self._heading = None
        self._make_room()
        self.refresh()

    def _show_playing(self) -> None:
        row = PLAY if not self._playing.is_on else None
        self._buttons[PLAY].setIcon(icon(PLAY.icon if row else "pause"))
        self._buttons[PLAY].setToolTip(tr("Play (Space)") if row else tr("Pause (Space)"))
        self._buttons[PLAY].setAccessibleName(tr("Play") if row else tr("Pause"))
        self._speed.setText(_times(self._playing.speed))

    def _go_to_typed(self) -> None:
        text = self.number.text().strip()
        if text.isdecimal():
            self.slider.setValue(min(max(int(text[:9]), 1), self.slider.maximum() + 1) - 1)
        self.number.clearFocus()

    def _want(self, frame: int) -> None:
        """Go to a frame as soon as the one before it has come, or takes too long; of several wanted, to the last."""
        if self._studio.document is None or (frame == self._studio.view.frame and not self._loads):
            return
        self._playing.stop()
        self._wanted = self._heading = frame
        self._tell(self._studio.document, frame)
        if not self._loads:
            self._loads = True
            self._studio.jobs.start(self._load())

    async def _load(self) -> None:
        try:
            while self._wanted is not None:
                self._reading, self._wanted = self._wanted, None
                await asyncio.wait(
                    [self._studio.jobs.start(self._session.open_frame(self._reading))], timeout=_PATIENCE
                )
        finally:
            self._loads, self._reading, self._heading = False, None, None
            self.refresh()

    def _tell(self, document: Document, position: int) -> None:
        """Write the number, time and title of a frame."""
        frame = document.frames[position]
        self.number.setText(str(position + 1))
        self._time.setText(time_code(document, position))
        self._title.setText(one_line(frame.title))
        self._title.setToolTip(plain_tip(tr("Frame number {number}").format(number=frame.number)))

    def _describe(self, position: int) -> str:
        """A frame in words, and how to go there."""
        document = self._studio.document
        if document is None:
            return ""
        words = [tr("Frame {number}").format(number=position + 1), time_code(document, position)]
        if document.objects(position):
            words.append(tr("{count} objects").format(count=len(document.objects(position))))
        return " · ".join(each for each in words if each)

    def _run(self, row: Action) -> None:
        deed = row.run(self._session)
        if iscoroutine(deed):
            self._studio.jobs.start(deed)

    def _make_room(self) -> None:
        """Leave out what matters least where the bar is narrow."""
        width, document = self.width(), self._studio.document
        is_video = document is not None and rate_of(document, 0) is not None
        self._time.setVisible(is_video and width >= _ROOM_FOR_TIME)
        self._title.setVisible(width >= (_ROOM_FOR_BOTH if is_video else _ROOM_FOR_TITLE))
        self._speed.setVisible(width >= _ROOM_FOR_SPEED)
        self._count.setVisible(width >= _ROOM_FOR_COUNT)
        for row in (PREVIOUS_LABELLED, NEXT_LABELLED):
            self._buttons[row].setVisible(width >= _ROOM_FOR_JUMPS)


def time_code(document: Document, position: int) -> str:
    """When in its video a frame is shown, as 1:02:03.456, or empty when that is not known."""
    rate = rate_of(document, position)
    if rate is None:
        return ""
    thousandths = round(document.frames[position].number / rate * 1000)
    seconds, thousandths = divmod(thousandths, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{minutes}:{seconds:02}.{thousandths:03}"
    return f"{hours}:{minutes:02}:{seconds:02}.{thousandths:03}" if hours else text


def _times(speed: float) -> str:
    return tr("{speed:g}×").format(speed=speed)


def _action_button(action: QAction) -> QToolButton:
    button = QToolButton(autoRaise=True)
    button.setDefaultAction(action)
    button.setIconSize(QSize(theme.ICON, theme.ICON))
    return button
