"""Which addresses of pictures may be asked: whoever writes a label row must not reach into the user's own network."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

from msgspec import Struct

_LONGEST = 16_384
_PORTS = {"https": 443, "http": 80}
_SAFE = "/%:=&?~+!$,;'@()*[]-._"
_NAT64 = IPv6Network("64:ff9b::/96")

Address = IPv4Address | IPv6Address


class ForbiddenAddressError(Exception):
    """The address must not be asked; nothing was sent to it."""


class Target(Struct, frozen=True):
    """Where to connect: a host whose addresses have been looked up and are allowed."""

    scheme: str
    host: str
    port: int
    path: str
    """Path and query, as they go into the request."""
    addresses: tuple[str, ...]

    @property
    def is_loopback(self) -> bool:
        """Whether it is this computer."""
        return all(ip_address(each).is_loopback for each in self.addresses)


def is_link(text: str) -> bool:
    """Whether a `data_link` is an address and not a path in the storage."""
    return text[:8].lower().startswith(("https://", "http://"))


def target_of(url: str, loopback: bool) -> Target:
    """Look the host up. `loopback`: whether this computer may be asked, by http too, because the platform runs on it.

    Raises ForbiddenAddressError for anything but https to public addresses, OSError when the host is not known.
    """
    scheme, host, port, path = _parts(url)
    target = Target(scheme, host, port, path, _looked_up(host, port))
    if loopback and target.is_loopback:
        return target
    if scheme != "https" or not all(is_public(ip_address(each)) for each in target.addresses):
        raise ForbiddenAddressError
    return target


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open Internet, also when it is wrapped into an IPv6 one."""
    inner = _wrapped(address)
    if inner is not None:
        return is_public(inner)
    old = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not address.is_multicast and not old


def _wrapped(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, 6to4 (RFC 3056) or NAT64 (RFC 6052)."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _parts(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port, path with query. Raises ForbiddenAddressError for what no object store writes."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        if len(url) <= _LONGEST and parts.scheme in _PORTS and host and parts.username is None:
            host = host if ":" in host else host.encode("idna").decode()
            path = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
            return parts.scheme, host, port or _PORTS[parts.scheme], path
    except ValueError:
        pass
    raise ForbiddenAddressError


def _looked_up(host: str, port: int) -> tuple[str, ...]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(each[4][0]).partition("%")[0] for each in found))
