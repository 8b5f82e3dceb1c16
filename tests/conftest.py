"""What every test stands on: no screen unless asked for, one look everywhere, nobody's own files touched."""

from __future__ import annotations

import itertools
import os

# Before anything imports Qt: it reads these once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_SCALE_FACTOR"] = "1"
os.environ["QT_STYLE_OVERRIDE"] = "Fusion"

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

REAL_DATA = "BITMASK_STUDIO_REAL_DATA"
OWN_FOLDERS = {
    "BITMASK_STUDIO_STATE": "state",
    "XDG_STATE_HOME": "xdg-state",
    "XDG_DATA_HOME": "xdg-data",
    "XDG_CONFIG_HOME": "xdg-config",
}

# The suite tries the same examples each time; `--hypothesis-profile=long` looks for new ones, and prints its seed.
settings.register_profile("suite", derandomize=True, database=None, deadline=None, max_examples=100)
settings.register_profile("long", database=None, deadline=None, max_examples=10_000, print_blob=True)
settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Generator[Iterator[Path]]:
    """Keep the user's files out of reach, also of fixtures wider than a test; yield one new folder after another."""
    base = tmp_path_factory.mktemp("own")
    with pytest.MonkeyPatch.context() as patch:
        for name, child in OWN_FOLDERS.items():
            patch.setenv(name, str(base / "session" / child))
        yield (base / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _own_folder(_own_folders: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test, and the programs that it starts, a state of its own."""
    folder = next(_own_folders)
    for name, child in OWN_FOLDERS.items():
        monkeypatch.setenv(name, str(folder / child))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real exports; a test that asks for it is skipped where there is none."""
    folder = os.environ.get(REAL_DATA)
    if not folder:
        pytest.skip(f"{REAL_DATA} is not set")
    assert Path(folder).is_dir(), f"{REAL_DATA} is not a folder: {folder}"
    return Path(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "real_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.realdata)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where the real data is there, a realdata test that skips has failed."""
    report = yield
    if report.skipped and os.environ.get(REAL_DATA) and item.get_closest_marker("realdata"):
        report.outcome = "failed"
        report.longrepr = f"skipped, although {REAL_DATA} is set: {report.longrepr}"
    return report
