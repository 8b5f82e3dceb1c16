"""What can go wrong between here and Encord, each with words for the user."""

from __future__ import annotations

from enum import Enum

from bitmask_studio.core.errors import SaveError, StudioError


class Kind(Enum):
    """What went wrong, as far as the program has to act on it."""

    KEY_MISSING = "key missing"
    KEY_UNSUITABLE = "key unsuitable"
    KEY_LOCKED = "key locked"
    WRONG_PASSPHRASE = "wrong passphrase"
    NOT_ACCEPTED = "not accepted"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    REFUSED = "refused"
    EXISTS = "exists"
    TOO_LARGE = "too large"
    TOO_MANY_REQUESTS = "too many requests"
    NO_CONNECTION = "no connection"
    TIMED_OUT = "timed out"
    SERVER = "server"
    BAD_ANSWER = "bad answer"
    UNREADABLE = "unreadable"
    CANCELLED = "cancelled"
    INTERNAL = "internal"


class ServerError(StudioError):
    """A request failed; `reached` tells whether the server may have carried it out all the same."""

    def __init__(
        self, message: str, kind: Kind, retry_after: float | None = None, reached: bool = False, reason: str = ""
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after = retry_after
        """Seconds that the server asked to wait, if it did."""
        self.reached = reached
        self.reason = reason or message.rstrip(".")
        """What happened alone, a clause without a full stop, to be built into another sentence."""


class LossError(SaveError):
    """Nothing was sent: saving would destroy what the SDK cannot carry; `losses` has a plain sentence for each."""

    def __init__(self, message: str, row: str, losses: tuple[str, ...]) -> None:
        super().__init__(message)
        self.row = row
        self.losses = losses


class NotSavedError(SaveError):
    """Encord did not take the edits, or whether it did is not confirmed; the text says which, and what to do."""

    def __init__(self, message: str, kind: Kind, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after = retry_after
        """Seconds that the server asked to wait, if it did."""
