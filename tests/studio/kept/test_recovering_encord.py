"""Edits of a row on a server come back after a crash and are saved there, joined with what others did meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.studio.ask import ConnectWish
from bitmask_studio.studio.notices import RECOVERED
from tests.fakes.sdk import sdk_mask, sdk_row
from tests.studio.keeping_desk import KeepingDesk, crash

PICTURE = "cells.jpg"


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    served = Sandbox.start(tmp_path / "server")
    yield served
    served.stop()


async def at_work(folder: Path, sandbox: Sandbox) -> KeepingDesk:
    desk = KeepingDesk(folder)
    await desk.session.signing_in.sign_in(Login(sandbox.url, sandbox.key_path))
    assert await desk.session.projects.open(sandbox.project_hash, PICTURE)
    await desk.studio.jobs.settle()
    return desk


def shown(desk: KeepingDesk, key: MaskKey) -> NDArray[np.bool_]:
    frame = desk.document.frames[0]
    return desk.document.mask(key).to_array(frame.height, frame.width)


def test_edits_of_a_project_come_back_and_arrive_at_the_server(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        desk = await at_work(tmp_path / "one", sandbox)
        chosen = desk.studio.view.key
        assert chosen
        desk.dab(5, 5)
        painted = shown(desk, chosen)
        await desk.kept()
        crash(monkeypatch, tmp_path / "state-2")
        (waiting,) = await desk.session.recovering.waiting()
        assert waiting.about.entry.startswith(f"encord:{sandbox.url}|{sandbox.project_hash}|")
        again = await at_work(tmp_path / "two", sandbox)
        assert [each.topic for each in again.notices].count(RECOVERED) == 1
        assert np.array_equal(shown(again, chosen), painted)
        assert await again.session.save()
        stored = sdk_mask(sdk_row(sandbox, again.document.row.info.data_hash), chosen.object_hash)
        assert np.array_equal(stored, painted)
        await again.kept()
        for each in (desk, again):
            each.end()
        assert not await again.session.recovering.waiting()
        for each in (desk, again):
            each.session.signing_in.close()

    asyncio.run(main())


def test_edits_of_the_sample_server_are_listed_too_though_it_is_at_another_address_at_each_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def signed_in(desk: KeepingDesk) -> Sandbox:
        sandbox = await desk.session.signing_in.start_sandbox()
        desk.studio.ask.connections = (ConnectWish(Login(sandbox.url, sandbox.key_path)),)
        return sandbox

    async def main() -> None:
        desk, again = KeepingDesk(tmp_path / "one"), KeepingDesk(tmp_path / "two")
        sandbox = await signed_in(desk)
        assert await desk.session.signing_in.try_sandbox()
        assert await desk.session.projects.open(sandbox.project_hash, PICTURE)
        chosen = desk.studio.view.key
        assert chosen
        desk.dab(5, 5)
        painted = shown(desk, chosen)
        await desk.kept()
        crash(monkeypatch, tmp_path / "state-2")
        assert (await signed_in(again)).url != sandbox.url
        (found,) = await again.session.recovering.waiting()
        assert found.text.startswith(f"{PICTURE} of ")
        await again.session.recovering.open(found)
        assert np.array_equal(shown(again, chosen), painted)
        for each in (desk, again):
            each.end()
            each.session.signing_in.close()

    asyncio.run(main())
