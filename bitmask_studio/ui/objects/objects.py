"""The dock with the objects of the frame: colour, class, area, visible, locked."""

from __future__ import annotations

from weakref import WeakSet

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from bitmask_studio.core.labels import MaskKey, ObjectInfo
from bitmask_studio.core.text import one_line, tr
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.session import Session
from bitmask_studio.studio.view import View
from bitmask_studio.ui import theme
from bitmask_studio.ui.objects.attributes import AttributePanel
from bitmask_studio.ui.objects.delegate import ObjectDelegate
from bitmask_studio.ui.objects.model import AREA, EYE, LOCK, NAME, ObjectModel, spaced
from bitmask_studio.ui.widgets.elided_combo import ElidedCombo

_ROLE = Qt.ItemDataRole
_SHORT = 24
"""Letters of a class's name that fit into a line of the panel."""


class ObjectPanel(QWidget):
    """The list of objects, and above it the class that a new one gets."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._studio = session.studio
        self._model = ObjectModel(session, self)
        self._changed: set[MaskKey] = set()
        self._heard: WeakSet[Document] = WeakSet()
        self.list = QTreeView(rootIsDecorated=False, uniformRowHeights=True)
        self.list.setMouseTracking(True)
        self.list.setModel(self._model)
        self._delegate = ObjectDelegate(self._model, self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setAccessibleName(tr("Objects of this frame"))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.installEventFilter(self)
        self.list.viewport().installEventFilter(self)
        self.list.clicked.connect(self._clicked)
        self.list.doubleClicked.connect(self._center)
        self._after_canvas = QTimer(self, singleShot=True, interval=0)
        self._after_canvas.timeout.connect(lambda: self.list.setUpdatesEnabled(True))
        self.classes = ElidedCombo(minimumContentsLength=8)
        self.classes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.classes.setAccessibleName(tr("Class of new objects"))
        self.classes.setToolTip(tr("Class of new objects (1 to 9)"))
        self.classes.activated.connect(self._choose_class)
        self.new_button = QToolButton()
        self.details = AttributePanel(session, self)
        self._hint = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._hint.setProperty("muted", True)
        self._lay_out()
        self._listen()

    def refresh(self) -> None:
        """Show the areas of the masks that steps have changed since the last time."""
        for key in self._changed:
            self._model.count(key)
        self._changed.clear()

    def reload(self) -> None:
        """Show the objects of the frame, and which is chosen."""
        self._reload_list()
        self.details.refresh()

    def _let_canvas_go_first(self) -> None:
        """What changes of the list now is painted after the canvas, which otherwise waits for it."""
        self.list.setUpdatesEnabled(False)
        self._after_canvas.start()

    def _reload_list(self) -> None:
        self._let_canvas_go_first()
        self._model.reload()
        self._fit_areas()
        self._follow()
        self._tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only clicks and the window's keys choose: neither letters nor dragging move the list's own mark."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return event.text().isprintable() and bool(event.text())
        dragged = isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove and event.buttons()
        return bool(dragged) or super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._delegate.forget_looks()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.SPACE_M, theme.SPACE_M, theme.SPACE_M, theme.SPACE_M)
        head.addWidget(self.classes, 1)
        head.addWidget(self.new_button)
        column.addLayout(head)
        column.addWidget(self.list, 3)
        self._hint.setContentsMargins(theme.SPACE_L, theme.SPACE_M, theme.SPACE_L, theme.SPACE_M)
        column.addWidget(self._hint)
        column.addWidget(self.details, 4)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(AREA, QHeaderView.ResizeMode.Fixed)
        for column_number in (EYE, LOCK):
            header.setSectionResizeMode(column_number, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column_number, theme.ICON + theme.SPACE_M)
        header.setMinimumSectionSize(theme.ICON)

    def _listen(self) -> None:
        studio = self._studio
        studio.document_changed.connect(self._hear_document)
        studio.document_changed.connect(self._fill_classes)
        studio.document_changed.connect(self._reload_list)
        studio.rows_changed.connect(self._fill_classes)
        studio.view_changed.connect(self._show_view)
        self._hear_document()  # the sides come when a row may be open already

    def _hear_document(self) -> None:
        document = self._studio.document
        if document and document not in self._heard:
            self._heard.add(document)
            document.mask_changed.connect(self._changed.add)
            document.decoded.connect(lambda frame: self._show_decoded(document, frame))

    def _show_decoded(self, document: Document, frame: int) -> None:
        """The areas of a frame's objects have come after it was shown."""
        if document is self._studio.document and frame == self._studio.view.frame:
            self._let_canvas_go_first()
            self._model.refresh()

    def _show_view(self, old: View, new: View) -> None:
        """Most of what changes here comes many times a second, such as the opacity, and doesn't concern the list."""

        def differ(*parts: str) -> bool:
            return any(getattr(old, part) != getattr(new, part) for part in parts)

        if differ("row"):
            return  # another document follows
        if differ("frame"):
            self._reload_list()
            return
        if differ("by_object"):
            self._model.restyle()
        if differ("hidden", "locked"):
            self._model.restyle((old.hidden ^ new.hidden) | (old.locked ^ new.locked))
        if differ("object_hash", "class_hash", "hidden", "locked"):  # a click on an eye has moved the mark
            self._follow()
            self._tell()

    def _fit_areas(self) -> None:
        """Give areas the room of the largest there can be: no object has to be measured, and nothing moves."""
        header, frame = self.list.header(), self._studio.frame
        widest = spaced(frame.width * frame.height) if frame else ""
        room = QFontMetrics(theme.numbers_font()).horizontalAdvance(widest) + theme.SPACE_M
        header.resizeSection(AREA, max(room, header.sectionSizeHint(AREA)))

    def _follow(self) -> None:
        at = self._model.place(self._studio.view.object_hash)
        self.list.setCurrentIndex(self._model.index(at, NAME) if at >= 0 else QModelIndex())
        if self._studio.new_class:
            self.classes.setCurrentIndex(self.classes.findData(self._studio.new_class.feature_hash))

    def _tell(self) -> None:
        """One line below the list when painting would make an object, or there is nothing."""
        studio = self._studio
        waiting = studio.document is not None and studio.view.object_hash is None and studio.new_class is not None
        read_only = studio.document.row.info.read_only if studio.document else None
        if read_only:
            self._hint.setText(read_only)
        elif waiting and studio.new_class:
            name = one_line(studio.new_class.name)
            shown = name if len(name) <= _SHORT else f"{name[: _SHORT // 2]}…"
            self._hint.setText(tr("Paint to make a new object: {name}").format(name=shown))
        self._hint.setVisible(bool(read_only) or waiting)

    def _fill_classes(self) -> None:
        wanted = [(one_line(each.name), each.feature_hash) for each in self._studio.workspace.ontology.bitmask_classes]
        if wanted != [(self.classes.itemText(at), self.classes.itemData(at)) for at in range(self.classes.count())]:
            self.classes.clear()
            for name, feature_hash in wanted:
                self.classes.addItem(name, feature_hash)
        self.classes.setEnabled(self.classes.count() > 0)
        self._follow()

    def _choose_class(self, at: int) -> None:
        self._studio.start_object(self.classes.itemData(at))

    def _clicked(self, index: QModelIndex) -> None:
        each: ObjectInfo = index.data(_ROLE.UserRole)
        key, view = self._model.key(each), self._studio.view
        if index.column() == EYE:
            self._studio.show(hidden=view.hidden ^ {key})
        elif index.column() == LOCK:
            self._studio.show(locked=view.locked ^ {key})
        else:
            self._studio.show(object_hash=each.object_hash)

    def _center(self, index: QModelIndex) -> None:
        if index.column() in (NAME, AREA):
            each: ObjectInfo = index.data(_ROLE.UserRole)
            self._studio.screen.show_box(self._studio.object_box(each.object_hash), closer=True)
