"""Secrets that tests put where they might leak, and how to find any in what the program leaves behind."""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Iterator
from pathlib import Path

PASSPHRASE = "correct horse battery"
BODY = base64.b64encode(b"openssh-key-v1\0" + random.Random(5).randbytes(380)).decode()
LINES = [BODY[at : at + 70] for at in range(0, len(BODY), 70)]
KEY = "\n".join(("-----BEGIN OPENSSH PRIVATE KEY-----", *LINES, "-----END OPENSSH PRIVATE KEY-----"))
SIGNATURE = random.Random(6).randbytes(64).hex()
SIGNED = f"https://storage.example/bucket/a%20b.png?X-Goog-Expires=60&X-Goog-Signature={SIGNATURE}"

_FORMS = {
    "a private key": rb"BEGIN [A-Z ]*PRIVATE KEY|b3BlbnNzaC1rZXktdjE|openssh-key-v1",
    "a signed address": rb"(?i)signature(=|%3d)[0-9a-z%+/]{8}",
    "a signed request": rb"[0-9a-f]{64}:[0-9a-f]{128}|keyid=\"",
    "a passphrase": rb"correct horse battery|open sesame|hunter2",
    "a planted secret": b"|".join(re.escape(each.encode()) for each in (SIGNATURE, *LINES)),
}
"""Whatever the suite's own keys, sandboxes and passphrases are, they have one of these forms."""
_LEAKS = {name: re.compile(form) for name, form in _FORMS.items()}
_KEY_FOLDER = "sandbox"
"""A sandbox that the window starts keeps the keys of its invented people there: they open nothing else."""


def leaks_in(content: bytes) -> list[str]:
    """What is secret in some bytes, in words; also where they are text of two bytes a letter."""
    narrow = content.replace(b"\0", b"")
    return [name for name, form in _LEAKS.items() if form.search(content) or form.search(narrow)]


def leaks_below(folder: Path) -> Iterator[str]:
    """Every file of a folder, at any depth, that has something secret in its content or its name."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and _KEY_FOLDER not in inside.parts:
            found = leaks_in(path.read_bytes()) + leaks_in(str(inside).encode())
            yield from (f"{inside} holds {each}" for each in found)
