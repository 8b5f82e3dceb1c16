"""Below the list of objects: what is known of the chosen one, and the form of its attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from weakref import WeakSet

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from bitmask_studio.core.attributes import Answers, AnswerValue, Attribute, asked
from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.labels import MaskKey, ObjectInfo
from bitmask_studio.core.settings import Setting
from bitmask_studio.core.text import tr
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.object_words import dynamic_words
from bitmask_studio.studio.notices import Level
from bitmask_studio.studio.session import Session
from bitmask_studio.studio.view import View
from bitmask_studio.ui import theme
from bitmask_studio.ui.canvas.scene import color_of
from bitmask_studio.ui.objects.attribute_block import Asked, Block
from bitmask_studio.ui.objects.facts import FactsHead
from bitmask_studio.ui.widgets.plain_text import plain_label

SHOW_DETAILS = Setting("object_details", True)
_MAX_SPARE = 200
_NO_LIMIT = (1 << 24) - 1
"""Qt's QWIDGETSIZE_MAX, logical px."""


class AttributePanel(QWidget):
    """Hidden without a chosen object; its head folds the rest away."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = session.studio
        self._key: MaskKey | None = None
        self._document: Document | None = None
        self._heard: WeakSet[Document] = WeakSet()
        self.blocks: dict[Asked, Block] = {}
        self._spare: dict[Asked, Block] = {}
        self.head = FactsHead()
        self.reason = plain_label("", muted=True)
        self.rest = plain_label("", muted=True)
        self.fold = QToolButton(autoRaise=True)
        self.fold.setText(tr("Details"))
        self.fold.setFont(theme.scaled_font(theme.TEXT_M, bold=True))
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setAccessibleName(tr("Details of the chosen object"))
        self.fold.setToolTip(tr("Facts and attributes of the chosen object"))
        self.fold.clicked.connect(lambda: self._studio.set(SHOW_DETAILS, not self.is_unfolded))
        self._lay_out()
        self._studio.view_changed.connect(self._follow)
        self._studio.document_changed.connect(self.refresh)
        self._studio.rows_changed.connect(self.refresh)
        self._studio.settings_changed.connect(self._settings_changed)
        self.refresh()

    @property
    def is_unfolded(self) -> bool:
        return self._studio.settings.get(SHOW_DETAILS)

    def refresh(self) -> None:
        """Show the chosen object as it is now."""
        self.finish()
        studio, document = self._studio, self._studio.document
        info = studio.chosen
        self._document, self._key = document, studio.view.key
        self.setVisible(info is not None)
        if document is None or info is None or self._key is None:
            return
        if document not in self._heard:
            self._heard.add(document)
            document.answers_changed.connect(self._answers_changed)
        self.fold.setArrowType(Qt.ArrowType.DownArrow if self.is_unfolded else Qt.ArrowType.RightArrow)
        self.body.setVisible(self.is_unfolded)
        self._fit()
        if self.is_unfolded:
            blue, green, red = color_of(studio, info)
            self.head.show_object(info, QColor(red, green, blue))
            self._show_form(document, self._key, info)

    def finish(self) -> None:
        """Take what is being typed as the answer that it is meant for."""
        for block in self.blocks.values():
            block.finish()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        rule = QFrame()
        rule.setProperty("rule", True)
        column.addWidget(rule)
        column.addWidget(self.fold)
        self.fold.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.content = QWidget()
        self.content.setObjectName("details")
        inside = QVBoxLayout(self.content)
        inside.setContentsMargins(theme.SPACE_M + 2, 0, theme.SPACE_M + 2, theme.SPACE_M)
        inside.setSpacing(theme.SPACE_M)
        inside.addWidget(self.head)
        inside.addWidget(self.reason)
        self._form = QVBoxLayout()
        self._form.setSpacing(theme.SPACE_M)
        inside.addLayout(self._form)
        inside.addWidget(self.rest)
        inside.addStretch(1)
        self.body = _Scroll(self.content, self._fit)
        column.addWidget(self.body)

    def _show_form(self, document: Document, key: MaskKey, info: ObjectInfo) -> None:
        answers = document.answers(info.file_hash)
        kind = self._studio.workspace.ontology.find(info.feature_hash)
        attributes = kind.attributes if kind else ()
        reason = self._refusal(document, key)
        wanted = [
            Asked(each, depth, fixed=bool(reason) or _is_only_shown(each, answers))
            for each, depth in asked(attributes, answers)
            if not each.archived or each.feature_hash in answers
        ]
        self._arrange(wanted)
        dynamic = document.row.dynamic_answers.get(info.file_hash, ())
        for each, block in self.blocks.items():
            lines = dynamic_words(each.attribute, dynamic) if each.attribute.dynamic else None
            block.show_value(answers.get(each.attribute.feature_hash), lines)
        said = document.row.info.read_only  # stands below the list already
        self.reason.setText(reason if wanted and reason and reason != said else "")
        self.reason.setVisible(bool(self.reason.text()))
        known = {each.feature_hash for top in attributes for each in top.walk()}
        unknown = len(set(answers) - known)
        self.rest.setText(_unknown_words(unknown) if unknown else "")
        self.rest.setVisible(unknown > 0)

    def _arrange(self, wanted: Sequence[Asked]) -> None:
        """Put the blocks of the form in order, keeping those that stay and with them the keyboard's focus."""
        if list(self.blocks) == list(wanted):
            return
        for each in [each for each in self.blocks if each not in wanted]:
            self._put_away(each, self.blocks.pop(each))
        found = {**self._spare, **self.blocks}
        self.blocks = {each: found[each] if each in found else self._made(each) for each in wanted}
        self._spare = {each: block for each, block in self._spare.items() if each not in self.blocks}
        before: QWidget = self.head.copy
        for at, block in enumerate(self.blocks.values()):
            self._form.insertWidget(at, block)
            block.show()
            for widget in block.focusable():
                QWidget.setTabOrder(before, widget)
                before = widget

    def _put_away(self, each: Asked, block: Block) -> None:
        """Keep a block for the next object that needs it: making one takes longer than all the rest."""
        self._form.removeWidget(block)
        block.hide()
        self._spare[each] = block
        if len(self._spare) > _MAX_SPARE:
            self._spare.pop(next(iter(self._spare))).deleteLater()

    def _made(self, each: Asked) -> Block:
        block = Block(each)
        if block.field:
            block.field.answered.connect(lambda value: self._answer(each.attribute, value))
        block.clear.clicked.connect(lambda: self._answer(each.attribute, None))
        return block

    def _refusal(self, document: Document, key: MaskKey) -> str | None:
        """Why the answers of an object cannot be edited now."""
        if refusal := document.answer_refusal(key):
            return refusal
        if not self._studio.workspace.edits_answers:
            return tr("Attributes of local files are shown, not edited, for now.")
        if key in self._studio.view.locked:
            return tr("This object is locked. Unlock it with Ctrl+L to change it.")
        return None

    def _answer(self, attribute: Attribute, value: AnswerValue | None) -> None:
        document, key = self._document, self._key
        if document is None or key is None:
            return
        self._studio.gestures.finish()
        try:
            document.answer(key, attribute, value, tr("Answer {name}").format(name=attribute.name))
        except StudioError as error:
            self._studio.say(str(error), Level.WARNING)
        if self._studio.document is document and self._studio.view.key == key:
            self._show_form_again()

    def _answers_changed(self, object_hash: str) -> None:
        if self._studio.chosen and self._studio.chosen.file_hash == object_hash:
            self._show_form_again()

    def _show_form_again(self) -> None:
        """After an answer, which may ask for more."""
        document, key, info = self._studio.document, self._studio.view.key, self._studio.chosen
        if document and key and info and self.is_unfolded:
            self._show_form(document, key, info)

    def _follow(self, old: View, new: View) -> None:
        if old.row != new.row:
            return  # another document follows
        parts = ("frame", "object_hash", "locked", "by_object")
        if any(getattr(old, each) != getattr(new, each) for each in parts):
            self.refresh()

    def _settings_changed(self) -> None:
        if self.body.isHidden() is self.is_unfolded:
            self.refresh()

    def _fit(self) -> None:
        """Leave the list the room that is not needed here."""
        head = self.fold.sizeHint().height() + 1
        self.setMaximumHeight(min(head + (self.body.maximumHeight() if self.is_unfolded else 0), _NO_LIMIT))


def _is_only_shown(attribute: Attribute, answers: Answers) -> bool:
    """Whether an answer is not one to edit: it differs from frame to frame, or is of another version."""
    value = answers.get(attribute.feature_hash)
    odd = value is not None and not attribute.accepts(value)
    return attribute.dynamic or attribute.archived or odd


def _unknown_words(count: int) -> str:
    if count == 1:
        return tr("1 more answer belongs to no attribute of the ontology; it is kept.")
    return tr("{count} more answers belong to no attribute of the ontology; they are kept.").format(count=count)


class _Scroll(QScrollArea):
    """As high as what is in it at this width, if there is room; scrolls up and down only."""

    def __init__(self, content: QWidget, fitted: Callable[[], object]) -> None:
        super().__init__()
        self._content, self._fitted = content, fitted
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        content.installEventFilter(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return False

    def _fit(self) -> None:
        width = self.viewport().width()
        height = self._content.heightForWidth(width) if self._content.hasHeightForWidth() else -1
        self.setMaximumHeight(max(1, height if height >= 0 else self._content.sizeHint().height()))
        self._fitted()
