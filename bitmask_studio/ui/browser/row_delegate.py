"""How the list of rows draws them: what it is called, below it what is known, and before both a small picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.text import one_line
from bitmask_studio.sources.encord.projects import StageKind
from bitmask_studio.studio.rows.row_words import (
    describe,
    frames_words,
    joined,
    labels_words,
    since,
    size_words,
    type_words,
)
from bitmask_studio.ui import theme
from bitmask_studio.ui.browser.row_model import Index
from bitmask_studio.ui.icons import draw

THUMBNAIL = 48
"""Side of the small picture, logical px."""

_ICONS = {
    "image": "image",
    "img_group": "image-group",
    "image_sequence": "image-group",
    "group": "layers",
    "video": "video",
    "dicom": "medical",
    "nifti": "medical",
}
_DOT = 7
_LOCK = 14
_LEFT: int = (Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine).value
Part = tuple[int, str]
"""A few words, and how soon they are left out where room is scarce: those with the highest number first."""


class _Look(Struct, frozen=True):
    """What a row is drawn with."""

    painter: QPainter
    colors: theme.Colors
    title: QFont
    words: QFont


class RowDelegate(QStyledItemDelegate):
    """Rows of files have an icon and two lines, rows of a server a small picture and three."""

    def __init__(
        self, is_unsaved: Callable[[str], bool], thumbnail: Callable[[str], QImage | None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._is_unsaved = is_unsaved
        self._thumbnail = thumbnail
        self.stages: Mapping[str, StageKind] | None = None
        """Of which kind the stages of the project are, by their titles; None for files."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, self.height())

    def height(self) -> int:
        """How high each row is, logical px."""
        title = QFontMetrics(theme.scaled_font(theme.TEXT_M)).height()
        words = QFontMetrics(theme.scaled_font(theme.TEXT_S)).height()
        if self.stages is None:
            return 2 * title + 2 * theme.SPACE_M
        return max(title + 2 * words + 2, THUMBNAIL) + 2 * theme.SPACE_M

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: RowInfo = index.data(Qt.ItemDataRole.UserRole)
        look = _Look(painter, theme.colors(), theme.scaled_font(theme.TEXT_M), theme.scaled_font(theme.TEXT_S))
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(option.rect, QColor(look.colors.accent_soft))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, QColor(look.colors.hover))
        inner = option.rect.adjusted(theme.SPACE_M, theme.SPACE_M, -theme.SPACE_M, -theme.SPACE_M)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.stages is None:
            self._paint_of_file(look, inner, row, chosen)
        else:
            self._paint_of_server(look, inner, row, self.stages)
        painter.restore()

    def _paint_of_file(self, look: _Look, inner: QRect, row: RowInfo, chosen: bool) -> None:
        place = QRectF(inner.left(), inner.center().y() - theme.ICON // 2, theme.ICON, theme.ICON)
        draw(look.painter, _icon(row), place, look.colors.accent if chosen else look.colors.muted)
        line = QRect(inner.left() + theme.ICON + theme.SPACE_M + 1, inner.top(), 0, inner.height() // 2)
        line.setRight(inner.right())
        self._paint_title(look, line, row)
        _paint_words(look, line.translated(0, line.height()), describe(row))

    def _paint_of_server(self, look: _Look, inner: QRect, row: RowInfo, stages: Mapping[str, StageKind]) -> None:
        place = QRect(inner.left(), inner.center().y() - THUMBNAIL // 2, THUMBNAIL, THUMBNAIL)
        self._paint_picture(look, place, row)
        line = QRect(place.right() + theme.SPACE_M + 2, inner.top(), 0, inner.height() // 3)
        line.setRight(inner.right())
        self._paint_title(look, line, row)
        second, third = line.translated(0, line.height()), line.translated(0, 2 * line.height())
        if row.stage:
            _paint_dot(look, second.left(), second.center().y(), _stage_color(look.colors, stages.get(row.stage)))
            second.setLeft(second.left() + _DOT + theme.SPACE_S + 1)
        width = QFontMetrics(look.words).horizontalAdvance
        _paint_words(look, second, fitting(work_parts(row), second.width(), width))
        _paint_words(look, third, fitting(data_parts(row), third.width(), width))

    def _paint_title(self, look: _Look, line: QRect, row: RowInfo) -> None:
        line, middle = QRect(line), line.center().y()
        if self._is_unsaved(row.key):
            _paint_dot(look, line.right() - _DOT, middle, look.colors.accent)
            line.setRight(line.right() - _DOT - theme.SPACE_S)
        if row.read_only:
            lock = QRectF(line.right() - _LOCK, middle - _LOCK / 2, _LOCK, _LOCK)
            draw(look.painter, "lock", lock, look.colors.muted)
            line.setRight(line.right() - _LOCK - theme.SPACE_S)
        look.painter.setFont(look.title)
        _paint_line(look, line, row.name, look.colors.text, Qt.TextElideMode.ElideMiddle)

    def _paint_picture(self, look: _Look, place: QRect, row: RowInfo) -> None:
        image, outline = self._thumbnail(row.key), QPainterPath()
        outline.addRoundedRect(place.toRectF(), theme.RADIUS - 2, theme.RADIUS - 2)
        if image is None:
            look.painter.fillPath(outline, QColor(look.colors.hover))
            inset = (THUMBNAIL - theme.ICON) / 2
            draw(look.painter, _icon(row), place.toRectF().adjusted(inset, inset, -inset, -inset), look.colors.muted)
            return
        look.painter.save()
        look.painter.setClipPath(outline)
        look.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        look.painter.drawImage(place, image)
        look.painter.restore()


def work_parts(row: RowInfo) -> tuple[Part, ...]:
    """Where a row is. That it has no labels yet matters more than its stage: the dot still tells that."""
    labels = labels_words(row) if row.uninitialised else ""
    return (1 if labels else 0, row.stage), (0 if labels else 1, labels or row.status), (2, row.assignee)


def data_parts(row: RowInfo) -> tuple[Part, ...]:
    """What a row is, and when it was changed."""
    size, frames = size_words(row), frames_words(row)
    objects = "" if row.uninitialised else labels_words(row)
    return (0, type_words(row.data_type)), (3, size), (2, frames), (4, objects), (1, since(row.last_edited))


def fitting(parts: Sequence[Part], room: int, width: Callable[[str], int]) -> str:
    """As many of the parts as fit side by side, at least one."""
    kept = [part for part in parts if part[1]]
    while len(kept) > 1 and width(joined(*(words for _, words in kept))) > room:
        kept.remove(max(kept))
    return joined(*(words for _, words in kept))


def _icon(row: RowInfo) -> str:
    return _ICONS.get(row.data_type, "image")


def _stage_color(colors: theme.Colors, kind: StageKind | None) -> str:
    """The colour of the dot before a stage: what kind of work is waiting there."""
    if kind is StageKind.ANNOTATION:
        return colors.accent
    if kind is StageKind.REVIEW:
        return colors.warning
    return colors.success if kind is StageKind.DONE else colors.muted


def _paint_dot(look: _Look, left: int, middle: int, color: str) -> None:
    look.painter.setPen(Qt.PenStyle.NoPen)
    look.painter.setBrush(QColor(color))
    look.painter.drawEllipse(QRect(left, middle - _DOT // 2, _DOT, _DOT))


def _paint_words(look: _Look, line: QRect, words: str) -> None:
    look.painter.setFont(look.words)
    _paint_line(look, line, words, look.colors.muted, Qt.TextElideMode.ElideRight)


def _paint_line(look: _Look, line: QRect, words: str, color: str, elide: Qt.TextElideMode) -> None:
    look.painter.setPen(QColor(color))
    shown = look.painter.fontMetrics().elidedText(one_line(words), elide, line.width())
    look.painter.drawText(line, _LEFT, shown)
