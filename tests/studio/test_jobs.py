"""Slow work on other threads: its answers come back here, its failures to one place."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from functools import partial

import pytest

from bitmask_studio.studio import jobs as module
from bitmask_studio.studio.jobs import Jobs


def never(error: Exception) -> None:
    raise AssertionError from error


def test_work_runs_on_another_thread_and_its_answer_comes_back() -> None:
    async def main() -> None:
        jobs = Jobs(never)
        assert await jobs.run(threading.get_ident) != threading.get_ident()
        assert await asyncio.gather(*(jobs.run(partial(pow, n, 2)) for n in range(20))) == [n * n for n in range(20)]

    asyncio.run(main())


def test_what_the_work_raises_is_raised_where_it_is_awaited() -> None:
    def fail() -> None:
        raise ValueError("no good")

    async def main() -> None:
        with pytest.raises(ValueError, match="no good"):
            await Jobs(never).run(fail)

    asyncio.run(main())


def test_what_is_let_go_of_is_freed_later_and_not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    freed, threads = threading.Event(), list[int]()

    class Much:
        def __del__(self) -> None:
            threads.append(threading.get_ident())
            freed.set()

    monkeypatch.setattr(module, "_LATER", 0.05)
    Jobs(never).let_go([Much()])
    assert not freed.is_set()
    assert freed.wait(10)
    assert threads != [threading.get_ident()]


def test_the_failure_of_a_started_task_is_heard_once() -> None:
    heard: list[Exception] = []

    async def fail() -> None:
        raise ValueError("no good")

    async def main() -> None:
        jobs = Jobs(heard.append)
        jobs.start(fail())
        await jobs.settle()

    asyncio.run(main())
    assert [str(error) for error in heard] == ["no good"]


def test_settling_waits_also_for_what_tasks_start_meanwhile() -> None:
    done: list[int] = []

    async def main() -> None:
        jobs = Jobs(never)

        async def chain(number: int) -> None:
            await jobs.run(lambda: None)
            done.append(number)
            if number:
                jobs.start(chain(number - 1))

        jobs.start(chain(3))
        await jobs.settle()

    asyncio.run(main())
    assert done == [3, 2, 1, 0]


def test_cancelling_drops_the_answer_and_leaves_the_workers_working() -> None:
    async def main() -> None:
        jobs, go = Jobs(never, workers=1), threading.Event()
        task = jobs.start(_await(jobs, go))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        go.set()
        assert await jobs.run(lambda: 7) == 7
        assert task.cancelled()

    asyncio.run(main())


def test_workers_apart_are_not_held_up_by_the_others_and_are_closed_with_them() -> None:
    async def main() -> None:
        jobs, go = Jobs(never, workers=1), threading.Event()
        apart = jobs.apart(1)
        held = asyncio.ensure_future(jobs.run(lambda: go.wait(20)))
        assert await apart.run(lambda: 7) == 7
        go.set()
        await held
        jobs.close()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(apart.run(lambda: 7), 0.1)

    asyncio.run(main())


async def _await(jobs: Jobs, go: threading.Event) -> None:
    await jobs.run(lambda: go.wait(20))


def test_an_answer_that_comes_after_the_loop_has_closed_is_dropped() -> None:
    go = threading.Event()

    async def main() -> Jobs:
        jobs = Jobs(never, workers=1)
        waiting = asyncio.ensure_future(_await(jobs, go))
        await asyncio.sleep(0)
        waiting.cancel()
        return jobs

    jobs = asyncio.run(main())
    go.set()
    assert asyncio.run(_seven(jobs)) == 7


async def _seven(jobs: Jobs) -> int:
    return await jobs.run(lambda: 7)


def test_work_that_never_ends_does_not_keep_the_program() -> None:
    program = (
        "import asyncio, threading\n"
        "from bitmask_studio.studio.jobs import Jobs\n"
        "async def main():\n"
        "    jobs = Jobs(print)\n"
        "    task = asyncio.ensure_future(jobs.run(threading.Event().wait))\n"
        "    await asyncio.sleep(0)\n"
        "    task.cancel()\n"
        "asyncio.run(main())\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_after_the_end_an_answer_goes_nowhere() -> None:
    """What hangs may come back while the loop is being taken apart."""
    begun, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def work() -> int:
        begun.set()
        go_on.wait()
        done.set()
        return 1

    async def main() -> bool:
        jobs = Jobs(lambda error: None)
        waiting = asyncio.ensure_future(jobs.run(work))
        while not begun.is_set():
            await asyncio.sleep(0.001)
        jobs.close()
        go_on.set()
        while not done.is_set():
            await asyncio.sleep(0.001)
        ended, _ = await asyncio.wait([waiting], timeout=0.05)
        waiting.cancel()
        return bool(ended)

    assert not asyncio.run(main())
