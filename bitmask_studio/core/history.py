"""Undo and redo bounded by bytes: a line of edits, a place in it, and the place that is saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar


class Edit(Protocol):
    """One committed step; `title` is what Undo and Redo call it."""

    @property
    def title(self) -> str: ...

    @property
    def nbytes(self) -> int: ...


E = TypeVar("E", bound=Edit)


class History(Generic[E]):
    """Edits in order; those before the place are done, those behind it can be done again.

    When the edits outgrow `max_bytes` the oldest ones are forgotten, never the newest.
    """

    def __init__(self, max_bytes: int = 256 << 20) -> None:
        self._max_bytes = max_bytes
        self._edits: list[E] = []
        self._states = [0]
        """A name for the state before each edit and after the last; none is ever given twice."""
        self._place = 0
        self._committed = 0
        self._saved = 0
        self._nbytes = 0

    @classmethod
    def restored(
        cls,
        edits: Sequence[E],
        states: Sequence[int],
        place: int,
        saved: int,
        committed: int,
        max_bytes: int = 256 << 20,
    ) -> History[E]:
        """A history as another one was: its `edits`, the `states` before each and after the last, and its counters.

        Raises ValueError when these do not belong together.
        """
        history = cls(max_bytes)
        fits = len(states) == len(edits) + 1 and len(set(states)) == len(states) and place in states
        if not fits or committed < max(states):
            raise ValueError("no history is like that")
        history._edits, history._states = list(edits), list(states)
        history._place, history._saved, history._committed = history._states.index(place), saved, committed
        history._nbytes = sum(each.nbytes for each in edits)
        history._forget_oldest()
        return history

    def commit(self, edit: E) -> None:
        """Add an edit that has just been done; what was undone before it is gone."""
        self._nbytes += edit.nbytes - sum(undone.nbytes for undone in self._edits[self._place :])
        self._committed += 1
        self._edits[self._place :] = [edit]
        self._states[self._place + 1 :] = [self._committed]
        self._place += 1
        self._forget_oldest()

    def undo(self) -> E | None:
        """Step back: the edit to take back, None at the beginning."""
        if not self._place:
            return None
        self._place -= 1
        return self._edits[self._place]

    def redo(self) -> E | None:
        """Step forward: the edit to do again, None at the end."""
        if self._place == len(self._edits):
            return None
        self._place += 1
        return self._edits[self._place - 1]

    @property
    def place(self) -> int:
        """A name for the present state, for `mark_saved`; going elsewhere and back leads to the same name."""
        return self._states[self._place]

    @property
    def first(self) -> int:
        """The name of the state before the oldest edit."""
        return self._states[0]

    @property
    def saved(self) -> int:
        """The name of the stored state, which need not be one of those that undo and redo lead to."""
        return self._saved

    @property
    def committed(self) -> int:
        """How many edits there ever were: the name of the last one's state."""
        return self._committed

    @property
    def edits(self) -> Sequence[E]:
        """Those to undo, then those to redo."""
        return tuple(self._edits)

    @property
    def states(self) -> Sequence[int]:
        """The names of the states before each edit and after the last."""
        return tuple(self._states)

    @property
    def steps_to_saved(self) -> int | None:
        """How many steps forwards (backwards: less than 0) lead to the stored state; None when no way does."""
        return self._states.index(self._saved) - self._place if self._saved in self._states else None

    def mark_saved(self, place: int | None = None) -> None:
        """Say that the present state, or the one that was called `place`, is the stored one."""
        self._saved = self.place if place is None else place

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to undo and nothing to redo."""
        return not self._edits

    @property
    def is_saved(self) -> bool:
        return self._saved == self.place

    @property
    def undo_title(self) -> str | None:
        return self._edits[self._place - 1].title if self._place else None

    @property
    def redo_title(self) -> str | None:
        return self._edits[self._place].title if self._place < len(self._edits) else None

    @property
    def nbytes(self) -> int:
        return self._nbytes

    def _forget_oldest(self) -> None:
        while self._nbytes > self._max_bytes and self._place > 1:
            self._nbytes -= self._edits.pop(0).nbytes
            self._states.pop(0)
            self._place -= 1
