"""Writes changed rows into their file: checked against what is there now, spliced, read back, only then answered."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, TypeVar

from msgspec import Struct, field

from bitmask_studio.core import files
from bitmask_studio.core.errors import InputError, SaveError
from bitmask_studio.core.files import Check, Part, Slice
from bitmask_studio.core.labels import LabelRow, MaskKey, RowChanges
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Conflict, Keep
from bitmask_studio.sources.jsontext.scan import ScanError, Span
from bitmask_studio.sources.jsontext.skeleton import Stamp
from bitmask_studio.sources.label_rows.layout import lay_out
from bitmask_studio.sources.label_rows.merge import Orders, mask_of, merge
from bitmask_studio.sources.label_rows.row import read_table
from bitmask_studio.sources.local.encord_json.file import EncordFile
from bitmask_studio.sources.local.encord_json.listing import identity_of
from bitmask_studio.sources.local.encord_json.splice import splice

_TRIES = 4
T = TypeVar("T")
Choices = Mapping[Conflict, Keep]


class ChangedError(Exception):
    """Another program wrote the file while it was being saved: look again."""


class RowPlan(Struct, frozen=True):
    """One row as it is in the file now and as it is to be."""

    key: str
    span: Span
    now: LabelRow
    old: bytes
    new: bytes
    orders: Orders


class FilePlan(Struct, frozen=True):
    """All changes of one file; `appended` are the JSON texts of rows that it does not have yet, by key.

    `refused`: why a row cannot be stored while the others can, by its key.
    """

    file: EncordFile
    rows: tuple[RowPlan, ...] = ()
    appended: Mapping[str, bytes] = field(default_factory=dict)
    refused: Mapping[str, SaveError] = field(default_factory=dict)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        return tuple(each for row in self.rows for each in row.orders.conflicts)

    @property
    def empty(self) -> bool:
        return not self.appended and all(row.old == row.new for row in self.rows)


def plan(file: EncordFile, changes: Sequence[RowChanges], choices: Choices) -> FilePlan:
    """Read the rows again and merge. Of a file that cannot be read any more every row is refused, offering Save As."""
    try:
        file.refresh()
        if not all(_as_read(file, each) for each in changes):
            file.refresh(force=True)
    except (InputError, ScanError) as error:
        text = tr("Not saved: {error} Nothing was written there and your edits are kept: use Save As.")
        refusal = SaveError(text.format(error=error))
        refusal.__cause__ = error
        return FilePlan(file, refused={each.base.info.key: refusal for each in changes})
    found = {each.base.info.key: _plan_or_refusal(file, each, choices) for each in changes}
    rows = tuple(each for each in found.values() if isinstance(each, RowPlan))
    return FilePlan(file, rows, refused={key: each for key, each in found.items() if isinstance(each, SaveError)})


def spliced(text: bytes, orders: Orders) -> bytes:
    """A row's bytes with the orders carried out."""
    row = read_table(text)
    try:
        return splice(text, row, lay_out(row), orders)
    except (ScanError, IndexError) as error:
        raise SaveError(tr("The label row is not built as Encord builds it.")) from error


def write(wanted: FilePlan) -> list[LabelRow]:
    """Write one file and answer the rows of the plan as read back.

    Raises ChangedError when the file is not what the plan was made for any more, SaveError when it cannot be written.
    """
    if wanted.empty:
        return [row.now for row in wanted.rows]
    file = wanted.file
    rows = sorted(wanted.rows, key=lambda row: row.span)
    with file.open() as source:
        if Stamp.of(os.fstat(source.fileno())) != file.stamp:
            raise ChangedError
        back: dict[str, LabelRow] = {}
        state = put(file.path, *_parts(source, wanted, rows), check=_Check(wanted, rows, source, back))
    file.moved(_moved_spans(file, rows), Stamp.of(state), {key: row.info for key, row in back.items()})
    if wanted.appended:
        known = [(identity_of(read_table(text)), key) for key, text in wanted.appended.items()]
        file.refresh(force=True, before=known)
    return [back[row.key] for row in wanted.rows]


def put(path: Path, *parts: Part, check: Check | None = None, fresh: bool = False) -> os.stat_result:
    """Write a file; a failure says that the edits are kept. Raises SaveError; ChangedError if `fresh` is too late."""
    try:
        return files.write(path, *parts, check=check, fresh=fresh)
    except files.NameTakenError as error:
        raise ChangedError from error
    except SaveError as error:
        raise SaveError(
            tr("Not saved: {error} Your edits are kept: try again, or use Save As.").format(error=error)
        ) from error


