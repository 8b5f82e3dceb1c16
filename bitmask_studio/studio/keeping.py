"""Keeps what is done to the rows of a workspace in its journal, and keeps other windows from changing them too."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from bitmask_studio.core.labels import LabelRow, MaskKey
from bitmask_studio.core.locks import Claim
from bitmask_studio.core.signal import Signal
from bitmask_studio.core.state import state_folder
from bitmask_studio.core.text import tr
from bitmask_studio.studio.document import Document
from bitmask_studio.studio.edits import AnswerEdit, Deed, DocumentEdit, singles
from bitmask_studio.studio.journal.kept import About, AnswerBase, Base, JournalError, Line
from bitmask_studio.studio.journal.names import (
    identity_of_files,
    identity_of_project,
    journal_path,
    journals_folder,
    resolved,
)
from bitmask_studio.studio.restoring import Found, Restored, line_of, restored

if TYPE_CHECKING:
    from bitmask_studio.studio.journal.journal import Journal
    from bitmask_studio.studio.journal.row_journal import RowJournal

Post = Callable[[Callable[[], None]], object]


class Place(Struct, frozen=True):
    """What a workspace is called among journals, how it is opened again, and the names that one window claims."""

    identity: str
    about: About
    names: tuple[str, ...]
    within: tuple[str, ...] = ()


class Recovered(Struct, frozen=True):
    """Edits that came back with a row; `misfit`: they have no place in it any more."""

    edits: int
    last_at: float
    misfit: bool = False
    damage: str | None = None
    """What was kept of the row and cannot be read, for the user."""


def place_of_files(paths: Sequence[Path], images: Path | None = None, ontology: Path | None = None) -> Place:
    """Files and folders on this machine; a folder is claimed with all files in it."""
    found = [resolved(path) for path in paths]
    title = found[0].name if len(found) == 1 else tr("{name} and {n} more").format(name=found[0].name, n=len(found) - 1)
    notes = (str(resolved(each)) if each else None for each in (images, ontology))
    entry = str(found[0]) if len(found) == 1 and not (images or ontology) else ""
    about = About(title, entry, tuple(map(str, found)), *notes)
    within = {str(path.parent) for path in found if not path.is_dir()} - set(map(str, found))
    return Place(identity_of_files(paths), about, tuple(map(str, found)), tuple(sorted(within)))


def place_of_project(domain: str, project_hash: str, title: str, entry: str) -> Place:
    """A project on a server."""
    identity = identity_of_project(domain, project_hash)
    return Place(identity, About(title, entry), (identity,))


class Keeper:
    """The claim on one place and its journal; without a claim nothing can be changed and nothing is kept.

    Where there is no journal yet there is nothing to come back, and it can be made when there is time: see `make`.
    `wanted()`: an edit waits for it.
    """

    def __init__(self, place: Place, claim: Claim | None, post: Post) -> None:
        self.place = place
        self.journal: Journal | None = None
        self.wanted: Signal[()] = Signal()
        self.recovered: dict[str, Recovered] = {}
        """What came back and was not told yet, by row."""
        self._claim, self._post = claim, post
        self._rows: dict[str, _KeptDocument] = {}
        self._unkept: list[Callable[[], None]] = []
        self._ending = threading.Lock()

    @classmethod
    def begin(cls, place: Place, post: Post) -> Keeper:
        """Claim a place and open its journal; blocks. `post` has something done on the loop's thread."""
        keeper = cls(place, Claim.take(state_folder() / "locks", place.names, place.within), post)
        if not keeper.is_shut and journal_path(journals_folder(), place.identity).exists():
            keeper.journal = keeper.make()
        return keeper

    @property
    def is_shut(self) -> bool:
        """Whether another window has the place."""
        return self._claim is None

    @property
    def is_pending(self) -> bool:
        """Whether the journal is still to be made."""
        return self.journal is None and not self.is_shut

    def make(self) -> Journal:
        """The journal, for `attach`; blocks."""
        from bitmask_studio.studio.journal.journal import Journal  # brings SQLite, which the first picture does without

        return Journal.open(journals_folder(), self.place.identity, self.place.about, self._post)

    def attach(self, journal: Journal, documents: Iterable[Document]) -> None:
        """Keep everything in this journal from now on, and what was done before."""
        self.deafen()
        self.journal = journal
        self.take_over(documents)

    def restore(self, row: LabelRow) -> Restored:
        """A row as it is stored, with what was kept of it; blocks."""
        if self.is_shut:
            return Restored(Document(replace(row, info=replace(row.info, read_only=shut_words()))))
        if self.journal is None:
            return Restored(Document(row))
        try:
            return restored(row, self.journal.read(row.info.key))
        except JournalError as error:
            return Restored(Document(row), unread=str(error))

    def follow(self, found: Restored) -> None:
        """Keep what is done to a document from now on."""
        if self.is_shut:
            return
        document, kept = found.document, found.kept
        if self.journal is None:
            self._unkept.append(document.stepped.connect(lambda deed, edit: self.wanted.emit()))
            return
        key, info = document.row.info.key, document.row.info
        edits = _left(found)
        if found.unread:
            self.recovered[key] = Recovered(0, 0, damage=found.unread)
            self.journal.set_aside(key)
        elif kept and (edits or kept.damage):
            self.recovered[key] = Recovered(edits, kept.last_at, found.found is Found.MISFIT, kept.damage)
        if kept and found.found is Found.MISFIT:
            self.journal.set_aside(key) if kept.log else self.journal.forget(key)
            kept = None
        self._rows[key] = _KeptDocument(document, self.journal.follow(key, info.name, kept))
        if kept:
            self._rows[key].settle(found)

    def let_go(self, key: str) -> None:
        """A row without edits is forgotten here; what is kept of it stays so."""
        if key in self._rows:
            self._rows.pop(key).deafen()

    def deafen(self) -> None:
        """Hear of no step any more."""
        for each in self._rows.values():
            each.deafen()
        for end in self._unkept:
            end()
        self._unkept.clear()

    def forget(self) -> None:
        """Keep nothing of the rows that are open: it is stored in another place now."""
        for each in self._rows.values():
            each.row.forgotten()

    def take_over(self, documents: Iterable[Document]) -> None:
        """Keep documents with all their history that were kept elsewhere before."""
        if self.journal is None:
            return
        for document in documents:
            info = document.row.info
            self._rows[info.key] = kept = _KeptDocument(document, self.journal.follow(info.key, info.name, None))
            kept.keep_all()

    def give_up(self, document: Document) -> None:
        """The user wants nothing of what is not stored of a document: what is kept goes back to what is stored."""
        kept = self._rows.get(document.row.info.key)
        if kept and kept.document is document and document.unsaved:
            kept.give_up()

    def end(self, patience: float = 1.0) -> bool:
        """Write what there is to write, and let others in; blocks. Answers whether all is kept."""
        with self._ending:
            whole = self.journal.close(patience) if self.journal else True
            if self._claim:
                self._claim.release()
        return whole

    def is_free(self) -> bool:
        """Whether a place that was shut could be claimed now; blocks for a moment."""
        claim = Claim.take(state_folder() / "locks", self.place.names, self.place.within)
        if claim:
            claim.release()
        return claim is not None


