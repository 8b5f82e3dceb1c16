"""Several sources, or some rows of them, as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.labels import Frame, LabelRow, ObjectInfo, RowChanges, RowInfo
from bitmask_studio.core.ontology import Ontology
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Conflict, Keep, Picture, Source

Part = tuple[Source, Sequence[RowInfo]]


class Joined:
    """Satisfies `Source` for reading; a row's key gets the number of its source in front."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts

    @property
    def title(self) -> str:
        return ", ".join(source.title for source, _ in self._parts)

    @property
    def ontology(self) -> Ontology:
        classes = (each for source, _ in self._parts for each in source.ontology.classes)
        return Ontology().with_classes(classes)

    @property
    def warnings(self) -> Sequence[str]:
        return [text for source, _ in self._parts for text in source.warnings]

    def rows(self) -> Sequence[RowInfo]:
        return [
            replace(info, key=f"{number}:{info.key}") for number, (_, rows) in enumerate(self._parts) for info in rows
        ]

    def load(self, info: RowInfo) -> LabelRow:
        source, own = self._own(info)
        row = source.load(own)
        return replace(row, info=replace(row.info, key=info.key))

    def picture(self, info: RowInfo, frame: Frame) -> Picture:
        source, own = self._own(info)
        return source.picture(own, frame)

    def preview(self, info: RowInfo, frame: Frame, side: int) -> Picture | None:
        source, own = self._own(info)
        return source.preview(own, frame, side)

    def file_stem(self, info: RowInfo, frame: Frame, each: ObjectInfo) -> str:
        source, own = self._own(info)
        return source.file_stem(own, frame, each)

    def save(self, changes: Sequence[RowChanges], choices: Mapping[Conflict, Keep] | None = None) -> Sequence[LabelRow]:
        raise SaveError(tr("Several inputs at once are only read."))

    def _own(self, info: RowInfo) -> tuple[Source, RowInfo]:
        number, _, key = info.key.partition(":")
        return self._parts[int(number)][0], replace(info, key=key)
