"""Keeps what is done to the rows of a workspace in its journal, and keeps other windows from changing them too."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bitmask_studio.core.labels import LabelRow, RowInfo
from bitmask_studio.core.locks import Claim
from bitmask_studio.core.signal import Signal
from bitmask_studio.core.state import state_folder
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.refusals import shut_words
from bitmask_studio.studio.journal.kept import InFile, JournalError
from bitmask_studio.studio.journal.names import has_others, is_there, journal_path, journals_folder
from bitmask_studio.studio.kept.kept_document import KeptDocument
from bitmask_studio.studio.kept.kept_words import misfit_words
from bitmask_studio.studio.kept.places import Place
from bitmask_studio.studio.kept.recovered import Recovered, recovered
from bitmask_studio.studio.kept.restoring import Found, Restored, restored
from bitmask_studio.studio.kept.row_names import RowNames
from bitmask_studio.studio.kept.whole_history import kept_of

if TYPE_CHECKING:
    from bitmask_studio.studio.journal.elsewhere import Elsewhere
    from bitmask_studio.studio.journal.journal import Journal
    from bitmask_studio.studio.kept.adopting import Adopting
    from bitmask_studio.studio.kept.row_names import PlaceOf

Post = Callable[[Callable[[], None]], object]


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
        """What came back and is not stored, discarded or put aside by the user, by row."""
        self._claim, self._post = claim, post
        self._rows: dict[str, KeptDocument] = {}
        self._names = RowNames({})
        self._places: dict[str, InFile] = {}
        """Which row of which file each row is."""
        self._adopting: Adopting | None = None
        self._unkept: list[Callable[[], None]] = []
        self._ending = threading.Lock()

    @classmethod
    def begin(cls, place: Place, post: Post) -> Keeper:
        """Claim a place and open its journal; blocks. `post` has something done on the loop's thread.

        Where somebody took the claims away from the disk, another window has the journal all the same.
        """
        keeper = cls(place, Claim.take(_locks(), place.names, place.within), post)
        own = journal_path(journals_folder(), place.identity)
        if not keeper.is_shut:
            keeper._adopting = _elsewhere(place, own)
        if keeper._adopting or (not keeper.is_shut and own.exists()):
            keeper.open()
        if keeper.journal and keeper.journal.was_in_use:
            keeper.end()
            return cls(place, None, post)
        return keeper

    def beside(self, place: Place) -> Keeper | None:
        """A keeper for another place that shares this one's claim, which is on both then; blocks.

        None: another window has that place.
        """
        claim = self._claim or Claim()
        return Keeper(place, claim, self._post) if claim.add(_locks(), place.names, place.within) else None

    def narrow(self) -> None:
        """Claim this place alone; blocks for a moment."""
        if self._claim:
            self._claim.narrow(_locks(), self.place.names, self.place.within)

    def open(self) -> Journal:
        """Open the journal, or make it; blocks."""
        self.journal = journal = self.make()
        with suppress(JournalError):
            self._names = RowNames(journal.places())
        return journal

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

    def waiting(self, rows: Sequence[RowInfo], place_of: PlaceOf) -> list[str]:
        """Which rows of a list have edits that are not stored; blocks. Raises JournalError."""
        elsewhere = self._adopting.keys(rows, place_of) if self._adopting else []  # first: it comes from there to here
        own = self._names.listed(self.journal.waiting(), rows, place_of) if self.journal else []
        return list(dict.fromkeys((*own, *elsewhere)))

    def lost(self) -> tuple[list[Elsewhere], list[Elsewhere]]:
        """What is kept of rows whose file is not there any more, and of those that are not in theirs; blocks.

        To be asked after `waiting`. Raises JournalError.
        """
        from bitmask_studio.studio.journal.elsewhere import Elsewhere

        own, about = journal_path(journals_folder(), self.place.identity), self.place.about
        waiting = self.journal.waiting() if self.journal else ()
        placed = [(Elsewhere(own, row, about), row.place) for row in waiting if row.place and not row.is_aside]
        gone = [each for each, place in placed if not is_there(Path(place.path))]
        others = [each for each, place in placed if is_there(Path(place.path))]
        return gone, [each for each in others if not self._names.is_taken(each.row.key)]

    @property
    def is_adopting(self) -> bool:
        """Whether there is, or was, something that other journals have."""
        return self._adopting is not None

    def release(self) -> None:
        """What came from other journals is to be forgotten there once it is on the disk; blocks."""
        taken = self._adopting.taken if self._adopting else ()
        if self._adopting and taken and self.journal and self.journal.settle():
            self._adopting.release(taken)

    def restore(self, row: LabelRow, place: InFile | None = None) -> Restored:
        """A row as it is stored at its place, with what was kept of it; blocks."""
        if self.is_shut:
            return Restored(Document(replace(row, info=replace(row.info, read_only=shut_words()))))
        if self.journal is None:
            return Restored(Document(row), place=place)
        key = self._names.key_of(row.info, place)
        try:
            kept = self.journal.read(key)
        except JournalError as error:
            return Restored(Document(row), unread=str(error), place=place)
        found = self._adopting.restore(row, place, key, kept) if self._adopting else restored(row, kept)
        if found.kept is None or not found.kept.log or found.found is Found.MISFIT:
            found = self._back_from_aside(row, key, found) or found
        return replace(found, place=place)

    def follow(self, found: Restored) -> None:
        """Keep what is done to a document from now on."""
        if self.is_shut:
            return
        document, kept = found.document, found.kept
        if found.place:
            self._places[document.row.info.key] = found.place
        if self.journal is None:
            self._unkept.append(document.stepped.connect(lambda deed, edit: self.wanted.emit()))
            return
        key, info = document.row.info.key, document.row.info
        name = self._names.key_of(info, found.place)
        if told := recovered(found):
            self.recovered[key] = told
        if found.unread or found.displaces:
            self.journal.set_aside(name)
        if kept and found.set_aside_as:
            self.journal.take_back(found.set_aside_as, kept)
        if kept and found.found is Found.MISFIT:
            self.journal.set_aside(name) if kept.log else self.journal.forget(name)
            kept = None
        row = self.journal.follow(name, info.name, kept, self._place_of(info), found.is_new)
        self._rows[key] = KeptDocument(document, row, self._settled)
        if kept:
            self._rows[key].settle(found)
        if found.is_new and self._adopting:
            self._adopting.take(name)

    def _back_from_aside(self, row: LabelRow, key: str, own: Restored) -> Restored | None:
        """The row with the first edits set aside that can be read and have a place in it, instead of its own."""
        displaced = own.kept if own.kept and own.kept.log else None
        words = misfit_words(row.info.name, len(displaced.log), displaced.last_at) if displaced else own.aside
        with suppress(JournalError):
            for aside in self.journal.set_aside_of(key) if self.journal else ():
                found = self._set_aside_as(aside, row, key)
                if found:
                    return replace(found, set_aside_as=aside, displaces=displaced is not None, aside=words)
        return None

    def _set_aside_as(self, aside: str, row: LabelRow, key: str) -> Restored | None:
        """The row with the edits of a set; None where they cannot be read or have no place in it."""
        with suppress(JournalError):
            kept = self.journal.read(aside) if self.journal else None
            found = restored(row, replace(kept, key=key)) if kept else None
            return found if found and found.found is not Found.MISFIT else None
        return None

    def note_told(self, key: str) -> None:
        """The user has heard of what came back with this row."""
        if key in self.recovered:
            self.recovered[key] = replace(self.recovered[key], told=True)

    def let_go(self, key: str) -> None:
        """A row without edits is forgotten here; what is kept of it stays so."""
        if key in self._rows:
            self._rows.pop(key).deafen()

    @property
    def is_to_be_saved(self) -> bool:
        """Whether the user wanted saved what is not, and it could not be, in this run or before."""
        return self.journal is not None and self.journal.is_to_be_saved

    def wish_to_save(self, to_save: bool) -> None:
        """Keep whether the user wants that."""
        if self.journal:
            self.journal.wish_to_save(to_save)

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

    def take_over(self, documents: Iterable[Document], places: Mapping[str, InFile] | None = None) -> None:
        """Keep documents with all their history that were kept elsewhere before; `places` are theirs, by key."""
        if self.journal is None:
            return
        self._places |= places or {}
        for document in documents:
            info = document.row.info
            name = self._names.key_of(info, self._place_of(info))
            kept = replace(told, key=name) if (told := kept_of(document)) else None
            row = self.journal.follow(name, info.name, kept, self._place_of(info), is_new=kept is not None)
            self._rows[info.key] = each = KeptDocument(document, row, self._settled)
            if kept:
                each.know(kept)

    def give_up(self, document: Document) -> None:
        """The user wants nothing of what is not stored of a document: what is kept goes back to what is stored."""
        kept = self._rows.get(document.row.info.key)
        if kept and kept.document is document and document.unsaved:
            kept.give_up()

    def end(self, patience: float = 1.0) -> bool:
        """Write what there is to write, and let others in; blocks. Answers whether all is kept."""
        whole = self.close(patience)
        if self._claim:
            self._claim.release()
        return whole

    def close(self, patience: float = 1.0) -> bool:
        """The same, but for the claim."""
        with self._ending:
            taken = self._adopting.taken if self._adopting else ()
            whole = self.journal.close(patience) if self.journal else True
            if self._adopting and whole:
                self._adopting.release(taken)
        return whole

    def _place_of(self, info: RowInfo) -> InFile | None:
        paths = self.place.about.paths
        only = InFile(paths[0], info.label_hash, info.data_hash, info.title) if len(paths) == 1 else None
        return self._places.get(info.key, only)

    def note_place(self, key: str, place: InFile) -> None:
        """A row is there from now on: a picture that has got its first labels."""
        self._places[key] = place
        if key in self._rows:
            self._rows[key].row.belongs(place)

    def _settled(self, document: Document) -> None:
        """What came back with it is stored now, or discarded."""
        self.recovered.pop(document.row.info.key, None)

    def is_free(self) -> bool:
        """Whether a place that was shut could be claimed now; blocks for a moment."""
        claim = Claim.take(_locks(), self.place.names, self.place.within)
        if claim:
            claim.release()
        return claim is not None


def _elsewhere(place: Place, own: Path) -> Adopting | None:
    """What other journals have of a place; where there are none, nothing of SQLite is looked at."""
    folder = own.parent
    if not place.named and not (place.about.paths and has_others(folder, own)):
        return None
    from bitmask_studio.studio.kept.adopting import Adopting

    return Adopting.look(folder, own, place.about.paths, place.named)


def _locks() -> Path:
    return state_folder() / "locks"
