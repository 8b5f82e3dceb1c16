"""What is opened: one source, its rows, and the documents and pictures read from it so far."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.labels import LabelRow, RowChanges, RowInfo
from bitmask_studio.core.ontology import ObjectClass, Ontology
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Conflict, Keep, Picture
from bitmask_studio.sources.local import LocalSource, open_local
from bitmask_studio.studio.document import Document
from bitmask_studio.studio.jobs import Jobs

MAX_PICTURE_BYTES = 512 << 20

Store = Callable[[Sequence[RowChanges]], Sequence[LabelRow]]


class Workspace:
    """Reads and stores through jobs. Documents stay as long as it does: their edits and history are the user's."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self.source: LocalSource | None = None
        self.rows: tuple[RowInfo, ...] = ()
        self.documents: dict[str, Document] = {}
        self._pictures: OrderedDict[tuple[str, int], Picture] = OrderedDict()
        self._by_key: dict[str, RowInfo] = {}

    @property
    def title(self) -> str:
        return self.source.title if self.source else ""

    @property
    def ontology(self) -> Ontology:
        return self.source.ontology if self.source else Ontology()

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
        self, paths: Sequence[Path], images: Path | None = None, ontology: Path | None = None
    ) -> tuple[LocalSource, Sequence[RowInfo]]:
        """Files or folders and their rows, to be taken with `use`; what is open stays so. Raises StudioError."""
        source = await self._jobs.run(lambda: open_local(paths, images, ontology))
        return source, await self._jobs.run(source.rows)

    def use(self, source: LocalSource, rows: Sequence[RowInfo]) -> None:
        """Put a source in place of what is open."""
        self.source, self.documents = source, {}
        self._pictures.clear()
        self._set_rows(rows)

    async def document(self, key: str, position: int) -> Document:
        """The document of a row, with the masks of the frame at `position` decoded."""
        if key in self.documents:
            return self.documents[key]
        source, info = self._open_source(), self._by_key[key]
        document = await self._jobs.run(lambda: _read(source, info, position))
        return self.documents.setdefault(key, document) if self.source is source else document

    async def picture(self, key: str, position: int) -> Picture:
        """The picture under a frame. Raises PictureError."""
        place = key, position
        if place not in self._pictures:
            source, info, frame = self._open_source(), self._by_key[key], self.documents[key].frames[position]
            self._keep(place, await self._jobs.run(lambda: source.picture(info, frame)))
        self._pictures.move_to_end(place)
        return self._pictures[place]

    async def save(self, choices: Mapping[Conflict, Keep]) -> int:
        """Store the edits of every row in one go; answers how many rows had any.

        Raises ConflictError, SaveError: nothing was stored then and the documents are as unsaved as before.
        """
        source = self._open_source()
        return await self._store(lambda changes: source.save(changes, choices))

    async def save_as(self, path: Path) -> int:
        """Store a complete file of that name with every edit in it and go on with that file."""
        source = self._open_source()
        return await self._store(lambda changes: source.save_as(path, changes), even_empty=True)

    async def add_class(self, name: str) -> ObjectClass:
        source = self._open_source()
        return await self._jobs.run(lambda: source.add_class(name))

    async def _store(self, store: Store, even_empty: bool = False) -> int:
        source, documents = self._open_source(), self.unsaved
        changes = [document.begin_save() for document in documents]
        real = [each for each in changes if not each.empty]
        stored: dict[str, LabelRow] = {}
        try:
            if real or even_empty:
                rows = await self._jobs.run(lambda: store(real))
                stored = {row.info.key: row for row in rows}
        except BaseException:
            for document in documents:
                document.end_save(None)
            raise
        for document in documents:
            document.end_save(stored.get(document.row.info.key, document.row))
        listed = await self._jobs.run(source.rows)
        if self.source is source:
            self._set_rows(listed)
        return len(real)

    def _set_rows(self, rows: Sequence[RowInfo]) -> None:
        self.rows = tuple(rows)
        self._by_key = {row.key: row for row in self.rows}

    def _open_source(self) -> LocalSource:
        if self.source is None:
            raise StudioError(tr("Nothing is open."))
        return self.source

    def _keep(self, place: tuple[str, int], picture: Picture) -> None:
        self._pictures[place] = picture
        nbytes = sum(each.pixels.nbytes for each in self._pictures.values())
        while nbytes > MAX_PICTURE_BYTES and len(self._pictures) > 1:
            nbytes -= self._pictures.popitem(last=False)[1].pixels.nbytes


def _read(source: LocalSource, info: RowInfo, position: int) -> Document:
    document = Document(source.load(info))
    frame = min(position, len(document.frames) - 1)
    document.decode_frame(frame)
    return document
