"""The picture under the masks: exact from its own pixels, close from a preview, brighter or darker as wished."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.ground import BACKGROUND, Ground
from bitmask_studio.core.sampling import Pixels
from bitmask_studio.core.tone import Tone
from bitmask_studio.core.viewport import snap

PICTURE = np.random.default_rng(3).integers(0, 256, (60, 90, 3), np.uint8)


def a_gradient(width: int, height: int) -> Pixels:
    x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return np.stack((x, y, 255 - x), axis=2).astype(np.uint8)


def test_without_a_picture_the_frame_is_gray() -> None:
    shown = Ground(10, 10).sampled(1.0, Box.of_size(4, 3))
    assert shown.shape == (3, 4, 4)
    assert (shown == (*BACKGROUND, 255)).all()


def test_a_frame_without_a_picture_stays_gray_whatever_the_tone() -> None:
    shown = Ground(10, 10, tone=Tone(50, 50)).sampled(1.0, Box.of_size(4, 3))
    assert (shown == (*BACKGROUND, 255)).all()


def test_beyond_the_picture_there_is_gray() -> None:
    shown = Ground(3, 3, np.zeros((3, 3, 3), np.uint8)).sampled(1.0, Box.of_size(5, 4))
    assert (shown[:3, :3, :3] == 0).all()
    assert (shown[3:, :, :3] == BACKGROUND).all()
    assert (shown[:, 3:, :3] == BACKGROUND).all()


def test_the_picture_is_shown_as_it_is_with_a_neutral_tone() -> None:
    shown = Ground(90, 60, PICTURE).sampled(1.0, Box.of_size(90, 60))
    assert (shown[..., :3] == PICTURE).all()
    assert (shown[..., 3] == 255).all()


def test_a_tone_changes_the_colours_and_nothing_else() -> None:
    tone = Tone(20, -30)
    shown = Ground(90, 60, PICTURE, tone=tone).sampled(1.0, Box.of_size(90, 60))
    assert (shown[..., :3] == tone.table()[PICTURE]).all()
    assert (shown[..., 3] == 255).all()


def test_a_picture_that_is_there_is_shown_and_not_its_preview() -> None:
    preview = np.zeros((6, 9, 3), np.uint8)
    with_preview = Ground(90, 60, PICTURE, preview).sampled(2.0, Box(10, 10, 50, 40))
    assert (with_preview == Ground(90, 60, PICTURE).sampled(2.0, Box(10, 10, 50, 40))).all()


@pytest.mark.parametrize("zoom", [snap(0.1), snap(0.35), 1.0, 3.0])
def test_a_preview_shows_everything_where_the_picture_will_have_it(zoom: float) -> None:
    picture = a_gradient(1600, 1000)
    preview = np.asarray(cv2.resize(picture, (400, 250), interpolation=cv2.INTER_AREA), np.uint8)
    device = Box.of_size(int(1600 * zoom), int(1000 * zoom)).intersection(Box(40, 30, 500, 400))
    close = Ground(1600, 1000, preview=preview).sampled(zoom, device).astype(int)
    exact = Ground(1600, 1000, picture).sampled(zoom, device).astype(int)
    assert np.abs(close - exact).max() <= 2


def test_two_grounds_are_the_same_when_they_show_the_same_pixels_in_the_same_tone() -> None:
    assert Ground(90, 60, PICTURE).same_as(Ground(90, 60, PICTURE))
    assert not Ground(90, 60, PICTURE).same_as(Ground(90, 60, PICTURE.copy()))
    assert not Ground(90, 60, PICTURE).same_as(Ground(90, 60, PICTURE, tone=Tone(1, 0)))
    assert not Ground(90, 60, PICTURE).same_as(Ground(90, 60, preview=PICTURE))
    assert not Ground(90, 60).same_as(Ground(60, 90))
