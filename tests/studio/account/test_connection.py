"""A server that goes away and comes back while somebody works: the real SDK in between, a sandbox behind it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.geometry import Point
from bitmask_studio.sandbox import Fault, FaultKind, Sandbox
from bitmask_studio.sources.base import Keep
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.studio.account.connection import Connection
from bitmask_studio.studio.notices import Level, Notice, notice_of
from bitmask_studio.tools.base import Phase, PointerEvent
from tests.studio.session_desk import Desk
from tests.studio.test_encord_session import PICTURE, info, shown, stored

_PATIENCE = 60.0


class Plug:
    """A sandbox that can be pulled out and put in again, at the same address and with what it had stored."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.sandbox = Sandbox.start(folder)
        self._port = int(self.sandbox.url.rpartition(":")[2])
        self._in = True

    def pull(self) -> None:
        self.sandbox.stop()
        self._in = False

    def put_in(self) -> None:
        self.sandbox = Sandbox.start(self._folder, port=self._port)
        self._in = True

    def end(self) -> None:
        if self._in:
            self.sandbox.stop()


class Away:
    """A user at a row of the sandbox's project, with everything that was said."""

    def __init__(self, desk: Desk, plug: Plug) -> None:
        self.desk, self.plug = desk, plug
        self.notices: list[Notice] = []
        desk.studio.noticed.connect(self.notices.append)
        self.connection.pauses = (0.05, 0.1)

    @property
    def connection(self) -> Connection:
        return self.desk.session.connection

    @property
    def lost(self) -> bool:
        return self.connection.lost_at is not None

    async def until(self, happened: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not happened():
            assert time.monotonic() < deadline, what
            await asyncio.sleep(0.02)

    async def save_in_vain(self) -> None:
        """As the window does it: what goes wrong becomes a notice."""
        try:
            await self.desk.session.save()
        except StudioError as error:
            self.desk.studio.noticed.emit(notice_of(error))
        else:
            pytest.fail("this was no saving")

    async def lose_the_server(self) -> None:
        """It goes, and a stroke made since cannot be saved."""
        self.plug.pull()
        self.desk.dab(5, 5)
        await self.save_in_vain()
        await self.until_lost()

    async def until_lost(self) -> None:
        await self.until(lambda: self.lost, "nobody notices that the server is gone")

    async def until_back(self) -> None:
        await self.until(lambda: not self.lost, "nobody notices that the server is back")


Scenario = Callable[[Away], Coroutine[Any, Any, None]]
Play = Callable[[Scenario], None]


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    plug = Plug(tmp_path / "server")

    async def main(scenario: Scenario) -> None:
        desk = Desk(tmp_path)
        sandbox = plug.sandbox
        await desk.session.signing_in.sign_in(Login(sandbox.url, sandbox.key_path, email="you@example.com"))
        assert desk.studio.account
        desk.studio.account.link._pauses = (0.02, 0.02)
        assert await desk.session.projects.open(sandbox.project_hash, PICTURE)
        await desk.studio.jobs.settle()
        sandbox.clear_requests()
        try:
            await scenario(Away(desk, plug))
        finally:
            desk.session.signing_in.close()

    yield lambda scenario: asyncio.run(main(scenario))
    plug.end()


def test_what_was_to_be_saved_offline_is_saved_by_itself_when_the_server_is_back(play: Play) -> None:
    async def scenario(away: Away) -> None:
        desk, chosen = away.desk, away.desk.studio.view.object_hash or ""
        await away.lose_the_server()
        assert away.notices[-1].level is Level.WARNING and "saved by themselves" in away.notices[-1].text
        desk.dab(25, 5)  # painting goes on
        told = len(away.notices)
        await asyncio.sleep(0.5)  # several times in vain
        assert len(away.notices) == told and desk.document.unsaved
        away.plug.put_in()
        await away.until(lambda: not desk.document.unsaved, "it is not saved by itself")
        await away.until(lambda: desk.studio.told[-1] == "Saved", "that it is saved is not told")
        sandbox = away.plug.sandbox
        assert np.array_equal(stored(sandbox, desk, chosen), shown(desk, chosen))
        assert [(each.method, each.what) for each in sandbox.requests if each.writes] == [("POST", "labelrow")]
        assert not away.lost and not away.connection.saves_when_back

    play(scenario)


def test_what_nobody_wanted_saved_waits_for_a_word(play: Play) -> None:
    async def scenario(away: Away) -> None:
        desk = away.desk
        away.plug.pull()
        desk.dab(5, 5)
        with pytest.raises(StudioError):
            await desk.session.projects.refresh()
        await away.until_lost()
        assert not [each for each in away.notices if each.topic == "saving"]
        away.plug.put_in()
        await away.until_back()
        await away.until(lambda: bool(away.notices), "that it is back is not told")
        assert away.notices[-1].offers == "save" and PICTURE in away.notices[-1].text
        assert desk.document.unsaved and not any(each.writes for each in away.plug.sandbox.requests)

    play(scenario)


def test_an_offline_stretch_without_edits_leaves_no_words_behind(play: Play) -> None:
    async def scenario(away: Away) -> None:
        changes: list[bool] = []
        away.connection.changed.connect(lambda: changes.append(away.lost))
        away.plug.pull()
        with pytest.raises(StudioError):
            await away.desk.session.projects.refresh()
        await away.until_lost()
        away.plug.put_in()
        away.connection.ask_now()
        await away.until_back()
        await away.desk.studio.jobs.settle()
        assert changes == [True, False] and not away.notices
        assert away.plug.sandbox.requests and not any(each.writes for each in away.plug.sandbox.requests)

    play(scenario)


def test_a_server_that_answers_otherwise_is_not_called_lost(play: Play) -> None:
    async def scenario(away: Away) -> None:
        sandbox, desk = away.plug.sandbox, away.desk
        desk.dab(5, 5)
        sandbox.faults.add(Fault(FaultKind.UNAVAILABLE, "labelrow", times=9))
        await away.save_in_vain()
        await desk.studio.jobs.settle()
        assert not away.lost and away.notices[-1].level is Level.ERROR and away.notices[-1].offers == "retry"
        assert desk.document.unsaved and not away.connection.saves_when_back
        assert not any(each.writes for each in sandbox.requests)

    play(scenario)


def test_what_was_undone_meanwhile_is_not_saved(play: Play) -> None:
    async def scenario(away: Away) -> None:
        desk = away.desk
        await away.lose_the_server()
        desk.studio.undo()
        away.plug.put_in()
        await away.until_back()
        await desk.studio.jobs.settle()
        assert not any(each.writes for each in away.plug.sandbox.requests)

    play(scenario)


def test_the_server_coming_back_does_not_end_a_stroke(play: Play) -> None:
    async def scenario(away: Away) -> None:
        desk = away.desk
        await away.lose_the_server()
        desk.studio.point(PointerEvent(Phase.PRESS, Point(40, 5)))
        place = desk.document.history.place
        away.plug.put_in()
        await away.until_back()
        await asyncio.sleep(0.5)
        assert desk.studio.gestures.key is not None and desk.document.history.place == place
        desk.studio.point(PointerEvent(Phase.RELEASE, Point(60, 5)))
        await away.until(lambda: not desk.document.unsaved, "it is not saved after the stroke")

    play(scenario)


def test_a_colleague_who_painted_the_same_meanwhile_is_asked_about(play: Play) -> None:
    async def scenario(away: Away) -> None:
        desk, chosen = away.desk, away.desk.studio.view.object_hash or ""
        base = shown(desk, chosen)
        away.plug.sandbox.colleague.edits(str(info(desk).label_hash), chosen)
        theirs = stored(away.plug.sandbox, desk, chosen)
        y, x = (int(each[0]) for each in np.nonzero(base ^ theirs))
        away.plug.pull()
        desk.studio.resize_brush(28)
        desk.dab(x + 0.5, y + 0.5)
        mine = shown(desk, chosen)
        desk.studio.ask.choice = Keep.MINE
        await away.save_in_vain()
        await away.until_lost()
        away.plug.put_in()
        await away.until(lambda: not desk.document.unsaved, "it is not saved by itself")
        assert [question for question, _ in desk.studio.ask.asked] == ["conflicts"]
        assert np.array_equal(stored(away.plug.sandbox, desk, chosen), mine)

    play(scenario)
