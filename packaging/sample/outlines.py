"""Outlines as rings of points, float64 (n, 2) in image px: blobs, ribbons, curves, turned rectangles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sample.noise import Random

Ring = NDArray[np.float64]
Pair = tuple[float, float]


def ellipse(center: Pair, radii: Pair, angle: float = 0.0, points: int = 120) -> Ring:
    """An ellipse turned by `angle` radians."""
    turn = np.linspace(0.0, 2 * np.pi, points, endpoint=False)
    return placed(np.stack((np.cos(turn) * radii[0], np.sin(turn) * radii[1]), axis=1), center, angle)


def blob(random: Random, center: Pair, radii: Pair, angle: float = 0.0, wobble: float = 0.1, waves: int = 7) -> Ring:
    """An ellipse whose radius wanders by about `wobble` of itself, in up to `waves` waves round."""
    turn = np.linspace(0.0, 2 * np.pi, 160, endpoint=False)
    radius = np.ones_like(turn)
    for wave in range(2, waves + 1):
        radius += wobble / (wave - 1) ** 0.8 * random.uniform(-1, 1) * np.cos(wave * turn + random.uniform(0, 6.283))
    local = np.stack((np.cos(turn) * radii[0], np.sin(turn) * radii[1]), axis=1) * radius[:, None]
    return placed(local, center, angle)


def rectangle(center: Pair, size: Pair, angle: float = 0.0) -> Ring:
    """A rectangle of (width, height) turned by `angle` radians."""
    x, y = size[0] / 2, size[1] / 2
    return placed(np.array([(-x, -y), (x, -y), (x, y), (-x, y)], float), center, angle)


def placed(local: Ring, center: Pair, angle: float = 0.0) -> Ring:
    """A ring about the origin, turned by `angle` radians and moved to `center`."""
    cos, sin = np.cos(angle), np.sin(angle)
    turned: Ring = local @ np.array([[cos, sin], [-sin, cos]]) + np.asarray(center, float)
    return turned


def shifted(ring: Ring, dx: float, dy: float) -> Ring:
    """The ring moved."""
    moved: Ring = ring + np.array((dx, dy))
    return moved


def curve(controls: Sequence[Pair], points: int = 24) -> Ring:
    """An open Catmull-Rom curve through the controls, `points` to a piece."""
    knots = np.asarray(controls, float)
    knots = np.concatenate((2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]))
    t = np.linspace(0.0, 1.0, points, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(knots, knots[1:], knots[2:], knots[3:], strict=False):
        bend = (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - 3 * c + d - a) * t**3
        pieces.append(0.5 * (2 * b + (c - a) * t + bend))
    return np.concatenate([*pieces, knots[-2:-1]])


def ribbon(line: Ring, widths: float | Sequence[float]) -> Ring:
    """The outline of a line drawn `widths` px wide: one number, or several spread evenly along it."""
    along = np.linspace(0.0, 1.0, len(line))
    values = np.atleast_1d(np.asarray(widths, float))
    half = np.interp(along, np.linspace(0.0, 1.0, len(values)), values) / 2 if len(values) > 1 else values[0] / 2
    normal = normals(line) * np.broadcast_to(half, along.shape)[:, None]
    return np.concatenate((line + normal, (line - normal)[::-1]))


def normals(line: Ring) -> Ring:
    """The unit vector to the side of the line at each of its points."""
    ahead = np.gradient(line, axis=0)
    ahead /= np.maximum(np.hypot(ahead[:, 0], ahead[:, 1]), 1e-9)[:, None]
    return np.stack((-ahead[:, 1], ahead[:, 0]), axis=1)


def line(start: Pair, end: Pair, points: int = 24) -> Ring:
    """A straight line."""
    t = np.linspace(0.0, 1.0, points)[:, None]
    return np.asarray(start, float) * (1 - t) + np.asarray(end, float) * t


def sagging(start: Pair, end: Pair, depth: float, points: int = 40) -> Ring:
    """A rope from start to end that hangs `depth` px below the straight line at its middle."""
    rope = line(start, end, points)
    t = np.linspace(0.0, 1.0, points)
    rope[:, 1] += depth * 4 * t * (1 - t)
    return rope
