"""Calls into the worker process, from any thread: tries again what may pass, and can always be cancelled."""

from __future__ import annotations

import itertools
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty
from time import monotonic
from typing import Any

from bitmask_studio.sources.encord.deed import Deed
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.messages import Answer, Failed, Part, Problem, Request, Start
from bitmask_studio.sources.encord.process import Inbox, WorkerProcess
from bitmask_studio.sources.encord.words import error_of

PASSING = frozenset({Kind.NO_CONNECTION, Kind.TIMED_OUT, Kind.SERVER})
"""The kinds of failures that may be gone a moment later."""
_PAUSES = (1.0, 2.0)
_START_SECONDS = 60.0
_STARTS = 3
_CLOSE_SECONDS = 0.15


class _Call:
    """One call under way, over all its tries."""

    def __init__(self, name: str, writes: bool, part: Callable[[Any], object] | None, deed: Deed | None) -> None:
        self.name = name
        self.writes = writes
        self.part = part
        self.deed = deed
        self.parts = 0
        self.inbox = Inbox()
        self.stopped = False
        self.deadline = 0.0

    @property
    def is_of_writing(self) -> bool:
        """Whether giving up what is only being read leaves it alone."""
        return self.writes or self.deed is not None

    def stop(self) -> None:
        self.stopped = True
        self.inbox.queue.put(None)

    def error(self, kind: Kind, cause: str = "", reached: bool = False) -> ServerError:
        return error_of(Problem(kind, cause, reached=reached), self.name, self.writes)


