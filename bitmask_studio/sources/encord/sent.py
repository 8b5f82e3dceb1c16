"""What the worker's calls about rows and pictures get and answer."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from bitmask_studio.sources.encord.save_values import Loss


class SentRow(Struct, frozen=True):
    """A label row as the server has it."""

    content: bytes
    """Its JSON; addresses of files are left out."""
    refusal: str = ""
    """Why the SDK cannot open it, in the SDK's words; empty when it can."""
    losses: tuple[Loss, ...] = ()
    """What a save through the SDK would destroy."""


class FramePlace(Struct, frozen=True):
    """Which file of a row is wanted."""

    project_hash: str
    label_hash: str | None
    row_hash: str
    """The row's data hash."""
    data_hash: str
    """Of the data unit, or the id of the space."""
    number: int
    """The SDK's frame number."""
    title: str


class Reason(Enum):
    """Why a file did not come."""

    NONE = "there is none"
    FORBIDDEN = "its address must not be asked"
    STALE = "its address does not hold"
    NO_CONNECTION = "no connection"
    TOO_SLOW = "too slow"
    SERVER = "another answer than a file"
    TOO_LARGE = "too large"
    DISK = "the disk does not take it"


class NoFile(Struct, frozen=True):
    """The answer when a file did not come; `detail` is an HTTP status, or the system's words."""

    reason: Reason
    detail: str = ""


class Fetched(Struct, frozen=True):
    """The answer when a file came: `size` in bytes, sent as parts or written to the disk."""

    size: int


class Progress(Struct, frozen=True):
    """A part of the answer while a video comes: bytes so far, and of how many if that is known."""

    received: int
    total: int | None
