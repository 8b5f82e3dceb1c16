"""Keeps the marks of a timeline where the labels are: those of the row, and those of the chosen object."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakSet

from bitmask_studio.core.labels import LabelRow
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.labelled import labelled_positions, positions_in, positions_of
from bitmask_studio.studio.studio import Studio
from bitmask_studio.studio.view import View
from bitmask_studio.ui.bars.timeline import Timeline

_MAX_KEPT = 64


class FrameMarks:
    """Follows the studio. Where an object is takes long to find in a long video: a job does, once for each row read."""

    def __init__(self, studio: Studio, timeline: Timeline) -> None:
        self._studio, self._timeline = studio, timeline
        self._heard: WeakSet[Document] = WeakSet()
        self._row: LabelRow | None = None
        self._found: dict[str, Sequence[int]] = {}
        """Where objects of that stored row are, by object hash."""
        studio.view_changed.connect(self._follow_view)
        studio.document_changed.connect(self._follow_document)
        self._follow_document()

    def show(self) -> None:
        """Mark the frames with labels, and the chosen object's as soon as they are known."""
        document, name = self._studio.document, self._studio.view.object_hash
        if document is None or len(document.frames) < 2:
            return
        if document.row is not self._row or len(self._found) > _MAX_KEPT:
            self._row, self._found = document.row, {}
        if name is None:
            self._timeline.set_marks(labelled_positions(document), ())
        elif name in self._found:
            chosen = positions_of(document, name, self._found[name])
            self._timeline.set_marks(labelled_positions(document), chosen)
        else:
            self._studio.jobs.start(self._find(document.row, name))

    async def _find(self, row: LabelRow, name: str) -> None:
        positions = await self._studio.jobs.run(lambda: positions_in(row, name))
        if row is self._row:
            self._found[name] = positions
            if self._studio.view.object_hash == name:
                self.show()

    def _follow_view(self, old: View, new: View) -> None:
        if old.object_hash != new.object_hash:
            self.show()

    def _follow_document(self) -> None:
        document = self._studio.document
        if document is not None and document not in self._heard:
            self._heard.add(document)
            document.history_changed.connect(self.show)
        self.show()
