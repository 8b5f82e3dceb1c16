"""How a target is measured: the subject and its peer by turns, as ratios, because machines differ and are noisy."""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

RUNS = 3
SHORTEST = 0.02
"""A run repeats its call until it has taken this many seconds."""

Call = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Result:
    """One measured figure of a target, and the limit that it has to keep."""

    id: str
    """The target: P1."""
    what: str
    measured: float
    limit: float
    at_least: bool
    """Whether the figure has to reach the limit; else it must not exceed it."""
    unit: str = "x"
    note: str = ""

    @property
    def met(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    @property
    def target(self) -> str:
        return f"{'>=' if self.at_least else '<='} {self.limit:,g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds a call took, median of the runs, and by how much the peer's differ from the subject's."""

    subject: float
    peer: float
    speedup: float
    """Median over the runs of the peer's time divided by the subject's of the same run."""

    @property
    def slowdown(self) -> float:
        """The subject's time in those of the peer."""
        return 1 / self.speedup

    @property
    def note(self) -> str:
        return f"{_milliseconds(self.subject)} against {_milliseconds(self.peer)}"


def interleaved(subject: Call, peer: Call, runs: int = RUNS, share: float = 1.0) -> Timing:
    """Time both by turns. `share`: which part of the subject's work the peer's call does, where all takes too long."""
    pairs = [(seconds(subject), seconds(peer) / share) for _ in range(runs)]
    speedup = statistics.median(slow / fast for fast, slow in pairs)
    fast, slow = (statistics.median(times) for times in zip(*pairs, strict=True))
    return Timing(fast, slow, speedup)


def seconds(call: Call) -> float:
    """What a call takes, on average over as many as fill SHORTEST."""
    calls, began = 0, time.perf_counter()
    while (taken := time.perf_counter() - began) < SHORTEST or not calls:
        call()
        calls += 1
    return taken / calls


def peak_bytes(call: Call) -> int:
    """The most memory that a call holds at a time, the arrays of numpy included."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _milliseconds(value: float) -> str:
    return f"{value * 1e3:,.3g} ms" if value < 1 else f"{value:,.1f} s"
