"""Saves label rows to Encord: fetched again, merged, sent, read back; saved is only what was read back and equal."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from msgspec import Struct

from bitmask_studio.core.errors import InputError, SaveError
from bitmask_studio.core.labels import LabelRow, RowChanges, RowInfo
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Conflict, ConflictError, Keep, failure_of
from bitmask_studio.sources.encord import confirming
from bitmask_studio.sources.encord.deed import Deed
from bitmask_studio.sources.encord.errors import Kind, LossError, NotSavedError, ServerError
from bitmask_studio.sources.encord.link import Link
from bitmask_studio.sources.encord.looking_again import Sent, arrived
from bitmask_studio.sources.encord.loss_words import sentence
from bitmask_studio.sources.encord.save_orders import to_store
from bitmask_studio.sources.encord.save_values import FetchedRow, Outcome, Stored
from bitmask_studio.sources.encord.save_words import cancelled, conflict_error, first, kept, unconfirmed
from bitmask_studio.sources.label_rows.merge import MisfitError, Orders, merge

Reread = Callable[[RowInfo, bytes], LabelRow]
"""Makes a row of what the server sent for it."""

_SENDS = 3
_ROUNDS = 6
_SEND_SECONDS = 30.0
"""For one send: an answer that takes longer is not waited for, the row is read again instead."""
_SECONDS = 60.0
_PAUSES = (1.0, 2.0)
_LONGEST_SETTLING = 2.0
_PASSING = frozenset({Kind.NO_CONNECTION, Kind.TIMED_OUT, Kind.SERVER, Kind.BAD_ANSWER, Kind.EXISTS, Kind.INTERNAL})
"""After these a send may work when it is tried again, or has worked without our being told."""
FOR_ALL = frozenset(
    {Kind.NO_CONNECTION, Kind.TIMED_OUT, Kind.NOT_ACCEPTED, Kind.TOO_MANY_REQUESTS, Kind.CANCELLED, Kind.INTERNAL}
)
"""After these there is no use in going on with the next row."""


class Hearers(Struct, frozen=True):
    """Who hears of a save while it is under way, on its thread."""

    step: Callable[[str], object] = lambda text: None
    """Told, in a few words for the user, what it does now."""
    sent: Callable[[Sent], object] = lambda sent: None
    """Told what of a send was found on the server, to be looked at once more a little later."""


def save_rows(
    link: Link,
    project_hash: str,
    changes: Sequence[RowChanges],
    choices: Mapping[Conflict, Keep],
    reread: Reread,
    pauses: Sequence[float] = _PAUSES,
    hearers: Hearers | None = None,
) -> list[LabelRow]:
    """Store the changes of all rows, one row after another; answer them as read back, in the order given.

    A cancel of the link's writes ends it at once, wherever it is. Raises ConflictError before anything is sent for a
    mask or answer that others changed too and `choices` does not decide, LossError, NotSavedError or SaveError when
    nothing was saved, PartlySavedError when some rows were.
    """
    with link.deed() as deed:
        way = _Way(link, deed, project_hash, reread, pauses, hearers or Hearers())
        return _saved([_RowSave(way, each, choices) for each in changes])


class _Way(Struct, frozen=True):
    """What all rows of one save have in common."""

    link: Link
    deed: Deed
    project_hash: str
    reread: Reread
    pauses: Sequence[float]
    hearers: Hearers


def _saved(saves: Sequence[_RowSave]) -> list[LabelRow]:
    failures = _failures(saves, _RowSave.prepare)
    if hopeless := next((each for each in failures.values() if _stops_all(each)), None):
        raise hopeless
    conflicts = tuple(conflict for each in saves for conflict in each.orders.conflicts)
    if conflicts:
        raise conflict_error(conflicts)
    failures |= _failures([each for each in saves if each.key not in failures], _RowSave.store)
    if failures:
        _raise(saves, failures)
    return [each.now for each in saves]


class _RowSave:
    """The way of one row to the server."""

    def __init__(self, way: _Way, changes: RowChanges, choices: Mapping[Conflict, Keep]) -> None:
        self.way = way
        self.changes, self.choices = changes, choices
        self.now = changes.base
        self.orders = Orders()
        self.fetched = FetchedRow(b"", "")
        self.sends = 0
        self.reached = False
        self.deadline = 0.0
        self.left = _SECONDS
        """Of the time that this row may take in all."""

    @property
    def info(self) -> RowInfo:
        return self.changes.base.info

    @property
    def key(self) -> str:
        return self.info.key

    def prepare(self) -> None:
        """Find out what has to be sent. Raises SaveError."""
        self.deadline = time.monotonic() + self.left
        if not self.changes.empty:
            self._tell(tr("Reading {row} …"))
            self._fetch()
            self._merge()
            if self.orders.conflicts or not self.orders.empty:
                self._refuse()
        self.left = self.deadline - time.monotonic()

    def store(self) -> None:
        """Send until it is there. Raises SaveError, or ConflictError when others got in between."""
        self.deadline = time.monotonic() + self.left
        failure: ServerError | None = None
        for _ in range(_ROUNDS):
            if self.orders.empty:
                return
            if self.sends >= _SENDS or time.monotonic() >= self.deadline:
                break
            self._refuse()
            before, orders = self.now, self.orders
            self._tell(tr("Sending {row} …"))
            outcome, failure = self._send()
            self._tell(tr("Reading {row} back …"))
            self._fetch()
            if outcome is not Outcome.CHANGED:
                self._note_sent(before, orders)
                if confirming.holds(self.now, before, orders):
                    self._must_be_whole(before, orders)
                    return
            self._merge()
            if self.orders.conflicts:
                raise conflict_error(tuple(self.orders.conflicts))
            if outcome is not Outcome.CHANGED and self.sends < _SENDS:
                self._pause()
        if not self.orders.empty:
            self._give_up(failure)

    def _note_sent(self, before: LabelRow, orders: Orders) -> None:
        """Also when only a part is there, or others went on from it already: that part may still be written over."""
        sent = arrived(before, orders, self.now)
        if not sent.orders.empty:
            self.way.hearers.sent(sent)

    def _pause(self) -> None:
        """Wait before the next send. Raises NotSavedError when it is cancelled."""
        if pauses := self.way.pauses:
            seconds = pauses[min(self.sends, len(pauses)) - 1]
            self._tell(tr("{row} did not arrive: sent again in {n} s …"), n=f"{seconds:g}")
            self.way.deed.pause(seconds)
        if self.way.deed.cancelled:
            raise NotSavedError(cancelled(self.info, self.reached), Kind.CANCELLED)

    def _tell(self, text: str, **more: str) -> None:
        self.way.hearers.step(text.format(row=self.info.name, **more))

    def _send(self) -> tuple[Outcome | None, ServerError | None]:
        """One order to store: what came of it, None when that is not known. Raises SaveError when it never will."""
        orders = to_store(self.orders, self.now, self.fetched.content)
        try:
            stored: Stored = self._call("rows.store", self.fetched.token, orders, writes=True)
        except ServerError as error:
            self.sends += 1
            self.reached |= error.reached
            if error.kind not in _PASSING or (error.kind is Kind.INTERNAL and not error.reached):
                told = kept(error) if error.kind is Kind.NOT_ACCEPTED else str(error)
                told = cancelled(self.info, self.reached) if error.kind is Kind.CANCELLED else told
                raise NotSavedError(told, error.kind, error.retry_after) from error
            return None, error
        if stored.outcome is Outcome.IMPOSSIBLE:
            raise SaveError(
                tr(
                    "Not saved: Encord's software refuses the changes of {row} ({reason}). "
                    "Nothing was sent and your edits are kept: save them to a file."
                ).format(row=self.info.name, reason=stored.detail.rstrip("."))
            )
        if stored.outcome is Outcome.SENT:
            self.sends += 1
            self.reached = True
            # Somebody who read the row just before, and sends now, needs about as long: the reading back sees it.
            self.way.deed.pause(min(stored.seconds, _LONGEST_SETTLING))
        return stored.outcome, None

    def _fetch(self) -> None:
        """Read the row again. Raises NotSavedError, LossError, SaveError."""
        try:
            fetched: FetchedRow = self._call("rows.fetch_for_save")
        except ServerError as error:
            message = unconfirmed(self.info, error.reason) if self.reached else kept(error)
            message = cancelled(self.info, self.reached) if error.kind is Kind.CANCELLED else message
            raise NotSavedError(message, error.kind, error.retry_after) from error
        self.fetched = fetched
        self.now = self._reread(fetched.content)

    def _reread(self, content: bytes) -> LabelRow:
        try:
            return self.way.reread(self.info, content)
        except InputError as error:
            raise SaveError(
                tr("Not saved: {error} Your edits are kept: save them to a file.").format(error=error)
            ) from error

    def _refuse(self) -> None:
        """Raise when a save would not leave the row whole."""
        fetched = self.fetched
        if fetched.refusal:
            raise SaveError(
                tr(
                    "Not saved: Encord's software cannot read {row} ({reason}), so it cannot save it either. "
                    "Nothing was sent and your edits are kept: save them to a file."
                ).format(row=self.info.name, reason=fetched.refusal.rstrip("."))
            )
        if fetched.losses:
            losses = tuple(dict.fromkeys(map(sentence, fetched.losses)))
            raise LossError(
                tr(
                    "Not saved: Encord's software would destroy work of others in {row}. {first} "
                    "Nothing was sent and your edits are kept: save them to a file."
                ).format(row=self.info.name, first=first(losses)),
                self.key,
                losses,
            )

    def _merge(self) -> None:
        try:
            self.orders = merge(self.changes, self.now, self.choices)
        except MisfitError as error:
            raise SaveError(
                tr("Not saved: {row} cannot be stored. {reason} Your edits are kept: save them to a file.").format(
                    row=self.info.name, reason=error
                )
            ) from error

    def _must_be_whole(self, before: LabelRow, orders: Orders) -> None:
        if confirming.missing(self.now, before, orders):
            raise NotSavedError(
                tr(
                    "Not confirmed: your edits of {row} are on the server, but something that you did not touch is "
                    "not as it was. Somebody may have changed it meanwhile: look at the row on Encord, then save again."
                ).format(row=self.info.name),
                Kind.BAD_ANSWER,
            )

    def _give_up(self, failure: ServerError | None) -> NoReturn:
        taken = tr("Encord took it and has other labels all the same")
        reason = failure.reason if failure else taken if self.sends else tr("others change the row again and again")
        raise NotSavedError(
            tr(
                "Not saved: {reason}. {row} was read again and does not have your edits; they are kept here. "
                "Try again in a moment, or save them to a file."
            ).format(reason=reason, row=self.info.name),
            failure.kind if failure else Kind.BAD_ANSWER,
            failure.retry_after if failure else None,
        ) from failure

    def _call(self, name: str, *args: object, writes: bool = False) -> Any:  # noqa: ANN401 as Link.call
        left = max(1.0, min(self.deadline - time.monotonic(), _SEND_SECONDS if writes else _SECONDS))
        if not self.info.label_hash:
            raise SaveError(tr("Not saved: {row} has no labels on Encord yet.").format(row=self.info.name))
        place = (self.way.project_hash, self.info.label_hash, self.info.data_hash)
        return self.way.link.call(name, *place, *args, writes=writes, seconds=left, deed=self.way.deed)


def _failures(saves: Sequence[_RowSave], step: Callable[[_RowSave], None]) -> dict[str, SaveError | ConflictError]:
    """Do one step for every row: what went wrong, by row key. A failure that would meet all ends it."""
    failures: dict[str, SaveError | ConflictError] = {}
    for at, each in enumerate(saves):
        try:
            step(each)
        except (SaveError, ConflictError) as error:
            failures[each.key] = error
            if _stops_all(error):
                return failures | dict.fromkeys((rest.key for rest in saves[at + 1 :]), error)
    return failures


def _stops_all(error: SaveError | ConflictError) -> bool:
    return isinstance(error, NotSavedError) and error.kind in FOR_ALL


def _raise(saves: Sequence[_RowSave], failures: Mapping[str, SaveError | ConflictError]) -> NoReturn:
    saved = {each.key: each.now for each in saves if each.key not in failures}
    found = {each.key: failures[each.key] for each in saves if each.key in failures}
    raise failure_of(saved, found, {each.key: each.info.name for each in saves})
