"""The processes that a program has started to talk to its server."""

from __future__ import annotations

import psutil  # type: ignore[import-untyped]

_MODULE = "bitmask_studio.sources.encord.worker"


def workers_with(name: str, value: str) -> list[psutil.Process]:
    """All that run with this variable in their environment, orphans too."""
    return [each for each in psutil.process_iter() if _is_worker(each, name, value)]


def _is_worker(process: psutil.Process, name: str, value: str) -> bool:
    try:
        return _MODULE in process.cmdline() and process.environ().get(name) == value
    except psutil.Error:  # of somebody else, or gone meanwhile
        return False
