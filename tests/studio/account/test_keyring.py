"""A passphrase is kept only where the system guards it, and no failure of a keyring ever gets out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import keyring as library
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import SecretService, fail, null
from keyring.backends.chainer import ChainerBackend

from bitmask_studio.studio.account import keyring

DOMAIN, KEY = "https://api.encord.com", Path("/home/ann/.ssh/id_ed25519")
SECRET = "correct horse battery staple"


class Guarded(SecretService.Keyring):
    """The desktop's keyring as far as it is asked here; it may refuse."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}
        self.refuses = False

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.held[(service, username)] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        del self.held[(service, username)]

    def _check(self) -> None:
        if self.refuses:
            raise OSError(f"the keyring is locked, and {SECRET} is secret")


class PlainText(KeyringBackend):
    """A keyring that writes what it gets into a file for all to read, as some packages bring one."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def get_password(self, service: str, username: str) -> str | None:
        return self.written[-1] if self.written else None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.written.append(password)


@pytest.fixture(autouse=True)
def _own_keyring() -> Iterator[None]:
    before = library.get_keyring()
    library.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    yield
    library.set_keyring(before)


@pytest.fixture
def guarded() -> Guarded:
    backend = Guarded()
    library.set_keyring(backend)
    return backend


@pytest.mark.usefixtures("guarded")
def test_a_passphrase_that_was_stored_is_loaded_again() -> None:
    assert keyring.available()
    assert keyring.load(DOMAIN, KEY) is None
    assert keyring.store(DOMAIN, KEY, SECRET)
    assert keyring.load(DOMAIN, KEY) == SECRET


@pytest.mark.usefixtures("guarded")
def test_each_key_and_each_domain_has_a_passphrase_of_its_own() -> None:
    keyring.store(DOMAIN, KEY, SECRET)
    assert keyring.load(DOMAIN, KEY.with_name("other")) is None
    assert keyring.load("https://api.us.encord.com", KEY) is None


@pytest.mark.usefixtures("guarded")
def test_a_key_is_the_same_key_however_its_path_is_written() -> None:
    keyring.store(DOMAIN, Path("~/.ssh/key"), SECRET)
    assert keyring.load(DOMAIN, Path.home() / ".ssh" / "key") == SECRET


def test_what_is_forgotten_is_gone(guarded: Guarded) -> None:
    keyring.store(DOMAIN, KEY, SECRET)
    assert keyring.forget(DOMAIN, KEY)
    assert guarded.held == {}
    assert keyring.forget(DOMAIN, KEY)


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring, PlainText])
def test_a_keyring_that_fails_loses_or_writes_plain_text_is_none(backend: type[KeyringBackend]) -> None:
    library.set_keyring(backend())
    assert not keyring.available()
    assert not keyring.store(DOMAIN, KEY, SECRET)
    assert keyring.load(DOMAIN, KEY) is None


def test_among_several_only_the_guarded_one_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, guarded = PlainText(), Guarded()
    monkeypatch.setattr(ChainerBackend, "backends", [plain, guarded])
    library.set_keyring(ChainerBackend())  # type: ignore[no-untyped-call]
    assert keyring.store(DOMAIN, KEY, SECRET)
    assert plain.written == []
    assert list(guarded.held.values()) == [SECRET]


def test_a_keyring_that_refuses_is_answered_by_no_and_nothing_secret_is_logged(
    guarded: Guarded, caplog: pytest.LogCaptureFixture
) -> None:
    guarded.refuses = True
    with caplog.at_level(logging.DEBUG):
        assert not keyring.store(DOMAIN, KEY, SECRET)
        assert keyring.load(DOMAIN, KEY) is None
        assert not keyring.forget(DOMAIN, KEY)
    assert "OSError" in caplog.text
    assert SECRET not in caplog.text


def test_a_keyring_that_forgets_at_once_has_not_stored(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Guarded, "set_password", lambda *_: None)
    assert not keyring.store(DOMAIN, KEY, SECRET)
    assert guarded.held == {}
