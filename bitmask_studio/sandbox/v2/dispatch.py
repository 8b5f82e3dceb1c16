"""Finds the route of a REST call and answers it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote, urlsplit

from bitmask_studio.sandbox.answers import RefusedError, invalid, not_found
from bitmask_studio.sandbox.people import KeyRing, Person
from bitmask_studio.sandbox.pictures import Pictures
from bitmask_studio.sandbox.signatures import Incoming
from bitmask_studio.sandbox.v2 import issues, labels, projects, storage, tasks
from bitmask_studio.sandbox.v2.routes import Route, V2Call
from bitmask_studio.sandbox.wire import Value
from bitmask_studio.sandbox.world import World

PREFIX = "/v2/public/"

_ROUTES: tuple[Route, ...] = (*projects.ROUTES, *labels.ROUTES, *tasks.ROUTES, *issues.ROUTES, *storage.ROUTES)


def path_of(target: str) -> str:
    """The path of a request target below the prefix."""
    return urlsplit(target).path.removeprefix(PREFIX).strip("/")


def query_of(target: str) -> Mapping[str, list[str]]:
    """The query parameters of a request target."""
    return parse_qs(urlsplit(target).query)


def writes(method: str, path: str) -> bool:
    """Whether a call changes something; an unknown one that is no GET does."""
    route, _ = _route(method, path)
    return route.writes if route else method not in ("GET", "HEAD")


def respond(world: World, pictures: Pictures, keys: KeyRing, person: Person, incoming: Incoming) -> Value:
    """The JSON of the answer, None for one without content. Raises RefusedError."""
    path = path_of(incoming.target)
    route, parts = _route(incoming.method, path)
    if route is None and any(each.match(path) for each in _ROUTES):
        raise RefusedError("METHOD_NOT_ALLOWED_ERROR", f"{incoming.method} is not possible here.")
    if route is None:
        raise not_found(f"call {path}")
    body = _body(incoming.body)
    return route.handler(V2Call(world, pictures, keys, person, parts, query_of(incoming.target), body))


def _route(method: str, path: str) -> tuple[Route | None, Mapping[str, str]]:
    for route in _ROUTES:
        parts = route.match(path) if route.method == method else None
        if parts is not None:
            return route, {name: unquote(part) for name, part in parts.items()}
    return None, {}


def _body(content: bytes) -> Value:
    try:
        return json.loads(content) if content else None
    except ValueError as error:
        raise invalid("The body is not JSON.") from error
