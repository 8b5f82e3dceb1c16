"""Settings: each declared once with its default, stored sparsely as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")
Write = Callable[[Path, bytes], object]


class Setting(NamedTuple, Generic[T]):
    """One setting; `valid` keeps out what a damaged or foreign file might hold.

    A named tuple because the window's frame comes before msgspec is imported.
    """

    key: str
    default: T
    valid: Callable[[Any], bool] = lambda value: True


class SettingsStore:
    """The values that differ from their defaults, written by `flush` through `write` (an atomic writer).

    A missing or damaged file means the defaults; keys of other versions are kept.
    """

    def __init__(self, path: Path, write: Write) -> None:
        self._path = path
        self._write = write
        self._values = self._stored = _read(path)

    def get(self, setting: Setting[T]) -> T:
        value = self._values.get(setting.key, setting.default)
        return value if type(value) is type(setting.default) and setting.valid(value) else setting.default

    def set(self, setting: Setting[T], value: T) -> None:
        """Change a value from now on."""
        if self._values.get(setting.key, setting.default) != value:
            others = {key: each for key, each in self._values.items() if key != setting.key}
            self._values = others if value == setting.default else {**others, setting.key: value}

    def flush(self) -> None:
        """Store what has changed since it was stored last. Raises OSError or StudioError of the writer."""
        values = self._values
        if values is not self._stored:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._write(self._path, json.dumps(values, indent=1, sort_keys=True).encode())
            self._stored = values


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}
