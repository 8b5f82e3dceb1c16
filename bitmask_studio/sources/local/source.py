"""Label files and folders of pictures on this machine, as one source of label rows."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import RLock

from bitmask_studio.core.errors import InputError, SaveError
from bitmask_studio.core.labels import Frame, LabelRow, ObjectInfo, RowChanges, RowInfo
from bitmask_studio.core.ontology import ObjectClass, Ontology
from bitmask_studio.core.text import tr
from bitmask_studio.core.turns import turn
from bitmask_studio.sources.base import Conflict, Keep, Picture, failure_of
from bitmask_studio.sources.local.classes import Offer
from bitmask_studio.sources.local.coco.file import CocoFile
from bitmask_studio.sources.local.encord_json.file import EncordFile
from bitmask_studio.sources.local.encord_json.saving import retry
from bitmask_studio.sources.local.pictures.finding import Pictures
from bitmask_studio.sources.local.pictures.folder import PictureFolder
from bitmask_studio.sources.local.row_keys import RowKeys
from bitmask_studio.sources.local.storing import (
    all_texts,
    first_text,
    plan_all,
    reopened,
    save_pictures,
    write_all,
    write_rows,
)

Part = EncordFile | CocoFile | PictureFolder

_INTERVAL = 0.2
_PORTION = 1_000
"""Seconds, and rows, after which new rows are told of."""
_BREATH = 0.001
"""Seconds between two pieces of a long list, so that who wants to load a row gets to it."""


class LocalSource:
    """Satisfies `Source`. Calls from several threads are taken one after another, pictures apart."""

    def __init__(
        self,
        paths: Sequence[Path],
        parts: Sequence[Part],
        pictures: Pictures,
        offer: Offer,
        warnings: Sequence[str],
        keys: RowKeys,
    ) -> None:
        self.paths = tuple(paths)
        self._parts = list(parts)
        self._pictures = pictures
        self._ontology, self._of_labels = offer.ontology, offer.of_labels
        self._warnings = (*warnings, *offer.remarks)
        self._keys = keys
        self._lock = RLock()

    @property
    def title(self) -> str:
        first = self.paths[0].name or str(self.paths[0])
        more = len(self.paths) - 1
        return tr("{name} and {n} more").format(name=first, n=more) if more else first

    @property
    def ontology(self) -> Ontology:
        return self._ontology

    @property
    def warnings(self) -> Sequence[str]:
        return self._warnings

    def add_class(self, name: str) -> ObjectClass:
        """A new bitmask class of this workspace; it is in the file once an object has it."""
        with self._lock:
            self._ontology = self._ontology.with_new_class(name)
            return self._ontology.classes[-1]

    @property
    def is_whole(self) -> bool:
        """Whether all rows are known; a long list that was only begun is read on when they are asked for."""
        return all(part.is_whole for part in self._parts if isinstance(part, EncordFile))

    def rows(self) -> Sequence[RowInfo]:
        with self._lock:
            self._read_rest()
            return self.listed()

    def listed(self) -> Sequence[RowInfo]:
        """The rows that are known so far."""
        with self._lock:
            return [info for part in self._parts for info in part.infos]

    def read_on(self, found: Callable[[Sequence[RowInfo]], object], given_up: Callable[[], bool]) -> None:
        """Read the rest of what was only begun, until somebody has given up; `found` gets the rows in portions.

        Rows can be loaded meanwhile. Raises InputError where the file is broken; what was found stays.
        """
        rows: list[RowInfo] = []
        told = time.monotonic()
        try:
            while not given_up() and (more := self._more()) is not None:
                rows += more
                if time.monotonic() - told >= _INTERVAL or len(rows) >= _PORTION:
                    found(rows)
                    rows, told = [], time.monotonic()
                time.sleep(_BREATH)
        finally:
            found(rows)

    def load(self, info: RowInfo) -> LabelRow:
        with self._lock:
            return self._part(info).load(info.key)

    def picture(self, info: RowInfo, frame: Frame) -> Picture:
        with self._lock:
            part = self._part(info)
            link = _link(part, info, frame)
        return self._pictures.read(frame, link, info.data_type)

    def preview(self, info: RowInfo, frame: Frame, side: int) -> Picture | None:
        with self._lock:
            part = self._part(info)
            link = _link(part, info, frame)
        return self._pictures.preview(frame, link, info.data_type, side)

    def file_stem(self, info: RowInfo, frame: Frame, each: ObjectInfo) -> str:
        part = self._part(info)
        if isinstance(part, CocoFile):
            return f"mask_{part.image_id(info.key)}_{each.object_hash}"
        return f"mask_{frame.number:05d}_{each.file_hash}"

    def save(self, changes: Sequence[RowChanges], choices: Mapping[Conflict, Keep] | None = None) -> Sequence[LabelRow]:
        with self._lock:
            self._know_all()
            with self._turns(changes):
                saved = retry(lambda: self._save(changes, {} if choices is None else choices), self.title)
            return [saved[each.base.info.key] for each in changes]

    def save_as(self, path: Path, changes: Sequence[RowChanges]) -> Sequence[LabelRow]:
        """Write every label row, with the changes, into a new file at `path`, and work on that file from now on.

        Raises SaveError; then everything is as it was.
        """
        with self._lock:
            with contextlib.suppress(InputError):  # of a broken file all is saved that can be read
                self._read_rest()
            return retry(lambda: self._save_as(path, changes), path.name)

    def file_of(self, info: RowInfo) -> str:
        """The one name of the file that a row is in; of the folder, where it is a picture without labels."""
        path = self._part(info).path
        try:
            return str(path.resolve())
        except (OSError, RuntimeError):
            return str(path.absolute())

    def number_of(self, info: RowInfo) -> int:
        """How many rows before it in its file have the same hashes and title."""
        with self._lock:
            part = self._part(info)
            return part.number_of(info.key) if isinstance(part, EncordFile) else 0

    def close(self) -> None:
        """Let go of open files."""
        self._pictures.close()

    @contextlib.contextmanager
    def _turns(self, changes: Sequence[RowChanges]) -> Iterator[None]:
        """Have every file that is to be changed to itself; all in the same order: no two wait for each other."""
        files = (part for part in self._parts if isinstance(part, EncordFile))
        paths = {file.path.resolve() for file in files if any(file.has(each.base.info.key) for each in changes)}
        with contextlib.ExitStack() as turns:
            for path in sorted(paths):
                turns.enter_context(turn(path))
            yield

    def _more(self) -> Sequence[RowInfo] | None:
        """Read a little more; None when there is nothing left. Raises InputError."""
        with self._lock:
            part = next((each for each in self._parts if isinstance(each, EncordFile) and not each.is_whole), None)
            if part is None:
                return None
            known, rows = len(part.classes), part.more()
            if self._of_labels and len(part.classes) > known:
                self._ontology = self._ontology.with_classes(part.classes)
            return rows

    def _read_rest(self) -> None:
        while self._more() is not None:
            pass

    def _know_all(self) -> None:
        try:
            self._read_rest()
        except InputError as error:
            raise SaveError(
                tr("Not saved: {error} Nothing was written and your edits are kept: use Save As.").format(error=error)
            ) from error

    def _save(self, changes: Sequence[RowChanges], choices: Mapping[Conflict, Keep]) -> dict[str, LabelRow]:
        """The rows as stored, by key. Raises PartlySavedError where some are and others cannot be."""
        files, folders, failed = self._by_part(changes)
        saved, refused = write_all(plan_all(files, choices))
        failed |= refused
        for folder, rows in folders.items():
            try:
                saved |= self._save_pictures(folder, rows)
            except SaveError as error:
                failed |= dict.fromkeys((each.base.info.key for each in rows), error)
        if failed:
            raise failure_of(saved, failed, {each.base.info.key: each.base.info.name for each in changes})
        return saved

    def _by_part(
        self, changes: Sequence[RowChanges]
    ) -> tuple[dict[EncordFile, list[RowChanges]], dict[PictureFolder, list[RowChanges]], dict[str, SaveError]]:
        """What goes into which file, which pictures get their first labels, and why some rows go nowhere."""
        files: dict[EncordFile, list[RowChanges]] = {}
        folders: dict[PictureFolder, list[RowChanges]] = {}
        failed: dict[str, SaveError] = {}
        for each in changes:
            try:
                part = self._part_to_save(each)
            except SaveError as error:
                failed[each.base.info.key] = error
                continue
            if isinstance(part, EncordFile):
                files.setdefault(part, []).append(each)
            else:
                folders.setdefault(part, []).append(each)
        return files, folders, failed

    def _save_as(self, path: Path, changes: Sequence[RowChanges]) -> Sequence[LabelRow]:
        texts: dict[str, bytes] = {}
        for part in self._parts:
            texts |= self._texts(part, [each for each in changes if part.has(each.base.info.key)])
        lost = [each for each in changes if each.base.info.key not in texts and not each.empty]
        if lost:
            raise SaveError(tr("Not saved: {name} belongs to no file.").format(name=lost[0].base.info.name))
        only = self._parts[0] if len(self._parts) == 1 else None
        write_rows(path, texts, only if isinstance(only, EncordFile) else None)
        self._take_over(reopened(path, texts, self._keys))
        return [self._part(each.base.info).load(each.base.info.key) for each in changes if each.base.info.key in texts]

    def _save_pictures(self, folder: PictureFolder, rows: Sequence[RowChanges]) -> dict[str, LabelRow]:
        unchanged = {each.base.info.key: each.base for each in rows if each.empty}
        changed = [each for each in rows if not each.empty]
        if not changed:
            return unchanged
        own = next(
            (each for each in self._parts if isinstance(each, EncordFile) and each.belongs_to(folder.path)), None
        )
        file, saved = save_pictures(folder, own, changed, self._keys)
        self._parts = [each for each in self._parts if each is not own and each is not folder] + [file, folder]
        return unchanged | saved

    def _part_to_save(self, changes: RowChanges) -> EncordFile | PictureFolder:
        try:
            part = self._part(changes.base.info)
        except InputError as error:
            raise SaveError(tr("Not saved: {error} Your edits are kept; use Save As.").format(error=error)) from error
        if isinstance(part, CocoFile):
            raise SaveError(tr("Not saved: COCO files open read-only for now. Your edits are kept."))
        return part

    def _texts(self, part: Part, changes: Sequence[RowChanges]) -> dict[str, bytes]:
        if isinstance(part, EncordFile):
            return all_texts(part, changes)
        changes = [each for each in changes if not each.empty]
        if isinstance(part, PictureFolder):
            return {each.base.info.key: first_text(each, part.path.name) for each in changes}
        if changes:
            raise SaveError(tr("Not saved: COCO files open read-only for now. Your edits are kept."))
        return {}

    def _take_over(self, file: EncordFile) -> None:
        """Work on one file instead of those that its rows came from."""
        folders = [part for part in self._parts if isinstance(part, PictureFolder)]
        for folder in folders:
            for info in file.infos:
                folder.remove(info.key)
        self._parts = [file, *(part for part in self._parts if isinstance(part, CocoFile)), *folders]
        self.paths = (file.path,)

    def _part(self, info: RowInfo) -> Part:
        for part in self._parts:
            if part.has(info.key):
                return part
        raise InputError(tr("{name} is not in {source} any more.").format(name=info.name, source=self.title))


def _link(part: Part, info: RowInfo, frame: Frame) -> str:
    """The address that the labels give for a picture; only its last part is looked at."""
    if isinstance(part, EncordFile):
        return part.link(info.key, frame.data_hash)
    return part.link(info.key) if isinstance(part, CocoFile) else ""
