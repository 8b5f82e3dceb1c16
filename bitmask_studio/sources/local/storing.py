"""Saving a whole source: each changed file once, pictures without labels into one of their own, or all into one."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from bitmask_studio.core.errors import InputError, SaveError
from bitmask_studio.core.files import Part, Slice
from bitmask_studio.core.labels import LabelRow, RowChanges
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Conflict, ConflictError, Keep
from bitmask_studio.sources.label_rows.layout import lay_out
from bitmask_studio.sources.label_rows.merge import MisfitError, merge
from bitmask_studio.sources.label_rows.row import opened, read_table, summarize
from bitmask_studio.sources.local.encord_json.file import EncordFile
from bitmask_studio.sources.local.encord_json.listing import identity_of
from bitmask_studio.sources.local.encord_json.saving import (
    Choices,
    FilePlan,
    check_row,
    must_be_unchanged,
    plan,
    put,
    spliced,
    write,
)
from bitmask_studio.sources.local.kinds import read_content
from bitmask_studio.sources.local.pictures.folder import PictureFolder, new_row
from bitmask_studio.sources.local.row_keys import RowKeys


class _Mine(dict[Conflict, Keep]):
    """Decides every conflict for what was done here: a new file takes nothing away from anybody."""

    def get(self, key: Conflict, default: Keep | None = None) -> Keep:  # type: ignore[override]
        return Keep.MINE


MINE: Choices = _Mine()


def plan_all(changes: Mapping[EncordFile, Sequence[RowChanges]], choices: Choices) -> list[FilePlan]:
    """Plans for several files. Raises ConflictError before anything is written, with the conflicts of all of them."""
    plans = [plan(file, each, choices) for file, each in changes.items()]
    conflicts = tuple(conflict for each in plans for conflict in each.conflicts)
    if conflicts:
        raise ConflictError(
            tr("{n} masks were changed here and in the file. Nothing was written yet: choose which to keep.").format(
                n=len(conflicts)
            ),
            conflicts,
        )
    return plans


def write_all(plans: Sequence[FilePlan]) -> tuple[dict[str, LabelRow], dict[str, SaveError]]:
    """Write the files one after another; answer the rows by key, and why others are not stored, by theirs.

    Raises ChangedError when a file has to be read anew.
    """
    saved: dict[str, LabelRow] = {}
    failed: dict[str, SaveError] = {}
    for each in plans:
        failed |= each.refused
        try:
            saved |= {row.info.key: row for row in write(each)}
        except SaveError as error:
            failed |= dict.fromkeys((row.key for row in each.rows), error)
    return saved, failed


def first_text(changes: RowChanges, folder: str) -> bytes:
    """The JSON text of a picture's first label row."""
    return labelled(new_row(changes.base.info, folder), changes)


def labelled(text: bytes, changes: RowChanges) -> bytes:
    """A row's text with all changes, whatever others did to it."""
    now = row_of(text, changes.base.info.key)
    orders = merge(changes, now, MINE)
    new = spliced(text, orders)
    check_row(now, row_of(new, changes.base.info.key), orders)
    return new


def row_of(text: bytes, key: str) -> LabelRow:
    """The row that is in a text."""
    row = read_table(text)
    layout = lay_out(row)
    return opened(row, layout, summarize(row, key, layout).info, origin=text)


def save_pictures(
    folder: PictureFolder, own: EncordFile | None, changes: Sequence[RowChanges], keys: RowKeys
) -> tuple[EncordFile, dict[str, LabelRow]]:
    """Give pictures their first labels: into `own`, the folder's own label file, or a new one.

    Raises ChangedError when another program was faster.
    """
    texts = {each.base.info.key: first_text(each, folder.path.name) for each in changes}
    own = _still_there(own, {each.base.info.data_hash for each in changes})
    if own and own.entries:
        write(FilePlan(own, (), texts))
    else:
        path = own.path if own else free_name(folder.path)
        put(path, listed(list(texts.values())), fresh=own is None)
        own = reopened(path, texts, keys)
    for key in texts:
        folder.remove(key)
    return own, {key: own.load(key) for key in texts}


def listed(texts: Sequence[bytes]) -> bytes:
    """A JSON list of rows."""
    return b"[\n" + b",\n".join(texts) + b"\n]\n"


def _still_there(own: EncordFile | None, new: set[str]) -> EncordFile | None:
    """The folder's label file as it is now; None when it is gone."""
    try:
        if own:
            own.refresh()
    except InputError:
        return None
    if own and new & {each.identity[1] for each in own.entries}:
        raise SaveError(
            tr("Not saved: another program labelled the same picture in {name}. Open the folder again.").format(
                name=own.path.name
            )
        )
    return own


def write_rows(path: Path, texts: Mapping[str, bytes], like: EncordFile | None) -> None:
    """Write all rows into a new file; where they are one file's, as that file has them around."""
    source = _readable(like) if like and like.is_whole and set(texts) == {each.key for each in like.infos} else None
    if like is None or source is None:
        put(path, listed(list(texts.values())))
        return
    with source:
        ends = [0, *(each.span.end for each in like.entries)]
        parts: list[Part] = []
        for end, entry in zip(ends, like.entries, strict=False):
            parts += [Slice(source, end, entry.span.start), texts[entry.info.key]]
        rest = Slice(source, ends[-1], like.stamp.size)
        put(path, *parts, rest, check=lambda _: must_be_unchanged(like.path, like.stamp))


def _readable(file: EncordFile) -> BinaryIO | None:
    try:
        return file.open()
    except InputError:
        return None


def reopened(path: Path, texts: Mapping[str, bytes], keys: RowKeys) -> EncordFile:
    """A file just written, its rows having the keys that they had before."""
    before = [(identity_of(read_table(text)), key) for key, text in texts.items()]
    return EncordFile(read_content(path), keys, before)


def free_name(folder: Path) -> Path:
    """`labels.json`, or the first of `labels_2.json`, .. that does not exist."""
    path, number = folder / "labels.json", 1
    while path.exists() or path.is_symlink():
        number += 1
        path = folder / f"labels_{number}.json"
    return path


def all_texts(file: EncordFile, changes: Sequence[RowChanges]) -> dict[str, bytes]:
    """Every row of a file, the changed ones as they are to be. Where the file is gone: those given, changed or not."""
    changed = {each.base.info.key: each for each in changes}
    try:
        file.refresh()
        with file.open() as source:
            texts = {each.info.key: file.text_of(source, each) for each in file.entries}
    except InputError:
        texts = {}
    for key, each in changed.items():
        if not each.empty or key not in texts:
            texts[key] = _text_as_wanted(texts.get(key), each)
    return texts


def _text_as_wanted(now: bytes | None, changes: RowChanges) -> bytes:
    """A row with its changes; made from what was read where others left them no place in what is `now` in the file."""
    name, read = changes.base.info.name, changes.base.origin
    if now is not None:
        with contextlib.suppress(MisfitError, InputError):
            return labelled(now, changes)
    if not isinstance(read, bytes):
        raise SaveError(tr("Not saved: the label row {row} cannot be read any more.").format(row=name))
    try:
        return labelled(read, changes)
    except MisfitError as error:
        raise SaveError(
            tr("Not saved: {row} cannot be stored. {reason} Nothing was written and your edits are kept.").format(
                row=name, reason=error
            )
        ) from error
