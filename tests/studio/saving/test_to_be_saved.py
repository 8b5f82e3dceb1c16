"""A save that waited for the server when the program was killed: the next start says so, until it is done."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.core.errors import StudioError
from bitmask_studio.studio.notices import Notice, notice_of
from tests.fakes.sdk import sdk_mask, sdk_row
from tests.studio.account.test_connection import Plug
from tests.studio.keeping_desk import KeepingDesk, crash
from tests.studio.kept.test_recovering_encord import at_work, shown


def reminders(desk: KeepingDesk) -> list[Notice]:
    return [each for each in desk.notices if "When the program ended it was waiting" in each.text]


async def save_in_vain(desk: KeepingDesk) -> None:
    with pytest.raises(StudioError) as failed:
        await desk.session.save()
    desk.studio.noticed.emit(notice_of(failed.value))
    await desk.until(lambda: desk.session.connection.saves_when_back)


def gone(desk: KeepingDesk) -> None:
    """The program has ended: it hears of no server any more."""
    desk.session.signing_in.close()
    desk.end()


def test_a_save_that_was_waited_for_is_told_at_the_next_start_and_no_more_once_it_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plug = Plug(tmp_path / "server")

    async def main() -> None:
        desk = await at_work(tmp_path / "one", plug.sandbox)
        desk.session.connection.pauses = (0.05, 0.1)
        chosen = desk.studio.view.key
        assert chosen
        desk.dab(5, 5)
        painted = shown(desk, chosen)
        plug.pull()
        await save_in_vain(desk)
        await desk.kept()
        crash(monkeypatch, tmp_path / "state-2")
        gone(desk)
        plug.put_in()
        again = await at_work(tmp_path / "two", plug.sandbox)
        (told,) = reminders(again)
        assert told.offers == "save"
        assert "cells.jpg" in told.text
        assert np.array_equal(shown(again, chosen), painted)
        assert await again.session.save()
        stored = sdk_mask(sdk_row(plug.sandbox, again.document.row.info.data_hash), chosen.object_hash)
        assert np.array_equal(stored, painted)
        again.dab(25, 5)
        await again.kept()
        crash(monkeypatch, tmp_path / "state-3")
        gone(again)
        last = await at_work(tmp_path / "four", plug.sandbox)
        assert last.document.unsaved
        assert not reminders(last)
        gone(last)

    try:
        asyncio.run(main())
    finally:
        plug.end()


def test_who_has_discarded_the_edits_is_not_reminded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plug = Plug(tmp_path / "server")

    async def main() -> None:
        desk = await at_work(tmp_path / "one", plug.sandbox)
        desk.session.connection.pauses = (0.05, 0.1)
        desk.dab(5, 5)
        plug.pull()
        await save_in_vain(desk)
        desk.session.recovering.banner.discard()
        await desk.kept()
        crash(monkeypatch, tmp_path / "state-2")
        gone(desk)
        plug.put_in()
        again = await at_work(tmp_path / "two", plug.sandbox)
        assert not reminders(again)
        assert not again.keeper.is_to_be_saved
        gone(again)

    try:
        asyncio.run(main())
    finally:
        plug.end()
