"""The ring of the brush: its size, and the device pixels it takes."""

from __future__ import annotations

import numpy as np
import pytest

from bitmask_studio.core.brush_shape import BrushShape
from bitmask_studio.core.geometry import Box
from bitmask_studio.ui.canvas.brush_ring import Ring
from tests.ui.paper import SIDE, Paper, box_of

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("shape", list(BrushShape))
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("diameter", [0.5, 7.0, 100.5, 320.0])
def test_the_ring_has_the_brushs_size_and_stays_within_its_reach(
    shape: BrushShape, scale: float, diameter: float
) -> None:
    paper, center = Paper(), (200.25, 190.75)
    ring = Ring(diameter, shape, scale)
    ring.draw(paper.painter, *center)
    drawn, (reach,) = paper.drawn, ring.boxes(*center)
    assert reach.covers(box_of(drawn))
    radius = max(diameter / 2, 3 * scale)
    assert abs(box_of(drawn).width - 2 * radius) <= 4 * scale + 1
    assert not drawn[190, 200]


@pytest.mark.parametrize("shape", list(BrushShape))
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("diameter", [640.0, 1001.5, 5000.0])
def test_a_large_ring_stays_within_narrow_boxes(shape: BrushShape, scale: float, diameter: float) -> None:
    ring, radius = Ring(diameter, shape, scale), diameter / 2
    for across, down in ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.3, -0.95)):
        paper, center = Paper(), (200.25 + across * radius, 190.75 + down * radius)
        ring.draw(paper.painter, *center)
        drawn, inside = paper.drawn, np.zeros((SIDE, SIDE), np.bool_)
        for box in ring.boxes(*center):
            part = box.intersection(Box.of_size(SIDE, SIDE))
            inside[part.rows, part.columns] = True
        assert not (drawn & ~inside).any()
    assert sum(each.area for each in ring.boxes(*center)) < diameter**2 / 2
