"""How a user signs in to Encord: where, with which key, and as whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

EUROPE = "https://api.encord.com"
AMERICA = "https://api.us.encord.com"


@dataclass(frozen=True, slots=True)
class Login:
    """Given to the worker process when it starts; nothing secret in it is ever shown or written down.

    Either `key_path` or `key_text` (from the environment, when the user agreed to that) is set.
    """

    domain: str = EUROPE
    key_path: Path | None = None
    key_text: str | None = field(default=None, repr=False)
    passphrase: str | None = field(default=None, repr=False)
    email: str = ""
    """The user's own address, which the SDK cannot tell; empty: nothing is called mine."""
