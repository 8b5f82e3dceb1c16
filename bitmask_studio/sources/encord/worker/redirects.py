"""No request follows a redirect to another server: it would take its labels and its signature along."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import requests

_original = requests.Session.get_redirect_target


class RedirectedError(requests.RequestException):
    """The server sent the request on to somebody else."""


def _target(session: requests.Session, response: requests.Response) -> str | None:
    target = _original(session, response)
    if target is not None and _origin(urljoin(response.url, target)) != _origin(response.url):
        raise RedirectedError
    return target


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def stay_with_the_server() -> None:
    """Make it so for all sessions of this process: the SDK makes a new one for each request, and offers no setting."""
    requests.Session.get_redirect_target = _target  # type: ignore[method-assign,assignment]
