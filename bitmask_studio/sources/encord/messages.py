"""What crosses the pipe to the worker process and back: frozen values, each a pickle behind its length."""

from __future__ import annotations

import pickle
import struct
from typing import Any, BinaryIO

from msgspec import Struct

from bitmask_studio.sources.encord.errors import Kind
from bitmask_studio.sources.encord.login import Login

_LENGTH = struct.Struct(">Q")
_PROTOCOL = 5


class Problem(Struct, frozen=True):
    """What went wrong in the worker, as facts: the words are made on the program's side. Never holds a secret."""

    kind: Kind
    cause: str = ""
    """A finer reason within the kind, one of those that words.py knows."""
    detail: str = ""
    """What the server said about it, or which field it was, cleaned of anything that could be a secret."""
    trace_id: str = ""
    """What Encord's support finds the request by."""
    retry_after: float | None = None
    reached: bool = False
    """Whether the server may have carried the request out."""


class Refused(Exception):  # noqa: N818 what the call does, not what failed
    """Raised by a call of the worker that has found a problem by itself."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.kind.value)
        self.problem = problem


class Start(Struct, frozen=True):
    """The first message to a new worker: as whom it works, and after how many seconds of silence it gives up."""

    login: Login
    silence: float


class Request(Struct, frozen=True):
    """One call for the worker."""

    number: int
    name: str
    arguments: tuple[Any, ...]


class Ready(Struct, frozen=True):
    """The worker has imported the SDK; its requests so far are being served."""


class Part(Struct, frozen=True):
    """A piece of the answer that is on its way."""

    number: int
    value: Any


class Answer(Struct, frozen=True):
    """The end of a call that worked."""

    number: int
    value: Any


class Failed(Struct, frozen=True):
    """The end of a call that did not."""

    number: int
    problem: Problem


class Lost(Struct, frozen=True):
    """The worker ended with the call in flight; never sent, only put in its place."""

    number: int


Reply = Part | Answer | Failed | Lost


def packed(message: object) -> bytes:
    """The message as it goes over the pipe."""
    content = pickle.dumps(message, _PROTOCOL)
    return _LENGTH.pack(len(content)) + content


def receive(stream: BinaryIO) -> Any:  # noqa: ANN401 whatever was sent
    """The next message.

    Raises EOFError when the other side is gone.
    """
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    return pickle.loads(_exactly(stream, length))


def _exactly(stream: BinaryIO, size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content
