"""The row that comes first, read while the workspace it belongs to is still being made."""

from __future__ import annotations

from concurrent.futures import Future

from bitmask_studio.core.labels import LabelRow, RowInfo
from bitmask_studio.sources.base import Picture, Source


class EarlyRow:
    """Reads one row and, reduced, the picture of one of its frames; each is there for whoever asks as soon as it is."""

    def __init__(self, source: Source, info: RowInfo, position: int, side: int) -> None:
        """`side`: px of the picture's longer side, at least."""
        self.source, self.key, self.position = source, info.key, position
        self.is_taken = False
        """Whether a document has been made of the row."""
        self._info, self._side = info, side
        self._row: Future[LabelRow] = Future()
        self._preview: Future[Picture | None] = Future()

    def read(self) -> None:
        """Read both; blocks. What goes wrong is raised where they are asked for."""
        try:
            self._row.set_result(self.source.load(self._info))
            self._preview.set_result(self._reduced(self._row.result()))
        except Exception as error:  # noqa: BLE001 - whoever asks is told
            for each in (self._row, self._preview):
                if not each.done():
                    each.set_exception(error)

    def is_of(self, source: Source, key: str) -> bool:
        """Whether it is this row of this source."""
        return self.source is source and self.key == key

    def row(self) -> LabelRow:
        """The row; blocks until it is there. Raises what loading it raises."""
        return self._row.result()

    def preview(self) -> Picture | None:
        """The reduced picture, None where none is worth it; blocks until it is there. Raises what reading it raises."""
        return self._preview.result()

    def _reduced(self, row: LabelRow) -> Picture | None:
        frames = row.frames[self.position : self.position + 1]
        return self.source.preview(self._info, frames[0], self._side) if frames else None
