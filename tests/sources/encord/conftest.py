"""A sandbox of their own for the tests of the Encord source, and servers that answer what no Encord would."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sources.encord.account import Account, connect
from bitmask_studio.sources.encord.link import Link
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.source import EncordSource
from tests.sources.encord import saves
from tests.sources.encord.bench import Bench, bench_of
from tests.sources.encord.saves import Desk


def quick_link(login: Login) -> Link:
    """A link that gives up and tries again sooner than a user's does."""
    return Link(login, silence=5.0, seconds=30.0, pauses=(0.05, 0.05))


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """A server with the sample project, as it is on its first day."""
    server = Sandbox.start(tmp_path / "sandbox")
    yield server
    server.stop()


@pytest.fixture
def login(sandbox: Sandbox) -> Login:
    """How the sandbox's admin signs in."""
    return Login(sandbox.url, sandbox.key_path, email="you@bitmask-studio.invalid")


@pytest.fixture
def account(login: Login) -> Iterator[Account]:
    """The sandbox's admin, signed in; the requests for that are in the log."""
    signed_in = connect(login, link=quick_link)
    yield signed_in
    signed_in.close()


@pytest.fixture
def source(account: Account, sandbox: Sandbox) -> EncordSource:
    """The sandbox's first project."""
    return account.project(sandbox.project_hash)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One with the sample project for all tests of a file, which leave it as they found it or do not mind."""
    running = Sandbox.start(tmp_path_factory.mktemp("sandbox"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def open_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Where all tests of a file save."""
    yield from saves.desk_of(saves.start(tmp_path_factory.mktemp("saves")), quick_link)


@pytest.fixture
def desk(open_desk: Desk) -> Desk:
    """Where a user and a colleague save, with every row as on its first day."""
    open_desk.restore()
    return open_desk


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The worker's side of the saves of all tests of a file."""
    yield from bench_of(saves.start(tmp_path_factory.mktemp("bench")))


@dataclass(frozen=True)
class Said:
    """An answer of an odd server."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class OddServer:
    """Answers every request as it is told, and keeps what came."""

    def __init__(self) -> None:
        self.says: Callable[[str, bytes], Said] = lambda path, body: Said(b"{}")
        """From path and body to the answer."""
        self.heard: list[tuple[str, bytes, dict[str, str]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def always(self, content: Any, status: int = 200, **headers: str) -> None:  # noqa: ANN401 any JSON
        """Say the same to everybody: bytes, or a value as JSON."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.says = lambda path, asked: Said(body, status, headers)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        odd = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                odd.heard.append((self.path, body, dict(self.headers)))
                said = odd.says(self.path, body)
                self.send_response(said.status)
                for name, value in {"Content-Length": str(len(said.body)), **said.headers}.items():
                    self.send_header(name.replace("_", "-"), value)
                with contextlib.suppress(ConnectionError):  # whoever gave up does not listen any more
                    self.end_headers()
                    self.wfile.write(said.body)

            do_GET = do_POST  # noqa: N815 the name that the base class looks for

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


@pytest.fixture
def odd_server() -> Iterator[OddServer]:
    """A server that is no Encord's."""
    server = OddServer()
    yield server
    server.stop()
