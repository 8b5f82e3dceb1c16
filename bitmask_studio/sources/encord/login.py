"""How a user signs in to Encord: where, with which key, and as whom."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr

EUROPE = "https://api.encord.com"
AMERICA = "https://api.us.encord.com"


class Login(Struct, frozen=True):
    """Given to the worker process when it starts; nothing secret in it is ever shown or written down.

    Either `key_path` or `key_text` (from the environment, when the user agreed to that) is set.
    """

    domain: str = EUROPE
    key_path: Path | None = None
    key_text: str | None = None
    passphrase: str | None = None
    email: str = ""
    """The user's own address, which the SDK cannot tell; empty: nothing is called mine."""

    def __repr__(self) -> str:
        return f"Login({self.domain!r}, {self.key_path!r}, email={self.email!r})"

    @property
    def is_loopback(self) -> bool:
        """Whether the server is this very computer."""
        return is_loopback(urlsplit(self.domain).hostname or "")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this computer's own, without asking anybody."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?|[0-9a-f:.]+")
_OF_THE_WEB_PAGE = {"app.encord.com": "api.encord.com", "app.us.encord.com": "api.us.encord.com"}


def checked_domain(text: str) -> str:
    """The address of a platform as the SDK wants it: scheme, host and port, nothing behind.

    `https://` may be left out, the web pages of Encord stand for their servers. Raises InputError for what is no such
    address, and for `http://` to any computer but this one.
    """
    given = text.strip()
    address = _split(given if "://" in given else f"https://{given}")
    host = _OF_THE_WEB_PAGE.get(address.hostname or "", address.hostname or "")
    if address.scheme not in ("http", "https") or not _HOST.fullmatch(host) or address.username is not None:
        raise _not_an_address(given)
    if address.scheme == "http" and not is_loopback(host):
        raise InputError(tr("{address} is not encrypted: use https://{host}.").format(address=given, host=host))
    port = f":{address.port}" if address.port is not None else ""
    return f"{address.scheme}://[{host}]{port}" if ":" in host else f"{address.scheme}://{host}{port}"


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        raise _not_an_address(address) from error
    return parts


def _not_an_address(given: str) -> InputError:
    shown = "".join(each if each.isprintable() else "?" for each in given)[:100]
    return InputError(
        tr("{given} is not the address of an Encord server. One looks like {example}.").format(
            given=f"“{shown}”", example=EUROPE
        )
    )
