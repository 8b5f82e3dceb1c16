"""The running program: what is open and chosen, and what a user can make it do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from bitmask_studio.core.brush_shape import MAX_SIZE, MIN_SIZE, BrushShape
from bitmask_studio.core.discovery import offered
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import Frame, MaskKey, ObjectInfo, RowInfo
from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.core.settings import Setting, SettingsStore
from bitmask_studio.core.signal import Signal
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Picture, Source
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.studio import preferences
from bitmask_studio.studio.ask import Ask, Screen
from bitmask_studio.studio.document.box_index import BoxIndex
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.labelled import positions_in, positions_of
from bitmask_studio.studio.document.refusals import shut_words
from bitmask_studio.studio.gestures import NO_KEY, Gestures, Target
from bitmask_studio.studio.jobs import Jobs
from bitmask_studio.studio.notices import ROW, Busy, Level, Notice, notice_of
from bitmask_studio.studio.view import View
from bitmask_studio.studio.workspace import Workspace
from bitmask_studio.tools.base import Phase, PointerEvent, Tool, ToolOptions

if TYPE_CHECKING:
    from bitmask_studio.sources.encord.account import Account

T = TypeVar("T")


class Studio:
    """Holds the workspace and the view; widgets listen to its signals and read what they show.

    Everything here happens on the thread of the event loop; slow work goes through `jobs`. `ask` and `screen` are set
    by whoever builds the screen before anything is opened.
    """

    def __init__(self, settings: SettingsStore) -> None:
        self.settings = settings
        self.ask: Ask
        self.screen: Screen
        self.jobs = Jobs(self._failed)
        self.workspace = Workspace(self.jobs, lambda: settings.get(preferences.PICTURE_MEMORY) << 20)
        self.tools = tuple(sorted(offered("bitmask_studio.tools", Tool), key=lambda tool: tool.order))
        self._boxes = BoxIndex()
        self.stroke_changed: Signal[()] = Signal()
        """A stroke has begun, or is over."""
        self.gestures = Gestures(lambda key: self.show(object_hash=key.object_hash), self.stroke_changed.emit)
        self._tool_options: ToolOptions | None = None
        self.view = self._first_view()
        self.account: Account | None = None
        self.document: Document | None = None
        self.picture: Picture | None = None
        self.preview: Picture | None = None
        """All of the picture, reduced; there only while the picture itself is being read."""
        self.picture_note: str | None = None
        """Why there is no picture under the masks, for the user."""
        self.view_changed: Signal[View, View] = Signal()
        self.document_changed: Signal[()] = Signal()
        self.picture_changed: Signal[()] = Signal()
        self.travelling: Signal[Document, int] = Signal()
        """Undo or redo is about to lead to another frame, whose masks have to be decoded."""
        self.travelled: Signal[()] = Signal()
        """Undo or redo led to another frame, whose picture has to be read."""
        self.rows_changed: Signal[()] = Signal()
        """The list was replaced, has grown, or tells other things of its rows."""
        self.account_changed: Signal[()] = Signal()
        self.settings_changed: Signal[()] = Signal()
        self.noticed: Signal[Notice] = Signal()
        self.barred: Signal[()] = Signal()
        """Something was to be changed in a window that is for looking, because another one has it."""
        self.over: Signal[str] = Signal()
        """Notices of this topic are old."""
        self.busy_changed: Signal[Busy | None] = Signal()

    @property
    def frame(self) -> Frame | None:
        """The frame that is shown."""
        return self.document.frames[self.view.frame] if self.document else None

    @property
    def objects(self) -> tuple[ObjectInfo, ...]:
        """The objects of the frame that is shown, bottom first."""
        return self.document.objects(self.view.frame) if self.document else ()

    @property
    def chosen(self) -> ObjectInfo | None:
        """The chosen object."""
        return self.document.find(self.view.key) if self.document and self.view.key else None

    @property
    def tool(self) -> Tool:
        return next(tool for tool in self.tools if tool.id == self.view.tool)

    @property
    def tool_options(self) -> ToolOptions:
        """What the settings make of the brush; asked for at every move of the pointer."""
        if self._tool_options is None:
            shape = BrushShape(self.settings.get(preferences.BRUSH_SHAPE))
            by_pressure = self.settings.get(preferences.PEN_PRESSURE)
            self._tool_options = ToolOptions(self.settings.get(preferences.BRUSH_SIZE), shape, by_pressure)
        return self._tool_options

    @property
    def new_class(self) -> ObjectClass | None:
        """The class that the next new object gets: the chosen bitmask class, else the first."""
        classes = self.workspace.ontology.bitmask_classes
        found = (each for each in classes if each.feature_hash == self.view.class_hash)
        return next(found, classes[0] if classes else None)

    def show(self, **changes: Any) -> None:  # noqa: ANN401 - the fields of View, checked by replace()
        """Replace fields of the view. A stroke in progress is committed first."""
        self.gestures.finish()
        old, self.view = self.view, replace(self.view, **changes)
        if (self.view.row, self.view.frame) != (old.row, old.frame):
            self.picture, self.preview, self.picture_note = None, None, None
            self.over.emit(ROW)
        if self.view != old:
            self.view_changed.emit(old, self.view)

    def set(self, setting: Setting[T], value: T) -> None:
        """Change a setting, now and for the next start."""
        self.settings.set(setting, value)
        self._tool_options = None
        self.settings_changed.emit()

    def resize_brush(self, change: int) -> None:
        """Make the brush larger or smaller by `change` px, within its limits."""
        size = self.settings.get(preferences.BRUSH_SIZE) + change
        self.set(preferences.BRUSH_SIZE, min(max(size, MIN_SIZE), MAX_SIZE))

    def say(self, text: str, level: Level = Level.INFO, topic: str = "") -> None:
        self.noticed.emit(Notice(text, level, topic=topic))

    def busy(self, text: str = "", cancel: Callable[[], object] | None = None) -> None:
        """Show that work is under way; without a text, that it has ended."""
        self.busy_changed.emit(Busy(text, cancel) if text else None)

    @contextmanager
    def working(self, text: str, cancel: Callable[[], object] | None = None) -> Iterator[None]:
        """Show that work is under way until it has ended."""
        self.busy(text, cancel)
        try:
            yield
        finally:
            self.busy()

    def set_account(self, account: Account | None) -> None:
        """Take an account for the one there is, which is let go of."""
        if self.account:
            self.account.close()
        self.account = account
        self.account_changed.emit()

    def take_source(self, source: Source | None, rows: Sequence[RowInfo]) -> None:
        """Show another source, none of its rows yet; unsaved edits of the one before are gone."""
        self.workspace.use(source, rows)
        self.document, self.picture, self.preview, self.picture_note = None, None, None, None
        self.show(row=None, frame=0, object_hash=None, hidden=frozenset(), locked=frozenset())
        self.rows_changed.emit()
        self.document_changed.emit()

    def add_rows(self, source: Source, rows: Sequence[RowInfo]) -> None:
        """More rows of a list that is being read; dropped when another source is open by now."""
        if self.workspace.source is source:
            self.workspace.add_rows(rows)
            self.rows_changed.emit()

    def set_rows(self, source: Source, rows: Sequence[RowInfo]) -> None:
        """The whole list of a source; dropped when another source is open by now."""
        if self.workspace.source is source:
            self.workspace.set_rows(rows)
            self.rows_changed.emit()

    def point(self, event: PointerEvent) -> None:
        """An event of the pointer on the canvas."""
        if event.phase is not Phase.PRESS:
            self.gestures.handle(event)
        elif event.pick or (tool := self._tool_of(event)).paints is None:
            self.choose_at(int(event.point.x // 1), int(event.point.y // 1))
        elif target := self._target():
            self.gestures.press(target, tool, self.tool_options, event)

    def topmost(self, x: int, y: int) -> ObjectInfo | None:
        """The visible object on top at image pixel (x, y); the chosen one lies over the others."""
        if self.document is None:
            return None
        front = [self.chosen] if self.chosen else []
        for each in (*front, *self._boxes.objects_at(self.document, self.view.frame, x, y)):
            key = MaskKey(self.view.frame, each.object_hash)
            if each.is_bitmask and self.is_visible(key) and self.document.mask(key).holds(x, y):
                return each
        return None

    def choose_at(self, x: int, y: int) -> None:
        """Choose the object on top at image pixel (x, y); nothing there: nothing is chosen."""
        found = self.topmost(x, y)
        self.show(object_hash=found.object_hash if found else None)

    def is_visible(self, key: MaskKey) -> bool:
        alone = self.view.only_chosen and self.view.object_hash is not None
        return key not in self.view.hidden and (not alone or key.object_hash == self.view.object_hash)

    def step_object(self, step: int) -> None:
        """Choose the next (1) or previous (-1) object of the list and bring it into the middle."""
        names = [each.object_hash for each in self.objects]
        if names and self.document:
            at = names.index(self.view.object_hash) if self.view.object_hash in names else (-1 if step > 0 else 0)
            name = names[(at + step) % len(names)]
            self.show(object_hash=name)
            self.screen.show_box(self.object_box(name))

    def object_box(self, object_hash: str) -> Box:
        """Where an object of the frame lies; empty when that is not known."""
        info = self.document.find(key := MaskKey(self.view.frame, object_hash)) if self.document else None
        if info is None or self.document is None:
            return Box(0, 0, 0, 0)
        points = [point for outline in info.outlines for point in outline.points]
        return Box.around(points) if points else self.document.mask(key).box

    def undo(self) -> None:
        """Take the last step of this row back, on whichever frame it was."""
        self._travel(-1)

    def redo(self) -> None:
        self._travel(1)

    def delete_chosen(self) -> None:
        """Delete the chosen object from this frame."""
        if self.document and self.view.key and (refusal := self._refusal(self.view.key)) is not None:
            self._refuse(refusal)
        elif self.document and self.view.key and self.chosen:
            self.gestures.finish()
            names = [each.object_hash for each in self.objects]
            at = names.index(self.chosen.object_hash)
            self.document.remove(self.view.key, tr("Delete {name}").format(name=self.chosen.name))
            rest = names[:at] + names[at + 1 :]
            self.show(object_hash=rest[min(at, len(rest) - 1)] if rest else None)

    def delete_everywhere(self) -> None:
        """Delete the chosen object from all frames of the row, in one step."""
        document, here, chosen = self.document, self.view.key, self.chosen
        if document is None or here is None or chosen is None:
            return
        frames = positions_of(document, here.object_hash, positions_in(document.row, here.object_hash))
        keys = [here, *(MaskKey(each, here.object_hash) for each in frames if each != here.frame)]
        refusal = next((found for key in keys if (found := self._refusal(key)) is not None), None)
        if refusal:
            self._refuse(refusal)
            return
        self.gestures.finish()
        document.remove_all(keys, tr("Delete {name} on all frames").format(name=chosen.name))
        self.show(object_hash=None)

    def start_object(self, class_hash: str | None = None) -> None:
        """Let the next stroke make a new object, of the class given or the one chosen last."""
        self.show(object_hash=None, class_hash=class_hash or self.view.class_hash)
        if self.new_class is None:
            self.say(_no_class(), Level.WARNING)

    def first_editable(self, frame: int | None = None) -> str | None:
        """The first visible, unlocked bitmask that can be edited, of the frame shown or of another."""
        document, position = self.document, self.view.frame if frame is None else frame
        if document is None:
            return None
        kept_off = self.view.hidden | self.view.locked
        for each in document.objects(position):
            key = MaskKey(position, each.object_hash)
            if each.is_bitmask and key not in kept_off and document.refusal(key) is None:
                return each.object_hash
        return None

    def _refusal(self, key: MaskKey) -> str | None:
        """Why the object may not be changed now."""
        if self.workspace.is_shut:
            return shut_words()
        if key in self.view.locked:
            return tr("This object is locked. Unlock it with Ctrl+L to change it.")
        if not self.is_visible(key):
            return tr("This object is hidden. Show it to change it.")
        return self.document.refusal(key) if self.document else None

    def _refuse(self, why: str) -> None:
        """Say why nothing was changed; where another window has it, what says so offers more than the words do."""
        if self.workspace.is_shut:
            self.barred.emit()
        else:
            self.say(why, Level.WARNING, ROW)

    def _tool_of(self, press: PointerEvent) -> Tool:
        """The tool that a press works with: a pen's other end is the eraser."""
        erasers = (tool for tool in self.tools if tool.erases) if press.eraser else ()
        return next(iter(erasers), self.tool)

    def _target(self) -> Target | None:
        """What a stroke would paint on; says why when there is nothing."""
        if self.document is None:
            return None
        if self.chosen and self.view.key:
            refusal = self._refusal(self.view.key)
            target = Target(self.document, self.view.key)
        else:
            refusal = shut_words() if self.workspace.is_shut else self.document.row.info.read_only
            if refusal is None and self.new_class is None:
                refusal = _no_class()
            target = Target(self.document, MaskKey(self.view.frame, NO_KEY), self.new_class)
        if refusal:
            self._refuse(refusal)
        return None if refusal else target

    def _travel(self, step: int) -> None:
        if self.document is None:
            return
        if step < 0 and self.gestures.cancel():
            return
        self.gestures.finish()
        frame = self.view.frame
        edit = self.document.undo() if step < 0 else self.document.redo()
        if edit:
            if edit.key.frame != frame:
                self.travelling.emit(self.document, edit.key.frame)
            there = self.document.find(edit.key) is not None
            self.show(frame=edit.key.frame, object_hash=edit.key.object_hash if there else None)
            if edit.key.frame != frame:
                self.travelled.emit()

    def _first_view(self) -> View:
        return View(
            opacity=self.settings.get(preferences.OPACITY) / 100,
            outline=self.settings.get(preferences.OUTLINE),
            by_object=self.settings.get(preferences.COLOR_BY_OBJECT),
        )

    def _failed(self, error: Exception) -> None:
        if isinstance(error, ServerError) and error.kind is Kind.CANCELLED:
            return
        self.noticed.emit(notice_of(error))


def _no_class() -> str:
    return tr("There is no bitmask class to make an object of. Add one with Object > New Class.")
