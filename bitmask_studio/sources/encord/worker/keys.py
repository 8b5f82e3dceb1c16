"""The user's private key: read and looked at before the SDK sees it, because the SDK's own complaints quote the key."""

from __future__ import annotations

import base64
import os
import re
import stat
import struct
from pathlib import Path

from msgspec import Struct

from bitmask_studio.sources.encord.errors import Kind
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.messages import Problem, Refused

_MAX_BYTES = 1 << 16
_MAX_SHOWN = 200
_OPENSSH = re.compile(r"-----BEGIN OPENSSH PRIVATE KEY-----\s(.*?)-----END OPENSSH PRIVATE KEY-----", re.DOTALL)
_MAGIC = b"openssh-key-v1\0"
_ED25519 = "ssh-ed25519"
_OTHERS = (
    (re.compile(r"^(ssh-|ecdsa-|sk-ssh-|sk-ecdsa-)\S+ AAAA", re.MULTILINE), "public"),
    (re.compile(r"BEGIN (SSH2 |RSA |EC )?PUBLIC KEY"), "public"),
    (re.compile(r"PuTTY-User-Key-File"), "putty"),
    (re.compile(r"BEGIN RSA PRIVATE KEY"), "rsa"),
    (re.compile(r"BEGIN EC PRIVATE KEY"), "ecdsa"),
    (re.compile(r"BEGIN DSA PRIVATE KEY"), "dsa"),
    (re.compile(r"BEGIN (ENCRYPTED )?PRIVATE KEY"), "pem"),
    (re.compile(r"BEGIN OPENSSH PRIVATE KEY"), "damaged"),
)
"""What people choose by mistake, the first that fits; files of both kinds are no keys of ours."""


class Key(Struct, frozen=True):
    """An Ed25519 key in OpenSSH's format; whether it opens shows when the SDK loads it."""

    text: str
    locked: bool

    def __repr__(self) -> str:
        return f"Key(locked={self.locked})"


def read_key(login: Login) -> Key:
    """The key of a login. Raises Refused when there is none, or none that Encord takes."""
    text = _text(login)
    found = _OPENSSH.search(text)
    if found is None:
        raise _unsuitable(next((cause for sign, cause in _OTHERS if sign.search(text)), "unknown"))
    algorithm, locked = _header(found[1])
    if algorithm != _ED25519:
        raise _unsuitable(_cause_of(algorithm))
    if locked and not login.passphrase:
        raise Refused(Problem(Kind.KEY_LOCKED))
    return Key(found[0], locked)


def is_exposed(path: Path) -> bool:
    """Whether others on this computer may read the file; always False where files have no such bits."""
    if os.name != "posix":
        return False
    return bool(path.expanduser().stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _text(login: Login) -> str:
    given = login.key_text.encode(errors="replace") if login.key_text else b""
    content = given if login.key_path is None else _content(login.key_path)
    if not content.strip():
        raise Refused(Problem(Kind.KEY_MISSING) if login.key_path is None else Problem(Kind.KEY_UNSUITABLE, "empty"))
    return content.decode("latin-1")


def _content(path: Path) -> bytes:
    shown = _shown(path)
    try:
        if path.expanduser().is_dir():
            raise Refused(Problem(Kind.KEY_MISSING, "folder", shown))
        if path.expanduser().stat().st_size > _MAX_BYTES:
            raise _unsuitable("unknown")
        with path.expanduser().open("rb") as file:
            return file.read(_MAX_BYTES)
    except FileNotFoundError as error:
        raise Refused(Problem(Kind.KEY_MISSING, "file", shown)) from error
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: no home for a ~; ValueError: a NUL
        raise Refused(Problem(Kind.KEY_MISSING, "unreadable", shown)) from error


def _shown(path: Path) -> str:
    """The path for the user. Raises Refused when somebody pasted the key itself in its place."""
    text = str(path)
    if "PRIVATE KEY" in text or "\n" in text:
        raise Refused(Problem(Kind.KEY_MISSING, "pasted"))
    plain = "".join(each if each.isprintable() else "?" for each in text)
    return plain if len(plain) <= _MAX_SHOWN else f"…{plain[-_MAX_SHOWN:]}"


def _header(body: str) -> tuple[str, bool]:
    """The key's algorithm and whether it is locked: both stand before what a passphrase hides.

    Form: OpenSSH's PROTOCOL.key. Raises Refused when it is damaged.
    """
    try:
        blob = base64.b64decode(re.sub(r"\s", "", body), validate=True)
        if not blob.startswith(_MAGIC):
            raise _unsuitable("damaged")
        cipher, rest = _string(blob[len(_MAGIC) :])
        _, rest = _string(rest)
        _, rest = _string(rest)
        public, _ = _string(rest[4:])
        algorithm, _ = _string(public)
    except (ValueError, struct.error) as error:
        raise _unsuitable("damaged") from error
    return algorithm.decode("latin-1"), cipher != b"none"


def _string(data: bytes) -> tuple[bytes, bytes]:
    """The string at the start, and what is behind it."""
    (length,) = struct.unpack_from(">I", data)
    if len(data) < 4 + length:
        raise ValueError("cut short")
    return data[4 : 4 + length], data[4 + length :]


def _cause_of(algorithm: str) -> str:
    known = {"ssh-rsa": "rsa", "ssh-dss": "dsa"}
    if algorithm.startswith("sk-"):
        return "security key"
    return known.get(algorithm, "ecdsa" if algorithm.startswith("ecdsa-") else "unknown")


def _unsuitable(cause: str) -> Refused:
    return Refused(Problem(Kind.KEY_UNSUITABLE, cause))
