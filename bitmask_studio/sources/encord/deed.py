"""What a user does in one go and takes several calls: cancelled between two of them, the next one is not made."""

from __future__ import annotations

import threading


class Deed:
    """Got from `Link.deed`; may be cancelled from any thread."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Let no more calls of it be made, and end the pause it is in."""
        self._cancelled.set()

    def pause(self, seconds: float) -> None:
        """Wait; a cancel ends it at once."""
        self._cancelled.wait(seconds)
