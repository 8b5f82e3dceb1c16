"""Masks of label rows into files: the one road for the window and the command line."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct, field

from bitmask_studio.core.discovery import offered
from bitmask_studio.core.errors import InputError, RleError, SaveError, StudioError
from bitmask_studio.core.labels import Frame, LabelRow, ObjectInfo, RowInfo
from bitmask_studio.core.names import UniqueNames
from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.core.text import tr
from bitmask_studio.formats.base import Format, NamedMask
from bitmask_studio.sources.base import Source
from bitmask_studio.studio.exporting.placing import Found, look, make_folder, write
from bitmask_studio.studio.exporting.stored import holds_mask, oddity, picture_size, read_pixels, unlabelled


class ExportOrder(Struct, frozen=True):
    """What is to be written, where and how."""

    format: Format
    folder: Path
    classes: frozenset[str] | None = None
    """Titles and feature hashes of the classes to export, see `class_filter`; None for all."""
    force: bool = False
    """Whether files with other content are replaced."""


class Remark(Struct, frozen=True):
    """Something to tell about a row, or about one object in it."""

    row: str
    text: str
    frame: int | None = None
    object_hash: str = ""

    def __str__(self) -> str:
        if self.frame is None:
            return f"{self.row}: {self.text}"
        place = tr("{row}, frame {frame}, object {object_hash}")
        place = place.format(row=self.row, frame=self.frame, object_hash=self.object_hash)
        return f"{place}: {self.text}"


class ExportReport(Struct):
    """How an export went so far; complete unless `stopped` says why it is not."""

    rows: int = 0
    """How many rows were asked for."""
    rows_done: int = 0
    written: int = 0
    """Masks in files written now."""
    same: int = 0
    """Masks in files that were there with the same pixels."""
    refused: list[str] = field(default_factory=list)
    """Names of files that were there with other content and were left alone."""
    damaged: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    """Masks that were exported with something to know about them."""
    passed_by: Counter[str] = field(default_factory=Counter)
    """How many labels without a mask, by shape; COCO annotations without a segmentation are among them."""
    rows_without_labels: int = 0
    stopped: str | None = None

    @property
    def masks(self) -> int:
        """How many of the masks wanted are in the folder now."""
        return self.written + self.same

    @property
    def complete(self) -> bool:
        return not (self.refused or self.damaged or self.stopped)


Progress = Callable[[ExportReport], object]
Edited = Callable[[RowInfo], LabelRow | None]


def formats() -> dict[str, Format]:
    """Every kind of file there is, by name."""
    kinds = offered("bitmask_studio.formats", Format)  # type: ignore[type-abstract] # its instances are not abstract
    return {each.name: each for each in kinds}


class _CancelledError(Exception):
    """Unwinds to the end of the export."""


def class_filter(source: Source, wanted: Iterable[str]) -> frozenset[str]:
    """The titles and feature hashes that `wanted`, each an exact title or feature hash, stands for.

    Classes are those of the ontology; the labels are searched only for what it does not have. Raises InputError,
    naming the classes there are, when one of `wanted` is unknown.
    """
    names = set(wanted)
    ontology = source.ontology
    if not all(map(ontology.matching, names)):
        ontology = ontology.with_classes(_classes_of_labels(source))
    for name in sorted(names):
        classes = ontology.matching(name)
        if not classes:
            known = ", ".join(sorted({each.name for each in ontology.classes})) or tr("none")
            raise InputError(tr("There is no class “{name}”. Known classes: {known}.").format(name=name, known=known))
        names.update(each.feature_hash for each in classes)
    return frozenset(names)


def _classes_of_labels(source: Source) -> Iterator[ObjectClass]:
    for info in source.rows():
        if unlabelled(info):
            continue
        with contextlib.suppress(StudioError):
            for frame in source.load(info).frames:
                yield from (ObjectClass(each.feature_hash, each.name, each.color, each.shape) for each in frame.objects)


def export(
    source: Source,
    rows: Sequence[RowInfo],
    order: ExportOrder,
    progress: Progress = lambda report: None,
    cancelled: Callable[[], bool] = lambda: False,
    edited: Edited = lambda info: None,
) -> ExportReport:
    """Export the masks of `rows` into `order.folder`, which is made when missing.

    `edited` answers a row as it is to be exported where it has edits that the source does not hold yet, else None.
    Never raises for what is wrong with a row, a mask or the disk: the report has it, and a second run does the rest.
    """
    work = _Export(source, order, edited, progress, cancelled)
    return work.run(rows)


class _Export:
    """One export under way."""

    def __init__(
        self, source: Source, order: ExportOrder, edited: Edited, progress: Progress, cancelled: Callable[[], bool]
    ) -> None:
        self.source, self.order, self.edited, self.progress, self.cancelled = source, order, edited, progress, cancelled
        self.report = ExportReport()
        self.stems, self.archives = UniqueNames(), UniqueNames()

    def run(self, rows: Sequence[RowInfo]) -> ExportReport:
        self.report.rows = len(rows)
        try:
            make_folder(self.order.folder)
            for info in rows:
                self._export_row(info)
                self.report.rows_done += 1
                self._step()
        except _CancelledError:
            self.report.stopped = tr("cancelled")
        except SaveError as error:
            self.report.stopped = str(error)
        return self.report

    def _step(self) -> None:
        if self.cancelled():
            raise _CancelledError
        self.progress(self.report)

    def _export_row(self, info: RowInfo) -> None:
        row = self.edited(info)
        if row is None and unlabelled(info):
            if info.damage:
                self.report.damaged.append(Remark(info.name, info.damage))
                return
            self.report.rows_without_labels += 1
            return
        try:
            row = row or self.source.load(info)
        except StudioError as error:
            self.report.damaged.append(Remark(info.name, str(error)))
            return
        if row.info.damage:
            self.report.damaged.append(Remark(info.name, row.info.damage))
        masks = self._masks(row)
        if not self.order.format.per_row:
            for mask in masks:
                self._place(mask.stem, [mask])
            return
        stem = self.archives.take(info.label_hash or info.data_hash or info.name)
        if found := list(masks):
            self._place(stem, found)

    def _masks(self, row: LabelRow) -> Iterator[NamedMask]:
        """The sound masks of the classes wanted; names go to all, so that they do not depend on what is wanted."""
        for frame in row.frames:
            for each in frame.objects:
                if not holds_mask(each):
                    if each.damage:
                        self.report.damaged.append(Remark(row.info.name, each.damage, frame.number, each.file_hash))
                        continue
                    self.report.passed_by[each.shape] += 1
                    continue
                stem = self.stems.take(self.source.file_stem(row.info, frame, each))
                if self._wants(each) and (mask := self._checked(row.info, frame, each, stem)):
                    yield mask

    def _wants(self, each: ObjectInfo) -> bool:
        classes = self.order.classes
        return classes is None or each.feature_hash in classes or each.name in classes

    def _checked(self, info: RowInfo, frame: Frame, each: ObjectInfo, stem: str) -> NamedMask | None:
        """The mask, None when it is damaged."""
        try:
            stored, pixels = read_pixels(each)
            height, width = picture_size(frame, stored)
        except RleError as error:
            self.report.damaged.append(Remark(info.name, str(error), frame.number, each.file_hash))
            return None
        if odd := oddity(frame, stored, pixels.box):
            self.report.remarks.append(Remark(info.name, odd, frame.number, each.file_hash))
        return NamedMask(stem, height, width, stored, None if self.order.format.per_row else pixels)

    def _place(self, stem: str, masks: Sequence[NamedMask]) -> None:
        path = self.order.folder / f"{stem}{self.order.format.suffix}"
        found = look(path, self.order.format, masks)
        if found is Found.SAME:
            self.report.same += len(masks)
        elif found is Found.NOTHING or (found is Found.OTHER and self.order.force):
            write(path, self.order.format, self._watched(masks))
            self.report.written += len(masks)
        else:
            self.report.refused.append(path.name)
        self._step()

    def _watched(self, masks: Sequence[NamedMask]) -> Iterator[NamedMask]:
        """The masks, ended early by the user's wish: the file that they go into is then dropped."""
        for mask in masks:
            if self.cancelled():
                raise _CancelledError
            yield mask
