"""What is said of a row that came back with edits: how many, from when, and Discard, until that is settled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bitmask_studio.core.text import tr
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.kept.kept_words import misfit_words, moment
from bitmask_studio.studio.notices import OTHERS_RECOVERED, RECOVERED, Level, Notice

if TYPE_CHECKING:  # what keeps a journal is not part of every start
    from bitmask_studio.studio.kept.keeping import Keeper
    from bitmask_studio.studio.kept.recovered import Recovered
    from bitmask_studio.studio.session import Session

_NAMED = 3


class Banner:
    """Shown whenever such a row is, until its edits are stored, taken back or discarded, or the user closes it."""

    def __init__(self, session: Session) -> None:
        self._session, self._studio = session, session.studio
        self._others: list[str] = []
        """Rows that came back and were not shown since."""

    def show(self, key: str) -> None:
        """This row is shown: say what came back with it, and then which others did."""
        self._end()
        self._tell(key)
        self.show_others([each for each in self._others if each != key])

    def show_others(self, keys: Sequence[str]) -> None:
        """Say which rows that are not shown came back, until they are shown or stored, or the user closes that."""
        workspace = self._studio.workspace
        self._others = [key for key in keys if workspace.is_unsaved(key) or key not in workspace.documents]
        if self._others:
            self._studio.noticed.emit(self._other_rows())

    def forget(self) -> None:
        """All is stored, or something else is open."""
        self._others.clear()
        self._end()

    def _end(self) -> None:
        for topic in (RECOVERED, OTHERS_RECOVERED):
            self._studio.over.emit(topic)

    def _tell(self, key: str) -> None:
        workspace = self._studio.workspace
        keeper, document = workspace.keeper, workspace.documents.get(key)
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

    def _other_rows(self) -> Notice:
        keys = tuple(self._others)
        rows = [self._studio.workspace.row(key) for key in keys]
        named = [row.name for row in rows if row][:_NAMED]
        names = ", ".join(named) if len(keys) <= _NAMED else tr("{names}, …").format(names=", ".join(named))
        more = tr("Edits of {n} rows came back: {names}. They are marked in the list, and stored by the next save.")
        one = tr("Edits of {names} came back. The row is marked in the list, and stored by the next save.")
        text = (one if len(keys) == 1 else more).format(n=len(keys), names=names)

        async def show() -> None:
            await self._session.open_row(keys[0])

        return Notice(
            text,
            offers="retry",
            topic=OTHERS_RECOVERED,
            again=show,
            lasting=True,
            verb=tr("Show"),
            closed=self._others.clear,
        )


def _misfit(document: Document, found: Recovered) -> Notice:
    text = misfit_words(document.row.info.name, found.edits, found.last_at)
    return Notice(text, Level.WARNING, topic=RECOVERED, lasting=True)
