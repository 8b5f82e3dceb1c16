"""Round bodies from flat outlines: an inflated height, its normals, and the light of a studio lamp on them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from sample.noise import Floats, smoothstep

_COARSE = 40
_STEPS = 160
_LAMP = np.array([-0.46, -0.56, 0.69], np.float32)


@dataclass(frozen=True)
class Surface:
    """The unit normals of a body, each float32 (height, width): x right, y down, z towards the eye."""

    nx: Floats
    ny: Floats
    nz: Floats


def inflated(alpha: Floats) -> Floats:
    """The height in px of a membrane blown up over a cover: over a disk, the half sphere.

    Twice the square root of the solution of Poisson's equation (laplacian of u = -1, u = 0 on the outline), found by
    Jacobi's steps on a small grid that start from the solution for a disk.
    """
    height, width = alpha.shape
    scale = max(height, width, _COARSE) / _COARSE
    size = (max(4, round(width / scale)), max(4, round(height / scale)))
    inside = cv2.copyMakeBorder(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    away = cv2.distanceTransform((inside > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    u = away * (2 * away.max() - away) / 4
    for _ in range(_STEPS):
        u[1:-1, 1:-1] = (u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:] + 1.0) / 4
        u *= inside > 0.5
    whole = cv2.resize(u[1:-1, 1:-1], (width, height), interpolation=cv2.INTER_CUBIC)
    whole = cv2.GaussianBlur(whole, (0, 0), max(0.3, scale * 0.8))
    return np.asarray(2.0 * np.sqrt(np.maximum(whole, 0.0)) * scale, np.float32)


def surface(height: Floats, smooth: float = 1.0) -> Surface:
    """The normals of a height map whose heights are in px."""
    soft = cv2.GaussianBlur(height, (0, 0), smooth)
    dx = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=3) / 8
    dy = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3) / 8
    length = np.sqrt(dx * dx + dy * dy + 1.0)
    return Surface(-dx / length, -dy / length, 1.0 / length)


def lit(body: Surface, color: Floats, gloss: float, translucent: float = 0.15) -> Floats:
    """The colour, (height, width, 3), of a body under a soft lamp at the upper left above a dark table."""
    facing = body.nx * _LAMP[0] + body.ny * _LAMP[1] + body.nz * _LAMP[2]
    wrapped = np.clip((facing + translucent) / (1 + translucent), 0, 1) ** 1.15
    ambient = 0.10 + 0.16 * np.clip(body.nz, 0, 1) ** 0.8
    bounce = 0.10 * np.clip(body.nx * 0.5 + body.ny * 0.6, 0, 1)
    light = (wrapped * 0.95 + ambient)[..., None] + bounce[..., None] * np.array([1.0, 0.9, 0.75], np.float32)
    shine = gloss * (0.85 * _window(body) + 0.10 * np.clip(facing, 0, 1) ** 12)
    rim = gloss * 0.16 * (1 - np.clip(body.nz, 0, 1)) ** 4
    mirrored = (shine + rim)[..., None] * np.array([1.0, 0.98, 0.94], np.float32)
    return np.asarray(color * light + mirrored, np.float32)


def _window(body: Surface) -> Floats:
    """The mirror image of a rectangular softbox with a soft edge."""
    rx, ry = 2 * body.nz * body.nx, 2 * body.nz * body.ny
    across, along = rx * 0.77 - ry * 0.64 + 0.0, rx * 0.64 + ry * 0.77
    inside = smoothstep(0.30, 0.20, np.abs(across)) * smoothstep(0.16, 0.09, np.abs(along + 0.78))
    return inside * smoothstep(0.0, 0.5, body.nz)
