"""Label files and folders of pictures on this machine, as one source of label rows."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import RLock

from bitmask_studio.core.errors import InputError, SaveError
from bitmask_studio.core.labels import Frame, LabelRow, ObjectInfo, RowChanges, RowInfo
from bitmask_studio.core.ontology import ObjectClass, Ontology
from bitmask_studio.core.text import tr
from bitmask_studio.core.turns import turn
from bitmask_studio.sources.base import Conflict, Keep, Picture
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


class LocalSource:
    """Satisfies `Source`. Calls from several threads are taken one after another, pictures apart."""

    def __init__(
        self,
        paths: Sequence[Path],
        parts: Sequence[Part],
        pictures: Pictures,
        ontology: Ontology,
        warnings: Sequence[str],
        keys: RowKeys,
    ) -> None:
        self.paths = tuple(paths)
        self._parts = list(parts)
        self._pictures = pictures
        self._ontology = ontology
        self._warnings = tuple(warnings)
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

    def rows(self) -> Sequence[RowInfo]:
        with self._lock:
            return [info for part in self._parts for info in part.infos]

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
            with self._turns(changes):
                saved = retry(lambda: self._save(changes, {} if choices is None else choices), self.title)
            return [saved[each.base.info.key] for each in changes]

    def save_as(self, path: Path, changes: Sequence[RowChanges]) -> Sequence[LabelRow]:
        """Write every label row, with the changes, into a new file at `path`, and work on that file from now on.

        Raises SaveError; then everything is as it was.
        """
        with self._lock:
            return retry(lambda: self._save_as(path, changes), path.name)

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

    def _save(self, changes: Sequence[RowChanges], choices: Mapping[Conflict, Keep]) -> dict[str, LabelRow]:
        by_part: dict[Part, list[RowChanges]] = {}
        for each in changes:
            by_part.setdefault(self._part_to_save(each), []).append(each)
        in_files = {part: rows for part, rows in by_part.items() if isinstance(part, EncordFile)}
        saved = write_all(plan_all(in_files, choices))
        for part, rows in by_part.items():
            if isinstance(part, PictureFolder):
                saved |= self._save_pictures(part, rows)
        return saved

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
