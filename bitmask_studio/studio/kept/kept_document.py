"""Tells a row's journal of each step of its document, with what is stored of the masks that it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.edits import AnswerEdit, Deed, DocumentEdit, singles
from bitmask_studio.studio.journal.kept import AnswerBase, Base, KeptRow, Line
from bitmask_studio.studio.journal.row_journal import RowJournal
from bitmask_studio.studio.kept.restoring import Found, Restored, line_of
from bitmask_studio.studio.kept.whole_history import answer_base_of, base_of


class KeptDocument:
    """Tells a row's journal of each step of its document."""

    def __init__(self, document: Document, row: RowJournal, settled: Callable[[Document], None]) -> None:
        """`settled` hears that nothing of what came back waits any more."""
        self.document = document
        self.row = row
        self._settled = settled
        self._masks: set[MaskKey] = set()
        self._answers: set[str] = set()
        self.deafen = document.stepped.connect(self._hear)
        """Hear of no step any more."""
        self._others: list[tuple[DocumentEdit, Line]] = []
        """What others did, as far as the save that found it out has not ended."""

    def settle(self, found: Restored) -> None:
        """Tell what was found out while the row was restored."""
        kept, line = found.kept, line_of(self.document)
        assert kept is not None
        self.know(kept)
        if kept.saving is not None and found.found is not Found.SAVE:
            self.row.save_failed()
        if found.found in (Found.ALL, Found.SAVE):
            self._tell_saved(line, found.others)
            return
        for edit, then in found.others:
            self.row.committed(edit, then, self._bases_of(edit, again=True), logged=False)
        if found.others:
            self.row.marked(line)

    def know(self, kept: KeptRow) -> None:
        """All of the document is kept so."""
        self._masks, self._answers = set(kept.bases), set(kept.answers)

    def give_up(self) -> None:
        history = self.document.history
        if history.steps_to_saved is None:
            self.row.forgotten()
        else:
            self.row.discarded(replace(line_of(self.document), place=history.saved))

    def _hear(self, deed: Deed, edit: DocumentEdit | None) -> None:
        line = line_of(self.document)
        if deed is Deed.OTHERS and edit:
            self._bases_of(edit)  # theirs are told with all others when the save has ended
            self._others.append((edit, line))
        elif edit is not None:
            self.row.committed(edit, line, self._bases_of(edit))
        elif deed is Deed.UNDONE:
            self.row.undone(line)
        elif deed is Deed.REDONE:
            self.row.redone(line)
        elif deed is Deed.SAVING:
            self.row.save_begun()
        elif deed is Deed.NOT_SAVED:
            self.row.save_failed()
        elif deed is Deed.SAVED:
            others, self._others = self._others, []
            self._tell_saved(line, others)
            self._settled(self.document)
        elif deed is Deed.DISCARDED:
            self.row.discarded(line)
            self._settled(self.document)

    def _tell_saved(self, line: Line, others: Sequence[tuple[DocumentEdit, Line]]) -> None:
        """`others` lead to `line`; before them the history was where it is without them."""
        states = list(self.document.history.states)
        place = states[states.index(others[0][1].place) - 1] if others else line.place
        after = [(edit, replace(then, saved=line.saved)) for edit, then in others]
        self.row.save_ended(replace(line, place=place), self._bases(), after)

    def _bases_of(self, edit: DocumentEdit, again: bool = False) -> list[Base | AnswerBase]:
        """What is stored of the masks and answers of an edit, of each once unless `again`."""
        bases: list[Base | AnswerBase] = []
        for each in singles(edit):
            if isinstance(each, AnswerEdit):
                if again or each.key.object_hash not in self._answers:
                    self._answers.add(each.key.object_hash)
                    bases.append(answer_base_of(self.document, each.key.object_hash))
            elif again or each.key not in self._masks:
                self._masks.add(each.key)
                bases.append(base_of(self.document, each.key))
        return bases

    def _bases(self) -> list[Base | AnswerBase]:
        masks = (base_of(self.document, each) for each in sorted(self._masks))
        return [*masks, *(answer_base_of(self.document, each) for each in sorted(self._answers))]
