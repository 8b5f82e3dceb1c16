"""The status bar: where the pointer is, the zoom, the object under the pointer, work under way."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QStatusBar, QWidget

from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.text import one_line, tr
from bitmask_studio.studio.notices import Busy
from bitmask_studio.studio.studio import Studio
from bitmask_studio.ui import theme
from bitmask_studio.ui.bars.kept_mark import KeptMark
from bitmask_studio.ui.canvas.canvas import Canvas
from bitmask_studio.ui.widgets.plain_text import ElidedLabel, keep_room

BUSY_AFTER_MS = 300
"""Shorter work is not worth a word."""

HOVER_MS = 40
"""How late the bar tells where the pointer is."""

_LONGEST = 40
"""Letters, as wide as most are, of what is under way that have room beside the rest."""


_WIDEST, _WIDEST_ZOOM = "00000, 00000   255 255 255", "6400 %"
"""What keeps its room, so that nothing beside it moves away from the pointer."""


class StatusBar(QStatusBar):
    """Reads the studio when the pointer or the canvas moves."""

    def __init__(self, studio: Studio, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._canvas = canvas
        self.setSizeGripEnabled(False)
        self.object_label = _named(ElidedLabel(""), tr("Object under the pointer"))
        self.position_label = _named(QLabel(), tr("Position and value"))
        self.zoom_label = _named(QLabel(), tr("Zoom"))
        self.zoom_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        keep_room(self.position_label, [_WIDEST])
        keep_room(self.zoom_label, [_WIDEST_ZOOM])
        self._busy_label = _named(QLabel(textFormat=Qt.TextFormat.PlainText), tr("Work under way"))
        self._cancel = QPushButton(tr("Cancel"), flat=True)
        self._cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click must not lead the keys away from the canvas
        self._cancel.hide()
        self._cancel.clicked.connect(self._stop)
        self._busy: Busy | None = None
        self._timer = QTimer(self, singleShot=True, interval=BUSY_AFTER_MS)
        self._timer.timeout.connect(self._show_busy)
        self.addWidget(_Room(self.object_label), 1)
        self.kept_mark = KeptMark(studio)
        for widget in (self._busy_label, self._cancel, self.kept_mark, self.position_label, self.zoom_label):
            self.addPermanentWidget(widget)
        self._resting = QTimer(self, singleShot=True, interval=HOVER_MS)
        self._resting.timeout.connect(self.tell)
        self._rests = True
        """Nothing waits to be told."""
        canvas.hovered.connect(self._follow)
        canvas.moved.connect(self._zoom)
        studio.document_changed.connect(self._zoom)
        studio.busy_changed.connect(self._set_busy)
        studio.picture_changed.connect(self._follow)
        self._hover(None)

    def tell(self) -> None:
        """Tell what is under the pointer now."""
        self._rests = True
        self._hover(self._canvas.pointer)

    def _follow(self) -> None:
        """Tell of the pointer soon, and not of each of its moves: a stroke must not wait for words."""
        if self._rests:
            self._rests = False
            self._resting.start()

    def _hover(self, point: Point | None) -> None:
        studio, frame = self._studio, self._studio.frame
        x, y = (int(point.x // 1), int(point.y // 1)) if point else (0, 0)
        if point is None or frame is None or not Box.of_size(frame.width, frame.height).holds(x, y):
            self.position_label.setText("")
            self.object_label.setText("")
            return
        self.position_label.setText(f"{x}, {y}{self._value(x, y)}")
        found = studio.topmost(x, y)
        self.object_label.setText(one_line(f"{found.name}  {found.object_hash}") if found else "")

    def _value(self, x: int, y: int) -> str:
        """The picture's colour as red, green, blue."""
        if self._studio.picture is None:
            return ""
        blue, green, red = (int(value) for value in self._studio.picture.pixels[y, x][:3])
        return f"   {red} {green} {blue}"

    def _zoom(self) -> None:
        percent = self._canvas.viewport.zoom * 100
        text = f"{percent:.0f}" if percent >= 10 else f"{percent:.1f}"
        self.zoom_label.setText(tr("{percent} %").format(percent=text) if self._studio.document else "")

    def _set_busy(self, busy: Busy | None) -> None:
        self._busy = busy
        if busy is None:
            self._timer.stop()
            self._show_busy()
        elif self._busy_label.text():
            self._show_busy()
        elif not self._timer.isActive():
            self._timer.start()

    def _show_busy(self) -> None:
        text = one_line(self._busy.text) if self._busy else ""
        metrics = self._busy_label.fontMetrics()
        room = _LONGEST * metrics.averageCharWidth()
        self._busy_label.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))
        self._cancel.setVisible(self._busy is not None and self._busy.cancel is not None)

    def _stop(self) -> None:
        if self._busy and self._busy.cancel:
            self._busy.cancel()


class _Room(QWidget):
    """As wide as there is room, and its label with it; other words in it do not have the window laid out anew."""

    def __init__(self, label: QLabel) -> None:
        super().__init__()
        self._label = label
        label.setParent(self)
        self.setFixedHeight(label.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._label.setGeometry(self.rect())


def _named(label: QLabel, name: str) -> QLabel:
    label.setAccessibleName(name)
    label.setFont(theme.numbers_font())
    label.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_M, 0)
    return label
