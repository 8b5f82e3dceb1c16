"""One version of a conflict on a card: its picture or its words, and how large it is; most can be chosen."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QImage,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QRadioButton, QSizePolicy

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import EMPTY_MASK
from bitmask_studio.core.text import one_line, tr
from bitmask_studio.studio.ask import NamedConflict
from bitmask_studio.ui.conflict.view import Version, drawn
from bitmask_studio.ui.theme import RADIUS, SPACE_L, SPACE_M, SPACE_S, TEXT_S, colors, scaled_font
from bitmask_studio.ui.widgets.plain_text import plain_tip

_DOT = 14
_LEAST = QSize(132, 180)


class VersionCard(QRadioButton):
    """`key` chooses it; without one it is there to be looked at. The picture is drawn anew when the size changes."""

    def __init__(self, named: NamedConflict, version: Version, piece: Box, key: str) -> None:
        super().__init__()
        self.version = version
        self._named, self._piece, self._key = named, piece, key
        self._note, self._image, self._room = version.note(named.conflict.base), QImage(), QSize()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(one_line(f"{version.title}: {version.text or self._note}"))
        if key:
            self.setToolTip(plain_tip(tr("{text} ({key})").format(text=_tip(version), key=key)))
        else:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setAutoExclusive(False)
            self.setCheckable(False)
            self.setToolTip(plain_tip(_tip(version)))

    def sizeHint(self) -> QSize:
        return QSize(200, 240)

    def minimumSizeHint(self) -> QSize:
        return _LEAST

    def hitButton(self, position: QPoint) -> bool:
        return bool(self._key) and self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        inner = self.rect().adjusted(SPACE_M + 2, SPACE_M, -SPACE_M - 2, -SPACE_M)
        line = self.fontMetrics().height() + SPACE_S
        self._paint_title(painter, QRect(inner.left(), inner.top(), inner.width(), line))
        bottom = 2 * line if self._note else 0
        middle = inner.adjusted(0, line + SPACE_S, 0, -bottom - SPACE_S)
        self._paint_words(painter, middle) if self.version.text else self._paint_picture(painter, middle)
        painter.setFont(scaled_font(TEXT_S))
        painter.setPen(QColor(colors().muted))
        place = QRect(inner.left(), inner.bottom() + 1 - bottom, inner.width(), bottom)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self._note)

    def _paint_ground(self, painter: QPainter) -> None:
        palette = colors()
        strong = self.isChecked() or self.hasFocus()
        painter.setPen(QPen(QColor(palette.accent if strong else palette.line), 2 if self.isChecked() else 1))
        hovered = self.underMouse() and bool(self._key)
        ground = palette.accent_soft if self.isChecked() else palette.hover if hovered else palette.base
        painter.setBrush(QColor(ground) if self._key else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS + 2, RADIUS + 2)

    def _paint_title(self, painter: QPainter, place: QRect) -> None:
        palette, left = colors(), 0
        if self._key:
            self._paint_dot(painter, QPointF(place.left() + _DOT / 2, place.center().y() + 0.5))
            left = _DOT + SPACE_M
            painter.setPen(QColor(palette.muted))
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._key)
        painter.setFont(scaled_font(1.0, bold=True))
        painter.setPen(QColor(palette.text if self._key else palette.muted))
        where = place.adjusted(left, 0, -SPACE_L, 0)
        painter.drawText(where, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.version.title)

    def _paint_dot(self, painter: QPainter, middle: QPointF) -> None:
        palette, on = colors(), self.isChecked()
        painter.setPen(QPen(QColor(palette.accent if on else palette.muted), 1))
        painter.setBrush(QColor(palette.accent if on else palette.base))
        painter.drawEllipse(middle, _DOT / 2 - 0.5, _DOT / 2 - 0.5)
        if on:
            painter.setBrush(QColor(palette.on_accent))
            painter.drawEllipse(middle, _DOT / 2 - 4.5, _DOT / 2 - 4.5)

    def _paint_words(self, painter: QPainter, place: QRect) -> None:
        words = QTextDocument(self.version.text)
        words.setDefaultFont(self.font())
        words.setDefaultTextOption(_centred())
        words.setTextWidth(place.width())
        free = max(place.height() - int(words.size().height()), 0)
        context = QAbstractTextDocumentLayout.PaintContext()
        said = self._named.conflict.attribute is not None
        context.palette.setColor(QPalette.ColorRole.Text, QColor(colors().text if said else colors().muted))
        painter.save()
        painter.setClipRect(place)
        painter.translate(place.left(), place.top() + free // 2)
        words.documentLayout().draw(painter, context)
        painter.restore()

    def _paint_picture(self, painter: QPainter, place: QRect) -> None:
        ratio, mask = self.devicePixelRatioF(), self.version.mask or EMPTY_MASK
        room = QSize(int(place.width() * ratio), int(place.height() * ratio))
        if room.isEmpty():
            return
        if room != self._room:
            self._image, self._room = drawn(self._named, mask, self._piece, room), room
        wide, high = self._image.width() / ratio, self._image.height() / ratio
        corner = QPointF(place.left() + (place.width() - wide) / 2, place.top() + (place.height() - high) / 2)
        painter.drawImage(QRectF(corner.x(), corner.y(), wide, high), self._image)


def _centred() -> QTextOption:
    option = QTextOption(Qt.AlignmentFlag.AlignHCenter)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def _tip(version: Version) -> str:
    return f"{version.title}: {version.text}" if version.text else version.title
