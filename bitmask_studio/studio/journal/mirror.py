"""What is kept of the rows that are open, held in memory too: all of it is written again when the file is lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.studio.journal.kept import AnswerBase, Applied, Base, Entry, InFile, KeptRow, Line, Step
from bitmask_studio.studio.journal.orders import Begin, Belongs, Forget, Keep, Know, Order, Rewrite, SetAside, Wish

_SPARE = 64
"""Steps that may be held beyond twice what is needed, before those are looked for that nothing names any more."""


class Mirror:
    """Told of every order that is on the disk. It holds no copies: steps and bases are those of the documents."""

    def __init__(self) -> None:
        self._rows: dict[str, _Row] = {}
        self._wish = Wish(to_save=False)

    def note(self, orders: Iterable[Order]) -> None:
        """These were carried out."""
        for order in orders:
            match order:
                case Keep():
                    self._row(order.key).keep(order)
                case Belongs(key, place):
                    self._row(key).place = place
                case Begin(key) | Forget(key) | SetAside(key):
                    self._rows.pop(key, None)
                case Rewrite(kept):
                    self._row(kept.key).take(kept)
                case Wish():
                    self._wish = order
                case Know(kept, place):
                    self._row(kept.key).take(kept)
                    self._row(kept.key).place = place

    def rewrites(self) -> tuple[Order, ...]:
        """What makes all of it be kept where nothing is."""
        rows = ((Rewrite(row.kept()), row.place and Belongs(key, row.place)) for key, row in self._rows.items())
        return (*(order for orders in rows for order in orders if order), self._wish)

    def _row(self, key: str) -> _Row:
        return self._rows.setdefault(key, _Row(key))


class _Row:
    """One row, changed as `carrying` changes the tables."""

    def __init__(self, key: str) -> None:
        self._key = self._title = key
        self.place: InFile | None = None
        self._line, self._at = Line(), 0.0
        self._mark: int | None = None
        self._states: deque[int] = deque()
        """Those of the line after its first, in order."""
        self._steps: dict[int, Step] = {}
        self._log: deque[Entry] = deque()
        self._start = 0
        self._masks: dict[MaskKey, Base] = {}
        self._answers: dict[str, AnswerBase] = {}

    def take(self, kept: KeptRow) -> None:
        """Be as it was read."""
        self._title, self._line, self._at = kept.title, kept.line, kept.last_at
        self._start, self._log = kept.log_start, deque(kept.entries)
        self._mark = None if kept.saving is None else kept.log_start + kept.saving
        self._masks, self._answers = dict(kept.bases), dict(kept.answers)
        steps: dict[int, Step] = {}
        for entry, applied in zip(kept.entries, kept.log, strict=True):
            steps[entry[0]] = Step(entry[0], applied.edit, kept.last_at)
        self._steps = steps | {each.state: each for each in kept.steps}
        self._states = deque(each.state for each in kept.steps)

    def keep(self, order: Keep) -> None:
        """Stand as the order says."""
        self._title, self._line, self._mark = order.title, order.line, order.mark
        self._at = self._at if order.at is None else order.at
        for base in order.bases:
            if isinstance(base, Base):
                self._masks[base.key] = base
            else:
                self._answers[base.object_hash] = base
        if order.step:
            while self._states and self._states[-1] > order.before:
                self._states.pop()
            self._states.append(order.step.state)
            self._steps[order.step.state] = order.step
        while self._states and self._states[0] <= order.line.first:
            self._states.popleft()
        self._fit_log(order)
        if len(self._steps) > 2 * (len(self._states) + len(self._log)) + _SPARE:
            self._let_go()

    def kept(self) -> KeptRow:
        """As it would be read."""
        return KeptRow(
            self._key,
            self._title,
            self._line,
            tuple(self._steps[state] for state in self._states),
            tuple(Applied(self._steps[state].edit, forwards) for state, forwards in self._log),
            tuple(self._log),
            self._start,
            None if self._mark is None else self._mark - self._start,
            dict(self._masks),
            dict(self._answers),
            self._at,
        )

    def _fit_log(self, order: Keep) -> None:
        while self._log and self._start < order.log.start:
            self._log.popleft()
            self._start += 1
        self._start = order.log.start
        while len(self._log) > len(order.log) - (order.entry is not None):
            self._log.pop()
        if order.entry:
            self._log.append(order.entry)

    def _let_go(self) -> None:
        named = {*self._states, *(state for state, _ in self._log)}
        self._steps = {state: step for state, step in self._steps.items() if state in named}
