"""How the list of projects draws them: the title, and below it what the project is about and when it changed."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from bitmask_studio.core.text import one_line
from bitmask_studio.sources.encord.projects import ProjectInfo
from bitmask_studio.studio.rows.row_words import joined, since
from bitmask_studio.ui import theme
from bitmask_studio.ui.browser.row_model import Index
from bitmask_studio.ui.icons import draw

PROJECT, RECENT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine


class ProjectDelegate(QStyledItemDelegate):
    """An item's PROJECT is a ProjectInfo; RECENT says whether it was opened lately."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, 2 * QFontMetrics(option.font).height() + 2 * theme.SPACE_M)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        project: ProjectInfo = index.data(PROJECT)
        palette, recent = theme.colors(), bool(index.data(RECENT))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(palette.accent_soft))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, QColor(palette.hover))
        inner = option.rect.adjusted(theme.SPACE_M, theme.SPACE_M, -theme.SPACE_M, -theme.SPACE_M)
        mark = QRectF(inner.left(), inner.center().y() - theme.ICON / 2, theme.ICON, theme.ICON)
        draw(painter, "recent" if recent else "cloud", mark, palette.accent if recent else palette.muted)
        line = QRect(inner.left() + theme.ICON + theme.SPACE_M + 1, inner.top(), 0, inner.height() // 2)
        line.setRight(inner.right())
        about = joined(since(project.last_edited), one_line(project.description))
        if not about:
            line.setHeight(inner.height())
        painter.setFont(theme.scaled_font(theme.TEXT_M))
        _paint(painter, line, project.title or project.project_hash, palette.text, Qt.TextElideMode.ElideMiddle)
        painter.setFont(theme.scaled_font(theme.TEXT_S))
        _paint(painter, line.translated(0, line.height()), about, palette.muted, Qt.TextElideMode.ElideRight)


def _paint(painter: QPainter, line: QRect, words: str, color: str, elide: Qt.TextElideMode) -> None:
    painter.setPen(QColor(color))
    painter.drawText(line, _LEFT, painter.fontMetrics().elidedText(one_line(words), elide, line.width()))
