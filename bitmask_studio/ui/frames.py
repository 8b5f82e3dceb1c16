"""The bar below the canvas that goes through the frames of a row."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.studio.session import Session
from bitmask_studio.ui import theme


class FrameBar(QWidget):
    """A slider with a step to either side and the frame's title; hidden for rows of one frame."""

    def __init__(self, session: Session, previous: QAction, following: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("frames")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr("Frame"))
        self.slider.setToolTip(tr("Frame (Left, Right)"))
        self.slider.setMinimumWidth(64)
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.valueChanged.connect(self._go)
        self.label = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.label.setFont(theme.numbers_font())
        self.label.setMinimumWidth(60)
        self._title = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._title.setProperty("muted", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        for action in (previous, following):
            button = QToolButton(autoRaise=True)
            button.setDefaultAction(action)
            row.addWidget(button)
        row.addWidget(self.slider, 1)
        row.addWidget(self.label)
        row.addWidget(self._title)
        session.studio.view_changed.connect(lambda old, new: self.refresh())
        session.studio.document_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show where in the row the studio is."""
        studio = self._session.studio
        count = len(studio.document.frames) if studio.document else 0
        self.setVisible(count > 1)
        if studio.frame is None or count < 2:
            return
        self.slider.blockSignals(True)
        self.slider.setMaximum(count - 1)
        self.slider.setValue(studio.view.frame)
        self.slider.blockSignals(False)
        self.label.setText(tr("{number} / {count}").format(number=studio.view.frame + 1, count=count))
        title = " ".join(studio.frame.title.split())
        self._title.setText(title if len(title) <= 40 else f"{title[:18]}…{title[-20:]}")
        self._title.setToolTip(tr("Frame number {number}").format(number=studio.frame.number))

    def _go(self, frame: int) -> None:
        if frame != self._session.studio.view.frame:
            self._session.studio.jobs.start(self._session.open_frame(frame))
