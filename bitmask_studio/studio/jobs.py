"""Slow work off the user's thread: blocking calls on daemon threads, their answers back on the loop's thread."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
Failed = Callable[[Exception], None]
_LATER = 1.0
"""Seconds for which a worker keeps what was let go of."""


class Jobs:
    """A few worker threads that never hold up the end of the program, and the tasks that wait for them.

    `failed` hears every exception of a started task: the one place where failures become notices.
    """

    def __init__(self, failed: Failed, workers: int = 6) -> None:
        self._failed = failed
        self._tasks: set[asyncio.Task[None]] = set()
        self._queue: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._closed = False
        self._apart: list[Jobs] = []
        self._posting = threading.Lock()
        for number in range(workers):
            threading.Thread(target=self._work, name=f"job-{number}", daemon=True).start()

    def apart(self, workers: int) -> Jobs:
        """Other workers, which nothing that these do holds up; closed with them."""
        jobs = Jobs(self._failed, workers)
        self._apart.append(jobs)
        return jobs

    async def run(self, work: Callable[[], T]) -> T:
        """What `work()` answers or raises, done on a worker thread; cancelling only drops the answer."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def job() -> None:
            try:
                answer = work()
            except Exception as error:  # noqa: BLE001 - whoever awaits the job is told
                failure = error
                self._post(loop, future, lambda: future.set_exception(failure))
            else:
                self._post(loop, future, lambda: future.set_result(answer))

        self._queue.put(job)
        return await future

    def let_go(self, things: object) -> None:
        """Have a worker free what nobody needs any more, a moment later: with a long list that takes long."""

        def hold(things: object = things) -> None:
            time.sleep(_LATER)

        self._queue.put(hold)

    def start(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[None]:
        """Run a coroutine on the loop; what it raises goes to `failed`."""
        task = asyncio.get_running_loop().create_task(self._guard(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def settle(self) -> None:
        """Wait until every started task has ended."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def close(self) -> None:
        """Let answers that come from now on go nowhere: the loop is about to end, and nobody may reach for it then."""
        with self._posting:
            self._closed = True
        for each in self._apart:
            each.close()

    def _post(self, loop: asyncio.AbstractEventLoop, future: asyncio.Future[T], answer: Callable[[], None]) -> None:
        """Give the answer on the loop's thread, unless nobody waits any more."""

        def deliver() -> None:
            if not future.done():
                answer()

        self.tell(loop, deliver)

    def tell(self, loop: asyncio.AbstractEventLoop, deed: Callable[..., object], *args: object) -> None:
        """Have something done on the loop's thread, from a job's; nothing happens when the loop is ending."""
        with self._posting, suppress(RuntimeError):  # the loop has been closed: nobody waits
            if not self._closed:
                loop.call_soon_threadsafe(deed, *args)

    async def _guard(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - the one place where failures become notices
            self._failed(error)

    def _work(self) -> None:
        while True:
            self._queue.get()()
