"""The log of what was asked, so that tests can prove that browsing writes nothing."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Request:
    """One request that came in.

    `protocol` is `v1`, `v2` or `files`; `method` GET, POST, PUT, PATCH, DELETE or HEAD (of v1 its `query_method`);
    `what` the `query_type` of v1, the path of v2 below `/v2/public/`, the hash of a file; `values` the `values` of v1,
    `{"query": .., "body": ..}` of v2; `writes` whether it is one that changes something on the server; `status` what
    the caller was told (v1's own, not HTTP's), 0 when the connection was cut instead; `user` the e-mail of the key that
    was accepted; `fault` the name of the fault that struck it.
    """

    protocol: str
    method: str
    what: str
    values: Any
    writes: bool
    status: int = 0
    user: str | None = None
    user_agent: str = ""
    fault: str | None = None


class RequestLog:
    """All requests since the start or the last `clear`, in the order in which they were answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Request] = []

    def add(self, request: Request) -> None:
        """Note one more."""
        with self._lock:
            self._requests.append(request)

    def all(self) -> list[Request]:
        """A copy of the list."""
        with self._lock:
            return list(self._requests)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._requests.clear()
