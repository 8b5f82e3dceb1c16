"""Secrets leave no trace: the suite looks through all that it left behind, and here is what shows that it would see."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

import pytest

from bitmask_studio.sources.encord.login import Login
from bitmask_studio.studio.failures import report_of
from bitmask_studio.studio.log import start_log, stop_log
from bitmask_studio.studio.notices import notice_of
from tests.planted import KEY, LINES, PASSPHRASE, SIGNATURE, SIGNED, leaks_below, leaks_in

SECRETS = {"key": KEY, "line": LINES[2], "address": SIGNED, "signature": SIGNATURE, "passphrase": PASSPHRASE}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_a_planted_secret_would_be_found(secret: str, tmp_path: Path) -> None:
    assert leaks_in(f"so {secret} it is".encode())
    assert leaks_in(secret.encode("utf-16"))
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.log").write_text(f"failed with {secret}")
    with sqlite3.connect(tmp_path / "journal.sqlite") as journal:
        journal.execute("create table steps(payload)")
        journal.execute("insert into steps values(?)", (secret.encode(),))
    journal.close()
    assert len({each.split()[0] for each in leaks_below(tmp_path)}) == 2


def test_what_is_not_secret_is_not_found() -> None:
    assert not leaks_in(
        b"the signature does not match; https://api.encord.com/v2/public; key_path=/home/a/.ssh/id_ed25519"
    )


def test_what_the_sandbox_gives_its_people_is_no_leak(tmp_path: Path) -> None:
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / "key").write_text(KEY)
    assert not list(leaks_below(tmp_path))


@pytest.mark.plants_secrets
def test_no_failure_tells_what_it_knows(tmp_path: Path) -> None:
    """A failure that quotes everything, as a mistake of ours might: on its way to notice, log and report."""
    log = start_log(tmp_path / "logs")
    try:
        login = Login(key_text=KEY, passphrase=PASSPHRASE)
        raise KeyError(f"{login!r} {SIGNED} Authorization: {SIGNATURE} {KEY}")
    except KeyError as error:
        told = notice_of(error).text + report_of(error).text
        logging.getLogger("bitmask_studio.x").error("could not sign in as %r for %s", login, SIGNED)
    stop_log(log)
    assert "storage.example" in told
    assert not leaks_in(told.encode())
    assert (tmp_path / "logs" / "bitmask-studio.log").stat().st_size > 300
    assert not list(leaks_below(tmp_path))
