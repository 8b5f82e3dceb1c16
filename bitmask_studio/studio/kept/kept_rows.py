"""The rows with edits of what is not open: listed, opened again, and led to where their file is now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.text import tr
from bitmask_studio.sources.local import LocalSource, open_local
from bitmask_studio.studio.kept.kept_words import moment
from bitmask_studio.studio.notices import GONE, OPENING, Level, Notice

if TYPE_CHECKING:  # what keeps a journal is not part of every start
    from bitmask_studio.studio.journal.elsewhere import Elsewhere
    from bitmask_studio.studio.journal.kept import About, InFile, WaitingRow
    from bitmask_studio.studio.session import Session


class Waiting(Struct, frozen=True):
    """A row with edits that are not stored, of something that is not open: what to say of it, and how to open it."""

    text: str
    key: str
    about: About
    row: str = ""
    """What the row is called."""
    kept: Elsewhere | None = None
    """Where it is kept."""

    @property
    def path(self) -> str:
        """The file that the row is in, or the folder of pictures; "" where it is on a server."""
        place = self.kept.place if self.kept else None
        return place.path if place else next(iter(self.about.paths), "")


def waiting_rows() -> Sequence[Waiting]:
    """Those of all journals that can be opened again, the last edited first; blocks."""
    from bitmask_studio.studio.journal.elsewhere import Elsewhere
    from bitmask_studio.studio.journal.names import journals_folder
    from bitmask_studio.studio.journal.waiting import waiting_workspaces

    found = [
        Elsewhere(each.path, row, each.about)
        for each in waiting_workspaces(journals_folder())
        for row in each.rows
        if (each.about.paths or each.about.entry) and not row.is_aside
    ]
    return [_waiting(each) for each in sorted(found, key=lambda each: each.row.last_at, reverse=True)]


def _waiting(kept: Elsewhere) -> Waiting:
    row, about = kept.row, kept.about
    return Waiting(_told(row, about), row.key, about, row.title or row.key, kept)


def tell_gone(session: Session, kept: Sequence[Elsewhere]) -> None:
    """Say that the files of these rows are not there any more, and offer to look elsewhere for that of the first."""
    rows = [_waiting(each) for each in kept]
    path = rows[0].path
    names = ", ".join(each.row for each in rows if each.path == path)
    text = tr(
        "{file} is not there any more. Edits of {rows} in it are still kept: they come back when it is there again, or "
        "where you say it is."
    )
    _offer_to_locate(session, rows[0], text.format(file=Path(path).name, rows=names), Level.WARNING, GONE, rows)


def tell_missing(session: Session, kept: Sequence[Elsewhere]) -> None:
    """Say that these rows are not in their files any more, and offer to look elsewhere for the first."""
    rows = [_waiting(each) for each in kept]
    first, others = rows[0], [each.row for each in rows[1:] if each.path == rows[0].path]
    row = first.row if not others else tr("{row} and {n} more").format(row=first.row, n=len(others))
    _offer_to_locate(session, first, _missing_words(row, first), Level.WARNING, GONE, rows)


def _missing_words(row: str, waiting: Waiting) -> str:
    text = tr(
        "{row}: not in {title} any more. The edits are still kept: they come back when it is there again, or "
        "where you say it is."
    )
    return text.format(row=row, title=Path(waiting.path).name)


async def open_waiting(session: Session, waiting: Waiting) -> None:
    """Open such a row; where it is not found, say so and offer to look elsewhere. Raises StudioError."""
    about = waiting.about
    if not about.paths:
        await _open_on_server(session, waiting)
        return
    from bitmask_studio.studio.session import OpenWish

    images, ontology = (Path(each) if each else None for each in (about.images, about.ontology))
    try:
        opened = await session.open(OpenWish(tuple(map(Path, about.paths)), images, ontology, key=waiting.key))
    except InputError as error:
        text = tr("{error} The edits are still kept: they come back when it is there again, or where you say it is.")
        _offer_to_locate(session, waiting, text.format(error=error), Level.ERROR)
        return
    found = _listed(session, waiting)
    if opened and found and found != session.studio.view.row:
        await session.open_row(found)
    if opened and found is None:
        _offer_to_locate(session, waiting, _missing_words(waiting.row, waiting), Level.WARNING, GONE)


async def locate(session: Session, waiting: Waiting, others: Sequence[Waiting] = ()) -> None:
    """Ask where the row's file is now, and have the edits come back there; refused where the row is not in it.

    Those of `others` that are of the same file come along, as all that other journals have of it. Raises StudioError.
    """
    now = await session.studio.ask.locate(Path(waiting.path))
    if now is None:
        return
    from bitmask_studio.studio.session import OpenWish

    about = waiting.about
    try:
        with session.studio.working(tr("Looking into {name} …").format(name=now.name)):
            key, named = await session.studio.jobs.run(lambda: _found_in(now, waiting, others))
    except InputError as error:
        text = tr("{error} Nothing was changed, and the edits are still kept.")
        _offer_to_locate(session, waiting, text.format(error=error), Level.WARNING)
        return
    images, ontology = (Path(each) if each and Path(each).exists() else None for each in (about.images, about.ontology))
    await session.open(OpenWish((now,), images, ontology, key=key, named=named))


async def _open_on_server(session: Session, waiting: Waiting) -> None:
    from bitmask_studio.studio.kept.recovering import SANDBOX
    from bitmask_studio.studio.session import PROJECT

    entry = waiting.about.entry
    domain, project_hash, _ = entry.removeprefix(PROJECT).split("|", 2)
    if domain != SANDBOX:
        await session.open_recent(entry)
    elif session.signing_in.sandbox or await session.signing_in.try_sandbox():
        await session.projects.open(project_hash)
    workspace = session.studio.workspace
    if workspace.server is None:
        return
    if workspace.row(waiting.key):
        await session.open_row(waiting.key)
        return
    text = tr("{row} is not in {title} any more. Its edits are still kept: they come back when it is there again.")
    session.studio.say(text.format(row=waiting.row, title=waiting.about.title), Level.WARNING)


def _listed(session: Session, waiting: Waiting) -> str | None:
    """As what the row is listed that is open now."""
    workspace, place = session.studio.workspace, waiting.kept.place if waiting.kept else None
    files, known = workspace.files, workspace.row(waiting.key)
    if files is None or place is None:
        return known.key if known else None
    from bitmask_studio.studio.kept.places import place_of_row

    same = (info for info in workspace.rows if place.is_same(info))
    found = [info for info in same if (there := place_of_row(files, info)) and place.is_of(there)]
    return max(found, key=lambda info: info is known).key if found else None


def _offer_to_locate(
    session: Session, waiting: Waiting, text: str, level: Level, topic: str = OPENING, others: Sequence[Waiting] = ()
) -> None:
    async def again() -> None:
        await locate(session, waiting, others)

    notice = Notice(text, level, "retry", topic=topic, again=again, lasting=True, verb=tr("Locate…"))
    session.studio.noticed.emit(notice)


def _found_in(path: Path, waiting: Waiting, others: Sequence[Waiting]) -> tuple[str, tuple[Elsewhere, ...]]:
    """The row's key in a file, and what is kept of it and of others of its old file that are in that one too; blocks.

    Raises InputError where the file cannot be read, or does not hold the row.
    """
    source = open_local([path])
    try:
        rows = source.rows()
        known = (*waiting_rows(), *others)
        meant = [each for each in known if each.path == waiting.path and _journal(each) == _journal(waiting)]
        found = {each.key: _at_home(source, rows, each) for each in (*meant, waiting)}
    finally:
        source.close()
    mine = found[waiting.key]
    if mine is None:
        text = tr("{row} is not in {file}: no label row there has its hashes.")
        raise InputError(text.format(row=waiting.row, file=path.name))
    key, _ = mine
    return key, tuple(each[1] for each in found.values() if each)


def _at_home(source: LocalSource, rows: Iterable[RowInfo], waiting: Waiting) -> tuple[str, Elsewhere] | None:
    """The key of the row in another file, and what is kept of it, as of that file."""
    from bitmask_studio.studio.kept.places import place_of_row

    kept, name = waiting.kept, Path(waiting.path).name
    if kept is None:
        return None
    number = kept.place.number if kept.place else 0
    same = [(info, place_of_row(source, info)) for info in rows if _is_same(info, waiting)]
    found = [(info, place) for info, place in same if place]
    if not found:
        return None

    def likeness(each: tuple[RowInfo, InFile]) -> tuple[bool, bool, bool]:
        info, place = each
        return Path(place.path).name == name, place.number == number, info.title == waiting.row

    best, place = max(found, key=likeness)
    return best.key, replace(kept, row=replace(kept.row, place=place))


def _is_same(info: RowInfo, waiting: Waiting) -> bool:
    place = waiting.kept.place if waiting.kept else None
    if place is None:
        return waiting.key in (info.data_hash, info.label_hash)
    return place.is_same(info)


def _journal(waiting: Waiting) -> Path | None:
    return waiting.kept.path if waiting.kept else None


def _told(row: WaitingRow, about: About) -> str:
    one, more = tr("{row} of {title} - {n} edit, {when}"), tr("{row} of {title} - {n} edits, {when}")
    text = one if row.edits == 1 else more
    return text.format(row=row.title or row.key, title=about.title, n=row.edits, when=moment(row.last_at))
