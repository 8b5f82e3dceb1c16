"""Where the program keeps what is its own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bitmask_studio.core.state import VARIABLE, data_folder, state_folder


def test_the_variable_decides_and_nothing_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "mine"))
    assert state_folder() == tmp_path / "mine"
    assert data_folder().parent == tmp_path / "mine"
    assert not (tmp_path / "mine").exists()


def test_without_it_the_platform_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert state_folder() == tmp_path / "state" / "bitmask-studio"
    assert data_folder() == tmp_path / "data" / "bitmask-studio"


@pytest.mark.parametrize(
    ("platform", "part"), [("win32", "AppData"), ("darwin", "Library"), ("linux", ".local"), ("freebsd14", ".local")]
)
def test_every_platform_has_a_folder_below_the_users_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, part: str
) -> None:
    for name in (VARIABLE, "XDG_STATE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for folder in (state_folder(), data_folder()):
        assert folder.is_relative_to(tmp_path)
        assert part in folder.parts