class Link:
    """The way to one Encord platform as one user; starts nothing until the first call.

    `silence`: seconds without a byte after which the worker gives up a request; `seconds`: how long a call may take in
    all; `pauses`: seconds before the second, third, .. send.
    """

    def __init__(
        self, login: Login, silence: float = 10.0, seconds: float = 60.0, pauses: tuple[float, ...] = _PAUSES
    ) -> None:
        self._start = Start(login, silence)
        self._seconds = seconds
        self._pauses = pauses
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self.heard: Callable[[str, ServerError | None], object] = lambda name, error: None
        """Told, on the thread of the call, what came of each call of that name; None is an answer."""
        self._calls: set[_Call] = set()
        self._deeds: set[Deed] = set()
        self._process: WorkerProcess | None = None
        self._processes: weakref.WeakSet[WorkerProcess] = weakref.WeakSet()
        self._closed = False
        weakref.finalize(self, _end_all, self._processes)

    def call(
        self,
        name: str,
        *args: object,
        writes: bool = False,
        part: Callable[[Any], object] | None = None,
        seconds: float | None = None,
        tries: int = 3,
        deed: Deed | None = None,
    ) -> Any:  # noqa: ANN401 each call has its own answer
        """What the worker's call `name` answers; blocks, and may be called from several threads at once.

        A read (not `writes`) whose failure may pass is sent up to `tries` times, but not after the first part of its
        answer came. `part` gets each part of the answer, on this thread. The time it takes to start the worker does not
        count for `seconds`. Of a cancelled `deed` no call is made. Raises ServerError.
        """
        call = _Call(name, writes, part, deed)
        self._enter(call)
        try:
            answer = self._persist(call, args, self._seconds if seconds is None else seconds, 1 if writes else tries)
        except ServerError as error:
            self.heard(name, error)
            raise
        finally:
            with self._lock:
                self._calls.discard(call)
        self.heard(name, None)
        return answer

    @contextmanager
    def deed(self) -> Iterator[Deed]:
        """What several calls belong to: only a cancel of writes ends it, the reads among them included."""
        deed = Deed()
        with self._lock:
            self._deeds.add(deed)
        try:
            yield deed
        finally:
            with self._lock:
                self._deeds.discard(deed)

    def cancel(self, writes: bool = False) -> None:
        """Let every read that is waiting raise CANCELLED; the worker ends unless a call that writes is in flight.

        With `writes` those raise too, `reached` being true: whether they were carried out nobody knows then; no deed
        is gone on with. The next call starts a new worker.
        """
        with self._lock:
            process, self._process = self._process, None
            for call in self._calls:
                if writes or not call.is_of_writing:
                    call.stop()
            for deed in self._deeds if writes else ():
                deed.cancel()
        if process is not None and writes:
            process.end()
        elif process is not None:
            process.abandon_reads()

    def sign_in_as(self, login: Login) -> None:
        """Make every call from now on with another login; what is under way ends with the former one."""
        with self._lock:
            self._start = Start(login, self._start.silence)
            process, self._process = self._process, None
        if process is not None:
            process.retire()

    def close(self) -> None:
        """End everything, for good and at once: every waiting call raises CANCELLED."""
        with self._lock:
            self._closed = True
            for call in self._calls:
                call.stop()
            for deed in self._deeds:
                deed.cancel()
            processes = list(self._processes)
        for process in processes:
            process.end()
        end = monotonic() + _CLOSE_SECONDS
        for process in processes:
            process.join(max(0.0, end - monotonic()))

    def _enter(self, call: _Call) -> None:
        with self._lock:
            if self._closed:
                raise call.error(Kind.CANCELLED, "closed")
            if call.deed and call.deed.cancelled:
                raise call.error(Kind.CANCELLED)
            self._calls.add(call)

    def _persist(self, call: _Call, args: tuple[object, ...], seconds: float, tries: int) -> object:
        """Send, and send again what may pass, `tries` times at most."""
        for pause in self._pauses_between(tries):
            try:
                return self._send(call, args, seconds)
            except ServerError as error:
                if call.parts or error.kind not in PASSING or monotonic() + pause > call.deadline:
                    raise
                self._pause(call, pause)
        return self._send(call, args, seconds)

    def _pauses_between(self, tries: int) -> Iterator[float]:
        """The last pause stands for all that follow."""
        return (self._pauses[min(count, len(self._pauses) - 1)] for count in range(tries - 1))

    def _pause(self, call: _Call, seconds: float) -> None:
        """Wait, or raise at once when the call is cancelled; late replies to the former send are dropped."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            try:
                if call.inbox.queue.get(timeout=left) is None:
                    raise call.error(Kind.CANCELLED)
            except Empty:
                return

    def _send(self, call: _Call, args: tuple[object, ...], seconds: float) -> object:
        request = Request(next(self._numbers), call.name, args)
        process = self._handed_over(call, request)
        call.deadline = call.deadline or monotonic() + seconds
        late = False
        try:
            return self._answer(call, request.number)
        except Empty:
            late = True
            raise call.error(Kind.TIMED_OUT, "deadline", reached=True) from None
        finally:
            process.forget(request.number)
            if late:
                self._retire(process)

    def _handed_over(self, call: _Call, request: Request) -> WorkerProcess:
        """Give the request to a worker that is ready; one that was cancelled before does not count."""
        failed = 0
        while failed < _STARTS:
            process = self._running(call)
            if not process.ready.wait(_START_SECONDS):
                process.end()
                failed += 1
            elif process.send(request, call.inbox, call.is_of_writing):
                return process
            elif process.died:
                failed += 1
        raise call.error(Kind.INTERNAL, "start")

    def _running(self, call: _Call) -> WorkerProcess:
        with self._lock:
            if call.stopped:
                raise call.error(Kind.CANCELLED)
            if self._process is None or not self._process.usable:
                try:
                    self._process = WorkerProcess(self._start)
                except OSError as error:
                    raise call.error(Kind.INTERNAL, "start") from error
                self._processes.add(self._process)
            return self._process

    def _answer(self, call: _Call, number: int) -> object:
        """Raises Empty after the deadline."""
        while True:
            reply = call.inbox.queue.get(timeout=max(0.0, call.deadline - monotonic()))
            if reply is None:
                raise call.error(Kind.CANCELLED, reached=True)
            if reply.number != number:
                continue
            if isinstance(reply, Answer):
                return reply.value
            if isinstance(reply, Failed):
                raise error_of(reply.problem, call.name, call.writes)
            if not isinstance(reply, Part):
                raise call.error(Kind.INTERNAL, "ended", reached=True)
            call.parts += 1
            if call.part is not None:
                call.part(reply.value)

    def _retire(self, process: WorkerProcess) -> None:
        """A request hangs in this worker: let others start a new one."""
        with self._lock:
            if self._process is process:
                self._process = None
        process.retire()


def _end_all(processes: weakref.WeakSet[WorkerProcess]) -> None:
    for process in list(processes):
        process.end()
