"""What takes time and may need an answer: opening, going to another row or frame, saving, leaving."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bitmask_studio.core.errors import InputError, PictureError, SaveError
from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Conflict, ConflictError, Keep, Picture
from bitmask_studio.studio import preferences
from bitmask_studio.studio.ask import Leave
from bitmask_studio.studio.document import Document
from bitmask_studio.studio.notices import Level, notice_of
from bitmask_studio.studio.studio import Studio

PICTURE_PATIENCE = 0.2
"""Seconds for which a row waits for its picture before it is shown without, so that nothing flashes."""


@dataclass(frozen=True, slots=True)
class OpenWish:
    """What to open: files or folders, and where to begin. `row` is a label hash, a data hash or a title."""

    paths: tuple[Path, ...]
    images: Path | None = None
    ontology: Path | None = None
    row: str | None = None
    frame: int = 0


class Session:
    """Asynchronous deeds on a studio; a later one makes the answers of an earlier one be dropped."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self._wish: OpenWish | None = None
        self._turn = self._opening = 0
        self._saving = asyncio.Lock()
        studio.travelled.connect(lambda: studio.jobs.start(self._follow()))

    async def open(self, wish: OpenWish) -> bool:
        """Open files or folders and show a row; answers whether the user let that happen.

        Raises StudioError; what was open stays open then, unless the row asked for is unknown.
        """
        studio, workspace = self.studio, self.studio.workspace
        if not wish.paths or not await self.may_leave():
            return False
        self._opening += 1
        opening, edits = self._opening, self._edits()
        with self._busy(tr("Opening {name} …").format(name=wish.paths[0].name or wish.paths[0])):
            source, rows = await workspace.read(wish.paths, wish.images, wish.ontology)
        if opening == self._opening and edits != self._edits() and not await self.may_leave():
            return False
        if opening != self._opening:
            return False
        self._next_turn()
        workspace.use(source, rows)
        self._wish = wish
        studio.document, studio.picture, studio.picture_note = None, None, None
        studio.show(row=None, frame=0, object_hash=None, hidden=frozenset(), locked=frozenset())
        studio.rows_changed.emit()
        studio.document_changed.emit()
        self._remember(wish.paths)
        for warning in source.warnings:
            studio.say(warning, Level.WARNING)
        if workspace.rows:
            info = find_row(workspace.rows, wish.row) if wish.row else workspace.rows[0]
            await self.open_row(info.key, wish.frame)
        return True

    async def look_for_pictures(self, folder: Path) -> None:
        """Open the same files again with the pictures of another folder, and go back to the row and frame shown."""
        key, frame = self.studio.view.row, self.studio.view.frame
        opened = self._wish is not None and await self.open(replace(self._wish, images=folder, row=None, frame=0))
        if opened and key and self.studio.workspace.row(key):
            await self.open_row(key, frame)

    async def open_row(self, key: str, frame: int = 0) -> None:
        """Show a row. Raises StudioError when it cannot be read; the row shown before stays."""
        studio, turn = self.studio, self._next_turn()
        info = studio.workspace.row(key)
        with self._busy(tr("Opening {name} …").format(name=info.name if info else key)):
            document = await studio.workspace.document(key, frame)
        if turn != self._turn:
            return
        _refuse_what_has_no_pixels(document)
        frame = min(frame, len(document.frames) - 1)
        picture = await self._read_picture(key, frame)
        if turn == self._turn:
            studio.gestures.finish()
            studio.document = document
            studio.picture, studio.picture_note = None, None if picture.done() else tr("Reading the picture …")
            studio.show(row=key, frame=frame, object_hash=None)
            studio.show(object_hash=studio.first_editable())
            studio.document_changed.emit()
            await self._show_picture(picture, turn)

    async def open_frame(self, frame: int) -> None:
        """Show another frame of the open row and choose its first bitmask that can be edited."""
        studio, document = self.studio, self.studio.document
        if document is None or studio.view.row is None or not 0 <= frame < len(document.frames):
            return
        turn = self._next_turn()
        picture = await self._read_picture(studio.view.row, frame)
        if turn == self._turn:
            studio.picture, studio.picture_note = None, None if picture.done() else tr("Reading the picture …")
            studio.show(frame=frame, object_hash=None)
            studio.show(object_hash=studio.first_editable())
            await self._show_picture(picture, turn)

    async def step_row(self, step: int) -> None:
        """Show the next (1) or previous (-1) row of the list."""
        rows, key = self.studio.workspace.rows, self.studio.view.row
        at = next((number for number, row in enumerate(rows) if row.key == key), None)
        if at is not None and 0 <= at + step < len(rows):
            await self.open_row(rows[at + step].key)

    async def save(self) -> bool:
        """Store the edits of every row; answers whether nothing is unsaved any more.

        Asks when somebody else changed the same masks. Raises SaveError, the edits being as safe as before.
        """
        studio = self.studio
        studio.gestures.finish()
        choices: dict[Conflict, Keep] = {}
        async with self._saving:
            with self._busy(tr("Saving …")):
                while True:
                    try:
                        count = await studio.workspace.save(choices)
                        break
                    except ConflictError as conflict:
                        keep = await studio.ask.keep([_name_of(studio, each) for each in conflict.conflicts])
                        if keep is None:
                            return False
                        choices |= dict.fromkeys(conflict.conflicts, keep)
        studio.rows_changed.emit()
        studio.say(tr("Saved") if count else tr("Nothing to save: the file has every edit."))
        return not studio.workspace.unsaved

    async def save_as(self) -> bool:
        """Store everything in a file of another name and go on with that one."""
        studio = self.studio
        if studio.workspace.source is None:
            return False
        studio.gestures.finish()
        path = await studio.ask.save_as(studio.workspace.source.paths[0])
        if path is None:
            return False
        async with self._saving:
            with self._busy(tr("Saving …")):
                await studio.workspace.save_as(path)
        studio.rows_changed.emit()
        self._remember([path])
        self._wish = replace(self._wish, paths=(path,)) if self._wish else None
        studio.say(tr("Saved"))
        return True

    async def may_leave(self) -> bool:
        """Whether what is open may be closed: asks about unsaved edits, and saves them if that is the answer."""
        self.studio.gestures.finish()
        unsaved = self.studio.workspace.unsaved
        if not unsaved:
            return True
        answer = await self.studio.ask.unsaved([document.row.info.name for document in unsaved])
        if answer is Leave.SAVE:
            return await self._try_save()
        return answer is Leave.DISCARD

    async def add_class(self) -> None:
        """Ask for a name and add a bitmask class of it."""
        if self.studio.workspace.source and (name := await self.studio.ask.new_class()):
            each = await self.studio.workspace.add_class(name)
            self.studio.start_object(each.feature_hash)
            self.studio.document_changed.emit()

    async def _try_save(self) -> bool:
        try:
            return await self.save()
        except SaveError as error:
            self.studio.noticed.emit(notice_of(error))
            return False

    async def _read_picture(self, key: str, position: int) -> asyncio.Future[Picture]:
        """Begin to read a picture and give it a moment to arrive."""
        reading = asyncio.ensure_future(self.studio.workspace.picture(key, position))
        reading.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait([reading], timeout=PICTURE_PATIENCE)
        return reading

    async def _show_picture(self, reading: asyncio.Future[Picture], turn: int) -> None:
        """Put the picture under the masks when it is there, or say why there is none."""
        picture, note = None, None
        try:
            picture = await reading
        except PictureError as error:
            note = str(error)
        if turn == self._turn:
            self.studio.picture, self.studio.picture_note = picture, note
            self.studio.picture_changed.emit()
            if picture and picture.warning:
                self.studio.say(picture.warning, Level.WARNING)

    async def _follow(self) -> None:
        """Read the picture of the frame that is shown."""
        view, turn = self.studio.view, self._next_turn()
        if view.row is not None:
            await self._show_picture(await self._read_picture(view.row, view.frame), turn)

    def _edits(self) -> list[tuple[Document, int]]:
        """What is not saved, and up to where; a stroke in progress is committed first."""
        self.studio.gestures.finish()
        return [(document, document.history.place) for document in self.studio.workspace.unsaved]

    def _next_turn(self) -> int:
        self._turn += 1
        return self._turn

    def _remember(self, paths: Sequence[Path]) -> None:
        studio, path = self.studio, str(paths[0].resolve())
        recent = [each for each in studio.settings.get(preferences.RECENT_FILES) if each != path]
        studio.set(preferences.RECENT_FILES, [path, *recent][: preferences.MAX_RECENT])
        studio.set(preferences.LAST_FOLDER, str(paths[0].resolve().parent))

    @contextmanager
    def _busy(self, text: str) -> Iterator[None]:
        self.studio.busy(text)
        try:
            yield
        finally:
            self.studio.busy()


def _refuse_what_has_no_pixels(document: Document) -> None:
    info = document.row.info
    if not document.frames or min(min(frame.width, frame.height) for frame in document.frames[:1]) < 1:
        text = tr("{name} cannot be shown: {reason}")
        raise InputError(text.format(name=info.name, reason=info.read_only or tr("it has no frames.")))


def find_row(rows: Sequence[RowInfo], name: str) -> RowInfo:
    """The one row with that label hash, data hash or title.

    Raises InputError when there is none, or several: then it lists them.
    """
    found = [row for row in rows if name in (row.label_hash, row.data_hash, row.title)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError(tr("No row is called {name}.").format(name=name))
    candidates = ", ".join(row.label_hash or row.data_hash for row in found)
    raise InputError(tr("{count} rows are called {name}: {rows}").format(count=len(found), name=name, rows=candidates))


def _name_of(studio: Studio, conflict: Conflict) -> str:
    document = studio.workspace.documents.get(conflict.row)
    info = document.find(conflict.key) if document else None
    name = f"{info.name} ({conflict.key.object_hash})" if info else conflict.key.object_hash
    return f"{document.row.info.name}: {name}" if document else name
