"""One worker process: started, spoken to, ended; nothing here waits for it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Any, cast

import bitmask_studio
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.messages import Lost, Ready, Reply, Request, Start, packed, receive

# No current directory on its path: a file named like a library must not run because the program was started beside it.
_COMMAND = (sys.executable, "-P", "-W", "ignore", "-m", "bitmask_studio.sources.encord.worker")
_KEYS_OF_OTHERS = ("ENCORD_SSH_KEY", "ENCORD_SSH_KEY_FILE")
_LOOPBACK = "localhost,127.0.0.1,::1"


class Inbox:
    """Where one call hears from the worker; None means: stop waiting."""

    def __init__(self) -> None:
        self.queue: SimpleQueue[Reply | None] = SimpleQueue()


class WorkerProcess:
    """A running worker. It is ended by `end`, or by itself when this program is gone and its stdin closes.

    Raises OSError when it cannot be started.
    """

    def __init__(self, start: Start) -> None:
        self.ready = threading.Event()
        """Set once it can work, and when it has ended."""
        self._lock = threading.Lock()
        self._inboxes: dict[int, tuple[Inbox, bool]] = {}
        self._retired = False
        self._ended = False
        self._outgoing: SimpleQueue[bytes | None] = SimpleQueue()
        self._popen = _popen(start.login)
        self._outgoing.put(packed(start))
        self._reader = threading.Thread(target=self._read, name="encord-reader", daemon=True)
        self._writer = threading.Thread(target=self._write, name="encord-writer", daemon=True)
        self._reader.start()
        self._writer.start()

    @property
    def pid(self) -> int:
        """The process id, for tests."""
        return self._popen.pid

    @property
    def usable(self) -> bool:
        """Whether it takes more calls."""
        return not (self._retired or self._ended)

    @property
    def died(self) -> bool:
        """Whether it ended without having been told to."""
        return self._ended and not self._retired

    def send(self, request: Request, inbox: Inbox, writes: bool) -> bool:
        """Hand over a call; False when this worker takes no more."""
        content = packed(request)
        with self._lock:
            if not self.usable:
                return False
            self._inboxes[request.number] = (inbox, writes)
        self._outgoing.put(content)
        return True

    def forget(self, number: int) -> None:
        """Nobody waits for this call any more."""
        with self._lock:
            self._inboxes.pop(number, None)
            unneeded = self._retired and not self._inboxes
        if unneeded:
            self.end()

    def retire(self) -> None:
        """Take no more calls, and end as soon as nobody waits for one."""
        with self._lock:
            self._retired = True
            unneeded = not self._inboxes
        if unneeded:
            self.end()

    def abandon_reads(self) -> None:
        """Take no more calls, and end as soon as no call that writes is in flight."""
        with self._lock:
            self._retired = True
            self._inboxes = {number: entry for number, entry in self._inboxes.items() if entry[1]}
            unneeded = not self._inboxes
        if unneeded:
            self.end()

    def end(self) -> None:
        """Kill it, whatever it does; the reader reaps it."""
        with self._lock:
            self._retired = True
        with contextlib.suppress(OSError):
            self._popen.kill()

    def join(self, seconds: float) -> None:
        """Wait until a killed one is gone, at most that long."""
        self._reader.join(seconds)

    def _read(self) -> None:
        # Whatever cannot be read is the end of it as well: what follows has no beginning any more.
        with contextlib.suppress(Exception):
            while True:
                self._deliver(receive(cast(Any, self._popen.stdout)))
        self._finish()

    def _deliver(self, message: Ready | Reply) -> None:
        if isinstance(message, Ready):
            self.ready.set()
            return
        with self._lock:
            inbox, _ = self._inboxes.get(message.number, (None, False))
        if inbox is not None:
            inbox.queue.put(message)

    def _finish(self) -> None:
        """Its stdout is closed: it has ended, or can be of no more use."""
        with self._lock:
            self._ended = True
            waiting, self._inboxes = self._inboxes, {}
        for number, (inbox, _) in waiting.items():
            inbox.queue.put(Lost(number))
        self.ready.set()
        self._outgoing.put(None)
        with contextlib.suppress(OSError):
            self._popen.kill()
        cast(Any, self._popen.stdout).close()
        self._popen.wait()

    def _write(self) -> None:
        # Closing flushes what could not be written, so that fails too.
        stream = cast(Any, self._popen.stdin)
        with contextlib.suppress(OSError):
            while (content := self._outgoing.get()) is not None:
                stream.write(content)
                stream.flush()
        with contextlib.suppress(OSError):
            stream.close()


def _popen(login: Login) -> subprocess.Popen[bytes]:
    new_group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
    return subprocess.Popen(
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(dict(os.environ), login),
        start_new_session=True,
        creationflags=new_group,
    )


def environment(given: dict[str, str], login: Login) -> dict[str, str]:
    """What the worker sees of `given`: its own package first, nobody's key, no proxy for this very computer."""
    kept = {name: value for name, value in given.items() if name.upper() not in _KEYS_OF_OTHERS}
    package = str(Path(bitmask_studio.__file__).parent.parent)
    kept["PYTHONPATH"] = os.pathsep.join(part for part in (package, given.get("PYTHONPATH")) if part)
    if login.is_loopback:
        bypassed = ",".join(part for part in (given.get("no_proxy") or given.get("NO_PROXY"), _LOOPBACK) if part)
        kept["no_proxy"] = kept["NO_PROXY"] = bypassed
    return kept