def retry(attempt: Callable[[], T], name: str) -> T:
    """Try again while other programs write the same file, but not for ever."""
    for _ in range(_TRIES):
        try:
            return attempt()
        except ChangedError:
            continue
    raise SaveError(tr("Not saved: {name} is being written by another program. Try again.").format(name=name))


def _as_read(file: EncordFile, changes: RowChanges) -> bool:
    """Whether the bytes of a row are still those that it was loaded from."""
    if not file.lists(changes.base.info.key):
        return False
    with file.open() as source:
        return file.text_of(source, file.entry(changes.base.info.key)) == changes.base.origin


def _plan_or_refusal(file: EncordFile, changes: RowChanges, choices: Choices) -> RowPlan | SaveError:
    """The plan of a row; where it cannot be stored, an error that names the row and offers Save As."""
    try:
        return _row_plan(file, changes, choices)
    except (InputError, ScanError, SaveError) as error:
        text = tr("Not saved: {row} cannot be stored. {reason} Its edits are kept: use Save As.")
        refusal = SaveError(text.format(row=changes.base.info.name, reason=error))
        refusal.__cause__ = error
        return refusal


def _row_plan(file: EncordFile, changes: RowChanges, choices: Choices) -> RowPlan:
    key = changes.base.info.key
    entry = file.entry(key)
    with file.open() as source:
        text = file.text_of(source, entry)
    now = file.read_row(text, key)
    orders = merge(changes, now, choices)
    new = text if orders.conflicts else spliced(text, orders)
    return RowPlan(key, entry.span, now, text, new, orders)


def _parts(source: BinaryIO, wanted: FilePlan, rows: Sequence[RowPlan]) -> Iterator[Part]:
    at = 0
    for row in rows:
        yield Slice(source, at, row.span.start)
        yield row.new
        at = row.span.end
    if wanted.appended:
        end = wanted.file.entries[-1].span.end
        if end > at:
            yield Slice(source, at, end)
            at = end
        yield b"".join(b",\n" + text for text in wanted.appended.values())
    yield Slice(source, at, wanted.file.stamp.size)


def _moved_spans(file: EncordFile, rows: Sequence[RowPlan]) -> list[Span]:
    """Where the rows lie afterwards."""
    longer = {row.span: len(row.new) - len(row.old) for row in rows}
    spans: list[Span] = []
    shift = 0
    for each in file.entries:
        start = each.span.start + shift
        shift += longer.get(each.span, 0)
        spans.append(Span(start, each.span.end + shift))
    return spans


class _Check:
    """Reads the new file before it takes the old one's place."""

    def __init__(self, wanted: FilePlan, rows: Sequence[RowPlan], source: BinaryIO, back: dict[str, LabelRow]) -> None:
        self.wanted, self.rows, self.source, self.back = wanted, rows, source, back

    def __call__(self, written: BinaryIO) -> None:
        shift = 0
        for row in self.rows:
            self._same_as_planned(row)
            written.seek(row.span.start + shift)
            found = self.wanted.file.read_row(written.read(len(row.new)), row.key)
            check_row(row.now, found, row.orders)
            self.back[row.key] = found
            shift += len(row.new) - len(row.old)
        self.source.close()
        must_be_unchanged(self.wanted.file.path, self.wanted.file.stamp)

    def _same_as_planned(self, row: RowPlan) -> None:
        self.source.seek(row.span.start)
        if self.source.read(len(row.old)) != row.old:
            raise ChangedError


def must_be_unchanged(path: Path, stamp: Stamp) -> None:
    """Raise ChangedError when the file is not what was copied."""
    try:
        if Stamp.of(path.stat()) == stamp:
            return
    except OSError as error:
        raise ChangedError from error
    raise ChangedError


def check_row(before: LabelRow, after: LabelRow, orders: Orders) -> None:
    """Raise SaveError unless `after` is `before` with the orders carried out, pixel for pixel."""
    wanted = {**orders.edited, **{key: each.mask for key, each in orders.added.items()}}
    for key, mask in wanted.items():
        stored = after.bitmask(key)
        held = orders.added[key].held if key in orders.added else None
        if held and held.holds(mask) and stored == held.bitmask:
            continue
        found = mask_of(stored) if stored else None
        if found is None or not found.same_as(mask):
            raise SaveError(tr("A mask did not come back as it was written; the file is as it was."))
    touched = {*wanted, *orders.removed}
    if _others(before, touched) != _others(after, touched):
        raise SaveError(tr("Another object would have changed; the file is as it was."))


def _others(row: LabelRow, touched: set[MaskKey]) -> list[object]:
    labelled = (frame for frame in row.frames if frame.objects)
    return [
        (frame.number, each)
        for frame in labelled
        for each in frame.objects
        if MaskKey(frame.position, each.object_hash) not in touched
    ]
