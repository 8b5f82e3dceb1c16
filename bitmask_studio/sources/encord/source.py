"""One project on an Encord platform as a source of label rows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from bitmask_studio.core.errors import InputError, PictureError, SaveError
from bitmask_studio.core.labels import Frame, LabelRow, ObjectInfo, RowChanges, RowInfo
from bitmask_studio.core.ontology import Ontology
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Conflict, ConflictError, Keep, Picture
from bitmask_studio.sources.encord.deed import Deed
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.sources.encord.link import Link
from bitmask_studio.sources.encord.looking_again import Look, Sent, stands, stays_theirs, without, written_over
from bitmask_studio.sources.encord.pictures import Pictures, Tell
from bitmask_studio.sources.encord.projects import IN_PROGRESS, NOT_STARTED, OpenedProject, Stage
from bitmask_studio.sources.encord.reading import Read, read_row
from bitmask_studio.sources.encord.saving import FOR_ALL, Hearers, save_rows
from bitmask_studio.sources.encord.sent import SentRow
from bitmask_studio.sources.encord.tasks import Tasks
from bitmask_studio.sources.label_rows.row import read_table

_WITH_PICTURES = frozenset({"image", "img_group", "image_sequence", "video", "group"})


class EncordSource:
    """Satisfies `Source`. Calls block, may come from several threads at once, and raise ServerError."""

    def __init__(self, link: Link, project: OpenedProject, email: str = "") -> None:
        self.project_hash = project.project_hash
        self.title = project.title
        self.email = email
        """The user's own address; empty: not told."""
        self.stages: Sequence[Stage] = project.stages
        self.role = project.role
        self.ontology = Ontology.from_structure(read_table(project.ontology_structure))
        self.warnings: Sequence[str] = ()
        self.on_progress: Tell | None = None
        """Told, on the thread of the call, how far the video of a row is."""
        self.on_step: Callable[[str], object] = lambda text: None
        """Told, on the thread of the call, what a save does now, in a few words for the user."""
        self.on_saved: Callable[[], object] = lambda: None
        """Told, on the thread of the call, that there is something to be looked at again in a few seconds."""
        self.tasks = Tasks(link, project.project_hash)
        self._link = link
        self._pictures = Pictures(link, self.project_hash, self._tell)
        self._lock = threading.Lock()
        self._rows: dict[str, RowInfo] | None = None
        self._sent: dict[str, tuple[Sent, ...]] = {}
        """What was saved since the last look, by row."""
        self._videos: dict[str, frozenset[str]] = {}

    def rows(self) -> Sequence[RowInfo]:
        """The rows as last listed, with what loading them found out; the first time they are asked for."""
        with self._lock:
            listed = self._rows
        return self.refresh(lambda _: None) if listed is None else tuple(listed.values())

    def refresh(self, found: Callable[[Sequence[RowInfo]], object]) -> Sequence[RowInfo]:
        """List the rows anew; `found` gets them in portions as they come."""
        rows: list[RowInfo] = []

        def take(portion: Sequence[RowInfo]) -> None:
            rows.extend(portion)
            found(portion)

        self._link.call("rows.list", self.project_hash, part=take)
        with self._lock:
            self._rows = {each.key: each for each in rows}
        return tuple(rows)

    def load(self, info: RowInfo) -> LabelRow:
        """The row as the server has it now. Raises InputError when it has no labels yet: see `create`."""
        info = self._newest(info)
        if info.label_hash is None:
            raise InputError(tr("{name} has no labels yet: opening it would create them.").format(name=info.name))
        sent: SentRow = self._link.call("rows.load", self.project_hash, info.label_hash, info.data_hash)
        return self._taken(read_row(info, sent))

    def create(self, info: RowInfo) -> RowInfo:
        """Make the label row on the server, unless somebody else did meanwhile; its key stays."""
        with self._link.deed() as deed:
            label_hash = self._made(info.data_hash, deed)
        known = self._newest(info)
        status = IN_PROGRESS if known.status == NOT_STARTED else known.status
        made = replace(known, label_hash=label_hash, uninitialised=False, status=status)
        self._update(made)
        return made

    def picture(self, info: RowInfo, frame: Frame) -> Picture:
        info = self._newest(info)
        if info.data_type not in _WITH_PICTURES:
            text = tr("Pictures of {type} rows cannot be shown here; the masks lie on a grey canvas.")
            raise PictureError(text.format(type=info.data_type.upper()))
        return self._pictures.picture(info, frame, self._is_video(info, frame))

    def preview(self, info: RowInfo, frame: Frame, side: int) -> Picture | None:
        info = self._newest(info)
        if info.data_type not in _WITH_PICTURES or self._is_video(info, frame):
            return None
        return self._pictures.preview(info, frame, side)

    def thumbnail(self, info: RowInfo) -> Picture | None:
        """A picture of at most 160 px a side, without touching the row's labels; None when there is none."""
        return self._pictures.thumbnail(info)

    def note_task(self, info: RowInfo) -> None:
        """A row is in another stage, or somebody else's task, than the list said."""
        known = self._newest(info)
        self._update(replace(known, stage=info.stage, assignee=info.assignee))

    def file_stem(self, info: RowInfo, frame: Frame, each: ObjectInfo) -> str:
        return f"mask_{frame.number:05d}_{each.file_hash}"

    def save(self, changes: Sequence[RowChanges], choices: Mapping[Conflict, Keep] | None = None) -> Sequence[LabelRow]:
        given_up = [each for each, keep in (choices or {}).items() if stays_theirs(each, keep)]
        with self._lock:
            for key in self._sent.keys() & {each.row for each in given_up}:
                self._sent[key] = tuple(without(each, given_up) for each in self._sent[key])
        try:
            return self._saved(changes, choices or {})
        finally:
            if self._sent:
                self.on_saved()

    def look_again(self) -> Look:
        """Read what was saved since the last look once more; store again what somebody else's save wrote over.

        What cannot be read or stored now is looked at the next time again.
        """
        looks = []
        for key, sent in tuple(self._sent.items()):
            info = self._newest(sent[0].before.info)
            try:
                looks.append(self._look_at(info, sent))
                self._forget(key, sent)
            except SaveError as error:
                looks.append(Look(failed=((info, error),)))
            except (ServerError, InputError) as error:
                if isinstance(error, ServerError) and error.kind in FOR_ALL:
                    break
        return Look(
            tuple(info for each in looks for info in each.restored),
            tuple(conflict for each in looks for conflict in each.lost),
            tuple(failure for each in looks for failure in each.failed),
        )

    def cancel(self, writes: bool = False) -> None:
        """Let every read that is waiting raise; what is being written goes on, unless `writes`."""
        self._link.cancel(writes)

    def close(self) -> None:
        """Remove what was written to the disk; the connection belongs to the account."""
        self._pictures.close()

    def _saved(self, changes: Sequence[RowChanges], choices: Mapping[Conflict, Keep]) -> Sequence[LabelRow]:
        hearers = Hearers(self.on_step, self._note_sent)
        return save_rows(self._link, self.project_hash, changes, choices, self._reread, hearers=hearers)

    def _look_at(self, info: RowInfo, sent: Sequence[Sent]) -> Look:
        lost: list[Conflict] = []
        restored = False
        for changes in written_over(sent, self.load(info)):
            met = self._store_again(changes)
            restored |= stands(changes, met)
            lost += met
        return Look((info,) if restored else (), tuple(lost))

    def _store_again(self, changes: RowChanges) -> Sequence[Conflict]:
        """Store what meets nothing of others; answers what does, and stays as theirs."""
        choices: dict[Conflict, Keep] = {}
        while True:
            try:
                self._saved([changes], choices)
            except ConflictError as found:
                choices |= dict.fromkeys(found.conflicts, Keep.THEIRS)
            else:
                return tuple(choices)

    def _forget(self, key: str, sent: Sequence[Sent]) -> None:
        """What has been looked at; what was sent meanwhile stays."""
        looked_at = set(map(id, sent))
        with self._lock:
            left = tuple(each for each in self._sent.pop(key, ()) if id(each) not in looked_at)
            if left:
                self._sent[key] = left

    def _note_sent(self, sent: Sent) -> None:
        with self._lock:
            key = sent.before.info.key
            self._sent[key] = (*self._sent.get(key, ()), sent)

    def _made(self, data_hash: str, deed: Deed) -> str:
        """The label hash of a row that is made now; where no answer came, the server is asked whether it is there."""
        try:
            return str(self._link.call("rows.create", self.project_hash, data_hash, writes=True, deed=deed))
        except ServerError as error:
            if not error.reached or error.kind is Kind.CANCELLED:
                raise
            try:
                found = self._link.call("rows.find", self.project_hash, data_hash, deed=deed)
            except ServerError:
                raise error from None  # whether it was made is not known, as it says
            if found is None:
                raise
            return str(found)

    def _reread(self, info: RowInfo, content: bytes) -> LabelRow:
        return self._taken(read_row(self._newest(info), SentRow(content)))

    def _taken(self, read: Read) -> LabelRow:
        """Remember what reading a row found out about it."""
        self._videos[read.row.info.key] = read.videos
        self._update(read.row.info)
        return read.row

    def _is_video(self, info: RowInfo, frame: Frame) -> bool:
        return frame.data_hash in self._videos.get(info.key, ()) or info.data_type == "video"

    def _newest(self, info: RowInfo) -> RowInfo:
        with self._lock:
            return (self._rows or {}).get(info.key, info)

    def _update(self, info: RowInfo) -> None:
        with self._lock:
            if self._rows is not None and info.key in self._rows:
                self._rows[info.key] = info

    def _tell(self, info: RowInfo, received: int, total: int | None) -> None:
        if self.on_progress is not None:
            self.on_progress(info, received, total)
