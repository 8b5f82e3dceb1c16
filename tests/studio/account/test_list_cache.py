"""Row lists kept for the next start: equal when they come back, and never in the way when they are not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.studio.account import list_cache


def rows(count: int) -> tuple[RowInfo, ...]:
    edited = datetime(2025, 1, 14, 9, 12, 31, tzinfo=UTC)
    return tuple(
        RowInfo(
            f"data-{n}", None if n % 3 else f"label-{n}", f"data-{n}", f"Bild {n} ü", "image", 1, 40, 30, None, None,
            uninitialised=n % 3 > 0, stage="Annotate", assignee="you@x.org", last_edited=edited if n % 2 else None,
        )
        for n in range(count)
    )  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 2345])
def test_a_list_comes_back_as_it_was(tmp_path: Path, count: int) -> None:
    path = tmp_path / "lists" / "a.rows"
    list_cache.store(path, rows(count))
    assert list_cache.load(path) == rows(count)


def test_what_is_missing_damaged_or_of_another_kind_is_no_list(tmp_path: Path) -> None:
    path = tmp_path / "a.rows"
    assert list_cache.load(path) == ()
    list_cache.store(path, rows(1500))
    whole = path.read_bytes()
    for cut in (3, 30, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        assert list_cache.load(path) == ()
    path.write_bytes(whole[:40] + bytes(len(whole) - 40))
    assert list_cache.load(path) == ()
    path.write_bytes(b"[]")
    assert list_cache.load(path) == ()


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "lists").write_text("a file")
    list_cache.store(tmp_path / "lists" / "a.rows", rows(3))
    assert list_cache.load(tmp_path / "lists" / "a.rows") == ()


def test_each_project_of_each_server_has_a_place_of_its_own_without_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BITMASK_STUDIO_STATE", str(tmp_path))
    places = {
        list_cache.place(domain, project)
        for domain in ("https://api.encord.com", "https://api.us.encord.com", "http://127.0.0.1:8000")
        for project in ("one", "../two")
    }
    assert len(places) == 6
    assert all(each.parent == tmp_path / "lists" for each in places)
