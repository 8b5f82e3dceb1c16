"""What the server sends back: answers as bytes, and refusals in the words of both protocols."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

JSON = "application/json"

_HTTP_STATUS = {
    "AUTHENTICATION_ERROR": 401,
    "AUTHORISATION_ERROR": 403,
    "RESOURCE_NOT_FOUND_ERROR": 404,
    "METHOD_NOT_ALLOWED_ERROR": 405,
    "RESOURCE_EXISTS_ERROR": 409,
}


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; `status` is HTTP's, `told` the one that the caller is told (v1 hides it in the body)."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    told: int = 0

    @property
    def outcome(self) -> int:
        """The status that counts: of v1 the one in the body."""
        return self.told or self.status


class RefusedError(Exception):
    """A call that is answered with one of Encord's error codes; v1 sends the code, v2 its HTTP status."""

    def __init__(self, code: str, message: str, payload: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.payload = payload

    @property
    def status(self) -> int:
        """The HTTP status of this code."""
        return _HTTP_STATUS.get(self.code, 400)


def not_found(what: str) -> RefusedError:
    """The refusal for something that is not there."""
    return RefusedError("RESOURCE_NOT_FOUND_ERROR", f"There is no {what}.")


def invalid(message: str) -> RefusedError:
    """The refusal for a call whose arguments make no sense; both protocols carry the message."""
    return RefusedError("INVALID_ARGUMENTS_ERROR", message, message)


def encode(value: object) -> bytes:
    """A value as compact JSON."""
    return json.dumps(value, separators=(",", ":")).encode()


def v1_answer(response: object) -> Answer:
    """The envelope of a v1 call that worked. What is iterated over becomes a list, one entry at a time."""
    content = b"[%b]" % b",".join(map(encode, response)) if isinstance(response, Iterator) else encode(response)
    return Answer(200, b'{"status":200,"response":%b}' % content, told=200)


def v1_refusal(refused: RefusedError) -> Answer:
    """The envelope of a v1 call that was refused: HTTP 200 all the same."""
    content = {"status": refused.status, "response": [refused.code], "payload": refused.payload}
    return Answer(200, encode(content), told=refused.status)


def v2_answer(response: object) -> Answer:
    """The answer of a v2 call that worked; None is an empty one."""
    return Answer(204) if response is None else Answer(200, encode(response))


def v2_refusal(refused: RefusedError) -> Answer:
    """The answer of a v2 call that was refused."""
    return Answer(refused.status, encode({"message": refused.message}))
