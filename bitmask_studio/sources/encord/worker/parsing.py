"""A label row through the SDK's hands, and what of it that would cost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson
from encord.objects import LabelRowV2

from bitmask_studio.sources.encord.save_values import Loss
from bitmask_studio.sources.encord.worker.losses import losses_of
from bitmask_studio.sources.encord.worker.masks import keep_odd_masks, without_odd_masks


def to_json(raw: Mapping[str, Any]) -> bytes:
    """The bytes of a JSON object."""
    try:
        return orjson.dumps(raw)
    except TypeError:  # numbers beyond 64 bits, half characters
        return json.dumps(raw).encode()


def copied(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The same, for others to change."""
    copy: dict[str, Any] = json.loads(to_json(raw))
    return copy


def read_by_sdk(row: LabelRowV2, raw: Mapping[str, Any]) -> None:
    """Let the SDK read a label row, odd bitmasks and all, so that they are sent back as they are.

    Raises what the SDK raises when it cannot read something else.
    """
    given = copied(raw)
    odd = without_odd_masks(given)
    LabelRowV2.from_labels_dict(row, given)
    keep_odd_masks(row, raw, odd)


def losses_in(row: LabelRowV2, raw: dict[str, Any]) -> tuple[Loss, ...]:
    """What a load and save would lose. Raises what the SDK raises."""
    read_by_sdk(row, raw)
    return losses_of(raw, row.to_encord_dict())
