"""The line above the rows that tells which project they are of, and leads to the others."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from bitmask_studio.core.text import one_line, tr
from bitmask_studio.ui import theme
from bitmask_studio.ui.icons import draw
from bitmask_studio.ui.widgets.plain_text import plain_tip

_SIGN = 16


class ProjectButton(QAbstractButton):
    """A cloud, the project's title, and a sign that there is more to choose from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(f"{plain_tip(text)}<br>{plain_tip(tr('Click to open another project'))}")
        self.setAccessibleName(tr("Project {title}: open another one").format(title=text))

    def sizeHint(self) -> QSize:
        return QSize(120, max(self.fontMetrics().height(), theme.ICON) + theme.SPACE_M)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, painter = theme.colors(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QColor(palette.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.line if self.isDown() else palette.hover))
            painter.drawRoundedRect(ground, theme.RADIUS, theme.RADIUS)
        middle = ground.center().y()
        cloud = QRectF(theme.SPACE_S + 2, middle - theme.ICON / 2, theme.ICON, theme.ICON)
        draw(painter, "cloud", cloud, palette.accent)
        sign = QRectF(ground.right() - theme.SPACE_S - _SIGN, middle - _SIGN / 2, _SIGN, _SIGN)
        painter.translate(sign.center())
        painter.rotate(90)
        draw(painter, "play", QRectF(-_SIGN / 3, -_SIGN / 3, _SIGN * 2 / 3, _SIGN * 2 / 3), palette.muted)
        painter.resetTransform()
        words = QRectF(cloud.right() + theme.SPACE_M, 0, sign.left() - cloud.right() - 2 * theme.SPACE_M, self.height())
        painter.setFont(theme.scaled_font(theme.TEXT_M, bold=True))
        painter.setPen(QColor(palette.text))
        title = one_line(self.text())
        shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, int(words.width()))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
