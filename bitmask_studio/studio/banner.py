"""What is said of a row that came back with edits: how many, from when, and Discard, until that is settled."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bitmask_studio.core.text import tr
from bitmask_studio.studio.document import Document
from bitmask_studio.studio.notices import RECOVERED, Level, Notice
from bitmask_studio.studio.studio import Studio

if TYPE_CHECKING:  # what keeps a journal is not part of every start
    from bitmask_studio.studio.keeping import Keeper, Recovered


class Banner:
    """Shown whenever such a row is, until its edits are stored, taken back or discarded, or the user closes it."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def show(self, key: str) -> None:
        """This row is shown: say what came back with it."""
        self._studio.over.emit(RECOVERED)
        keeper, document = self._studio.workspace.keeper, self._studio.workspace.documents.get(key)
        found = keeper.recovered.get(key) if keeper else None
        if keeper is None or found is None or document is None:
            return
        if found.damage and not found.told:
            self._studio.noticed.emit(Notice(found.damage, Level.WARNING, lasting=True))
        if found.misfit and not found.told:
            self._studio.noticed.emit(_misfit(document, found))
        came_back = found.edits and not found.misfit and document.unsaved
        if found.others and not came_back and not found.told:
            self._studio.noticed.emit(Notice(found.others, Level.WARNING, lasting=True))
        keeper.note_told(key)
        if came_back:
            self._studio.noticed.emit(self._recovered(document, found, keeper))

    def discard(self) -> None:
        """Take the row that is shown back to what is stored of it; redo brings the edits back."""
        document = self._studio.document
        self._studio.gestures.finish()
        if document and document.unsaved:
            self._discard(document)

    def _discard(self, document: Document) -> None:
        document.discard(tr("Discard Edits"))
        self._studio.over.emit(RECOVERED)
        if document is self._studio.document and self._studio.chosen is None:
            self._studio.show(object_hash=self._studio.first_editable())
        self._studio.rows_changed.emit()

    def _recovered(self, document: Document, found: Recovered, keeper: Keeper) -> Notice:
        more = tr("Recovered {n} edits of {row}, last at {when}")
        text = tr("Recovered {n} edit of {row}, last at {when}") if found.edits == 1 else more
        text = text.format(n=found.edits, row=document.row.info.name, when=moment(found.last_at))
        if found.others:
            text = tr("{text}. {others}").format(text=text, others=found.others)

        async def discard() -> None:
            self._studio.gestures.finish()
            self._discard(document)

        return Notice(
            text,
            offers="discard",
            topic=RECOVERED,
            again=discard,
            lasting=True,
            verb=tr("Discard"),
            closed=lambda: keeper.recovered.pop(document.row.info.key, None),
        )


def moment(at: float) -> str:
    """A time of this computer's clock as people say it: with the date unless it is today's."""
    then = datetime.fromtimestamp(at)
    if then.date() == datetime.now().date():
        return f"{then:%H:%M}"
    return tr("{time} on {date}").format(time=f"{then:%H:%M}", date=f"{then:%Y-%m-%d}")


def _misfit(document: Document, found: Recovered) -> Notice:
    text = tr(
        "{n} edits of {row}, last at {when}, could not be brought back: its pictures have another size now, or "
        "what they began with cannot be read. They were left where they are kept."
    )
    text = text.format(n=found.edits, row=document.row.info.name, when=moment(found.last_at))
    return Notice(text, Level.WARNING, topic=RECOVERED, lasting=True)
