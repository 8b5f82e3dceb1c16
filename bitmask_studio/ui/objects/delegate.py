"""How the list of objects draws its rows."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from bitmask_studio.core.labels import ObjectInfo
from bitmask_studio.core.text import one_line
from bitmask_studio.ui import theme
from bitmask_studio.ui.icons import draw
from bitmask_studio.ui.objects.model import AREA, EYE, NAME, Index, ObjectModel
from bitmask_studio.ui.widgets.chip import paint_chip

_CHIP = 12
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class _Looks(Struct, frozen=True):
    """What all rows are drawn with."""

    palette: theme.Colors
    text: QColor
    muted: QColor
    numbers: QFont
    small: QFont
    small_metrics: QFontMetrics
    marked: QStyle.StateFlag
    """With any of these the style draws something behind the row: chosen, or under the pointer."""


class ObjectDelegate(QStyledItemDelegate):
    """A colour chip and the class; what is not editable is muted; eyes and locks show quietly until they matter.

    Thousands of rows may come and go with each frame: what can be is drawn once and kept, until the looks of the window
    change, which `forget_looks` tells.
    """

    def __init__(self, model: ObjectModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._kept: _Looks | None = None
        self._pixmaps: dict[tuple[object, ...], QPixmap] = {}

    def forget_looks(self) -> None:
        """Colours or fonts of the window are others."""
        self._kept = None
        self._pixmaps.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, max(theme.ICON, QFontMetrics(option.font).height()) + theme.SPACE_M)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        column, each, looks = index.column(), self._model.at(index), self._kept or self._look()
        if option.state & looks.marked:
            self.initStyleOption(option, index)
            option.text = ""
            option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        if column == NAME:
            self._paint_name(painter, option, each, looks)
        elif column == AREA:
            painter.setPen(looks.muted)
            painter.setFont(looks.numbers)
            painter.drawText(option.rect.adjusted(0, 0, -theme.SPACE_S, 0), _RIGHT, self._model.area(each))
        else:
            self._paint_switch(painter, option.rect, each, column, looks.palette)

    def _paint_name(self, painter: QPainter, option: QStyleOptionViewItem, each: ObjectInfo, looks: _Looks) -> None:
        rect, font, metrics = option.rect, option.font, option.fontMetrics
        middle, right = rect.center().y(), rect.right()
        left = rect.left() + theme.SPACE_S
        painter.drawPixmap(left - 1, middle - _CHIP // 2, self._chip(each, painter))
        left += _CHIP - 1 + theme.SPACE_M
        if self._model.is_damaged(each):
            size = theme.ICON - 2
            draw(painter, "damaged", QRect(left, middle - size // 2, size, size).toRectF(), looks.palette.danger)
            left += theme.ICON + 2
        quiet = self._model.trouble(each) is not None or self._model.is_hidden(each)
        painter.setPen(looks.muted if quiet else looks.text)
        painter.setFont(font)
        shown = metrics.elidedText(one_line(each.name), Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(QRect(left, rect.top(), right - left, rect.height()), _LEFT, shown)
        left += metrics.horizontalAdvance(shown) + theme.SPACE_M
        self._paint_hash(
            painter, QRect(left, rect.top(), right - left, rect.height()), one_line(each.object_hash), looks
        )

    def _paint_hash(self, painter: QPainter, rect: QRect, object_hash: str, looks: _Looks) -> None:
        """What of it there is room for, unless that is next to nothing."""
        shown = looks.small_metrics.elidedText(object_hash, Qt.TextElideMode.ElideRight, rect.width() - 1)
        if len(shown) > 3 or shown == object_hash:
            painter.setFont(looks.small)
            painter.setPen(looks.muted)
            painter.setOpacity(0.7)
            painter.drawText(rect, _LEFT, shown)
            painter.setOpacity(1.0)

    def _paint_switch(
        self, painter: QPainter, rect: QRect, each: ObjectInfo, column: int, palette: theme.Colors
    ) -> None:
        eye = column == EYE
        on = self._model.is_hidden(each) if eye else self._model.is_locked(each)
        name = ("eye-off" if on else "eye") if eye else ("lock" if on else "unlock")
        size, middle = theme.ICON - 4, rect.center()
        icon = self._icon(name, palette.accent if on else palette.text, size, painter)
        painter.setOpacity(1.0 if on else 0.35)
        painter.drawPixmap(middle.x() - size // 2, middle.y() - size // 2, icon)
        painter.setOpacity(1.0)

    def _look(self) -> _Looks:
        palette, small = theme.colors(), theme.scaled_font(theme.TEXT_S)
        text, muted, numbers = QColor(palette.text), QColor(palette.muted), theme.numbers_font()
        flag = QStyle.StateFlag
        marked = flag.State_Selected | flag.State_MouseOver | flag.State_HasFocus
        self._kept = _Looks(palette, text, muted, numbers, small, QFontMetrics(small), marked)
        return self._kept

    def _icon(self, name: str, color: str, size: int, painter: QPainter) -> QPixmap:
        """An icon as pixels of the screen, drawn once: there are two in each row."""
        scale = painter.device().devicePixelRatioF()
        if (key := (name, color, size, scale)) not in self._pixmaps:
            pixmap, inner = _canvas(size, scale)
            draw(inner, name, QRect(0, 0, size, size).toRectF(), color)
            inner.end()
            self._pixmaps[key] = pixmap
        return self._pixmaps[key]

    def _chip(self, each: ObjectInfo, painter: QPainter) -> QPixmap:
        """The colour of an object, which many share."""
        color, scale = self._model.color(each), painter.device().devicePixelRatioF()
        if (key := (color.rgb(), each.is_bitmask, scale)) not in self._pixmaps:
            pixmap, inner = _canvas(_CHIP + 2, scale)  # half of its outline lies outside
            paint_chip(inner, QRectF(1, 1, _CHIP, _CHIP), color, filled=each.is_bitmask)
            inner.end()
            self._pixmaps[key] = pixmap
        return self._pixmaps[key]


def _canvas(side: int, scale: float) -> tuple[QPixmap, QPainter]:
    """An empty square of so many logical px, and what paints on it."""
    pixmap = QPixmap(round(side * scale), round(side * scale))
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap, QPainter(pixmap)
