"""Sandbox: colleagues and faults on demand, only where the sample server of this program is open."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bitmask_studio.sources.encord.login import Login
from tests.actions.conftest import Menu

ENTRIES = ("colleague_edits", "colleague_adds", "colleague_deletes", "fault_hang", "fault_too_many")


def test_on_files_there_is_no_colleague(menu: Menu) -> None:
    assert not any(menu.enabled(name) for name in ENTRIES)


def test_a_colleague_changes_the_row_that_is_shown(
    bare_menu: Menu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BITMASK_STUDIO_STATE", str(tmp_path))
    session, studio = bare_menu.session, bare_menu.studio

    async def main() -> tuple[int, int]:
        sandbox = await session.signing_in.start_sandbox()
        await session.signing_in.sign_in(Login(sandbox.url, sandbox.key_path))
        await session.projects.open(sandbox.project_hash, "harbour-at-dusk.jpg")
        assert all(bare_menu.enabled(name) for name in ENTRIES)
        label_hash = studio.document.row.info.label_hash if studio.document else None
        before = len(sandbox.row(str(label_hash))["object_answers"])
        bare_menu["colleague_adds"].run(session)
        after = len(sandbox.row(str(label_hash))["object_answers"])
        bare_menu["fault_forbidden"].run(session)
        await studio.jobs.settle()
        session.signing_in.close()
        return before, after

    before, after = asyncio.run(main())
    assert after == before + 1
