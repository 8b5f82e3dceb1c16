"""Settings: defaults, what is stored, and what a damaged file does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bitmask_studio.core.settings import Setting, SettingsStore

SIZE = Setting("size", 20, lambda size: 1 <= size <= 2000)
NAME = Setting("name", "plain")
ON = Setting("on", False)
RECENT: Setting[list[str]] = Setting("recent", [], lambda paths: all(isinstance(path, str) for path in paths))


def write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "settings.json"


def test_what_was_never_set_has_its_default_and_makes_no_file(path: Path) -> None:
    store = SettingsStore(path, write)
    assert (store.get(SIZE), store.get(NAME), store.get(ON), store.get(RECENT)) == (20, "plain", False, [])
    store.set(SIZE, 20)
    store.flush()
    assert not path.exists()


def test_a_value_is_there_at_the_next_start(path: Path) -> None:
    store = SettingsStore(path, write)
    store.set(SIZE, 7)
    store.set(RECENT, ["a", "\udcff"])
    store.flush()
    again = SettingsStore(path, write)
    assert again.get(SIZE) == 7
    assert again.get(RECENT) == ["a", "\udcff"]


def test_only_what_differs_from_its_default_is_stored(path: Path) -> None:
    store = SettingsStore(path, write)
    store.set(SIZE, 7)
    store.set(NAME, "other")
    store.set(SIZE, 20)
    store.flush()
    assert json.loads(path.read_bytes()) == {"name": "other"}


def test_keys_of_other_versions_are_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"of_the_future": [1, 2]}')
    store = SettingsStore(path, write)
    store.set(SIZE, 7)
    store.flush()
    assert json.loads(path.read_bytes()) == {"of_the_future": [1, 2], "size": 7}


@pytest.mark.parametrize(
    "content", ["", "{", "[1]", "null", '"text"', "\x00\xff", '{"size": "7"}', '{"size": 0}', '{"size": true}',
                '{"size": 7.5}', '{"size": null}', "[" * 100_000],
)  # fmt: skip
def test_a_damaged_or_foreign_file_means_the_defaults(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_bytes(content.encode("latin-1"))
    assert SettingsStore(path, write).get(SIZE) == 20


def test_a_list_with_foreign_items_means_the_default(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"recent": ["a", 3]}')
    assert SettingsStore(path, write).get(RECENT) == []


def test_a_value_that_cannot_be_stored_counts_until_the_end_of_the_program(path: Path) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError("disk full")

    store = SettingsStore(path, full)
    store.set(SIZE, 7)
    with pytest.raises(OSError, match="disk full"):
        store.flush()
    assert store.get(SIZE) == 7


def test_a_value_that_could_not_be_stored_is_stored_once_there_is_room(path: Path) -> None:
    full = True

    def crowded(path: Path, content: bytes) -> None:
        if full:
            raise OSError("disk full")
        write(path, content)

    store = SettingsStore(path, crowded)
    store.set(SIZE, 7)
    with pytest.raises(OSError, match="disk full"):
        store.flush()
    full = False
    store.flush()
    assert SettingsStore(path, write).get(SIZE) == 7


def test_what_has_not_changed_is_not_written_again(path: Path) -> None:
    written: list[bytes] = []
    store = SettingsStore(path, lambda path, content: written.append(content))
    store.set(SIZE, 7)
    store.flush()
    store.set(SIZE, 7)
    store.flush()
    assert len(written) == 1
