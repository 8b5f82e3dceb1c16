"""The forms that values take on Encord's wire: JSON objects and its two ways of writing a moment."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

Json = dict[str, Any]
"""A JSON object."""

Value = Any
"""Whatever JSON can hold."""


def now() -> datetime:
    """This moment in UTC, in whole seconds as Encord keeps its times."""
    return datetime.now(UTC).replace(microsecond=0)


def later_than(previous: datetime | None) -> datetime:
    """This moment, but at least one second after `previous`: whole seconds must tell two edits apart."""
    moment = now()
    return moment if previous is None or moment > previous else previous + timedelta(seconds=1)


@functools.lru_cache(maxsize=4096)
def long_time(moment: datetime | None) -> str | None:
    """`Tue, 14 Jan 2025 09:12:31 UTC`: how labels write times."""
    return format_datetime(moment.astimezone(UTC), usegmt=True).replace("GMT", "UTC") if moment else None


def iso_time(moment: datetime) -> str:
    """`2025-01-14T09:12:31+00:00`: how the REST calls write times."""
    return moment.astimezone(UTC).isoformat()


def read_time(text: object) -> datetime | None:
    """The moment that either form names; None for anything else. A time without a zone is UTC."""
    if not isinstance(text, str):
        return None
    moment = _read(text, datetime.fromisoformat) or _read(text, parsedate_to_datetime)
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def _read(text: str, form: Callable[[str], datetime]) -> datetime | None:
    try:
        return form(text)
    except ValueError:
        return None
