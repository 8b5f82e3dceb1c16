"""The mark in the status bar that says since when a server has not answered."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pytestqt.qtbot import QtBot

from bitmask_studio.studio.account.connection import Connection
from bitmask_studio.ui.bars.connection_mark import ConnectionMark
from tests.fakes.screen import FakeStudio


async def _never() -> None:
    raise AssertionError("nothing is to be saved here")


def test_it_is_seen_only_while_the_server_is_lost_and_a_click_asks_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    connection = Connection(FakeStudio(tmp_path), _never)
    mark = ConnectionMark(connection)
    qtbot.addWidget(mark)
    assert mark.isHidden()
    connection._set(datetime(2026, 1, 5, 14, 7).astimezone())
    assert not mark.isHidden() and mark.text() == "Offline since 14:07" == mark.accessibleName()
    assert "kept on this computer" in mark.accessibleDescription() and "kept on this computer" in mark.toolTip()
    mark.click()
    assert connection._at_once.is_set()
    connection._set(None)
    assert mark.isHidden()
