"""What takes time and may need an answer: opening, going to another row or frame, saving, leaving."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from bitmask_studio.core.errors import InputError, StudioError
from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Source
from bitmask_studio.studio import preferences
from bitmask_studio.studio.account.connection import Connection
from bitmask_studio.studio.account.projects import Projects
from bitmask_studio.studio.account.reviewing import Reviewing
from bitmask_studio.studio.account.signing_in import SigningIn
from bitmask_studio.studio.ask import Leave
from bitmask_studio.studio.document.decoding import Decodes, Decoding, soon
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.kept.recovering import Recovering
from bitmask_studio.studio.notices import OPENING, ROW, SAVING, Level, notice_of
from bitmask_studio.studio.pictures.playing import Playing
from bitmask_studio.studio.pictures.reading_ahead import ReadingAhead
from bitmask_studio.studio.pictures.showing import Reading, Showing
from bitmask_studio.studio.reading_files import FileReading
from bitmask_studio.studio.rows.finding import find_row
from bitmask_studio.studio.saving.saving import Saving
from bitmask_studio.studio.studio import Studio

if TYPE_CHECKING:  # what keeps a journal is not part of every start
    from bitmask_studio.studio.journal.elsewhere import Elsewhere

Read = Callable[[], Coroutine[Any, Any, tuple[Source, Sequence[RowInfo]]]]
PROJECT = "encord:"


class OpenWish(Struct, frozen=True):
    """What to open: files or folders, and where to begin. `row` is a label hash, a data hash or a title."""

    paths: tuple[Path, ...]
    images: Path | None = None
    ontology: Path | None = None
    row: str | None = None
    frame: int = 0
    key: str | None = None
    """The key of the row to begin with, where that is known, and it is there."""
    named: tuple[Elsewhere, ...] = ()
    """Edits that are kept elsewhere and were said to belong here."""


class Session:
    """Asynchronous deeds on a studio; a later one makes the answers of an earlier one be dropped."""

    def __init__(self, studio: Studio, keeps: bool = False) -> None:
        """`keeps`: every edit is written to a journal in the state folder, and what is open is claimed there."""
        self.studio = studio
        self._wish: OpenWish | None = None
        self._again: Callable[[], Awaitable[object]] | None = None
        self._turn = self._opening = 0
        self._bound_for: str | None = None
        """The row that was asked for last and is not open: going on leads past it, also when it cannot be opened."""
        self.recovering = Recovering(self, keeps)
        self.saving = Saving(studio, self.recovering.moving)
        self._showing = Showing(studio, self.open_frame)
        self.decoding = Decoding(studio.jobs)
        self._ahead = ReadingAhead(studio, self.decoding)
        self.signing_in = SigningIn(studio)
        self.reviewing = Reviewing(studio, self.save)
        self.connection = Connection(studio, self.save)
        self.playing = Playing(self)
        self.projects = Projects(self)
        studio.travelling.connect(self._decode)
        studio.travelled.connect(self._follow)

    async def open(self, wish: OpenWish) -> bool:
        """Open files or folders and show a row; answers whether the user let that happen.

        Raises StudioError; what was open stays open then, unless the row asked for is unknown.
        """
        studio, workspace = self.studio, self.studio.workspace
        if not wish.paths:
            return False
        reading = FileReading(self, wish)
        source = await self.replace_source(reading.text, partial(self._read, reading, wish), reading.stop, wish=wish)
        if source is None:
            return False
        self._wish = wish
        self._remember(wish.paths)
        for warning in source.warnings:
            studio.say(warning, Level.WARNING)
        try:
            if workspace.rows:
                await self.open_row(_first(workspace.rows, wish).key, wish.frame)
        finally:
            if (files := workspace.files) and files is source and not files.is_whole:
                studio.jobs.start(reading.go_on(files))
        return True

    async def _read(self, reading: FileReading, wish: OpenWish) -> tuple[Source, Sequence[RowInfo]]:
        """Read files, and begin with the row that is to be shown while everything else is made ready."""
        source, rows = await reading.read()
        with suppress(InputError):  # is told when that row is opened
            if rows:
                self.studio.workspace.begin_early(source, _first(rows, wish), wish.frame)
        return source, rows

    async def replace_source(
        self, text: str, read: Read, cancel: Callable[[], object] | None = None, wish: OpenWish | None = None
    ) -> Source | None:
        """Show what `read` answers in place of what is open; None when the user does not let that happen.

        Raises StudioError; what was open stays open then. What else was to be opened meanwhile goes before it.
        """
        if not await self.may_leave():
            return None
        self._opening += 1
        opening, edits = self._opening, self._edits()
        self.recovering.prepare(wish)
        try:
            with self.studio.working(text, cancel):
                source, rows = await read()
        except BaseException:
            self.recovering.abandon(wish)
            raise
        if opening == self._opening and edits != self._edits() and not await self.may_leave():
            self.recovering.abandon(wish)
            return None
        if opening != self._opening:
            return None
        for document in self.studio.workspace.documents.values():
            document.retire(tr("Something else is being opened."))
        keeper = await self.recovering.begin(source, wish)
        if opening != self._opening:
            if keeper:
                await self.studio.jobs.run(keeper.end)
            return None
        self._next_turn()
        self._wish = self._bound_for = None
        self.recovering.take(keeper)
        self.studio.take_source(source, rows)
        return source

    async def open_recent(self, entry: str) -> None:
        """Open what the list of recent things calls `entry`: a path, or encord:DOMAIN|PROJECT_HASH|TITLE."""
        if not entry.startswith(PROJECT):
            await self.open(OpenWish((Path(entry),)))
            return
        domain, project_hash, _ = entry.removeprefix(PROJECT).split("|", 2)
        account = self.studio.account
        if account is None or account.login.domain != domain:
            known = self.signing_in.remembered()
            if not await self.signing_in.ask(replace(known, domain=domain)):
                return
        await self.projects.open(project_hash)

    @property
    def recent(self) -> list[str]:
        """What was opened last, as `open_recent` takes it: files and folders, then projects."""
        settings = self.studio.settings
        projects = [f"{PROJECT}{each}" for each in settings.get(preferences.RECENT_PROJECTS)]
        return [*settings.get(preferences.RECENT_FILES), *projects]

    async def close_source(self) -> None:
        """Show nothing, so that another project can be chosen, if the user lets that happen."""
        if await self.may_leave():
            self.drop_source()

    def drop_source(self) -> None:
        """Show nothing; unsaved edits are gone."""
        self._opening += 1
        self._next_turn()
        self._wish = self._again = self._bound_for = None
        self.recovering.leave()
        self.studio.take_source(None, ())

    @property
    def can_retry(self) -> bool:
        """Whether something failed that may work now."""
        return self._again is not None

    async def retry(self) -> None:
        """Do again what failed last. Raises StudioError."""
        deed, self._again = self._again, None
        if deed:
            await deed()

    @asynccontextmanager
    async def again_if_it_fails(
        self, deed: Callable[[], Awaitable[object]], topic: str = OPENING
    ) -> AsyncIterator[None]:
        """Remember how to do again what fails in here."""
        try:
            yield
        except StudioError as error:
            self._again = deed
            error.topic, error.again = error.topic or topic, deed
            raise
        self._again = None

    async def look_for_pictures(self, folder: Path) -> None:
        """Open the same files again with the pictures of another folder, and go back to the row and frame shown."""
        if self._wish is not None:
            self._wish = replace(self._wish, images=folder)
            await self.reopen()

    async def open_row(self, key: str, frame: int = 0) -> None:
        """Show a row; one without labels on its server is asked about first, because opening it would make them.

        Raises StudioError when it cannot be read; the row shown before stays.
        """
        studio, turn = self.studio, self._next_turn()
        self._bound_for = key
        info = studio.workspace.row(key)
        name = info.name if info else key
        if info and info.uninitialised:
            if not await studio.ask.create_row(name) or turn != self._turn:
                studio.rows_changed.emit()  # the list has gone ahead, and goes back to the row that is open
                return
            with studio.working(
                tr("Making the label row of {name} …").format(name=name), studio.workspace.cancel_writing
            ):
                await studio.workspace.create(key)
            studio.rows_changed.emit()
        try:
            async with self.again_if_it_fails(lambda: self.open_row(key, frame)):
                with studio.working(tr("Opening {name} …").format(name=name), studio.workspace.cancel):
                    document = await studio.workspace.document(key, frame)
                _refuse_what_has_no_pixels(document)
        except StudioError:
            if turn == self._turn:
                studio.rows_changed.emit()  # the list goes back to the row that is open
            raise
        if turn != self._turn:
            return
        frame = min(frame, len(document.frames) - 1)
        picture = await self._begin(document, key, frame, turn)
        if turn == self._turn:
            self._bound_for = None
            studio.gestures.finish()
            studio.document = document
            studio.picture, studio.preview, studio.picture_note = None, None, None
            studio.show(row=key, frame=frame, object_hash=studio.first_editable(frame))
            studio.document_changed.emit()
            studio.over.emit(OPENING)
            self.recovering.tell_row(key)
            if document.row.info.caution:
                studio.say(document.row.info.caution, Level.WARNING, ROW)
            await self._show_picture(picture, turn)
            self.recovering.make()

    async def open_frame(self, frame: int) -> None:
        """Show another frame of the open row and choose its first bitmask that can be edited."""
        studio, document = self.studio, self.studio.document
        if document is None or studio.view.row is None or not 0 <= frame < len(document.frames):
            return
        turn = self._next_turn()
        picture = await self._begin(document, studio.view.row, frame, turn)
        if turn == self._turn:
            studio.picture, studio.preview, studio.picture_note = None, None, None
            studio.show(frame=frame, object_hash=studio.first_editable(frame))
            await self._show_picture(picture, turn)

    async def reopen(self) -> None:
        """Open again what is open, and go back to the row and frame shown. Raises StudioError."""
        key, frame, wish = self.studio.view.row, self.studio.view.frame, self._wish
        server = self.studio.workspace.server
        if server:
            opened = await self.projects.open(server.project_hash)
        else:
            opened = wish is not None and await self.open(replace(wish, row=None, frame=0, key=key))
        if opened and key and self.studio.workspace.row(key):
            await self.open_row(key, frame)

    def end(self) -> None:
        """The program ends: nothing is to be kept any more of what was not to be saved."""
        self.recovering.end()

    async def step_row(self, step: int) -> None:
        """Show the next (1) or previous (-1) row of the list."""
        if other := self.studio.screen.row_after(self._bound_for or self.studio.view.row, step):
            await self.open_row(other)

    async def save(self) -> bool:
        """Store the edits of every row; answers whether nothing is unsaved any more. Raises StudioError."""
        if self.studio.workspace.is_shut:
            self.recovering.tell_shut()
            return not self.studio.workspace.unsaved
        await self.recovering.made()
        async with self.again_if_it_fails(self.save, SAVING):
            saved = await self.saving.save()
        if saved:
            self.recovering.banner.forget()
        return saved

    async def save_as(self) -> bool:
        """Store everything in a file of another name and, where files are open, go on with that one."""
        was_shut = self.studio.workspace.is_shut
        path = await self.saving.save_as()
        if path and self.studio.workspace.files:
            self._remember([path])
            self._wish = self.wish_at(path)
            if was_shut:
                await self.reopen()
        return path is not None

    def wish_at(self, path: Path) -> OpenWish:
        """How what is open is opened again once it is stored in this file."""
        return replace(self._wish, paths=(path,), named=()) if self._wish else OpenWish((path,))

    async def may_leave(self) -> bool:
        """Whether what is open may be closed: asks about unsaved edits, and saves them if that is the answer."""
        while edits := self._edits():
            answer = await self.studio.ask.unsaved([document.row.info.name for document, _ in edits])
            if answer is Leave.SAVE and await self._try_save(edits):
                continue
            if answer is Leave.DISCARD:
                self.recovering.give_up(self._edits())
            return answer is Leave.DISCARD
        return True

    async def _try_save(self, edits: Sequence[tuple[Document, int]]) -> bool:
        """Whether all of these edits are stored now; others may have been made meanwhile."""
        try:
            return await self.save() or self._edits() != edits
        except StudioError as error:
            self.studio.noticed.emit(notice_of(error))
            return False

    def tell_fetched(self, info: RowInfo, received: int, total: int | None) -> None:
        """So many of so many bytes of a row's video are here."""
        if info.key != self.studio.view.row:
            return
        done, whole = f"{received / 1e6:.0f}", f"{total / 1e6:.0f} MB" if total else tr("? MB")
        text = tr("Fetching {name}: {done} of {whole}").format(name=info.name, done=done, whole=whole)
        self.studio.busy(text, self.studio.workspace.cancel)

    async def _begin(self, document: Document, key: str, frame: int, turn: int) -> Reading:
        """Begin to read and decode what a frame shows, and give it a moment to arrive."""
        masks = self._decode(document, frame, turn)
        reading, _ = await asyncio.gather(self._showing.begin(key, frame), soon(masks))
        return reading

    def _decode(self, document: Document, frame: int, turn: int | None = None) -> Decodes:
        """Have the masks of a frame decoded for as long as it is shown, or is to be shown in this turn."""
        studio = self.studio

        def wanted() -> bool:
            return turn == self._turn or (studio.document is document and studio.view.frame == frame)

        return self.decoding.begin(document, frame, wanted)

    async def _show_picture(self, reading: Reading, turn: int) -> None:
        """Show the picture of what is shown now, and then read what may be shown next."""
        here = (self.studio.view.row, self.studio.view.frame)

        def wanted() -> bool:
            return turn == self._turn and here == (self.studio.view.row, self.studio.view.frame)

        await self._showing.show(reading, wanted)
        if wanted():
            self.studio.jobs.start(self._ahead.around(lambda: wanted() and not self.playing.is_on))

    def _follow(self) -> None:
        """Read the picture of the frame that undo or redo led to; a row on its way is shown all the same."""
        turn = self._turn if self._bound_for else self._next_turn()
        self.studio.jobs.start(self._show_frame(turn))

    async def _show_frame(self, turn: int) -> None:
        view = self.studio.view
        if view.row is not None and turn == self._turn:
            reading = await self._showing.begin(view.row, view.frame)
            if (view.row, view.frame) == (self.studio.view.row, self.studio.view.frame):
                await self._show_picture(reading, turn)

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


def _first(rows: Sequence[RowInfo], wish: OpenWish) -> RowInfo:
    """The row of a list that a wish is to begin with. Raises InputError when one was named that is not there."""
    if wish.row:
        return find_row(rows, wish.row)
    return next((row for row in rows if row.key == wish.key), rows[0]) if wish.key else rows[0]


def _refuse_what_has_no_pixels(document: Document) -> None:
    info = document.row.info
    if not document.frames or min(min(frame.width, frame.height) for frame in document.frames[:1]) < 1:
        text = tr("{name} cannot be shown: {reason}")
        raise InputError(text.format(name=info.name, reason=info.read_only or tr("it has no frames.")))
