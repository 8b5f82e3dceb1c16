"""The worker process from outside: what it is given, what it says, when it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import psutil  # type: ignore[import-untyped]
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

import bitmask_studio
from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.sources.encord.link import Link
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.messages import Answer, Failed, Ready, Request, Start, packed, receive
from bitmask_studio.sources.encord.process import environment
from bitmask_studio.sources.encord.worker.__main__ import every_call
from tests.sources.encord.conftest import OddServer

PASSPHRASE = "correct horse battery"
ROOT = Path(bitmask_studio.__file__).parent.parent


def reply(worker: subprocess.Popen[bytes]) -> Any:  # noqa: ANN401 whatever it says
    return receive(cast(BinaryIO, worker.stdout))


def tell(worker: subprocess.Popen[bytes], *messages: object) -> IO[bytes]:
    assert worker.stdin is not None
    worker.stdin.write(b"".join(map(packed, messages)))
    worker.stdin.flush()
    return worker.stdin


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker that is spoken to by hand, whose stderr can be read."""
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "bitmask_studio.sources.encord.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        yield process
        process.kill()


def test_every_module_of_the_worker_offers_its_calls() -> None:
    calls = every_call()
    assert {"account.check", "projects.list", "projects.open", "rows.list"} <= set(calls)
    assert all(callable(each) for each in calls.values())


def test_no_two_modules_offer_the_same_call() -> None:
    folder = Path(bitmask_studio.__file__).parent / "sources" / "encord" / "worker"
    modules = [f"bitmask_studio.sources.encord.worker.{path.stem}" for path in folder.glob("*.py")]
    names = [name for module in modules for name in getattr(sys.modules.get(module), "CALLS", ())]
    assert len(names) == len(set(names))
    assert set(names) == set(every_call())


def test_a_worker_speaks_of_nothing_but_its_answers(worker: subprocess.Popen[bytes]) -> None:
    """An RSA key, a passphrase and a server that echoes: none is on stdout or stderr."""
    key = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    stdin = tell(
        worker,
        Start(Login(key_text=key.decode(), passphrase=PASSPHRASE), 1.0),
        Request(1, "projects.list", ()),
        Request(2, "no.such.call", (PASSPHRASE,)),
    )
    assert reply(worker) == Ready()
    replies = {each.number: each for each in (reply(worker), reply(worker))}
    assert isinstance(replies[1], Failed)
    assert replies[1].problem.kind is Kind.KEY_UNSUITABLE
    assert isinstance(replies[2], Failed)
    stdin.close()
    assert worker.stdout is not None
    assert worker.stderr is not None
    assert worker.stdout.read() + worker.stderr.read() == b""
    assert PASSPHRASE not in repr(replies)
    assert key.decode().splitlines()[1] not in repr(replies)
    assert worker.wait(10) == 0


def test_a_broken_installation_of_the_sdk_is_told_by_every_call(
    login: Login, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "encord.py").write_text("raise ImportError('half of it is missing')")
    given = environment(dict(os.environ), login)
    given["PYTHONPATH"] = os.pathsep.join((str(tmp_path), given["PYTHONPATH"]))
    monkeypatch.setattr("bitmask_studio.sources.encord.process.environment", lambda *_: given)
    link = Link(login)
    try:
        for _ in range(2):
            with pytest.raises(ServerError, match="SDK is not installed") as caught:
                link.call("projects.list")
            assert caught.value.kind is Kind.INTERNAL
    finally:
        link.close()


def test_a_worker_ends_with_its_stdin_although_a_request_hangs(
    worker: subprocess.Popen[bytes], sandbox: Sandbox
) -> None:
    stdin = tell(worker, Start(Login("http://192.0.2.1", sandbox.key_path), 60.0), Request(1, "projects.list", ()))
    assert reply(worker) == Ready()
    stdin.close()
    assert worker.wait(10) == 0


def test_a_worker_that_is_told_nonsense_ends(worker: subprocess.Popen[bytes]) -> None:
    assert worker.stdin is not None
    worker.stdin.write(b"\0" * 7 + b"\3abc")
    worker.stdin.close()
    assert worker.wait(10) == 0


def test_what_others_print_in_the_worker_does_not_break_its_answers() -> None:
    program = (
        "import os, sys\n"
        "from bitmask_studio.sources.encord.worker import __main__ as loop\n"
        "def shout(here):\n"
        "    print('noise', flush=True); os.write(1, b'more noise'); sys.stdin.read(); return 'quiet'\n"
        "loop.every_call = lambda: {'shout': shout}\n"
        "loop.main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        tell(process, Start(Login(), 1.0), Request(1, "shout", ()))
        assert reply(process) == Ready()
        assert reply(process) == Answer(1, "quiet")


def test_the_worker_does_not_see_anybodys_key() -> None:
    given = {"ENCORD_SSH_KEY": "a", "ENCORD_SSH_KEY_FILE": "b", "Encord_Ssh_Key": "c", "HOME": "/home"}
    assert environment(given, Login()) == {"HOME": "/home", "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize("domain", ["http://127.0.0.1:80", "http://localhost:80", "http://[::1]:80"])
def test_no_proxy_stands_before_this_very_computer(domain: str) -> None:
    seen = environment({"NO_PROXY": "a.example", "HTTP_PROXY": "http://p"}, Login(domain))
    assert seen["no_proxy"] == seen["NO_PROXY"] == "a.example,localhost,127.0.0.1,::1"


def test_the_proxy_is_used_for_everybody_else() -> None:
    given = {"HTTPS_PROXY": "http://p"}
    assert environment(given, Login())["HTTPS_PROXY"] == "http://p"
    assert "NO_PROXY" not in environment(given, Login())


def test_neither_key_nor_passphrase_is_among_the_arguments_or_in_the_environment(
    odd_server: OddServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENCORD_SSH_KEY", "a key of somebody")
    before = {each.pid for each in psutil.Process().children()}
    link = Link(Login(odd_server.url, key_text="the key itself", passphrase=PASSPHRASE))
    try:
        with pytest.raises(ServerError) as caught:
            link.call("projects.list")
        (process,) = [each for each in psutil.Process().children() if each.pid not in before]
        visible = repr((process.cmdline(), process.environ()))
    finally:
        link.close()
    assert caught.value.kind is Kind.KEY_UNSUITABLE
    for secret in ("the key itself", PASSPHRASE, "a key of somebody"):
        assert secret not in visible
        assert secret not in str(caught.value)


def test_a_proxy_in_the_environment_does_not_stand_before_the_sandbox(
    sandbox: Sandbox, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    link = Link(login)
    try:
        assert len(link.call("projects.list")) == len(sandbox.projects)
    finally:
        link.close()


def test_a_library_beside_the_program_is_not_taken_for_the_real_one(
    login: Login, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "encord.py").write_text("raise SystemExit('not the SDK')")
    monkeypatch.chdir(tmp_path)
    link = Link(login)
    try:
        assert link.call("projects.list")
    finally:
        link.close()