def shut_words() -> str:
    """Why nothing can be changed in a second window."""
    return tr("This is open in another window, so nothing can be changed here.")


def _left(found: Restored) -> int:
    """How many edits came back that are not stored."""
    kept = found.kept
    if kept is None or found.found is Found.ALL:
        return 0
    return len(kept.log) - (kept.saving or 0 if found.found is Found.SAVE else 0)


class _KeptDocument:
    """Tells a row's journal of each step of its document."""

    def __init__(self, document: Document, row: RowJournal) -> None:
        self.document = document
        self.row = row
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
        self._masks, self._answers = set(kept.bases), set(kept.answers)
        if kept.saving is not None and found.found is not Found.SAVE:
            self.row.save_failed()
        if found.found in (Found.ALL, Found.SAVE):
            self._tell_saved(line, found.others)
            return
        for edit, then in found.others:
            self.row.committed(edit, then, self._bases_of(edit, again=True), logged=False)
        if found.others:
            self.row.marked(line)

    def keep_all(self) -> None:
        """Tell the whole history, as far as it goes."""
        if self.document.history.is_empty:
            return
        line, states = line_of(self.document), self.document.history.states
        saved = states.index(line.saved) if line.saved in states else 0
        here = states.index(line.place)
        for number, edit in enumerate(self.document.history.edits):
            then = replace(line, place=states[number + 1])
            self.row.committed(edit, then, self._bases_of(edit), logged=saved <= number < here)
        self.row.marked(line)

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
        elif deed is Deed.DISCARDED:
            self.row.discarded(line)

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
                    bases.append(self._answer_base(each.key.object_hash))
            elif again or each.key not in self._masks:
                self._masks.add(each.key)
                bases.append(self._base(each.key))
        return bases

    def _bases(self) -> list[Base | AnswerBase]:
        return [*map(self._base, sorted(self._masks)), *map(self._answer_base, sorted(self._answers))]

    def _base(self, key: MaskKey) -> Base:
        frame = self.document.row.frames[key.frame]
        return Base(key, frame.width, frame.height, frame.find(key.object_hash))

    def _answer_base(self, object_hash: str) -> AnswerBase:
        return AnswerBase(object_hash, self.document.row.answers.get(object_hash, {}))
