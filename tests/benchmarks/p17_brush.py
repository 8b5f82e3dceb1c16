"""P17: the brush's pixels against its definition, and what drawing a segment takes, however large the picture."""

from __future__ import annotations

import math
import statistics
import time
from itertools import pairwise

import numpy as np

from bitmask_studio.core.brush_exact import ExactPath
from bitmask_studio.core.brush_shape import BrushShape, cover
from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.mask import EMPTY_MASK
from bitmask_studio.core.painting import MaskPainter
from tests.benchmarks.base import RUNS, Result

FRAME = Box.of_size(16384, 16384)
LIMITS = {10: 0.3, 50: 0.3, 200: 0.3, 1000: 3.0}
"""Milliseconds a segment, by radius; the largest has no target, but is watched."""
SEGMENTS, STEPS = 200, (2.0, 6.0, 40.0)
"""How far the pointer goes between two events, px."""
CHECKED = 3000


def run() -> list[Result]:
    timed = [_segments(radius, shape) for shape in BrushShape for radius in LIMITS]
    return [Result("P17", f"wrong pixels of {CHECKED:,} segments", _wrong(), 0, at_least=False, unit=""), *timed]


def _segments(radius: int, shape: BrushShape) -> Result:
    """What a segment takes on an empty frame of 16K x 16K, median of all steps and runs."""
    runs = []
    for seed in range(RUNS):
        taken = [each for step in STEPS for each in _stroke(radius, shape, step, seed)]
        runs.append((statistics.median(taken), sorted(taken)[math.ceil(0.99 * len(taken)) - 1]))
    p50, p99 = (statistics.median(each) * 1e3 for each in zip(*runs, strict=True))
    what = f"a segment, {shape.value}, radius {radius}"
    note = f"p99 {p99:.3g} ms"
    return Result("P17", what, p50, LIMITS[radius], at_least=False, unit="ms", note=note, p50=p50, p99=p99)


def _stroke(radius: int, shape: BrushShape, step: float, seed: int) -> list[float]:
    """Seconds of each segment of a wandering stroke."""
    painter, taken = MaskPainter(EMPTY_MASK, FRAME), []
    for start, end in pairwise(_way(step, seed)):
        began = time.perf_counter()
        painter.draw_segment(start, end, 2 * radius, shape, True)
        taken.append(time.perf_counter() - began)
    return taken


def _way(step: float, seed: int) -> list[Point]:
    """Places as a hand leads a pointer to them, in 64ths of a pixel."""
    headings = np.random.default_rng(seed).normal(0, 0.3, SEGMENTS).cumsum()
    turns = np.stack((np.cos(headings), np.sin(headings)), axis=1) * step
    places = np.round((8000.25 + turns.cumsum(axis=0)) * 64) / 64
    return [Point(x, y) for x, y in places.tolist()]


def _wrong() -> int:
    """Pixels that differ from the definition in whole numbers, row by row."""
    dice = np.random.default_rng(17)
    return sum(_wrong_of(dice, shape) for _ in range(CHECKED // 2) for shape in BrushShape)


def _wrong_of(dice: np.random.Generator, shape: BrushShape) -> int:
    grain = [1.0, 2.0, 64.0, 3.0, 1e9][int(dice.integers(0, 5))]
    size = int(dice.choice([1, 2, 3, 7, 20, 50, 101, 400, 2000]))
    x, y = (np.round(dice.uniform(1500, 14000, 2) * grain) / grain).tolist()
    dx, dy = (np.round(dice.normal(0, dice.choice([0.5, 5, 60]), 2) * dice.integers(0, 2, 2) * grain) / grain).tolist()
    start, end = Point(x, y), Point(x + dx, y + dy)
    spans = cover(start, end, size, shape, FRAME)
    exact = ExactPath.of(start, end, size / 2, FRAME.x0, FRAME.x1)
    decide, wrong = exact.round if shape is BrushShape.ROUND else exact.square, 0
    reach = Box.around((start, end), size / 2 + 1)
    rows = {*range(reach.y0, reach.y1, max(1, reach.height // 40)), *range(reach.y0, reach.y0 + 4)}
    wanted = {row: decide(row) for row in rows | set(range(reach.y1 - 4, reach.y1))}
    if all(begin >= after for begin, after in wanted.values()):  # no centre is near: the pixel under the pointer
        wanted[math.floor(end.y)] = math.floor(end.x), math.floor(end.x) + 1
    for row, interval in wanted.items():
        at = row - spans.top
        begin, after = spans.edges[:, at].tolist() if 0 <= at < spans.edges.shape[1] else (0, 0)
        wrong += _different(interval, (begin, after))
    return wrong


def _different(wanted: tuple[int, int], found: tuple[int, int]) -> int:
    """How many pixels are in one of two intervals only."""
    both = max(0, min(wanted[1], found[1]) - max(wanted[0], found[0]))
    return max(0, wanted[1] - wanted[0]) + max(0, found[1] - found[0]) - 2 * both
