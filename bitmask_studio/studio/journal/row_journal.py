"""How one opened row is kept: every step as it is taken, and the log of what is not stored yet."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from bitmask_studio.studio.document.edits import DocumentEdit
from bitmask_studio.studio.journal.kept import Entry, InFile, KeptRow, Line, Step
from bitmask_studio.studio.journal.orders import AnyBase, Begin, Belongs, Forget, Keep, Order, Rewrite

Send = Callable[..., None]
"""Takes orders that are to be carried out together."""


class RowJournal:
    """Calls cost microseconds: they hand on values. `line` is always the history as it is after what is told."""

    def __init__(
        self, send: Send, key: str, title: str, kept: KeptRow | None, place: InFile | None = None, is_new: bool = False
    ) -> None:
        """Go on from `kept`, or begin anew: with the first call what else is kept of the row makes place.

        `is_new`: `kept` is from elsewhere, and is written at once.
        """
        self._send, self._key, self._title = send, key, title
        self._line = kept.line if kept else Line()
        self._log: list[Entry] = list(kept.entries) if kept else []
        self._start = kept.log_start if kept else 0
        self._mark = kept.log_start + kept.saving if kept and kept.saving is not None else None
        mended = (Rewrite(kept),) if kept and kept.damage else ()
        noted = (Belongs(key, place),) if place else ()
        self._first: tuple[Order, ...] = (*(mended if kept else (Begin(key),)), *noted)
        if kept and is_new:
            self._first = ()
            send(Begin(key), Rewrite(kept), *noted)

    @property
    def log(self) -> tuple[Entry, ...]:
        """What was applied since the stored state, in order: the state of an edit, and whether it was done."""
        return tuple(self._log)

    def committed(self, edit: DocumentEdit, line: Line, bases: Sequence[AnyBase] = (), logged: bool = True) -> None:
        """An edit was done and added to the line; `bases` are of what no edit was about before.

        Not `logged` is what others changed: it is part of what is stored.
        """
        before, at = self._line.place, time.time()
        entry = self._enter(line.place, True) if logged else None
        now = self._now(line, at if logged else None)
        step = Step(line.place, edit, at)
        self._hand_on(replace(now, step=step, before=before, entry=entry, bases=tuple(bases)))

    def undone(self, line: Line) -> None:
        """The last edit was taken back."""
        entry = self._enter(self._line.place, False)
        self._hand_on(replace(self._now(line, time.time()), entry=entry))

    def redone(self, line: Line) -> None:
        """The next edit was done again."""
        entry = self._enter(line.place, True)
        self._hand_on(replace(self._now(line, time.time()), entry=entry))

    def marked(self, line: Line) -> None:
        """Nothing was applied; another state counts as the present or the saved one."""
        self._hand_on(self._now(line))

    def save_begun(self) -> None:
        """What is in the log now is being stored."""
        self._mark = self._start + len(self._log)
        self._hand_on(self._now(self._line))

    def save_failed(self) -> None:
        """Nothing was stored."""
        self._mark = None
        self._hand_on(self._now(self._line))

    def save_ended(
        self, line: Line, bases: Sequence[AnyBase] = (), others: Sequence[tuple[DocumentEdit, Line]] = ()
    ) -> None:
        """What was in the log when the save began is stored; `bases` are what is stored now.

        `others` are steps for what others changed, each with the line after it.
        """
        stored = len(self._log) if self._mark is None else self._mark - self._start
        self._start, self._log, self._mark = self._start + stored, self._log[stored:], None
        orders: list[Order] = [replace(self._now(line), bases=tuple(bases))]
        for edit, after in others:
            step, before = Step(after.place, edit, time.time()), self._line.place
            orders.append(replace(self._now(after), step=step, before=before))
        self._hand_on(*orders)

    def discarded(self, line: Line) -> None:
        """What is shown is what is stored; steps to be redone stay."""
        self._start, self._log, self._mark = self._start + len(self._log), [], None
        self._hand_on(self._now(line))

    def belongs(self, place: InFile) -> None:
        """The row is there from now on."""
        if self._first:
            self._first = (*(each for each in self._first if not isinstance(each, Belongs)), Belongs(self._key, place))
        else:
            self._send(Belongs(self._key, place))

    def forgotten(self) -> None:
        """A new history begins."""
        self._line, self._log, self._mark, self._first = Line(), [], None, ()
        self._send(Forget(self._key))

    def _enter(self, state: int, forwards: bool) -> Entry | None:
        """Add to the log; what takes back its last entry takes it out instead, unless that is being stored."""
        end = self._start + len(self._log)
        if self._log and self._log[-1] == (state, not forwards) and (self._mark is None or self._mark < end):
            self._log.pop()
            return None
        self._log.append((state, forwards))
        return self._log[-1]

    def _now(self, line: Line, at: float | None = None) -> Keep:
        self._line = line
        numbers = range(self._start, self._start + len(self._log))
        return Keep(self._key, self._title, line, numbers, self._mark, at)

    def _hand_on(self, *orders: Order) -> None:
        first, self._first = self._first, ()
        self._send(*first, *orders)
