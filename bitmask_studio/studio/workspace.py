"""What is opened: one source, its rows, and the documents and pictures read from it so far."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from bitmask_studio.core.errors import InputError, StudioError
from bitmask_studio.core.labels import LabelRow, RowChanges, RowInfo
from bitmask_studio.core.ontology import ObjectClass, Ontology
from bitmask_studio.core.signal import Signal
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Conflict, Keep, PartlySavedError, Picture, Source
from bitmask_studio.sources.label_rows.others import changed_by_others
from bitmask_studio.sources.local import LocalSource, Watch, open_local
from bitmask_studio.sources.local.copying import write_copy
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.early_row import EarlyRow
from bitmask_studio.studio.jobs import Jobs
from bitmask_studio.studio.pictures.pictures import Order, Pictures, Place, Previewed

if TYPE_CHECKING:
    from bitmask_studio.sources.encord.projects import Task
    from bitmask_studio.sources.encord.source import EncordSource
    from bitmask_studio.studio.journal.kept import InFile
    from bitmask_studio.studio.kept.keeping import Keeper

FRESH = 60.0
"""Seconds for which a row read ahead from a server is shown without being read again."""
_LAST_ROWS = 4
"""Rows without edits that are remembered after they were left, so that going back there is instant."""
_PREVIEW_SIDE = 1280
"""Px of a preview's longer side where no window says what it shows."""
_CHANNELS = 3
_PICTURE_WORKERS = 3
"""Workers of their own for pictures: a server may keep them waiting long."""
_MANY = 1_000
"""Rows of a list that takes a moment to be freed."""

Store = Callable[[Sequence[RowChanges]], Sequence[LabelRow]]


class Saved(Struct, frozen=True):
    """What a save did: how many rows had edits, and how many of their objects others had changed meanwhile."""

    rows: int
    others: int


