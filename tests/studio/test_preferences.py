"""The settings that a person writes into the file: what counts, and what is taken for a slip."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bitmask_studio.core.settings import Setting, SettingsStore
from bitmask_studio.studio.preferences import PEN_PRESSURE, PICTURE_MEMORY, TILE_MEMORY


def stored(folder: Path, **values: object) -> SettingsStore:
    path = folder / "settings.json"
    path.write_text(json.dumps(values))
    return SettingsStore(path, lambda path, data: None)


@pytest.mark.parametrize(("setting", "least", "usual", "most"), [
    (TILE_MEMORY, 16, 64, 4096), (PICTURE_MEMORY, 64, 512, 65536),
])  # fmt: skip
def test_memory_is_what_the_file_says_within_its_range(
    tmp_path: Path, setting: Setting[int], least: int, usual: int, most: int
) -> None:
    assert stored(tmp_path).get(setting) == usual
    for value in (least, usual + 1, most):
        assert stored(tmp_path, **{setting.key: value}).get(setting) == value
    for slip in (least - 1, most + 1, -5, 100.0, "100", None, True):
        assert stored(tmp_path, **{setting.key: slip}).get(setting) == usual


def test_the_keys_are_those_that_the_readme_names() -> None:
    assert [setting.key for setting in (TILE_MEMORY, PICTURE_MEMORY)] == ["tile_memory", "picture_memory"]


def test_pen_pressure_is_off_until_it_is_wanted(tmp_path: Path) -> None:
    assert stored(tmp_path).get(PEN_PRESSURE) is False
    assert stored(tmp_path, pen_pressure=True).get(PEN_PRESSURE) is True
