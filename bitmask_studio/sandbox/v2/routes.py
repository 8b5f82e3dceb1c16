"""Routes: which method and path belongs to which answer, and what an answer is made from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bitmask_studio.sandbox.answers import invalid
from bitmask_studio.sandbox.people import KeyRing, Person
from bitmask_studio.sandbox.pictures import Pictures
from bitmask_studio.sandbox.project import Project
from bitmask_studio.sandbox.wire import Json
from bitmask_studio.sandbox.world import World, may_write

Entry = TypeVar("Entry")

PAGE = 1000
"""Entries on one page of a list."""


@dataclass(frozen=True)
class V2Call:
    """Who asks for what: `path` the parts that the route names, `query` and `body` as they were sent."""

    world: World
    pictures: Pictures
    keys: KeyRing
    person: Person
    path: Mapping[str, str]
    query: Mapping[str, list[str]]
    body: Any

    @property
    def project(self) -> Project:
        """The project that the path names, when the person may see it. Raises RefusedError."""
        return self.world.project_for(self.person, self.path["project"])

    @property
    def writable_project(self) -> Project:
        """The project that the path names, when the person may change it. Raises RefusedError."""
        project = self.project
        may_write(project, self.person)
        return project

    @property
    def fields(self) -> Json:
        """The body's fields. Raises RefusedError when it is no object."""
        if not isinstance(self.body, dict):
            raise invalid("The body has to be an object.")
        return self.body

    def first(self, name: str) -> str | None:
        """The first value of a query parameter."""
        return self.query.get(name, [None])[0]

    def true(self, name: str) -> bool:
        """Whether a query parameter says True."""
        return (self.first(name) or "").lower() == "true"

    def page(self, entries: Sequence[Entry], show: Callable[[Entry], object] = lambda entry: entry) -> Json:
        """The page of a list that the query asks for, each entry as `show` makes it, and the token of the next one."""
        token = self.first("pageToken") or "0"
        if not token.isdecimal():
            raise invalid("There is no such page.")
        start = int(token)
        following = start + PAGE
        return {
            "results": [show(entry) for entry in entries[start:following]],
            "nextPageToken": str(following) if following < len(entries) else None,
        }


Handler = Callable[[V2Call], Any]


@dataclass(frozen=True)
class Route:
    """A method and a path; `{name}` stands for one part of it. `writes` whether it changes something."""

    method: str
    template: str
    handler: Handler
    writes: bool = True

    def match(self, path: str) -> Mapping[str, str] | None:
        """The named parts of a path, None when it is another one."""
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.template), path)
        return found.groupdict() if found else None


def get(template: str, handler: Handler) -> Route:
    """A route that reads."""
    return Route("GET", template, handler, writes=False)


def asking(template: str, handler: Handler) -> Route:
    """A route that reads although it is a POST: its question is too long for an address."""
    return Route("POST", template, handler, writes=False)


def post(template: str, handler: Handler) -> Route:
    """A route that changes something."""
    return Route("POST", template, handler)
