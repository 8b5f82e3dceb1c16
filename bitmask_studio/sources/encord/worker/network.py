"""Failures of the network, under the SDK or under a download: what broke, and whether the request got there."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from http.client import RemoteDisconnected

import requests
from urllib3 import exceptions as urllib3

from bitmask_studio.sources.encord.errors import Kind
from bitmask_studio.sources.encord.messages import Problem
from bitmask_studio.sources.encord.worker.redirects import RedirectedError

_SIGNS: tuple[tuple[tuple[type[BaseException], ...], Kind, str, bool], ...] = (
    ((RedirectedError, requests.TooManyRedirects), Kind.NO_CONNECTION, "redirect", False),
    ((requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL), Kind.NO_CONNECTION, "proxy", False),
    ((urllib3.ProxyError, requests.exceptions.InvalidSchema), Kind.NO_CONNECTION, "proxy", False),
    ((ssl.SSLCertVerificationError,), Kind.NO_CONNECTION, "certificate", False),
    ((ssl.SSLEOFError, ssl.SSLZeroReturnError), Kind.NO_CONNECTION, "reset", True),
    ((ssl.SSLError, urllib3.SSLError, requests.exceptions.SSLError), Kind.NO_CONNECTION, "tls", False),
    ((urllib3.NameResolutionError, socket.gaierror), Kind.NO_CONNECTION, "name", False),
    ((ConnectionRefusedError,), Kind.NO_CONNECTION, "refused", False),
    ((requests.ConnectTimeout, urllib3.ConnectTimeoutError), Kind.NO_CONNECTION, "unreachable", False),
    ((requests.ReadTimeout, urllib3.ReadTimeoutError, TimeoutError), Kind.TIMED_OUT, "silence", True),
    ((urllib3.DecodeError, requests.exceptions.ContentDecodingError), Kind.BAD_ANSWER, "", True),
    ((urllib3.IncompleteRead, requests.exceptions.ChunkedEncodingError), Kind.NO_CONNECTION, "cut", True),
    ((RemoteDisconnected, ConnectionError, urllib3.ProtocolError), Kind.NO_CONNECTION, "reset", True),
)
"""The first sign that the chain of exceptions holds counts: the more telling ones stand above."""
_OF_STATUS = {
    401: (Kind.FORBIDDEN, "link"),
    403: (Kind.FORBIDDEN, "link"),
    404: (Kind.GONE, "link"),
    410: (Kind.GONE, "link"),
    429: (Kind.TOO_MANY_REQUESTS, ""),
}
_ANSWER = "Error parsing JSON response: "


def network_problem(error: BaseException, host: str) -> Problem | None:
    """What happened to a request to `host`; None for an exception that does not come from the network."""
    chain = tuple(_chain(error))
    for kinds, kind, cause, reached in _SIGNS:
        if any(isinstance(each, kinds) for each in chain):
            return Problem(kind, cause, host if kind is Kind.NO_CONNECTION else "", reached=reached)
    if any(isinstance(each, json.JSONDecodeError) for each in chain):
        return _no_json(error)
    if (refusal := next((each for each in chain if isinstance(each, requests.HTTPError)), None)) is not None:
        return _of_status(refusal)
    if any(isinstance(each, requests.RequestException | urllib3.HTTPError) for each in chain):
        return Problem(Kind.NO_CONNECTION, "", host, reached=True)
    return None


def _chain(error: object) -> Iterator[BaseException]:
    """The exception, what it was raised from, and what these libraries hide in `args` and `reason`."""
    waiting, seen = [error], set()
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [each.__cause__ or each.__context__, getattr(each, "reason", None), *each.args]


def _no_json(error: BaseException) -> Problem:
    """An answer that is not what it should be: a web page comes from something in between, all else is damage."""
    body = str(getattr(error, "message", "")).removeprefix(_ANSWER).lstrip("\ufeff \r\n\t")
    if body.startswith("<"):
        return Problem(Kind.SERVER, "page", reached=True)
    return Problem(Kind.BAD_ANSWER, reached=True)


def _of_status(error: requests.HTTPError) -> Problem:
    """A download that was refused."""
    response = error.response
    status = response.status_code if response is not None else 500
    kind, cause = _OF_STATUS.get(status, (Kind.SERVER if status >= 500 else Kind.REFUSED, ""))
    told = response.headers.get("Retry-After", "") if response is not None else ""
    retry_after = float(told) if told.isdecimal() and len(told) < 8 and kind is Kind.TOO_MANY_REQUESTS else None
    return Problem(kind, cause, retry_after=retry_after, reached=status >= 500)