class Workspace:
    """Reads and stores through jobs. Documents with edits stay as long as it does: these, and undo, are the user's."""

    def __init__(self, jobs: Jobs, picture_bytes: Callable[[], int]) -> None:
        self._jobs = jobs
        self.source: Source | None = None
        self.keeper: Keeper | None = None
        """Keeps what is done to the documents; None: nobody does."""
        self.kept_changed: Signal[()] = Signal()
        """Something else is to be said of whether edits are kept."""
        self.rows: tuple[RowInfo, ...] = ()
        self.documents: dict[str, Document] = {}
        self.preview_side: Callable[[], int] = lambda: _PREVIEW_SIDE
        """Px of a preview's longer side, at least: what the screen shows of a whole picture."""
        self._pictures = Pictures(jobs.apart(_PICTURE_WORKERS), picture_bytes)
        self._by_key: dict[str, RowInfo] = {}
        self._loading: dict[str, asyncio.Task[Document]] = {}
        self._read_at: dict[str, float] = {}
        self._asked: dict[str, None] = {}
        """The rows that were asked for, the last one last."""
        self._early: EarlyRow | None = None

    @property
    def files(self) -> LocalSource | None:
        """What is open, when it is files or folders on this machine."""
        return self.source if isinstance(self.source, LocalSource) else None

    @property
    def server(self) -> EncordSource | None:
        """What is open, when it is a project on an Encord server."""
        if self.source is None or self.files:
            return None
        from bitmask_studio.sources.encord.source import EncordSource  # brings much that files do without

        return self.source if isinstance(self.source, EncordSource) else None

    @property
    def edits_answers(self) -> bool:
        """Whether the source stores answers to attributes."""
        return self.server is not None

    @property
    def title(self) -> str:
        return self.source.title if self.source else ""

    @property
    def ontology(self) -> Ontology:
        return self.source.ontology if self.source else Ontology()

    @property
    def is_shut(self) -> bool:
        """Whether another window has what is open: nothing can be changed or stored here then."""
        return self.keeper is not None and self.keeper.is_shut

    @property
    def unsaved(self) -> list[Document]:
        """The documents with edits that are not stored, in the order of the rows' opening."""
        return [document for document in self.documents.values() if document.unsaved]

    def row(self, key: str | None) -> RowInfo | None:
        return self._by_key.get(key) if key else None

    def is_unsaved(self, key: str) -> bool:
        return key in self.documents and self.documents[key].unsaved

    def matching(self, name: str) -> list[RowInfo]:
        """The rows whose label hash, data hash or title is exactly `name`."""
        return [row for row in self.rows if name in (row.label_hash, row.data_hash, row.title)]

    async def read(
        self,
        paths: Sequence[Path],
        images: Path | None = None,
        ontology: Path | None = None,
        watch: Watch | None = None,
        at_once: bool = False,
    ) -> tuple[LocalSource, Sequence[RowInfo]]:
        """Files or folders and their rows, to be taken with `use`; what is open stays so. Raises StudioError.

        `at_once`: of a single long list the first rows, the others come from its `read_on`.
        """
        source = await self._jobs.run(lambda: open_local(paths, images, ontology, watch, at_once))
        return source, await self._jobs.run(source.listed if at_once else source.rows)

    def begin_early(self, source: Source, info: RowInfo, position: int) -> None:
        """Begin to read a row of a source that is about to be taken with `use`, and is going to be shown first."""
        self._early = early = EarlyRow(source, info, position, self.preview_side())
        self._jobs.start(self._jobs.run(early.read))

    def use(self, source: Source | None, rows: Sequence[RowInfo]) -> None:
        """Put a source in place of what is open; none closes it."""
        if self.source is not source and (server := self.server):
            server.close()
        for document in self.documents.values():
            _silence(document)
        if len(self.rows) > _MANY:
            self._jobs.let_go((self.source, self.rows, self._by_key))
        self.source, self.documents = source, {}
        self._pictures.clear()
        self._early = self._early if self._early and self._early.source is source else None
        self._loading, self._asked = {}, {}
        self._read_at.clear()
        self.set_rows(rows)

    def set_rows(self, rows: Sequence[RowInfo]) -> None:
        """Take a list in place of the one there is."""
        self.rows = tuple(rows)
        self._by_key = {row.key: row for row in self.rows}

    def add_rows(self, rows: Sequence[RowInfo]) -> None:
        """Take more of a list that is still being read."""
        self.rows += tuple(rows)
        self._by_key |= {row.key: row for row in rows}

    def note_task(self, key: str, task: Task) -> bool:
        """Take over where a row is in the workflow; answers whether the list said otherwise."""
        info = self._by_key.get(key)
        if info is None or self.server is None or (info.stage, info.assignee) == (task.stage.title, task.assignee):
            return False
        now = replace(info, stage=task.stage.title, assignee=task.assignee)
        self.server.note_task(now)
        self.set_rows([now if each.key == key else each for each in self.rows])
        return True

    def known_picture(self, key: str, position: int) -> Picture | None:
        """The picture under a frame when it has been read already."""
        return self._pictures.known((key, position))

    def cancel(self) -> None:
        """Give up what a server is asked for just now; files are read too fast for that."""
        if server := self.server:
            server.cancel()

    def cancel_writing(self) -> None:
        """Give up what is being stored on a server too: whether it arrived is found out by the next save."""
        if server := self.server:
            server.cancel(writes=True)

    async def create(self, key: str) -> None:
        """Make the label row of a row that has none yet, on its server. Raises StudioError."""
        server = self.server
        if server is None or key not in self._by_key:
            raise StudioError(tr("Nothing is open."))
        info = self._by_key[key]
        made = await self._jobs.run(lambda: server.create(info))
        if self.source is server:
            self.set_rows([made if each.key == key else each for each in self.rows])

    async def document(self, key: str, position: int) -> Document:
        """The document of a row, with the masks of the frame at `position` decoded."""
        source = self._open_source()
        if key not in self.documents or self._is_stale(key):
            document = await self._loaded(key, position)
            if self.source is not source:
                return document
        if key not in self._asked:
            self.documents[key] = self.documents.pop(key)  # one that was read ahead comes in the order of opening
        self._asked.pop(key, None)
        self._asked[key] = None
        return self.documents[key]

    async def read_row(self, key: str) -> None:
        """Read a row that nobody has asked for yet. Raises StudioError."""
        if key not in self.documents:
            await self._loaded(key, 0)

    async def read_ahead(self, place: Place, expected: Collection[Place]) -> None:
        """Read a row and a picture of it before anybody asks for them, where there is room; see `Pictures.read_ahead`.

        A row without labels is left alone, and so are the pictures of a video that is not being shown.
        """
        key, position = place
        info, source = self._by_key.get(key), self.source
        if info is None or info.uninitialised:
            return
        if key not in self.documents:
            await self._loaded(key, position)
        if self.source is not source or key not in self.documents or not self.documents[key].frames:
            return
        if not self._is_costly(place):
            await self._pictures.read_ahead(place, self._order(*place), expected)

    def let_go(self, wanted: Collection[str]) -> None:
        """Forget rows that are not wanted and were left long ago, unless they have edits, and all their pictures."""
        kept = {*wanted, *list(self._asked)[-_LAST_ROWS:]}
        for key in [each for each in self.documents if each not in kept]:
            self._pictures.let_go(key)
            if self.documents[key].history.is_empty and not self.documents[key].unsaved:
                _silence(self.documents.pop(key))
                if self.keeper:
                    self.keeper.let_go(key)
                self._asked.pop(key, None)

    async def picture(self, key: str, position: int, previewed: Previewed | None = None) -> Picture:
        """The picture under a frame; `previewed` hears of a reduced one if that comes first. Raises PictureError."""
        return await self._pictures.read((key, position), self._order(key, position), previewed)

    async def save(self, choices: Mapping[Conflict, Keep]) -> Saved:
        """Store the edits of every row in one go.

        Raises ConflictError, SaveError: nothing was stored then and the documents are as unsaved as before.
        """
        source = self._open_source()
        return await self._store(lambda changes: source.save(changes, choices))

    async def save_as(self, path: Path, moved: Callable[[], object]) -> Saved:
        """Store a complete file of that name with every edit in it and go on with that file; `moved` hears of it.

        Where the one before cannot be read any more, that is all rows that were read: others are not in the list then.
        """
        source = self.files
        if source is None:
            raise StudioError(tr("Nothing is open."))
        read = [RowChanges(each.row) for each in self.documents.values() if not each.unsaved]
        return await self._store(lambda changes: source.save_as(path, [*changes, *read]), moved)

    async def save_copy(self, path: Path, documents: Sequence[Document]) -> None:
        """Write rows of a server, with every edit, into a label file; they stay open and as unsaved as they were."""
        changes, ontology = [document.changes() for document in documents], self.ontology
        await self._jobs.run(lambda: write_copy(path, changes, ontology))

    async def add_class(self, name: str) -> ObjectClass:
        source = self.files
        if source is None:
            raise StudioError(tr("Classes of a project are added on its server."))
        return await self._jobs.run(lambda: source.add_class(name))

    async def _store(self, store: Store, moved: Callable[[], object] | None = None) -> Saved:
        source, documents = self._open_source(), self.unsaved
        changes = [document.begin_save() for document in documents]
        unlabelled = [each.base.info.key for each in changes if each.base.info.label_hash is None]
        real = [each for each in changes if not each.empty]
        stored, others = dict[str, LabelRow](), 0
        try:
            if real or moved:
                stored, others = await self._jobs.run(lambda: _stored(store, real))
        except BaseException as error:
            await _end_save(documents, error.saved if isinstance(error, PartlySavedError) else {})
            raise
        await _end_save(documents, {each.row.info.key: each.row for each in documents} | stored)
        if moved:
            moved()
        listed = await self._jobs.run(source.rows)
        if self.source is source:
            self.set_rows(listed)
            await self._note_places(source, unlabelled)
        return Saved(len(real), others)

    async def _note_places(self, source: Source, keys: Sequence[str]) -> None:
        """These rows may have got their first labels: have it kept which file they are in now."""
        rows, keeper = [row for key in keys if (row := self._by_key.get(key))], self.keeper
        if keeper and rows:
            places = await self._jobs.run(lambda: [_place_of(source, row) for row in rows])
            for row, place in zip(rows, places, strict=True):
                if place and self.keeper is keeper:
                    keeper.note_place(row.key, place)

    async def _loaded(self, key: str, position: int) -> Document:
        """A row read now, or by whoever is reading it already, and taken among the documents."""
        if key not in self._loading:
            task = asyncio.get_running_loop().create_task(self._load(key, position))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._loading[key] = task
        return await asyncio.shield(self._loading[key])

    async def _load(self, key: str, position: int) -> Document:
        source, loading = self._open_source(), self._loading
        try:
            info, early = self._info(key), self._taken_early(source, key)
            document, follow = await self._read_kept(source, info, position, early.row if early else None)
        finally:
            loading.pop(key, None)
        if self.source is source and (key not in self.documents or self._is_stale(key)):
            if before := self.documents.get(key):
                before.retire(tr("This row was read anew. Open it again to change it."))
            self.documents[key], self._read_at[key] = document, time.monotonic()
            follow()
        return document

    async def _read_kept(
        self, source: Source, info: RowInfo, position: int, load: Callable[[], LabelRow] | None
    ) -> tuple[Document, Callable[[], object]]:
        """See `_read`; once more where the rows were given another keeper meanwhile: they are in another file now."""
        keeper = self.keeper
        load = load or partial(source.load, info)
        found = await self._jobs.run(lambda: _read(source, info, load, position, keeper))
        if self.source is source and self.keeper is not keeper:
            return await self._read_kept(source, info, position, None)
        return found

    def _taken_early(self, source: Source, key: str) -> EarlyRow | None:
        """What has been begun of a row, for once: another time it is to be read anew."""
        early = self._early
        if early is None or early.is_taken or not early.is_of(source, key):
            return None
        early.is_taken = True
        return early

    def _is_costly(self, place: Place) -> bool:
        """Whether a picture is one of a video's, which only going on in the video that is shown gives cheaply."""
        key, position = place
        frames = self.documents[key].frames
        around = frames[max(position - 1, 0) : position + 2]
        goes_on = self._pictures.asked == (key, position - 1)
        return not goes_on and [each.data_hash for each in around].count(frames[position].data_hash) > 1

    def _is_stale(self, key: str) -> bool:
        """Whether a document is worth reading again: it is on a server, untouched, and some time has passed."""
        document = self.documents[key]
        if self.server is None or document.stroke.is_on or not document.history.is_empty:
            return False
        return time.monotonic() - self._read_at.get(key, 0.0) > FRESH

    def _info(self, key: str) -> RowInfo:
        if key not in self._by_key:
            raise InputError(tr("This row is not in the list any more."))
        return self._by_key[key]

    def _open_source(self) -> Source:
        if self.source is None:
            raise StudioError(tr("Nothing is open."))
        return self.source

    def _order(self, key: str, position: int) -> Order:
        source, info, frame = self._open_source(), self._info(key), self.documents[key].frames[position]
        side = self.preview_side()
        early, self._early = self._early, None
        known = early if early and early.is_of(source, key) and early.position == position else None
        return Order(
            frame.width * frame.height * _CHANNELS,
            lambda: source.picture(info, frame),
            known.preview if known else lambda: source.preview(info, frame, side),
        )


