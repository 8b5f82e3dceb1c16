"""The worker's call that signs in: whether the key can be used, and whether the server takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bitmask_studio.sources.encord.worker.here import Here
from bitmask_studio.sources.encord.worker.keys import is_exposed


def check(here: Here) -> bool:
    """Ask for the first page of projects, which needs nothing but an accepted key.

    Answers whether others on this computer can read the key's file. Raises Refused for a key that cannot be used.
    """
    next(iter(here.client.list_projects()), None)
    return here.login.key_path is not None and is_exposed(here.login.key_path)


CALLS: Mapping[str, Callable[..., Any]] = {"account.check": check}
