"""What Encord writes about an object that somebody has just drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bitmask_studio.core.labels import Bitmask
from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.sources.jsontext import facts
from bitmask_studio.sources.label_rows.layout import Layout

_ISO = re.compile(r"\d{4}-\d\d-\d\d")


def api_time(like: str = "") -> str:
    """Now, written like the time `like`: ISO 8601, or `Tue, 14 Jan 2025 09:12:31 UTC` (or GMT), as exports have it."""
    now = datetime.now(UTC)
    if _ISO.match(like):
        return now.isoformat()
    from email.utils import format_datetime  # not part of every start

    zone = "GMT" if like.endswith("GMT") else "UTC"
    return format_datetime(now, usegmt=True).replace("GMT", zone)


def time_in_use(layout: Layout) -> str:
    """The `createdAt` of the row's last object, empty when there is none."""
    for segment in reversed(layout.segments):
        for index in reversed(list(segment.labelled())):
            for entry in reversed(facts.items(segment.frame_labels(index).get("objects"))):
                if found := facts.text(facts.table(entry).get("createdAt")):
                    return found
    return ""


def user_name() -> str:
    """Who is logged in here; empty where the system does not say."""
    import getpass  # not part of every start

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def new_object(object_hash: str, object_class: ObjectClass, bitmask: Bitmask, created_at: str) -> Mapping[str, Any]:
    """The JSON object of a new bitmask object."""
    return {
        "featureHash": object_class.feature_hash,
        "objectHash": object_hash,
        "name": object_class.name,
        "value": object_class.value,
        "color": object_class.color,
        "shape": object_class.shape,
        "confidence": 1,
        "createdBy": user_name(),
        "createdAt": created_at,
        "bitmask": {
            "rleString": bitmask.rle_string,
            "top": bitmask.top,
            "left": bitmask.left,
            "width": bitmask.width,
            "height": bitmask.height,
        },
        "manualAnnotation": True,
    }


def new_answers(object_hash: str) -> Mapping[str, Any]:
    """Its entry in `object_answers`."""
    return {"objectHash": object_hash, "classifications": []}
