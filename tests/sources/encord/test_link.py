"""Calls into the worker process, through the real SDK against the sandbox: failures, tries, cancelling, ending."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

import bitmask_studio
from bitmask_studio.sandbox import Fault, FaultKind, Sandbox
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.sources.encord.link import Link
from bitmask_studio.sources.encord.login import Login
from tests.sources.encord.conftest import OddServer, Said

SOON = 0.5
"""Seconds within which something that hangs has to be let go of, on a machine that does other things too."""


@pytest.fixture(scope="module")
def link(server: Sandbox) -> Iterator[Link]:
    """Patient with silence, quick to try again."""
    opened = Link(Login(server.url, server.key_path), silence=5.0, seconds=20.0, pauses=(0.02, 0.02))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def impatient(server: Sandbox) -> Iterator[Link]:
    """Gives up after a short silence, and soon altogether."""
    opened = Link(Login(server.url, server.key_path), silence=0.5, seconds=1.5, pauses=(0.02, 0.02))
    yield opened
    opened.close()


@dataclass
class Hung:
    """A server that keeps every request until `answer` is set, and a link to it."""

    server: OddServer
    link: Link
    answer: threading.Event

    def say(self, path: str, body: bytes) -> Said:
        self.answer.wait(30.0)
        return Said(b'{"results": []}')


@pytest.fixture(scope="module")
def hung_for_all(server: Sandbox) -> Iterator[Hung]:
    odd = OddServer()
    hung = Hung(odd, Link(Login(odd.url, server.key_path), silence=20.0), threading.Event())
    odd.says = hung.say
    yield hung
    hung.link.close()
    odd.stop()


@pytest.fixture
def hung(hung_for_all: Hung) -> Iterator[Hung]:
    hung_for_all.server.heard.clear()
    hung_for_all.answer.clear()
    yield hung_for_all
    hung_for_all.answer.set()


@pytest.fixture(autouse=True)
def _no_fault_is_left(server: Sandbox) -> None:
    server.faults.clear()
    server.clear_requests()


def failure(act: Callable[[], object]) -> ServerError:
    with pytest.raises(ServerError) as caught:
        act()
    return caught.value


def workers() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if each.status() != psutil.STATUS_ZOMBIE]


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)


@pytest.mark.parametrize("what", ["v1", "v2"])
@pytest.mark.parametrize(
    ("fault", "kind", "sends"),
    [
        (FaultKind.UNAUTHENTICATED, Kind.NOT_ACCEPTED, 1),
        (FaultKind.FORBIDDEN, Kind.FORBIDDEN, 1),
        (FaultKind.NOT_FOUND, Kind.GONE, 1),
        (FaultKind.CONFLICT, Kind.EXISTS, 1),
        (FaultKind.TOO_LARGE, Kind.TOO_LARGE, 1),
        (FaultKind.TOO_MANY, Kind.TOO_MANY_REQUESTS, 1),
        (FaultKind.SERVER_ERROR, Kind.SERVER, 3),
        (FaultKind.UNAVAILABLE, Kind.SERVER, 3),
        (FaultKind.HTML, Kind.SERVER, 3),
        (FaultKind.RESET_BEFORE, Kind.NO_CONNECTION, 3),
        (FaultKind.RESET_AFTER, Kind.NO_CONNECTION, 3),
        (FaultKind.CUT_JSON, Kind.BAD_ANSWER, 1),
        (FaultKind.NOT_JSON, Kind.BAD_ANSWER, 1),
    ],
)
def test_a_read_that_fails_says_which_way_and_is_sent_again_only_where_that_may_help(
    server: Sandbox, link: Link, what: str, fault: FaultKind, kind: Kind, sends: int
) -> None:
    name, arguments = {"v1": ("rows.list", (server.project_hash,)), "v2": ("projects.list", ())}[what]
    link.call("projects.open", server.project_hash)
    server.clear_requests()
    server.faults.add(Fault(fault, what=what, times=10))
    error = failure(lambda: link.call(name, *arguments))
    assert error.kind is kind
    assert len(server.requests) == sends
    assert not error.reached
    assert not any(request.writes for request in server.requests)


@pytest.mark.parametrize("fault", [FaultKind.SERVER_ERROR, FaultKind.RESET_BEFORE, FaultKind.UNAVAILABLE])
def test_a_failure_that_passes_is_not_heard_of(server: Sandbox, link: Link, fault: FaultKind) -> None:
    server.faults.add(Fault(fault, what="v2", times=2))
    assert len(link.call("projects.list")) == len(server.projects)
    assert len(server.requests) == 3


def test_a_call_that_writes_is_sent_once_whatever_happens(server: Sandbox, link: Link) -> None:
    server.faults.add(Fault(FaultKind.RESET_AFTER, what="v2", times=10))
    error = failure(lambda: link.call("projects.list", writes=True))
    assert len(server.requests) == 1
    assert error.reached


def test_a_write_that_the_server_refused_has_not_reached_it(server: Sandbox, link: Link) -> None:
    server.faults.add(Fault(FaultKind.FORBIDDEN, what="v2"))
    assert not failure(lambda: link.call("projects.list", writes=True)).reached


@pytest.mark.parametrize("what", ["v1", "v2"])
def test_the_time_to_wait_is_told_and_not_slept_through(server: Sandbox, link: Link, what: str) -> None:
    link.call("projects.open", server.project_hash)
    server.faults.add(Fault(FaultKind.TOO_MANY, what=what, times=10, retry_after=3600))
    begun = time.monotonic()
    name, arguments = {"v1": ("rows.list", (server.project_hash,)), "v2": ("projects.list", ())}[what]
    error = failure(lambda: link.call(name, *arguments))
    assert error.retry_after == 3600
    assert "60 minutes" in str(error)
    assert time.monotonic() - begun < 5.0


def test_a_503_with_a_long_wait_is_not_slept_through_either(server: Sandbox, link: Link) -> None:
    server.faults.add(Fault(FaultKind.UNAVAILABLE, what="v2", times=10, retry_after=3600))
    begun = time.monotonic()
    assert failure(lambda: link.call("projects.list")).kind is Kind.SERVER
    assert time.monotonic() - begun < 5.0


def test_a_silent_server_is_given_up_after_the_silence_and_asked_again(server: Sandbox, impatient: Link) -> None:
    server.faults.add(Fault(FaultKind.HANG, what="v2", times=1))
    assert impatient.call("projects.list", seconds=20.0)


def test_a_server_that_stays_silent_ends_in_words(server: Sandbox, impatient: Link) -> None:
    server.faults.add(Fault(FaultKind.HANG, what="v2", times=10))
    error = failure(lambda: impatient.call("projects.list", seconds=20.0))
    assert error.kind is Kind.TIMED_OUT
    assert "in time" in str(error)
    assert "Nothing was changed." in str(error)


def test_an_answer_that_drips_is_ended_although_it_never_is_silent(server: Sandbox, impatient: Link) -> None:
    server.faults.add(Fault(FaultKind.DRIP, what="v2", times=10, bytes_per_second=32))
    begun = time.monotonic()
    error = failure(lambda: impatient.call("projects.list"))
    assert error.kind is Kind.TIMED_OUT
    assert 1.4 < time.monotonic() - begun < 4.0


def test_the_worker_that_hung_is_gone_and_the_next_call_starts_another(server: Sandbox, impatient: Link) -> None:
    impatient.cancel()
    others = {each.pid for each in workers()}
    impatient.call("projects.list", seconds=20.0)
    (hanging,) = {each.pid for each in workers()} - others
    server.faults.add(Fault(FaultKind.DRIP, what="v2", times=1, bytes_per_second=16))
    failure(lambda: impatient.call("projects.list"))
    assert impatient.call("projects.list", seconds=20.0)
    wait_until(lambda: not psutil.pid_exists(hanging))


def test_cancel_frees_whoever_waits_at_once(hung: Hung) -> None:
    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(failure, lambda: hung.link.call("projects.list", seconds=60.0)) for _ in range(6)]
        wait_until(lambda: len(hung.server.heard) == 4)
        begun = time.monotonic()
        hung.link.cancel()
        assert {each.result().kind for each in waiting} == {Kind.CANCELLED}
        assert time.monotonic() - begun < SOON
    hung.answer.set()
    assert hung.link.call("projects.list") == []


def test_cancel_ends_the_pause_before_another_try(server: Sandbox) -> None:
    link = Link(Login(server.url, server.key_path), pauses=(30.0,))
    try:
        server.faults.add(Fault(FaultKind.SERVER_ERROR, what="v2", times=10))
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(failure, lambda: link.call("projects.list"))
            wait_until(lambda: len(server.requests) == 1)
            time.sleep(0.1)
            begun = time.monotonic()
            link.cancel()
            assert waiting.result().kind is Kind.CANCELLED
            assert time.monotonic() - begun < SOON
    finally:
        link.close()


def test_cancel_while_the_worker_starts_frees_the_caller(server: Sandbox) -> None:
    link = Link(Login(server.url, server.key_path))
    try:
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(failure, lambda: link.call("projects.list"))
            time.sleep(0.1)
            link.cancel()
            begun = time.monotonic()
            assert waiting.result().kind is Kind.CANCELLED
            assert time.monotonic() - begun < SOON
    finally:
        link.close()


def test_cancel_lets_a_call_that_writes_come_to_its_end(hung: Hung) -> None:
    hung.link.cancel()
    others = {each.pid for each in workers()}
    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(lambda: hung.link.call("projects.list", writes=True))
        reading = pool.submit(failure, lambda: hung.link.call("projects.list"))
        wait_until(lambda: len(hung.server.heard) == 2)
        (worker,) = {each.pid for each in workers()} - others
        hung.link.cancel()
        assert reading.result().kind is Kind.CANCELLED
        assert not writing.done()
        hung.answer.set()
        assert writing.result() == []
    wait_until(lambda: not psutil.pid_exists(worker))


def test_a_call_that_takes_too_long_does_not_take_its_neighbours_along(hung: Hung) -> None:
    with ThreadPoolExecutor(1) as pool:
        patient = pool.submit(lambda: hung.link.call("projects.list"))
        wait_until(lambda: len(hung.server.heard) == 1)
        assert failure(lambda: hung.link.call("projects.list", seconds=0.3)).kind is Kind.TIMED_OUT
        assert not patient.done()
        hung.answer.set()
        assert patient.result() == []


def test_a_call_after_cancel_does_not_wait_for_the_one_that_writes(hung: Hung) -> None:
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(lambda: hung.link.call("projects.list", writes=True))
        wait_until(lambda: len(hung.server.heard) == 1)
        hung.link.cancel()
        assert failure(lambda: hung.link.call("no.such.call")).kind is Kind.INTERNAL
        assert not writing.done()
        hung.answer.set()
        assert writing.result() == []


def test_close_does_not_wait_for_what_hangs_and_leaves_no_worker_behind(hung: Hung, server: Sandbox) -> None:
    before = {each.pid for each in psutil.Process().children()}
    link = Link(Login(hung.server.url, server.key_path))
    with ThreadPoolExecutor(5) as pool:
        waiting = [pool.submit(failure, lambda: link.call("projects.list", writes=True)) for _ in range(5)]
        wait_until(lambda: len(hung.server.heard) == 4)
        (worker,) = {each.pid for each in psutil.Process().children()} - before
        begun = time.monotonic()
        link.close()
        assert time.monotonic() - begun < SOON
        errors = [each.result() for each in waiting]
        assert time.monotonic() - begun < SOON
    assert {each.kind for each in errors} == {Kind.CANCELLED}
    assert all(each.reached for each in errors)
    wait_until(lambda: not psutil.pid_exists(worker))


def test_a_closed_link_takes_no_more_calls(server: Sandbox) -> None:
    link = Link(Login(server.url, server.key_path))
    link.close()
    link.close()
    assert failure(lambda: link.call("projects.list")).kind is Kind.CANCELLED
    assert server.requests == []


def test_a_link_that_nobody_closed_ends_its_worker(server: Sandbox) -> None:
    before = {each.pid for each in psutil.Process().children()}
    link = Link(Login(server.url, server.key_path))
    link.call("projects.list")
    (worker,) = {each.pid for each in psutil.Process().children()} - before
    del link
    gc.collect()
    wait_until(lambda: not psutil.pid_exists(worker))


def test_a_worker_that_dies_is_told_and_replaced(hung: Hung) -> None:
    before = {each.pid for each in workers()}
    with ThreadPoolExecutor(1) as pool:
        hung.link.cancel()
        waiting = pool.submit(failure, lambda: hung.link.call("projects.list", writes=True))
        wait_until(lambda: len(hung.server.heard) == 1)
        for each in workers():
            if each.pid not in before:
                each.kill()
        error = waiting.result()
    assert error.kind is Kind.INTERNAL
    assert error.reached
    hung.answer.set()
    assert hung.link.call("projects.list") == []


def test_a_worker_ends_when_the_program_is_killed(server: Sandbox) -> None:
    program = (
        "import sys, pathlib, time\n"
        "from bitmask_studio.sources.encord.link import Link\n"
        "from bitmask_studio.sources.encord.login import Login\n"
        "link = Link(Login(sys.argv[1], pathlib.Path(sys.argv[2])))\n"
        "link.call('projects.list')\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(bitmask_studio.__file__).parent.parent)}
    arguments = [sys.executable, "-c", program, server.url, str(server.key_path)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, env=environment) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"ready\n"
        (worker,) = psutil.Process(running.pid).children()
        running.kill()
    wait_until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)


def test_many_threads_call_at_once_and_each_gets_its_own_answer(server: Sandbox, link: Link) -> None:
    hashes = [project_hash for project_hash, _ in server.projects] * 6
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda project_hash: link.call("projects.open", project_hash), hashes))
    assert [each.project_hash for each in opened] == hashes


def test_parts_come_in_order_on_the_callers_thread(sandbox: Sandbox, login: Login) -> None:
    sandbox.add_rows(2500)
    link = Link(login)
    sizes: list[int] = []
    threads: set[int] = set()

    def take(rows: list[object]) -> None:
        sizes.append(len(rows))
        threads.add(threading.get_ident())

    try:
        total = link.call("rows.list", sandbox.project_hash, part=take)
    finally:
        link.close()
    assert sizes == [1000, 1000, total - 2000]
    assert threads == {threading.get_ident()}


def test_whoever_raises_while_taking_a_part_gets_that_error(server: Sandbox, link: Link) -> None:
    def refuse(rows: list[object]) -> None:
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        link.call("rows.list", server.project_hash, part=refuse)
    assert link.call("projects.list")


def test_a_call_that_does_not_exist_is_a_mistake_of_the_program(link: Link) -> None:
    assert failure(lambda: link.call("no.such.call")).kind is Kind.INTERNAL
