"""Getting a file from a signed address ends soon and small, whatever the server does, and tells nobody who asks."""

from __future__ import annotations

import base64
import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bitmask_studio.sources.encord.sent import Reason
from bitmask_studio.sources.encord.worker.download import DownloadError, Limits, download

Serve = Callable[[BaseHTTPRequestHandler], None]
QUICK = Limits(most=1 << 20, silence=0.4, grace=0.6, slowest=100_000)


class Store:
    """An object store on loopback that answers each path as told and notes what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, Serve] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.leave = threading.Event()
        store = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                store.asked.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
                store.pages[self.path](self)

            def log_message(self, format: str, *args: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.leave.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def store() -> Iterator[Store]:
    found = Store()
    yield found
    found.stop()


def answer(body: bytes, status: int = 200, **headers: str) -> Serve:
    def serve(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return serve


def moved(to: str) -> Serve:
    return answer(b"", 302, Location=to)


def fetched(url: str, limits: Limits = QUICK) -> bytes:
    buffer = BytesIO()
    download(url, buffer, limits, loopback=True)
    return buffer.getvalue()


def refused(url: str, limits: Limits = QUICK) -> DownloadError:
    with pytest.raises(DownloadError) as error:
        fetched(url, limits)
    return error.value


def test_a_file_comes_whole_and_progress_is_told(store: Store) -> None:
    body = bytes(range(256)) * 1000
    store.pages["/a?signature=x%2Fy"] = answer(body)
    buffer, told = BytesIO(), list[tuple[int, int | None]]()
    download(f"{store.url}/a?signature=x%2Fy", buffer, QUICK, True, lambda *each: told.append(each))
    assert buffer.getvalue() == body
    assert told[-1] == (len(body), len(body))


def test_the_request_says_nothing_about_who_asks(store: Store) -> None:
    store.pages["/a"] = answer(b"x")
    fetched(f"{store.url}/a")
    ((_, headers),) = store.asked
    assert set(headers) == {"host", "user-agent", "accept", "accept-encoding"}


def test_a_redirect_on_the_same_computer_is_followed_without_credentials(store: Store) -> None:
    store.pages |= {"/a": moved("/b"), "/b": moved(f"{store.url}/c"), "/c": answer(b"here")}
    assert fetched(f"{store.url}/a") == b"here"
    assert all("authorization" not in headers and "cookie" not in headers for _, headers in store.asked)


def test_redirects_end_after_three(store: Store) -> None:
    store.pages["/a"] = moved("/a")
    assert refused(f"{store.url}/a").reason is Reason.FORBIDDEN
    assert len(store.asked) == 4


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/a",
        "http://8.8.8.8/a",
        "file:///etc/passwd",
        "gopher:x",
    ],
)
def test_a_redirect_to_a_forbidden_address_is_not_followed(
    store: Store, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[object] = []
    connect = socket.create_connection

    def noted(address: tuple[str, int], seconds: float) -> socket.socket:
        connected.append(address)
        return connect(address, seconds)

    monkeypatch.setattr(socket, "create_connection", noted)
    store.pages["/a"] = moved(to)
    assert refused(f"{store.url}/a").reason is Reason.FORBIDDEN
    assert connected == [("127.0.0.1", store.server.server_port)]


def test_a_platform_elsewhere_cannot_send_anybody_to_this_computer(store: Store) -> None:
    with pytest.raises(DownloadError) as error:
        download(f"{store.url}/a", BytesIO(), QUICK, loopback=False)
    assert error.value.reason is Reason.FORBIDDEN
    assert not store.asked


@pytest.mark.parametrize("status", [403, 404, 410])
def test_an_address_that_does_not_hold_any_more_is_told(store: Store, status: int) -> None:
    store.pages["/a"] = answer(b"<Error/>", status)
    error = refused(f"{store.url}/a")
    assert (error.reason, error.detail) == (Reason.STALE, f"HTTP {status}")


@pytest.mark.parametrize("status", [204, 206, 401, 429, 500, 503])
def test_any_other_answer_is_no_file(store: Store, status: int) -> None:
    store.pages["/a"] = answer(b"", status)
    error = refused(f"{store.url}/a")
    assert (error.reason, error.detail) == (Reason.SERVER, f"HTTP {status}")


def test_a_file_that_says_it_is_too_large_is_not_read(store: Store) -> None:
    store.pages["/a"] = answer(b"", Content_Length=str(1 << 40))
    assert refused(f"{store.url}/a").reason is Reason.TOO_LARGE


def test_a_file_without_a_length_stops_at_the_cap(store: Store) -> None:
    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        try:
            while not store.leave.is_set():
                request.wfile.write(bytes(1 << 16))
        except OSError:
            return

    store.pages["/a"] = endless
    sink = BytesIO()
    with pytest.raises(DownloadError) as error:
        download(f"{store.url}/a", sink, QUICK, True)
    assert error.value.reason is Reason.TOO_LARGE
    assert len(sink.getvalue()) <= QUICK.most


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_a_packed_file_is_unpacked(store: Store, pack: Callable[[bytes], bytes]) -> None:
    body = bytes(range(256)) * 3000
    encoding = "gzip" if pack is gzip.compress else "deflate"
    store.pages["/a"] = answer(pack(body), Content_Encoding=encoding)
    assert fetched(f"{store.url}/a") == body


def test_a_gzip_bomb_stops_at_the_cap(store: Store) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(300)) + packer.flush()
    store.pages["/a"] = answer(bomb, Content_Encoding="gzip")
    sink = BytesIO()
    with pytest.raises(DownloadError) as error:
        download(f"{store.url}/a", sink, QUICK, True)
    assert error.value.reason is Reason.TOO_LARGE
    assert len(sink.getvalue()) <= QUICK.most


@pytest.mark.parametrize(
    ("encoding", "body"), [("br", b"x"), ("gzip", b"no gzip"), ("gzip", gzip.compress(b"abc" * 99, mtime=0)[:20])]
)
def test_what_cannot_be_unpacked_is_no_file(store: Store, encoding: str, body: bytes) -> None:
    store.pages["/a"] = answer(body, Content_Encoding=encoding)
    assert refused(f"{store.url}/a").reason is Reason.SERVER


def test_a_file_cut_short_is_told(store: Store) -> None:
    store.pages["/a"] = answer(b"half", Content_Length="8")
    assert refused(f"{store.url}/a").reason is Reason.NO_CONNECTION


def test_a_silent_server_is_given_up(store: Store) -> None:
    def silent(request: BaseHTTPRequestHandler) -> None:
        store.leave.wait(30)

    store.pages["/a"] = silent
    assert refused(f"{store.url}/a").reason is Reason.TOO_SLOW


@pytest.mark.parametrize("where", ["head", "body", "body of no length"])
def test_a_drip_is_given_up(store: Store, where: str) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        start = {"head": b"HTTP/1.0 200 OK\r\nX-", "body": b"HTTP/1.0 200 OK\r\nContent-Length: 9999\r\n\r\n"}
        try:
            request.wfile.write(start.get(where, b"HTTP/1.0 200 OK\r\n\r\n"))
            while not store.leave.wait(0.1):
                request.wfile.write(b"x")
        except OSError:
            return

    store.pages["/a"] = drip
    assert refused(f"{store.url}/a").reason is Reason.TOO_SLOW


def test_nobody_listening_is_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert refused(f"http://127.0.0.1:{port}/a").reason is Reason.NO_CONNECTION


def test_a_full_disk_is_not_taken_for_the_network(store: Store) -> None:
    class Full:
        def write(self, data: bytes, /) -> int:
            raise OSError(28, "No space left on device")

    store.pages["/a"] = answer(b"x")
    with pytest.raises(OSError, match="No space"):
        download(f"{store.url}/a", Full(), QUICK, True)


def certificate(folder: Path, host: x509.GeneralName) -> Path:
    """A certificate that signs itself, and its key, in one file."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "store")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([host]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, None)
    )
    path = folder / "store.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    return path


