"""How the list of objects draws its rows."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from bitmask_studio.core.labels import ObjectInfo
from bitmask_studio.ui import theme
from bitmask_studio.ui.icons import draw
from bitmask_studio.ui.object_model import AREA, EYE, NAME, Index, ObjectModel

_CHIP = 12


class ObjectDelegate(QStyledItemDelegate):
    """A colour chip and the class; what is not editable is muted; eyes and locks show quietly until they matter."""

    def __init__(self, model: ObjectModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._icons: dict[tuple[str, str, int, float], QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, max(theme.ICON, QFontMetrics(option.font).height()) + theme.SPACE_M)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        column, each, palette = index.column(), self._model.at(index), theme.colors()
        if _is_marked(option):
            self.initStyleOption(option, index)
            option.text = ""
            option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        if column == NAME:
            self._paint_name(painter, option, each, palette)
        elif column == AREA:
            painter.setPen(QColor(palette.muted))
            painter.setFont(theme.numbers_font())
            box = option.rect.adjusted(0, 0, -theme.SPACE_S, 0)
            text = self._model.data(index)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        else:
            self._paint_switch(painter, option.rect, each, column, palette)

    def _paint_name(
        self, painter: QPainter, option: QStyleOptionViewItem, each: ObjectInfo, palette: theme.Colors
    ) -> None:
        rect = option.rect
        chip = QRect(rect.left() + theme.SPACE_S, rect.center().y() - _CHIP // 2 + 1, _CHIP, _CHIP)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._model.color(each)
        painter.setPen(color.darker(140))
        painter.setBrush(color if each.is_bitmask else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(chip, 3, 3)
        painter.restore()
        left, metrics = chip.right() + theme.SPACE_M, QFontMetrics(option.font)
        if self._model.is_damaged(each):
            size = theme.ICON - 2
            draw(painter, "damaged", QRect(left, rect.center().y() - size // 2, size, size).toRectF(), palette.danger)
            left += theme.ICON + 2
        quiet = self._model.trouble(each) is not None or self._model.is_hidden(each)
        painter.setPen(QColor(palette.muted if quiet else palette.text))
        painter.setFont(option.font)
        room = rect.right() - left
        shown = metrics.elidedText(" ".join(each.name.split()), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, rect.top(), room, rect.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        left += metrics.horizontalAdvance(shown) + theme.SPACE_M
        painter.setFont(theme.scaled_font(theme.TEXT_S))
        rest = rect.right() - left
        beside_name = QFontMetrics(painter.font()).elidedText(each.object_hash, Qt.TextElideMode.ElideRight, rest)
        if len(beside_name) > 3 or beside_name == each.object_hash:
            painter.setPen(QColor(palette.muted))
            painter.setOpacity(0.7)
            beside = QRect(left, rect.top(), rest, rect.height())
            painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, beside_name)
            painter.setOpacity(1.0)

    def _paint_switch(
        self, painter: QPainter, rect: QRect, each: ObjectInfo, column: int, palette: theme.Colors
    ) -> None:
        eye = column == EYE
        on = self._model.is_hidden(each) if eye else self._model.is_locked(each)
        name = ("eye-off" if on else "eye") if eye else ("lock" if on else "unlock")
        size = theme.ICON - 4
        place = QRect(rect.center().x() - size // 2, rect.center().y() - size // 2, size, size)
        painter.setOpacity(1.0 if on else 0.35)
        painter.drawPixmap(place, self._icon(name, palette.accent if on else palette.text, size, painter))
        painter.setOpacity(1.0)

    def _icon(self, name: str, color: str, size: int, painter: QPainter) -> QPixmap:
        """An icon as pixels of the screen, drawn once: there are two in each row."""
        scale = painter.device().devicePixelRatioF()
        if (key := (name, color, size, scale)) not in self._icons:
            pixmap = QPixmap(round(size * scale), round(size * scale))
            pixmap.fill(Qt.GlobalColor.transparent)
            inner = QPainter(pixmap)
            draw(inner, name, pixmap.rect().toRectF(), color)
            inner.end()
            self._icons[key] = pixmap
        return self._icons[key]


def _is_marked(option: QStyleOptionViewItem) -> bool:
    """Whether the style draws anything behind the row: chosen, or under the pointer."""
    flag = QStyle.StateFlag
    return bool(option.state & (flag.State_Selected | flag.State_MouseOver | flag.State_HasFocus))