def _stored(store: Store, changes: Sequence[RowChanges]) -> tuple[dict[str, LabelRow], int]:
    """The rows as read back, by key, and how many of their objects are as others made them."""
    rows = {row.info.key: row for row in store(changes)}
    read_back = [(each, rows[each.base.info.key]) for each in changes if each.base.info.key in rows]
    return rows, sum(changed_by_others(each, row) for each, row in read_back)


async def _end_save(documents: Sequence[Document], stored: Mapping[str, LabelRow]) -> None:
    """Let the documents take what is stored of their rows, by key, as soon as nobody paints on one of them."""
    try:
        while stored and (painted := next((each for each in documents if each.stroke.is_on), None)):
            await painted.stroke.over()
    finally:
        for document in documents:
            document.end_save(stored.get(document.row.info.key))


def _read(
    source: Source, info: RowInfo, load: Callable[[], LabelRow], position: int, keeper: Keeper | None
) -> tuple[Document, Callable[[], object]]:
    """A row with what was kept of it, and what makes its steps be kept from now on."""
    row = load()
    found = keeper.restore(row, _place_of(source, info)) if keeper else None
    document = found.document if found else Document(row)
    if document.frames:
        document.decode_frame(min(position, len(document.frames) - 1))
    return document, lambda: keeper.follow(found) if keeper and found else None


def _place_of(source: Source, info: RowInfo) -> InFile | None:
    from bitmask_studio.studio.kept.places import place_of_row  # comes with the keeper, beside the first picture

    return place_of_row(source, info)


def _silence(document: Document) -> None:
    """Let nobody hear of a document again: its listeners know it, so that it would stay in memory with them."""
    own = (document.painted, document.mask_changed, document.objects_changed, document.answers_changed)
    for signal in (*own, document.history_changed, document.decoded, document.stepped):
        signal.clear()