def over_tls(store: Store, path: Path) -> str:
    """Let the store answer by https alone from now on; its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    store.server.socket = context.wrap_socket(store.server.socket, server_side=True)
    return f"https://127.0.0.1:{store.server.server_port}/a"


def test_https_is_trusted_by_the_users_own_list_too(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = certificate(tmp_path, x509.IPAddress(IPv4Address("127.0.0.1")))
    url = over_tls(store, path)
    store.pages["/a"] = answer(b"safe")
    assert refused(url).reason is Reason.NO_CONNECTION
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    assert fetched(url) == b"safe"


def test_a_certificate_of_another_host_is_not_accepted(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = certificate(tmp_path, x509.DNSName("elsewhere.example"))
    url = over_tls(store, path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    assert refused(url).reason is Reason.NO_CONNECTION
    assert not store.asked


class Proxy:
    """Lets whoever says CONNECT through to one port of this computer, and notes what was said."""

    def __init__(self, port: int, status: int) -> None:
        self.port, self.status = port, status
        self.said: list[str] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://some%20body:s%3Acret@127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        near, _ = self.socket.accept()
        with near, socket.create_connection(("127.0.0.1", self.port)) as far:
            self.said.append(near.recv(4096).decode())
            near.sendall(f"HTTP/1.1 {self.status} Said\r\n\r\n".encode())
            back = threading.Thread(target=self._pump, args=(far, near), daemon=True)
            back.start()
            self._pump(near, far)
            back.join(5)

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(4096):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            return


@pytest.mark.parametrize("status", [200, 407])
def test_the_proxy_of_the_environment_is_gone_through(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    path = certificate(tmp_path, x509.DNSName("store.example"))
    over_tls(store, path)
    store.pages["/a"] = answer(b"from afar")
    proxy = Proxy(store.server.server_port, status)
    for name, value in {"https_proxy": proxy.url, "no_proxy": "", "REQUESTS_CA_BUNDLE": str(path)}.items():
        monkeypatch.setenv(name, value)
    public = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))]
    looked_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *args, **more: public if "store" in host else looked_up(host, *args, **more)
    )
    buffer = BytesIO()
    with proxy.socket:
        try:
            download("https://store.example/a", buffer, QUICK, loopback=False)
        except DownloadError as error:
            assert error.reason is Reason.NO_CONNECTION
    assert buffer.getvalue() == (b"from afar" if status == 200 else b"")
    (said,) = proxy.said
    assert said.splitlines()[0] == "CONNECT store.example:443 HTTP/1.1"
    assert f"Basic {base64.b64encode(b'some body:s:cret').decode()}" in said
    assert all("proxy-authorization" not in headers for _, headers in store.asked)
