"""What a file that is to be an SSH key holds, as far as its outside tells: the secret itself is never read out."""

from __future__ import annotations

import base64
import binascii
import os
import stat
from dataclasses import dataclass, field, replace
from pathlib import Path

from bitmask_studio.core.text import tr

_LONGEST = 1 << 16
"""Bytes that are read at most; an Ed25519 key has about 400."""

_BEGIN, _END = b"-----BEGIN OPENSSH PRIVATE KEY-----", b"-----END OPENSSH PRIVATE KEY-----"
_MAGIC = b"openssh-key-v1\0"


@dataclass(frozen=True, slots=True)
class KeyLook:
    """`problem` says in words why the file will not do, "" when it seems to; `locked` that it needs a passphrase.

    `exposed`: other users of this computer may read the file, where files have such bits.
    """

    problem: str = ""
    locked: bool = False
    exposed: bool = field(default=False, compare=False)


def look(path: Path) -> KeyLook:
    """Look at a file from outside, as OpenSSH's PROTOCOL.key describes it. Blocks: the file may be far away."""
    try:
        with path.expanduser().open("rb") as file:
            return replace(look_at(file.read(_LONGEST)), exposed=_is_exposed(os.fstat(file.fileno()).st_mode))
    except FileNotFoundError:
        return KeyLook(tr("There is no such file."))
    except IsADirectoryError:
        return KeyLook(tr("This is a folder. Choose the key file in it."))
    except (OSError, ValueError, RuntimeError):
        return KeyLook(tr("This file cannot be read. Check its permissions."))


def _is_exposed(mode: int) -> bool:
    return os.name == "posix" and bool(mode & (stat.S_IRWXG | stat.S_IRWXO))


def look_at(content: bytes) -> KeyLook:
    """The same of what the file holds."""
    if content.startswith((b"ssh-", b"ecdsa-", b"sk-")):
        return KeyLook(tr("This is the public half. Choose the private one: the file of the same name without “.pub”."))
    text = content.strip()
    if text.startswith(_BEGIN):
        return _look_at_openssh(text[len(_BEGIN) :].partition(_END)[0])
    if b"PRIVATE KEY-----" in text:
        return KeyLook(tr("This key is in another format. Encord takes Ed25519 keys in OpenSSH's format."))
    return KeyLook(tr("This is not an SSH key."))


def _look_at_openssh(body: bytes) -> KeyLook:
    try:
        cipher, kind = _outside(base64.b64decode(b"".join(body.split()), validate=True))
    except (binascii.Error, ValueError):
        return KeyLook(tr("This key file is damaged."))
    if kind != b"ssh-ed25519":
        name = kind.decode("ascii", "replace").removeprefix("ssh-").upper()
        return KeyLook(tr("This is a key of the kind {kind}. Encord takes Ed25519 keys only.").format(kind=name))
    return KeyLook(locked=cipher != b"none")


def _outside(blob: bytes) -> tuple[bytes, bytes]:
    """The cipher's name and the kind of the first public key; raises ValueError where the blob is cut short."""
    if not blob.startswith(_MAGIC):
        raise ValueError("no OpenSSH key")
    cipher, at = _string(blob, len(_MAGIC))
    for _ in ("the derivation's name", "its options"):
        _, at = _string(blob, at)
    public, _ = _string(blob, at + 4)  # behind the number of keys
    return cipher, _string(public, 0)[0]


def _string(blob: bytes, at: int) -> tuple[bytes, int]:
    """An SSH string at a place, and where it ends."""
    start = at + 4
    end = start + int.from_bytes(blob[at:start], "big")
    if end > len(blob) or start > len(blob):
        raise ValueError("cut short")
    return blob[start:end], end
