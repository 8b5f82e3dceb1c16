"""A list of listeners that are called in order: how the lower floors tell the upper ones."""

from collections.abc import Callable
from typing import Generic, TypeVarTuple

Args = TypeVarTuple("Args")


class Signal(Generic[*Args]):
    """Call `emit(*args)` and every connected listener hears it, in the order they connected."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[*Args], object]] = []

    def connect(self, listener: Callable[[*Args], object]) -> Callable[[], None]:
        """Add a listener; the answer, when called, takes it off again."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def clear(self) -> None:
        """Take every listener off: they and what they know are let go of at once, not when garbage is collected."""
        self._listeners.clear()

    def emit(self, *args: *Args) -> None:
        for listener in tuple(self._listeners):
            listener(*args)
