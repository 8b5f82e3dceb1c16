"""What crosses the pipe when a label row is saved."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from msgspec import Struct, field

from bitmask_studio.core.attributes import Answers


class Lost(Enum):
    """What reading a label row with the SDK and saving it would take away."""

    OBJECT = "an object"
    CLASS = "the class of an object"
    REVIEWS = "reviews"
    FIELD = "a field of an object"
    BITMASK_FIELD = "a field of a bitmask"
    ANSWER = "an answer"
    ANSWER_FIELD = "a field of an answer"
    ORPHAN = "answers of an object that is gone"
    CLASSIFICATION = "a classification"
    CLASSIFICATION_FIELD = "a field of a classification"


class Loss(Struct, frozen=True):
    """One thing that would be lost; texts are as the label row has them, empty where they do not apply."""

    what: Lost
    name: str = ""
    """The name of the class, or of the attribute that was answered."""
    label: str = ""
    """The hash of the object or classification."""
    frame: str = ""
    field: str = ""


class FetchedRow(Struct, frozen=True):
    """A label row as the server has it just now; `token` names exactly these labels."""

    content: bytes
    """Its JSON; addresses of files are left out."""
    token: str
    losses: tuple[Loss, ...] = ()
    refusal: str = ""
    """Why the SDK can neither read nor write it, in the SDK's words; empty when it can."""


class Spot(Struct, frozen=True):
    """One object on one frame."""

    container: str
    """`data_units` or `spaces`."""
    unit: str
    """The key in it."""
    number: int
    """The frame's number in it, as the layout counts."""
    object_hash: str


class StoredMask(Struct, frozen=True):
    """The pixels that an object is to have: Encord's string for the whole frame of `height` x `width` px."""

    spot: Spot
    height: int
    width: int
    rle_string: str


class HeldObject(Struct, frozen=True):
    """What the server had of an object that comes back: JSON texts of its entry, its answers and its actions."""

    entry: bytes
    answers: bytes
    actions: bytes
    same_pixels: bool
    """Whether it comes back with the very mask that it had."""


class AddedMask(Struct, frozen=True):
    """An object that the row does not have on that frame."""

    mask: StoredMask
    feature_hash: str
    held: HeldObject | None = None


class StoreOrders(Struct, frozen=True):
    """Everything that is to be done to a row in one save."""

    edited: tuple[StoredMask, ...] = ()
    added: tuple[AddedMask, ...] = ()
    removed: tuple[Spot, ...] = ()
    answers: Mapping[str, Answers] = field(default_factory=dict)
    """All answers, as they are to be, by object hash."""


class Outcome(Enum):
    """What came of an order to store."""

    SENT = "sent"
    CHANGED = "somebody else was faster, nothing was sent"
    IMPOSSIBLE = "the SDK cannot make the row that was ordered, nothing was sent"


class Stored(Struct, frozen=True):
    """The answer to an order to store."""

    outcome: Outcome
    detail: str = ""
    """What is impossible, in the SDK's words."""
    seconds: float = 0.0
    """How long the one request took that sent it."""
