"""Why the system refused something, in its own words."""

from __future__ import annotations


def reason_of(error: OSError) -> str:
    """The system's words for a failure, without the path."""
    return error.strerror or str(error)
