"""Projects of the account that is signed in: listed, opened, their rows read and kept for the next time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.text import tr
from bitmask_studio.studio import preferences
from bitmask_studio.studio.account import list_cache
from bitmask_studio.studio.rows.finding import find_row
from bitmask_studio.studio.saving.second_look import SecondLook

if TYPE_CHECKING:
    from bitmask_studio.sources.encord.account import Account
    from bitmask_studio.sources.encord.projects import ProjectInfo
    from bitmask_studio.sources.encord.source import EncordSource
    from bitmask_studio.studio.session import Session


class Projects:
    """What a session does with projects."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._studio = session.studio
        self._second_look = SecondLook(session.studio)

    async def list(self) -> Sequence[ProjectInfo]:
        """The projects of the account. Raises StudioError."""
        account = self._studio.account
        return await self._studio.jobs.run(account.projects) if account else ()

    async def open(self, project_hash: str, row: str | None = None, frame: int = 0) -> bool:
        """Open a project of the account, and one of its rows when asked to; answers whether the user let that happen.

        Its list fills as it arrives. Raises StudioError; what was open stays open when the project cannot be.
        """
        session, studio, account = self._session, self._studio, self._studio.account
        if account is None:
            return False
        async with session.again_if_it_fails(lambda: self.open(project_hash, row, frame)):
            source = await session.replace_source(
                tr("Opening the project …"), lambda: self._read(account, project_hash), account.cancel
            )
        server = studio.workspace.server
        if source is None or server is None:
            return False
        self._remember(account, server)
        await self.refresh()
        if row is not None and studio.workspace.source is source:
            await session.open_row(find_row(studio.workspace.rows, row).key, frame)
        return True

    async def refresh(self) -> None:
        """Read the list of the open project's rows anew; it is shown as it arrives. Raises StudioError."""
        studio, server, account = self._studio, self._studio.workspace.server, self._studio.account
        if server is None or account is None:
            return
        loop, growing = asyncio.get_running_loop(), not studio.workspace.rows

        def found(rows: Sequence[RowInfo]) -> None:
            if growing:
                studio.jobs.tell(loop, studio.add_rows, server, rows)

        async with self._session.again_if_it_fails(self.refresh):
            with studio.working(tr("Reading the list of rows …"), server.cancel):
                listed = await studio.jobs.run(lambda: server.refresh(found))
        studio.set_rows(server, listed)
        self._session.recovering.search()
        kept = list_cache.place(account.login.domain, server.project_hash)
        await studio.jobs.run(lambda: list_cache.store(kept, listed))

    async def _read(self, account: Account, project_hash: str) -> tuple[EncordSource, Sequence[RowInfo]]:
        """The project and its rows as last seen, for a beginning."""
        loop, jobs = asyncio.get_running_loop(), self._studio.jobs
        source = await jobs.run(lambda: account.project(project_hash))
        source.on_progress = lambda *news: jobs.tell(loop, self._session.tell_fetched, *news)
        give_up = self._studio.workspace.cancel_writing
        source.on_step = lambda text: jobs.tell(loop, self._studio.busy, text, give_up)
        source.on_saved = lambda: jobs.tell(loop, self._second_look.soon, source)
        kept = list_cache.place(account.login.domain, source.project_hash)
        return source, await jobs.run(lambda: list_cache.load(kept))

    def _remember(self, account: Account, source: EncordSource) -> None:
        if self._session.signing_in.sandbox:
            return
        settings, place = self._studio.settings, f"{account.login.domain}|{source.project_hash}|"
        recent = [each for each in settings.get(preferences.RECENT_PROJECTS) if not each.startswith(place)]
        self._studio.set(preferences.RECENT_PROJECTS, [place + source.title, *recent][: preferences.MAX_RECENT])
