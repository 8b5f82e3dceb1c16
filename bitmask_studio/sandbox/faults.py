"""Failures on demand: what a network or a server may do to a request, for tests and for the hidden menu."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase

from bitmask_studio.sandbox.answers import Answer, RefusedError, encode, v1_refusal
from bitmask_studio.sandbox.requests import Request

_HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class FaultKind(Enum):
    """What goes wrong. Only RESET_AFTER, DRIP and CUT_JSON let the request take effect."""

    UNAUTHENTICATED = 401
    FORBIDDEN = 403
    NOT_FOUND = 404
    CONFLICT = 409
    TOO_LARGE = 413
    TOO_MANY = 429
    SERVER_ERROR = 500
    UNAVAILABLE = 503
    HTML = "an HTML page of a proxy, status 502"
    RESET_BEFORE = "the connection is reset, nothing was done"
    RESET_AFTER = "the request takes effect, then the connection is reset"
    HANG = "no answer ever comes"
    DRIP = "the answer comes a few bytes at a time"
    CUT_JSON = "half of the answer's body"
    NOT_JSON = "status 200 and a body that is no JSON"
    FALSE = "status 200 and the answer `false`, nothing was done"


TAKE_EFFECT = frozenset({FaultKind.RESET_AFTER, FaultKind.DRIP, FaultKind.CUT_JSON})
"""The kinds that strike the answer, after the request was carried out."""

_V1_CODES = {
    FaultKind.UNAUTHENTICATED: "AUTHENTICATION_ERROR",
    FaultKind.FORBIDDEN: "AUTHORISATION_ERROR",
    FaultKind.NOT_FOUND: "RESOURCE_NOT_FOUND_ERROR",
    FaultKind.CONFLICT: "RESOURCE_EXISTS_ERROR",
}


@dataclass(frozen=True)
class Fault:
    """One failure and the requests that it strikes, `times` of them.

    `what` matches the `what` of a Request as a glob (`labelrow`, `projects/*/issues`), or names a protocol (`v1`, `v2`,
    `files`); `method` is a Request's method or `*`. `retry_after` are the seconds that TOO_MANY, TOO_LARGE and
    UNAVAILABLE tell; `bytes_per_second` is the speed of DRIP.
    """

    kind: FaultKind
    what: str = "*"
    method: str = "*"
    times: int = 1
    retry_after: int | None = None
    bytes_per_second: int = 64

    def strikes(self, request: Request) -> bool:
        """Whether it is meant for this request."""
        named = self.what == request.protocol or fnmatchcase(request.what, self.what)
        return named and self.method in ("*", request.method)


class Faults:
    """The failures that are still to come, first added first struck."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Fault, int]] = []

    def add(self, fault: Fault) -> None:
        """Let the next `fault.times` matching requests fail."""
        with self._lock:
            self._waiting.append((fault, fault.times))

    def clear(self) -> None:
        """Let everything work again."""
        with self._lock:
            self._waiting.clear()

    def take(self, request: Request) -> Fault | None:
        """The failure that strikes this request, counted off."""
        with self._lock:
            for at, (fault, left) in enumerate(self._waiting):
                if fault.strikes(request):
                    self._waiting[at : at + 1] = [(fault, left - 1)] if left > 1 else []
                    return fault
        return None


def failed_answer(fault: Fault, protocol: str) -> Answer:
    """What a fault answers instead of the real answer; for the kinds that do answer by themselves."""
    if fault.kind is FaultKind.HTML:
        return Answer(502, _HTML, "text/html")
    if fault.kind is FaultKind.NOT_JSON:
        return Answer(200, b"It works!", "text/plain")
    if fault.kind is FaultKind.FALSE:
        return Answer(200, b"false" if protocol == "v2" else b'{"status":200,"response":false}', told=200)
    if fault.kind in _V1_CODES and protocol == "v1":
        return v1_refusal(RefusedError(_V1_CODES[fault.kind], fault.kind.name))
    return _plain_failure(fault)


def _plain_failure(fault: Fault) -> Answer:
    """A failure that comes as a real HTTP status on both protocols."""
    status = int(fault.kind.value)
    headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
    return Answer(status, encode({"message": f"{fault.kind.name} on demand"}), headers=headers)


def cut(answer: Answer) -> Answer:
    """The same answer with the second half of its body missing."""
    return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.content_type, answer.headers, answer.told)
