"""P13: a key stroke in the filter of 100,000 rows, against a filter that asks row by row."""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.studio.rows.row_list import Facet, RowFilter, RowList
from bitmask_studio.studio.rows.row_order import AS_LISTED, Order, SortBy
from tests.benchmarks.base import RUNS, Result

ROWS = 100_000
TYPED = ("scan_1234", "7f3a09", "plate 42 video", "image_0000")
ALL = RowFilter()
SOME = RowFilter(chosen=frozenset({(Facet.STAGE, "Review 1"), (Facet.TYPE, "image")}), mine=True)
LIMIT = 16
_PEER_TAKES_EVERY = 7
_STAGES = ("Annotate 1", "Review 1", "Complete")
_PEOPLE = ("", "anna@example.invalid", "ben@example.invalid")


def run() -> list[Result]:
    """Each text is typed letter by letter, each time into a list that has not seen it yet; all by turns."""
    rows = [_row(number) for number in range(ROWS)]
    strokes = [text[:end] for text in TYPED for end in range(1, len(text) + 1)]
    kinds = {
        "as listed": (ALL, AS_LISTED),
        "sorted by title": (ALL, Order(SortBy.TITLE, descending=True)),
        "filtered by stage, type and person": (SOME, AS_LISTED),
    }
    rounds: dict[str, list[list[float]]] = {name: [] for name in kinds}
    peers: list[float] = []
    for _ in range(RUNS):
        for name, (wanted, order) in kinds.items():
            rounds[name].append(_typed(rows, strokes, wanted, order))
        peers += [_asked(rows, stroke) for stroke in strokes[::_PEER_TAKES_EVERY]]
    ratio = statistics.median(peers) / statistics.median(_of_each_stroke(rounds["as listed"]))
    slowest = [_slowest(name, strokes, each) for name, each in rounds.items()]
    return [*slowest, Result("P13", f"key stroke in {ROWS:,} rows / asking row by row", ratio, 10, at_least=True)]


def _slowest(name: str, strokes: Sequence[str], rounds: Sequence[Sequence[float]]) -> Result:
    times = _of_each_stroke(rounds)
    worst = max(range(len(strokes)), key=times.__getitem__)
    note = f"“{strokes[worst]}”; half of them {statistics.median(times) * 1e3:.2g} ms"
    return Result("P13", f"slowest key stroke, {name}", times[worst] * 1e3, LIMIT, at_least=False, unit="ms", note=note)


def _of_each_stroke(rounds: Sequence[Sequence[float]]) -> list[float]:
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def _typed(rows: Sequence[RowInfo], strokes: Sequence[str], wanted: RowFilter, order: Order) -> list[float]:
    """Seconds that each stroke takes; the order has been worked out by then, as when somebody sorts and then types."""
    listed = RowList(rows, _PEOPLE[1])
    listed.find(wanted, order)
    taken = []
    for stroke in strokes:
        began = time.perf_counter()
        listed.find(RowFilter(stroke, wanted.chosen, wanted.mine), order)
        taken.append(time.perf_counter() - began)
    return taken


def _asked(rows: Sequence[RowInfo], typed: str) -> float:
    """What a sorting and filtering proxy of a toolkit does, without the toolkit."""
    began, words = time.perf_counter(), typed.casefold().split()
    for row in rows:
        text, hashes = f"{row.title} {row.data_type}".casefold(), f"{row.label_hash} {row.data_hash}".casefold()
        all(word in text or (len(word) >= 4 and word in hashes) for word in words)
    return time.perf_counter() - began


def _row(number: int) -> RowInfo:
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    name = ("scan", "image", "plate")[number % 3]
    return RowInfo(
        key=digest[:36],
        label_hash=f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}",
        data_hash=f"{digest[32:40]}-{digest[40:44]}-{digest[44:48]}-{digest[48:52]}-{digest[52:]}",
        title=f"{name}_{number:06d}.png",
        data_type=("image", "img_group", "video", "image")[number % 4],
        frames=1 + number % 300,
        width=1920,
        height=1080,
        objects=None,
        bitmasks=None,
        stage=_STAGES[number % 5 % 3],
        status="in progress",
        assignee=_PEOPLE[number % 7 % 3],
        last_edited=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number * 977 % 10_000_000),
    )
