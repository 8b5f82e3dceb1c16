"""How a target is measured: the subject and its peer by turns, as ratios, because machines differ and are noisy."""

from __future__ import annotations

import math
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass

RUNS = 3
SHORTEST = 0.02
"""A run repeats its call until it has taken this many seconds."""

Call = Callable[[], object]


class CannotMeasureError(Exception):
    """What a measurement needs is not here: a screen, data, memory. The text says what."""


@dataclass(frozen=True, slots=True)
class Result:
    """One measured figure of a target, and the limit that it has to keep.

    `measured` None: not measured, `note` says why; with a limit all the same: measuring failed. A figure without a
    limit is that of a peer, for comparison.
    """

    id: str
    """The target: P1."""
    what: str
    measured: float | None
    limit: float | None
    at_least: bool
    """Whether the figure has to reach the limit; else it must not exceed it."""
    unit: str = "x"
    note: str = ""
    runs: tuple[float, ...] = ()
    """The figures of which `measured` is the median."""
    p50: float | None = None
    p99: float | None = None
    """What the subject takes, ms."""
    floor_p50: float | None = None
    floor_p99: float | None = None
    """What the floor or the peer takes, ms."""

    @property
    def met(self) -> bool:
        if self.measured is None or self.limit is None:
            return False
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    @property
    def verdict(self) -> str:
        if self.measured is None:
            return "not measured" if self.limit is None else "FAILED"
        if self.limit is None:
            return "peer"
        return "met" if self.met else "MISSED"

    @property
    def target(self) -> str:
        if self.limit is None:
            return ""
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


@dataclass(frozen=True, slots=True)
class Against:
    """Runs of a subject and its floor taken by turns: seconds of each call, run by run."""

    subject: Sequence[Sequence[float]]
    floor: Sequence[Sequence[float]]

    def result(self, target: str, what: str, quantile: float, limit: float) -> Result:
        """The subject's quantile in those of the floor, median of the runs."""
        runs = [_quantile(a, quantile) / _quantile(b, quantile) for a, b in zip(self.subject, self.floor, strict=True)]
        p50, p99, floor_p50, floor_p99 = (
            statistics.median(_quantile(run, each) for run in side) * 1e3
            for side in (self.subject, self.floor)
            for each in (0.5, 0.99)
        )
        ours, floors = (p50, floor_p50) if quantile == 0.5 else (p99, floor_p99)
        return Result(
            target,
            what,
            statistics.median(runs),
            limit,
            at_least=False,
            note=f"{_milliseconds(ours / 1e3)} against {_milliseconds(floors / 1e3)}",
            runs=tuple(runs),
            p50=p50,
            p99=p99,
            floor_p50=floor_p50,
            floor_p99=floor_p99,
        )


def worst(target: str, what: str, seconds: Sequence[Sequence[float]], limit: float) -> Result:
    """The longest of each run, median of the runs, in ms; the longest of all is noted."""
    runs = [max(run) * 1e3 for run in seconds]
    p50, p99 = (statistics.median(_quantile(run, each) for run in seconds) * 1e3 for each in (0.5, 0.99))
    note = f"p99 {p99:.3g} ms, worst of {len(runs)} runs {max(runs):.3g} ms"
    measured = statistics.median(runs)
    return Result(
        target, what, measured, limit, at_least=False, unit="ms", note=note, runs=tuple(runs), p50=p50, p99=p99
    )


def unmeasured(target: str, what: str, reason: str) -> Result:
    """The line of a target that cannot be measured here."""
    return Result(target, what, None, None, at_least=False, note=reason)


def failed(target: str, what: str, error: Exception) -> Result:
    """The line of a target whose measurement did not come to its end."""
    return Result(target, what, None, 0, at_least=False, note=f"{type(error).__name__}: {error}")


def _quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values don't exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


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
