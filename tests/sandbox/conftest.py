"""A sandbox for each test, with a state folder of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bitmask_studio.sandbox import Sandbox


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the machine would get what is meant for loopback."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(scope="session")
def first_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the state folder that a first start of the demo leaves."""
    folder = tmp_path_factory.mktemp("sandbox") / "state"
    Sandbox.start(folder).stop()
    return folder


@pytest.fixture
def sandbox(first_state: Path, tmp_path: Path) -> Iterator[Sandbox]:
    """Return a sandbox that serves the demo."""
    running = Sandbox.start(Path(shutil.copytree(first_state, tmp_path / "state")))
    yield running
    running.stop()
