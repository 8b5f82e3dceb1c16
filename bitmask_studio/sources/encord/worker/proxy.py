"""The way through the proxy that the user's environment names, for addresses on the Internet."""

from __future__ import annotations

import base64
import http.client
import socket
import urllib.request
from urllib.parse import SplitResult, unquote, urlsplit

from bitmask_studio.sources.encord.worker.addresses import Target

_PORT = 8080


def proxy_for(target: Target) -> SplitResult | None:
    """The proxy to go through, None where the target is to be reached directly."""
    if target.scheme != "https" or target.is_loopback or urllib.request.proxy_bypass(target.host):
        return None
    proxy = urllib.request.getproxies().get("https", "")
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return parts if parts.hostname and parts.scheme == "http" else None


def through(proxy: SplitResult, target: Target, silence: float) -> socket.socket:
    """A connection to the target, with nothing said on it yet (RFC 9110, CONNECT). Raises OSError."""
    connection = socket.create_connection((proxy.hostname or "", proxy.port or _PORT), silence)
    try:
        connection.sendall(_request(proxy, target))
        response = http.client.HTTPResponse(connection, method="CONNECT")
        response.begin()
        status = response.status
        response.close()
        if status != 200:
            raise ConnectionRefusedError(status)
    except BaseException:
        connection.close()
        raise
    return connection


def _request(proxy: SplitResult, target: Target) -> bytes:
    place = f"[{target.host}]:{target.port}" if ":" in target.host else f"{target.host}:{target.port}"
    lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
    if proxy.username:
        secret = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        lines.append(f"Proxy-Authorization: Basic {base64.b64encode(secret.encode()).decode()}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
