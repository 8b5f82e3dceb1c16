"""A sandbox and a worker that the tests of a file share: what one test changed is taken back before the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sources.encord.account import Account, connect
from bitmask_studio.sources.encord.link import Link
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.source import EncordSource

Json = dict[str, Any]
EMAIL = "you@bitmask-studio.invalid"


@contextmanager
def serving(folder: Path, labels: Path | None = None, images: Path | None = None) -> Iterator[Sandbox]:
    """A sandbox whose state is in a folder."""
    sandbox = Sandbox.start(folder, labels=labels, images=images)
    try:
        yield sandbox
    finally:
        sandbox.stop()


@contextmanager
def signed_in(sandbox: Sandbox, key_path: Path | None = None) -> Iterator[Account]:
    """The sandbox's admin, or whose key that is, with a worker that gives up soon."""
    account = connect(Login(sandbox.url, key_path or sandbox.key_path, email=EMAIL), link=_impatient)
    try:
        yield account
    finally:
        account.close()


@contextmanager
def restored(sandbox: Sandbox) -> Iterator[Sandbox]:
    """Put every label row that there was back as it was, and let nothing fail any more."""
    before = {hash_: sandbox.row(hash_) for each in sandbox.rows() if (hash_ := each["label_hash"])}
    seconds = sandbox.url_seconds
    yield sandbox
    sandbox.url_seconds = seconds
    sandbox.faults.clear()
    for label_hash, row in before.items():
        if sandbox.row(label_hash) != row:
            sandbox.colleague.change(label_hash, _become(row))


@pytest.fixture(scope="module")
def me(server: Sandbox) -> Iterator[Account]:
    """The admin, for all tests of a file."""
    with signed_in(server) as account:
        yield account


@pytest.fixture
def sandbox(server: Sandbox) -> Iterator[Sandbox]:
    """The server of the file, put back after each test."""
    with restored(server):
        yield server


@pytest.fixture
def source(sandbox: Sandbox, me: Account) -> Iterator[EncordSource]:
    """Its first project, opened anew."""
    opened = me.project(sandbox.project_hash)
    yield opened
    opened.close()


def _impatient(login: Login) -> Link:
    return Link(login, silence=2.0, seconds=30.0, pauses=(0.05, 0.05))


def _become(row: Json) -> Callable[[Json], Json]:
    return lambda _: row
