"""Storing edits: what may have to be asked before, while and after, and only then the word Saved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from weakref import WeakSet

from bitmask_studio.core.attributes import AnswerValue, Attribute
from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.names import safe_stem
from bitmask_studio.core.ontology import Ontology
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Conflict, ConflictError, Keep
from bitmask_studio.sources.encord.errors import Kind, LossError, NotSavedError
from bitmask_studio.studio import preferences
from bitmask_studio.studio.ask import Emptied, NamedConflict
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.edits import Deed
from bitmask_studio.studio.notices import SAVING, Level
from bitmask_studio.studio.studio import Studio
from bitmask_studio.studio.workspace import Saved

_NAMED = 5
_NEWER = (Deed.DONE, Deed.UNDONE, Deed.REDONE, Deed.DISCARDED)
"""What is done to a row after which it is not the one that was saved."""
_LOOKS, _PAUSE = 40, 0.05
"""How often, and after how many seconds each, it is looked whether the journal has all edits by now."""

Moving = Callable[[Path], AbstractAsyncContextManager[Callable[[], None]]]
"""See `Recovering.moving`."""


class Saving:
    """One save after another; each stores every row that has edits."""

    def __init__(self, studio: Studio, moving: Moving) -> None:
        self._studio = studio
        self._moving = moving
        self._turn = asyncio.Lock()
        self._told = False
        """Whether the last word on saving is that all is saved."""
        self._cancelled: NotSavedError | None = None
        """How the last save ended, if the user wanted no more of it."""
        self._followed: WeakSet[Document] = WeakSet()
        studio.document_changed.connect(self._follow)

    @property
    def is_under_way(self) -> bool:
        """Whether something is being stored."""
        return self._turn.locked()

    async def save(self) -> bool:
        """Store the edits of every row; answers whether nothing is unsaved any more.

        Asks about masks without a pixel left, and when somebody else changed the same masks. Raises StudioError, the
        edits being as safe as before.
        """
        self._studio.gestures.finish()
        self._told = False
        joined = self._turn.locked()
        try:
            async with self._turn:
                if joined and self._cancelled:
                    raise self._cancelled  # to the user they were one
                self._cancelled = None
                saved = await self._store() if await self._settle_emptied() else None
        except LossError as error:
            await self._offer_copy(error)
            return False
        except SaveError as error:
            if isinstance(error, NotSavedError) and error.kind is Kind.CANCELLED:
                self._cancelled = error
            error.kept_in = await self._kept_in()
            raise
        if saved is None:
            return False
        self._studio.rows_changed.emit()
        if saved.rows or not joined:  # what the save before did has been told
            words = _words_of(saved)
            more = tr("{saved}. What was done meanwhile is not saved yet.").format(saved=words)
            self._tell_saved(more if saved.rows and self._studio.workspace.unsaved else words)
        return not self._studio.workspace.unsaved

    async def save_as(self) -> Path | None:
        """Store everything in a file of another name; answers that file.

        Files are gone on with under that name; of a project on a server it is a copy of the open row.
        """
        studio, workspace = self._studio, self._studio.workspace
        if workspace.source is None:
            return None
        studio.gestures.finish()
        self._told = False
        path = await studio.ask.save_as(self._suggestion())
        if path is None:
            return None
        before = workspace.rows
        try:
            async with self._turn:
                with studio.working(tr("Saving …")):
                    async with self._moving(path) as moved:
                        if workspace.files:
                            await workspace.save_as(path, moved)
                        else:
                            await workspace.save_copy(path, self._documents())
        except SaveError as error:
            error.kept_in = await self._kept_in()
            raise
        studio.rows_changed.emit()
        if workspace.files and (left := [each.name for each in before if workspace.row(each.key) is None]):
            text = tr("Saved, but without {names}: what was stored of them cannot be read any more.")
            studio.say(text.format(names=", ".join(left[:_NAMED])), Level.WARNING, SAVING)
            return path
        if workspace.files:
            self._tell_saved(tr("Saved"))
        else:
            studio.say(tr("A copy is in {path}. On the server nothing has changed.").format(path=path))
        return path

    def _tell_saved(self, text: str) -> None:
        """Say it until something is done that is not saved."""
        self._studio.say(text, topic=SAVING)
        self._told = True

    def _follow(self) -> None:
        document = self._studio.document
        if document and document not in self._followed:
            self._followed.add(document)
            document.stepped.connect(lambda deed, edit: self._hear(deed))

    def _hear(self, deed: Deed) -> None:
        if self._told and deed in _NEWER:
            self._told = False
            self._studio.over.emit(SAVING)

    async def _store(self) -> Saved | None:
        """What was stored; None when the user thought better of it."""
        choices: dict[Conflict, Keep] = {}
        while True:
            try:
                workspace = self._studio.workspace
                with self._studio.working(tr("Saving …"), workspace.cancel_writing if workspace.server else None):
                    return await workspace.save(choices)
            except ConflictError as found:
                decided = await self._studio.ask.conflicts([self._named(each) for each in found.conflicts])
                if decided is None:
                    return None
                choices |= decided

    async def _settle_emptied(self) -> bool:
        """Ask what to do with masks that were painted away; answers whether to go on."""
        emptied = [(document, key) for document in self._studio.workspace.unsaved for key in _emptied(document)]
        if not emptied:
            return True
        names = [_object_name(document, key) for document, key in emptied]
        answer = await self._studio.ask.emptied(names)
        if answer is Emptied.DELETE:
            for document, key in emptied:
                document.remove(key, tr("Delete emptied masks"))
        return answer is not Emptied.CANCEL

    async def _offer_copy(self, error: LossError) -> None:
        row = self._studio.workspace.row(error.row)
        if await self._studio.ask.losses(row.name if row else error.row, error.losses):
            await self.save_as()

    async def _kept_in(self) -> Path | None:
        """Where the edits are on the disk, all of them; None when they are not, even after a moment."""
        from bitmask_studio.studio.journal.journal import Phase  # a start comes before it
        from bitmask_studio.studio.journal.names import journals_folder

        keeper = self._studio.workspace.keeper
        journal = keeper.journal if keeper else None
        for _ in range(_LOOKS):
            if journal is None or journal.kept or journal.state.phase is Phase.FAILING:
                break
            await asyncio.sleep(_PAUSE)
        return journals_folder() if journal and journal.kept else None

    def _documents(self) -> Sequence[Document]:
        """What a copy has to hold: the rows with edits, else the row that is open."""
        unsaved = self._studio.workspace.unsaved
        return unsaved or ([self._studio.document] if self._studio.document else [])

    def _suggestion(self) -> Path:
        if files := self._studio.workspace.files:
            return files.paths[0]
        name = self._studio.document.row.info.name if self._studio.document else self._studio.workspace.title
        return Path(self._studio.settings.get(preferences.LAST_FOLDER)) / f"{safe_stem(name)}.json"

    def _named(self, conflict: Conflict) -> NamedConflict:
        workspace = self._studio.workspace
        document = workspace.documents[conflict.row]
        frame = document.frames[conflict.key.frame]
        picture = workspace.known_picture(conflict.row, conflict.key.frame)
        attribute = _attribute(workspace.ontology, conflict.attribute)
        return NamedConflict(
            conflict,
            row=document.row.info.name,
            object=_object_name(document, conflict.key),
            frame=conflict.key.frame,
            size=(frame.width, frame.height),
            picture=picture.pixels if picture else None,
            attribute=attribute.name if attribute else "",
            answers=_words(attribute, conflict) if attribute else ("", "", ""),
        )


def _words_of(saved: Saved) -> str:
    """What a save did, for the user."""
    if not saved.rows:
        return tr("Nothing to save: every edit is stored already.")
    if not saved.others:
        return tr("Saved")
    one, more = tr("Saved, with 1 object that others changed"), tr("Saved, with {n} objects that others changed")
    return one if saved.others == 1 else more.format(n=saved.others)


def _attribute(ontology: Ontology, feature_hash: str | None) -> Attribute | None:
    """The attribute of that hash, wherever it is nested."""
    roots = (attribute for each in ontology.classes for attribute in each.attributes)
    return next((each for root in roots for each in root.walk() if each.feature_hash == feature_hash), None)


def _words(attribute: Attribute, conflict: Conflict) -> tuple[str, str, str]:
    """What base, mine and theirs say, as people read it."""
    base, mine, theirs = (_said(attribute, each) for each in conflict.answers)
    return base, mine, theirs


def _said(attribute: Attribute, value: AnswerValue | None) -> str:
    if isinstance(value, tuple):
        return ", ".join(each.title for each in attribute.chosen(value))
    return "" if value is None else f"{value:g}" if isinstance(value, float) else value


def _emptied(document: Document) -> list[MaskKey]:
    """The masks that have edits and no pixel left."""
    changes = document.changes()
    added = {each.key: each.mask for each in changes.added}
    return [key for key, mask in {**changes.edited, **added}.items() if mask.box.empty]


def _object_name(document: Document, key: MaskKey) -> str:
    info = document.find(key) or document.row.frames[key.frame].find(key.object_hash)
    return info.name if info else key.object_hash
