"""What every test stands on: no screen unless asked for, one look everywhere, nobody's own files touched."""

from __future__ import annotations

import itertools
import os
import signal

# Before anything imports Qt: it reads these once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_SCALE_FACTOR"] = "1"
os.environ["QT_STYLE_OVERRIDE"] = "Fusion"

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.planted import leaks_below, leaks_in

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
def _hear_ctrl_c() -> None:
    """Let the programs that are started hear Ctrl+C, which a shell keeps from whatever it runs in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Generator[Iterator[Path]]:
    """Keep the user's files out of reach, also of fixtures wider than a test; yield one new folder after another."""
    base = tmp_path_factory.mktemp("own")
    with pytest.MonkeyPatch.context() as patch:
        for name, child in OWN_FOLDERS.items():
            patch.setenv(name, str(base / "session" / child))
        yield (base / str(number) for number in itertools.count())
    found = list(leaks_below(base))
    assert not found, f"secrets were left behind: {found}"


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
    """A realdata test that skips has failed where the real data is there; so has one that said something secret."""
    report = yield
    if report.skipped and os.environ.get(REAL_DATA) and item.get_closest_marker("realdata"):
        report.outcome = "failed"
        report.longrepr = f"skipped, although {REAL_DATA} is set: {report.longrepr}"
    if report.passed and (leaks := _leaks_of(item, report)):
        report.outcome = "failed"
        report.longrepr = f"said something secret on stdout, on stderr or to the log: {leaks}"
    return report


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "plants_secrets: gives logging a secret, to see it taken out on its way")


def _leaks_of(item: pytest.Item, report: pytest.TestReport) -> list[str]:
    """What is secret in the words of a test and of the programs that it started; not what it plants itself."""
    planted = item.get_closest_marker("plants_secrets") is not None
    said = (text for title, text in report.sections if not (planted and " log " in title))
    return leaks_in("".join(said).encode(errors="replace"))
