"""Gets one file from a signed address by plain GET: bounded in size and time, no credentials, every hop checked."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Protocol
from urllib.parse import urljoin

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from bitmask_studio.sources.encord.sent import Reason
from bitmask_studio.sources.encord.worker.addresses import ForbiddenAddressError, Target, target_of
from bitmask_studio.sources.encord.worker.proxy import proxy_for, through

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 3
_CHUNK = 1 << 17
_HEADERS = {"User-Agent": "bitmask-studio", "Accept": "*/*", "Accept-Encoding": "identity"}
_STALE = frozenset({403, 404, 410})
_ZLIB_OR_GZIP = 47
"""zlib's `wbits` for either header."""


class DownloadError(Exception):
    """The file could not be had."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail


class Sink(Protocol):
    """Where the bytes go: a file, or memory."""

    def write(self, data: bytes, /) -> object: ...


class Limits:
    """How much is taken and how long is waited.

    `most`: bytes, counted after decompression; `silence`: seconds without a byte; `grace`: seconds after which the
    average speed since the start must be at least `slowest` bytes a second.
    """

    def __init__(self, most: int, silence: float = 10.0, grace: float = 20.0, slowest: int = 16_384) -> None:
        self.most = most
        self.silence = silence
        self.grace = grace
        self.slowest = slowest


Progress = Callable[[int, int | None], object]
"""Gets the bytes that came so far and, when the server tells, how many there will be."""


def download(url: str, sink: Sink, limits: Limits, loopback: bool, progress: Progress | None = None) -> None:
    """Write what is behind `url` into `sink`. Raises DownloadError; OSError only when the sink does."""
    for _ in range(_MOST_REDIRECTS + 1):
        further = _one_hop(url, sink, limits, loopback, progress)
        if further is None:
            return
        url = further
    raise DownloadError(Reason.FORBIDDEN)


def _one_hop(url: str, sink: Sink, limits: Limits, loopback: bool, progress: Progress | None) -> str | None:
    """Answers the address to go on with, None when the file is complete."""
    try:
        target = target_of(url, loopback)
    except ForbiddenAddressError:
        raise DownloadError(Reason.FORBIDDEN) from None
    except OSError as error:
        raise DownloadError(Reason.NO_CONNECTION) from error
    connection = _Connection(target, limits.silence)
    try:
        with _in_time(connection, limits) as count:
            response = connection.ask()
            if response.status in _REDIRECTS:
                return urljoin(url, response.getheader("Location") or "")
            _check(response, limits)
            _copy(response, sink, limits, count, progress)
            return None
    finally:
        connection.close()


class _Connection:
    """One connection to one of the target's addresses, and to no other."""

    def __init__(self, target: Target, silence: float) -> None:
        self._target = target
        self._silence = silence
        self._socket: socket.socket | None = None
        self._response: http.client.HTTPResponse | None = None
        self._http = http.client.HTTPConnection(target.host, target.port, timeout=silence)

    def ask(self) -> http.client.HTTPResponse:
        """Send the request and read the answer's head."""
        self._connect()
        self._http.request("GET", self._target.path, headers=_HEADERS)
        self._response = self._http.getresponse()
        return self._response

    def cut(self) -> None:
        """End it from another thread: whoever reads from it hears that it is over."""
        found = self._socket
        if found is not None:
            try:
                # SSLSocket's own shutdown would take the state away under the reading thread.
                socket.socket.shutdown(found, socket.SHUT_RDWR)
            except OSError:
                return

    def close(self) -> None:
        for each in (self._response, self._http, self._socket):
            if each is not None:
                each.close()

    def _connect(self) -> None:
        plain = self._reached()
        self._socket = plain
        if self._target.scheme == "https":
            secure = _context().wrap_socket(plain, server_hostname=self._target.host, do_handshake_on_connect=False)
            self._socket = secure
            secure.do_handshake()
        self._http.sock = self._socket

    def _reached(self) -> socket.socket:
        proxy = proxy_for(self._target)
        if proxy is not None:
            return through(proxy, self._target, self._silence)
        last: OSError = OSError()
        for address in self._target.addresses:
            try:
                return socket.create_connection((address, self._target.port), self._silence)
            except OSError as error:
                last = error
        raise last


class _Count:
    """The bytes that came over one connection."""

    def __init__(self) -> None:
        self.received = 0
        self.too_slow = False


@contextmanager
def _in_time(connection: _Connection, limits: Limits) -> Iterator[_Count]:
    """Watch over the speed, and tell every failure of the network as a DownloadError."""
    count, over = _Count(), threading.Event()
    start = monotonic()

    def watch() -> None:
        while not over.wait(limits.grace / 20):
            seconds = monotonic() - start
            if seconds > limits.grace and count.received < limits.slowest * seconds:
                count.too_slow = True
                connection.cut()

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield count
        if count.too_slow:
            raise DownloadError(Reason.TOO_SLOW)
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, _SinkError):
            raise error.cause from None
        if count.too_slow or isinstance(error, TimeoutError):
            raise DownloadError(Reason.TOO_SLOW) from error
        raise DownloadError(Reason.NO_CONNECTION) from error
    finally:
        over.set()


def _check(response: http.client.HTTPResponse, limits: Limits) -> None:
    if response.status in _STALE:
        raise DownloadError(Reason.STALE, f"HTTP {response.status}")
    if response.status != 200:
        raise DownloadError(Reason.SERVER, f"HTTP {response.status}")
    if (response.length or 0) > limits.most:
        raise DownloadError(Reason.TOO_LARGE)


def _copy(
    response: http.client.HTTPResponse, sink: Sink, limits: Limits, count: _Count, progress: Progress | None
) -> None:
    total, written = response.length, 0
    packing = _Packing(response.getheader("Content-Encoding") or "")
    while data := response.read1(_CHUNK):
        count.received += len(data)
        for piece in packing.pieces(data):
            written += len(piece)
            if written > limits.most:
                raise DownloadError(Reason.TOO_LARGE)
            _write(sink, piece)
        if progress is not None:
            progress(count.received, total)
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    packing.end()


class _SinkError(OSError):
    """What the sink raised, so that it is not taken for the network's."""

    def __init__(self, cause: OSError) -> None:
        super().__init__()
        self.cause = cause


def _write(sink: Sink, piece: bytes) -> None:
    try:
        sink.write(piece)
    except OSError as error:
        raise _SinkError(error) from error


class _Packing:
    """A content encoding, taken off in pieces of a bounded size however much a few bytes become."""

    def __init__(self, encoding: str) -> None:
        self._unpacker = None
        if encoding.strip().lower() in ("gzip", "x-gzip", "deflate"):
            self._unpacker = zlib.decompressobj(_ZLIB_OR_GZIP)
        elif encoding.strip().lower() not in ("", "identity"):
            raise DownloadError(Reason.SERVER, encoding[:20])

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if self._unpacker is None:
            yield data
            return
        try:
            while data and not self._unpacker.eof:
                yield self._unpacker.decompress(data, _CHUNK)
                data = self._unpacker.unconsumed_tail
        except zlib.error:
            raise DownloadError(Reason.SERVER, "gzip") from None

    def end(self) -> None:
        """Raises DownloadError when the end is missing."""
        if self._unpacker is not None and not self._unpacker.eof:
            raise DownloadError(Reason.SERVER, "gzip")


def _context() -> ssl.SSLContext:
    """Trusts what the system trusts and what the SDK's requests trust, the user's own list included."""
    context = ssl.create_default_context()
    context.load_verify_locations(os.environ.get("REQUESTS_CA_BUNDLE") or DEFAULT_CA_BUNDLE_PATH)
    return context
