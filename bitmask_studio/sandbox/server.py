"""The sockets: HTTP/1.1 on loopback, one thread for each connection, and connections that fail when they shall."""

from __future__ import annotations

import contextlib
import os
import socket
import socketserver
import struct
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bitmask_studio.sandbox.answers import Answer, encode
from bitmask_studio.sandbox.application import Application, Reply
from bitmask_studio.sandbox.faults import FaultKind
from bitmask_studio.sandbox.signatures import Incoming

HOST = "127.0.0.1"
MOST_BYTES = 1 << 29
"""Largest body that is taken in."""

Connection = socket.socket | tuple[bytes, socket.socket]

_DRIP_SECONDS = 0.05
_LEAVE_SECONDS = 2.0


class LoopbackServer(ThreadingHTTPServer):
    """Accepts connections and, when it is closed, ends them all."""

    daemon_threads = True
    request_queue_size = 128
    # On Windows this option would let two servers have one port.
    allow_reuse_address = os.name == "posix"

    def __init__(self, port: int, application: Application) -> None:
        """Listen on a port of loopback, 0 for any free one; raises OSError when it is taken."""
        self.application = application
        self.leaving = threading.Event()
        self._connections: set[Connection] = set()
        self._changed = threading.Condition()
        super().__init__((HOST, port), _Handler)

    def server_bind(self) -> None:
        """Bind without asking the name service who 127.0.0.1 is."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    def process_request_thread(self, request: Connection, client_address: object) -> None:
        """Serve one connection, which is known as long as it lasts."""
        with self._changed:
            self._connections.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._changed:
                self._connections.discard(request)
                self._changed.notify_all()

    def handle_error(self, request: Connection, client_address: object) -> None:
        """A client that went away is no news."""

    def close(self) -> None:
        """Stop listening and end all connections, those that hang as well."""
        self.leaving.set()
        self.shutdown()
        self.server_close()
        with self._changed:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    if isinstance(connection, socket.socket):
                        connection.shutdown(socket.SHUT_RDWR)
            self._changed.wait_for(lambda: not self._connections, _LEAVE_SECONDS)


class _Handler(BaseHTTPRequestHandler):
    """Reads requests from one connection and sends the replies."""

    protocol_version = "HTTP/1.1"
    server_version = "Sandbox"
    disable_nagle_algorithm = True
    server: LoopbackServer

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self._body()
        if body is None:
            self.close_connection = True
            self._send(Answer(413, encode({"message": "The body is too large or has no length."})), {})
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.application.reply(Incoming(self.command, self.path, headers, body))
        self._send_reply(reply)

    def _body(self) -> bytes | None:
        """The body, None when it is too large or of unknown length."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal() or int(length) > MOST_BYTES:
            return None
        return self.rfile.read(int(length))

    def _send_reply(self, reply: Reply) -> None:
        kind = reply.fault.kind if reply.fault else None
        if kind is FaultKind.HANG:
            self._hang()
        elif reply.answer is None:
            self._reset()
        elif reply.fault and kind is FaultKind.DRIP:
            self._drip(reply.answer, reply.fault.bytes_per_second)
        else:
            self._send(reply.answer, {})

    def _send(self, answer: Answer, more: Mapping[str, str]) -> None:
        self._send_head(answer, more)
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _send_head(self, answer: Answer, more: Mapping[str, str]) -> None:
        self.send_response(answer.status)
        if answer.status != 204:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        for name, value in {**answer.headers, **more}.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def _drip(self, answer: Answer, bytes_per_second: int) -> None:
        """Send the body a few bytes at a time."""
        self._send_head(answer, {})
        step = max(1, int(bytes_per_second * _DRIP_SECONDS))
        for at in range(0, len(answer.body), step):
            if self.server.leaving.wait(step / bytes_per_second):
                return
            self.wfile.write(answer.body[at : at + step])

    def _hang(self) -> None:
        """Say nothing until the other side or the sandbox leaves."""
        self.close_connection = True
        self.connection.settimeout(0.2)
        while not self.server.leaving.is_set():
            try:
                if not self.connection.recv(1):
                    return
            except TimeoutError:
                continue
            except OSError:
                return

    def _reset(self) -> None:
        """Cut the connection so that the other side gets a reset."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(_LINGER, 1, 0))
        socket.close(self.connection.detach())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing goes to the terminal: the log is in memory."""


_LINGER = "hh" if os.name == "nt" else "ii"
