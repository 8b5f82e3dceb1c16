"""Whether somebody is painting on a row just now: its masks do not change under a stroke."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class StrokeInProgress:
    """At most one at a time. What is about to change masks has it committed before, or waits until it is over."""

    def __init__(self) -> None:
        self._commit: Callable[[], object] | None = None
        self._over = asyncio.Event()
        self._over.set()

    @property
    def is_on(self) -> bool:
        return self._commit is not None

    def begin(self, commit: Callable[[], object]) -> None:
        """`commit` ends it as the release of the pointer does."""
        self._commit = commit
        self._over.clear()

    def end(self) -> None:
        """It is dropped, or about to be committed."""
        self._commit = None
        self._over.set()

    def finish(self) -> None:
        """Commit it now, if there is one."""
        if self._commit:
            self._commit()

    async def over(self) -> None:
        """Wait until there is none."""
        while self.is_on:
            await self._over.wait()
