"""Who uses the sandbox: people, their roles in a project and their keys."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from bitmask_studio.core import files
from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr

_DOMAIN = "bitmask-studio.invalid"


class Role(IntEnum):
    """A user's role in a project, numbered as Encord does."""

    ADMIN = 0
    ANNOTATOR = 1
    REVIEWER = 2
    ANNOTATOR_REVIEWER = 3
    TEAM_MANAGER = 4
    VIEWER = 5


@dataclass(frozen=True)
class Person:
    """A user of the sandbox; `key_name` is the file of the key in the state folder."""

    name: str
    email: str
    role: Role | None
    key_name: str


def _person(name: str, role: Role | None, key_name: str | None = None) -> Person:
    return Person(name, f"{name}@{_DOMAIN}", role, key_name or f"sandbox-{name}-key")


YOU = _person("you", Role.ADMIN, "sandbox-key")
COLLEAGUE = _person("colleague", Role.ANNOTATOR_REVIEWER)
PEOPLE = (
    YOU,
    COLLEAGUE,
    _person("annotator", Role.ANNOTATOR),
    _person("reviewer", Role.REVIEWER),
    _person("viewer", Role.VIEWER),
    _person("outsider", None),
)
"""Everybody with a key; `outsider` is a member of no project."""


class KeyRing:
    """The keys of all people, made when first asked for and kept in the state folder; and their bearer tokens."""

    def __init__(self, folder: Path, secret: bytes) -> None:
        self._folder = folder
        self._secret = secret
        self._people: dict[str, Person] = {}
        for person in PEOPLE:
            if person is YOU or (folder / person.key_name).is_file():
                self.path_of(person)

    def path_of(self, person: Person) -> Path:
        """The file of a person's private key, in OpenSSH's format, without a passphrase."""
        path = self._folder / person.key_name
        self._people[_public_hex(_private_key(path))] = person
        return path

    def owner(self, public_key: str) -> Person | None:
        """Whose key this is, by its 64 hex digits."""
        return self._people.get(public_key.lower())

    def token_of(self, person: Person) -> str:
        """The person's bearer token."""
        proof = hmac.new(self._secret, f"token:{person.email}".encode(), hashlib.sha256).hexdigest()
        return f"{person.name}.{proof}"

    def bearer(self, token: str) -> Person | None:
        """Whose bearer token this is."""
        owners = (person for person in PEOPLE if hmac.compare_digest(self.token_of(person).encode(), token.encode()))
        return next(owners, None)


def _private_key(path: Path) -> Ed25519PrivateKey:
    """The key in a file, which is made when there is none; an empty one is what a cut start left. Raises InputError."""
    content = path.read_bytes() if path.is_file() else b""
    if not content:
        content = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        # The atomic writer keeps the mode of the file that it replaces: nobody else may read the key for a moment.
        path.touch(mode=0o600)
        files.write(path, content)
    try:
        key = load_ssh_private_key(content, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(
            tr("{file} is no Ed25519 key without a passphrase. Delete it to get a new one.").format(file=path)
        )
    return key


def _public_hex(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
