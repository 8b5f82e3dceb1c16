"""Brightness and contrast: the table against the formula, and what any table has to be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.core.tone import EXTREME, NEUTRAL, Tone

degrees = st.integers(-EXTREME, EXTREME)
tones = st.builds(Tone, degrees, degrees)


def by_the_formula(value: int, tone: Tone) -> float:
    """One value: shifted by brightness, spread around the middle by contrast, kept within the range."""
    shifted = value + 127.5 * tone.brightness / 100
    spread = 127.5 + (shifted - 127.5) * 2 ** (3 * tone.contrast / 100)
    return min(max(spread, 0.0), 255.0)


def test_a_neutral_tone_leaves_every_value_as_it_is() -> None:
    assert Tone() == NEUTRAL
    assert NEUTRAL.neutral
    assert NEUTRAL.table().tolist() == list(range(256))


@given(tones)
def test_only_the_tone_without_both_is_neutral(tone: Tone) -> None:
    assert tone.neutral is (tone == NEUTRAL)


@given(tones)
def test_the_table_is_the_formula_rounded(tone: Tone) -> None:
    table = tone.table()
    assert table.shape == (256,)
    assert table.dtype == np.uint8
    for value in range(256):
        assert abs(int(table[value]) - by_the_formula(value, tone)) <= 0.5 + 1e-9


@given(tones)
def test_what_is_brighter_stays_brighter_or_becomes_equal(tone: Tone) -> None:
    assert (np.diff(tone.table().astype(int)) >= 0).all()


@given(tones, st.integers(0, EXTREME))
def test_more_brightness_makes_no_value_darker(tone: Tone, more: int) -> None:
    assert (tone.changed(brightness=more).table() >= tone.table()).all()


@given(degrees, st.integers(0, EXTREME))
def test_more_contrast_moves_no_value_towards_the_middle(contrast: int, more: int) -> None:
    before, after = (tone.table() - 127.5 for tone in (Tone(0, contrast), Tone(0, contrast).changed(contrast=more)))
    assert (np.abs(after) >= np.abs(before)).all()


def test_the_ends_bring_black_or_white_to_the_middle() -> None:
    assert Tone(100).table()[[0, 127, 255]].tolist() == [128, 254, 255]
    assert Tone(-100).table()[[0, 128, 255]].tolist() == [0, 0, 128]


def test_contrast_goes_from_an_eighth_to_eight_times() -> None:
    assert Tone(0, -100).table()[[0, 255]].tolist() == [112, 143]
    assert np.diff(Tone(0, 100).table()[112:144].astype(int)).tolist() == [8] * 31
    assert np.ptp(Tone(0, 100).table()[[111, 144]]) == 255


def test_both_together_spread_the_darkest_values_over_the_whole_range() -> None:
    dark = Tone(brightness=88, contrast=100).table()[:32].astype(int)
    assert (np.diff(dark) == 8).all()


@given(tones, st.integers(-300, 300), st.integers(-300, 300))
def test_changes_end_where_the_range_ends(tone: Tone, brightness: int, contrast: int) -> None:
    changed = tone.changed(brightness, contrast)
    assert changed.brightness == int(np.clip(tone.brightness + brightness, -100, 100))
    assert changed.contrast == int(np.clip(tone.contrast + contrast, -100, 100))


@pytest.mark.parametrize(("brightness", "contrast"), [(101, 0), (-101, 0), (0, 101), (0, -101)])
def test_a_tone_out_of_range_is_refused(brightness: int, contrast: int) -> None:
    with pytest.raises(ValueError, match="-100 to 100"):
        Tone(brightness, contrast)
