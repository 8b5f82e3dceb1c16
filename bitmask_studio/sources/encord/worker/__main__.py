"""The worker's loop: takes requests from stdin, serves them in threads, sends the replies to stdout."""

from __future__ import annotations

import importlib
import logging
import os
import threading
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from typing import Any, BinaryIO

from bitmask_studio.core.discovery import module_names
from bitmask_studio.sources.encord.messages import Answer, Failed, Part, Ready, Request, Start, packed, receive
from bitmask_studio.sources.encord.worker.here import Here

_THREADS = 4
Calls = Mapping[str, Callable[..., Any]]


def every_call() -> Calls:
    """The calls that the modules of this package offer, by name."""
    package = __name__.rpartition(".")[0] if __name__ != "__main__" else str(__package__)
    calls: dict[str, Callable[..., Any]] = {}
    for name in module_names(package):
        if name != "__main__":
            calls |= getattr(importlib.import_module(f"{package}.{name}"), "CALLS", {})
    return calls


class _Loop:
    """Serves what is put into `requests`."""

    def __init__(self, start: Start, outlet: BinaryIO) -> None:
        self.requests: SimpleQueue[Request] = SimpleQueue()
        self._here = Here(start.login, start.silence, self._send_part)
        self._outlet = outlet
        self._lock = threading.Lock()
        self._current = threading.local()
        self._calls: Calls = {}

    def run(self) -> None:
        """Import what takes long, then serve in several threads; this one is the first."""
        try:
            self._calls = every_call()
        except BaseException as error:  # noqa: BLE001 every call tells it
            self._calls = _Broken(error)
        self._send(Ready())
        for _ in range(_THREADS - 1):
            threading.Thread(target=self._serve, daemon=True).start()
        self._serve()

    def _serve(self) -> None:
        while True:
            self._serve_one(self.requests.get())

    def _serve_one(self, request: Request) -> None:
        self._current.number = request.number
        try:
            reply = packed(Answer(request.number, self._calls[request.name](self._here, *request.arguments)))
        except BaseException as error:  # noqa: BLE001 the one place where exceptions become problems
            reply = packed(Failed(request.number, self._here.problem_of(error)))
        self._write(reply)

    def _send_part(self, value: object) -> None:
        self._send(Part(self._current.number, value))

    def _send(self, message: object) -> None:
        self._write(packed(message))

    def _write(self, content: bytes) -> None:
        try:
            with self._lock:
                self._outlet.write(content)
                self._outlet.flush()
        except OSError:
            os._exit(1)


class _Broken(dict[str, Callable[..., Any]]):
    """The calls of a worker that could not be imported: each raises why."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error

    def __missing__(self, name: str) -> Callable[..., Any]:
        raise self._error


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take stdin and stdout for messages alone: what others print or read there goes nowhere."""
    inlet, outlet = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return os.fdopen(inlet, "rb"), os.fdopen(outlet, "wb")


def main() -> None:
    """Serve until stdin ends; hanging threads do not hold it up."""
    try:
        inlet, outlet = _pipes()
        logging.disable()
        loop = _Loop(receive(inlet), outlet)
        threading.Thread(target=loop.run, daemon=True).start()
        while True:
            loop.requests.put(receive(inlet))
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
