"""The options that say how to sign in to Encord, and signing in with them at a terminal."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bitmask_studio.cli.console import tell
from bitmask_studio.cli.parser import Parser, path_text
from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.login import EUROPE, Login

if TYPE_CHECKING:
    from bitmask_studio.sources.encord.account import Account

_KEY_FILE, _KEY = "ENCORD_SSH_KEY_FILE", "ENCORD_SSH_KEY"
_MAX_PASSPHRASE = 1 << 16


def add_login_options(parser: Parser) -> None:
    """`--key`, `--domain` and what belongs to them."""
    parser.add_argument("--key", metavar="PATH", type=path_text, help=tr("the private SSH key file, for Encord"))
    parser.add_argument("--domain", metavar="URL", help=tr("Encord's address; {url} when not given").format(url=EUROPE))
    parser.add_argument("--passphrase-file", metavar="FILE", type=path_text, help=tr("holds the key's passphrase"))
    parser.add_argument(
        "--use-env-key", action="store_true", help=tr("use the key of {a} or {b}").format(a=_KEY_FILE, b=_KEY)
    )


def login_of(given: argparse.Namespace) -> Login:
    """What the options say. Raises InputError when they name no key, or two."""
    domain = given.domain or EUROPE
    passphrase = _first_line(given.passphrase_file) if given.passphrase_file else None
    if given.key and given.use_env_key:
        raise InputError(tr("--key and --use-env-key exclude each other."))
    if given.key:
        return Login(domain, Path(given.key), passphrase=passphrase)
    if not given.use_env_key:
        raise InputError(tr("Encord needs a key: name its file with --key PATH, or allow --use-env-key."))
    if path := os.environ.get(_KEY_FILE):
        return Login(domain, Path(path), passphrase=passphrase)
    if text := os.environ.get(_KEY):
        return Login(domain, key_text=text, passphrase=passphrase)
    raise InputError(tr("--use-env-key: neither {a} nor {b} is set.").format(a=_KEY_FILE, b=_KEY))


def names_login(given: argparse.Namespace) -> bool:
    """Whether any of the options is there."""
    return bool(given.key or given.domain or given.passphrase_file or given.use_env_key)


def sign_in(login: Login) -> Account:
    """The account; a locked key's passphrase is asked for at a terminal. Raises ServerError, InputError."""
    from bitmask_studio.sources.encord.account import connect
    from bitmask_studio.sources.encord.errors import Kind, ServerError

    try:
        account = connect(login)
    except ServerError as error:
        if error.kind is not Kind.KEY_LOCKED:
            raise
        if not sys.stdin or not sys.stdin.isatty():
            raise InputError(_locked(login)) from error
        account = connect(replace(login, passphrase=_asked()))
    for warning in account.warnings:
        tell(tr("note: {text}").format(text=warning))
    return account


def _locked(login: Login) -> str:
    text = tr(
        "The key {path} is locked: name a file with its passphrase by --passphrase-file, or run this at a terminal."
    )
    return text.format(path=login.key_path or tr("of the environment"))


def _asked() -> str:
    with suppress(EOFError):
        return getpass.getpass(tr("Passphrase of the key: "))
    raise InputError(tr("No passphrase was given."))


def _first_line(path: str) -> str:
    try:
        with Path(path).open(encoding="utf-8") as file:
            return file.readline(_MAX_PASSPHRASE).rstrip("\r\n")
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else tr("it is no text")
        raise InputError(tr("{path} cannot be opened: {reason}.").format(path=path, reason=reason)) from error
