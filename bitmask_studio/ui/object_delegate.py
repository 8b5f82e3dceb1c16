"""How the list of objects draws its rows."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from bitmask_studio.core.labels import ObjectInfo
from bitmask_studio.ui import theme
from bitmask_studio.ui.icons import draw
from bitmask_studio.ui.object_model import AREA, EYE, NAME, Index, ObjectModel

_ROLE = Qt.ItemDataRole
_CHIP = 12


class ObjectDelegate(QStyledItemDelegate):
    """A colour chip and the class; what is not editable is muted; eyes and locks show quietly until they matter."""

    def __init__(self, model: ObjectModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, max(theme.ICON, QFontMetrics(option.font).height()) + theme.SPACE_M)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        each: ObjectInfo = index.data(_ROLE.UserRole)
        text, option.text = option.text, ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        palette = theme.colors()
        if index.column() == NAME:
            self._paint_name(painter, option, each, text)
        elif index.column() == AREA:
            painter.setPen(QColor(palette.muted))
            painter.setFont(theme.numbers_font())
            box = option.rect.adjusted(0, 0, -theme.SPACE_S, 0)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        else:
            self._paint_switch(painter, option.rect, each, index.column())

    def _paint_name(self, painter: QPainter, option: QStyleOptionViewItem, each: ObjectInfo, text: str) -> None:
        palette, rect = theme.colors(), option.rect
        chip = QRect(rect.left() + theme.SPACE_S, rect.center().y() - _CHIP // 2 + 1, _CHIP, _CHIP)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._model.color(each)
        painter.setPen(color.darker(140))
        painter.setBrush(color if each.is_bitmask else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(chip, 3, 3)
        painter.restore()
        left = chip.right() + theme.SPACE_M
        if self._model.is_damaged(each):
            size = theme.ICON - 2
            draw(painter, "damaged", QRect(left, rect.center().y() - size // 2, size, size).toRectF(), palette.danger)
            left += theme.ICON + 2
        quiet = self._model.trouble(each) is not None or self._model.is_hidden(each)
        painter.setPen(QColor(palette.muted if quiet else palette.text))
        painter.setFont(option.font)
        room = rect.right() - left
        shown = QFontMetrics(option.font).elidedText(" ".join(text.split()), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, rect.top(), room, rect.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        left += QFontMetrics(option.font).horizontalAdvance(shown) + theme.SPACE_M
        painter.setFont(theme.scaled_font(theme.TEXT_S))
        rest = rect.right() - left
        beside_name = QFontMetrics(painter.font()).elidedText(each.object_hash, Qt.TextElideMode.ElideRight, rest)
        if len(beside_name) > 3 or beside_name == each.object_hash:
            painter.setPen(QColor(palette.muted))
            painter.setOpacity(0.7)
            beside = QRect(left, rect.top(), rest, rect.height())
            painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, beside_name)
            painter.setOpacity(1.0)

    def _paint_switch(self, painter: QPainter, rect: QRect, each: ObjectInfo, column: int) -> None:
        palette, eye = theme.colors(), column == EYE
        on = self._model.is_hidden(each) if eye else self._model.is_locked(each)
        name = ("eye-off" if on else "eye") if eye else ("lock" if on else "unlock")
        size = theme.ICON - 4
        place = QRect(rect.center().x() - size // 2, rect.center().y() - size // 2, size, size)
        painter.setOpacity(1.0 if on else 0.35)
        draw(painter, name, place.toRectF(), palette.accent if on else palette.text)
        painter.setOpacity(1.0)
