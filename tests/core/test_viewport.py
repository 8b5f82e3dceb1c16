"""Zoom and pan: what is allowed, what stays put, what fits."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.viewport import MAX_ZOOM, MIN_ZOOM, WHEEL_STEP, Viewport, least_zoom, ratio, snap, snap_down

zooms = st.floats(0.001, 200)
allowed = zooms.map(snap)
views = st.builds(Box.of_size, st.integers(1, 4000), st.integers(1, 3000))


def is_allowed(zoom: float) -> bool:
    if zoom >= 1:
        return (zoom * 64).is_integer() and zoom <= 64
    length = round(64 / zoom)
    return zoom == 64 / length and length <= 6400 and (length < 512 or length % 8 == 0)


@given(zooms)
def test_every_zoom_snaps_to_the_grid_and_stays_there(zoom: float) -> None:
    for near in (snap(zoom), snap_down(zoom)):
        assert is_allowed(near)
        assert snap(near) == near
        assert snap_down(near) == near


def test_every_allowed_zoom_is_its_own_nearest_one() -> None:
    for zoom in [64 / length for length in (*range(65, 512), *range(512, 6401, 8))] + [k / 64 for k in range(64, 4097)]:
        assert (snap(zoom), snap_down(zoom)) == (zoom, zoom)


@given(zooms)
def test_snapping_moves_a_zoom_by_less_than_one_percent(zoom: float) -> None:
    inside = min(max(zoom, MIN_ZOOM), MAX_ZOOM)
    assert abs(snap(zoom) / inside - 1) < 0.01
    assert snap_down(zoom) <= max(zoom, MIN_ZOOM) * (1 + 1e-12)
    assert snap_down(zoom) >= inside * 0.98


@pytest.mark.parametrize(("wish", "zoom"), [(0, 0.01), (0.01, 0.01), (1, 1), (0.9999, 1), (64, 64), (1e9, 64)])
def test_the_grid_ends_at_its_limits_and_holds_one_to_one(wish: float, zoom: float) -> None:
    assert snap(wish) == zoom


def test_every_turn_of_the_wheel_changes_the_zoom_until_the_limit() -> None:
    zoom = MIN_ZOOM
    while zoom < MAX_ZOOM:
        larger = snap(zoom * WHEEL_STEP)
        assert larger > zoom
        assert snap(larger / WHEEL_STEP) < larger
        zoom = larger


@given(allowed)
def test_the_ratio_of_a_reducing_zoom_is_in_lowest_terms_and_exact(zoom: float) -> None:
    if zoom < 1:
        device, image = ratio(zoom)
        assert math.gcd(device, image) == 1
        assert 64 % device == 0
        assert zoom == device / image


@given(allowed, zooms, st.integers(-5000, 5000), st.integers(-5000, 5000), st.floats(0, 4000), st.floats(0, 3000))
def test_zooming_keeps_the_image_point_under_the_cursor(
    before: float, after: float, left: int, top: int, x: float, y: float
) -> None:
    viewport = Viewport(before, left, top)
    point = viewport.to_image(x, y)
    there = viewport.zoomed(after, x, y).to_device(point)
    assert abs(there[0] - x) <= 0.5 + 1e-6
    assert abs(there[1] - y) <= 0.5 + 1e-6


@given(allowed, st.integers(-9000, 9000), st.integers(-9000, 9000), st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_device_to_image_and_back_is_the_same_place(zoom: float, left: int, top: int, x: float, y: float) -> None:
    viewport = Viewport(zoom, left, top)
    back = viewport.to_device(viewport.to_image(x, y))
    assert back == pytest.approx((x, y), abs=1e-6)


@given(views, st.integers(1, 16384), st.integers(1, 16384), st.integers(0, 40))
def test_a_fitted_image_is_whole_in_the_middle_of_the_view(view: Box, width: int, height: int, margin: int) -> None:
    viewport = Viewport.fitting(view, width, height, margin)
    shown = Fraction(viewport.zoom) * width, Fraction(viewport.zoom) * height
    space = max(1, view.width - 2 * margin), max(1, view.height - 2 * margin)
    if viewport.zoom > MIN_ZOOM:
        assert shown[0] <= space[0] + 1e-9
        assert shown[1] <= space[1] + 1e-9
    assert abs(viewport.x + shown[0] / 2 - Fraction(view.width, 2)) <= 0.5 + 1e-9
    assert abs(viewport.y + shown[1] / 2 - Fraction(view.height, 2)) <= 0.5 + 1e-9


@given(views, st.integers(1, 16384), st.integers(1, 16384))
def test_a_fitted_image_could_not_be_shown_much_larger(view: Box, width: int, height: int) -> None:
    zoom = Viewport.fitting(view, width, height).zoom
    if MIN_ZOOM < zoom < MAX_ZOOM:
        assert zoom * 1.05 * width > view.width or zoom * 1.05 * height > view.height


def test_fitting_can_be_kept_from_enlarging() -> None:
    assert Viewport.fitting(Box.of_size(1000, 1000), 10, 10, largest=1.0).zoom == 1


@given(allowed, st.integers(-99, 99), st.integers(-99, 99), st.integers(0, 99), st.integers(0, 99))
def test_the_device_box_holds_every_pixel_that_shows_some_of_the_image_box(
    zoom: float, left: int, top: int, x: int, y: int
) -> None:
    viewport, box = Viewport(zoom, left, top), Box(x, y, x + 3, y + 2)
    device = viewport.device_box(box)
    exact = Fraction(x) * Fraction(zoom) + left, Fraction(x + 3) * Fraction(zoom) + left
    assert device.x0 <= exact[0] < device.x0 + 1 + Fraction(1, 10**9)
    assert exact[1] <= device.x1 < exact[1] + 1 + Fraction(1, 10**9)
    assert device.y0 <= Fraction(y) * Fraction(zoom) + top


@given(allowed, views, st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6), st.integers(1, 16384))
def test_the_image_cannot_be_lost_out_of_sight(zoom: float, view: Box, x: int, y: int, side: int) -> None:
    kept = Viewport(zoom, x, y).kept_in_reach(view, side, side)
    if min(view.width, view.height) > 48:
        assert kept.x < view.width
        assert kept.y < view.height
        assert kept.x + side * zoom > 0
        assert kept.y + side * zoom > 0


def test_moving_pans_by_device_pixels() -> None:
    assert Viewport(2.0, 5, 7).moved(-3, 4) == Viewport(2.0, 2, 11)


def test_a_point_can_be_brought_into_the_middle() -> None:
    centered = Viewport(4.0).centered(Box.of_size(100, 80), Point(10.0, 10.0))
    assert centered.to_device(Point(10.0, 10.0)) == (50.0, 40.0)


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_an_image_cannot_be_reduced_to_nothing_and_a_large_one_to_a_hundredth(width: int, height: int) -> None:
    least = least_zoom(width, height)
    assert MIN_ZOOM <= least <= 1
    assert max(width, height) * snap(least) >= min(15, max(width, height))
    assert least == MIN_ZOOM or max(width, height) * least <= 16 or least == 1


def test_a_picture_of_64_px_is_reduced_to_a_quarter_at_most() -> None:
    assert (least_zoom(64, 64), least_zoom(4096, 3000), least_zoom(3, 2)) == (0.25, MIN_ZOOM, 1.0)
