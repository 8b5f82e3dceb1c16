"""Label rows that live elsewhere, written into a label file of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.labels import RowChanges
from bitmask_studio.core.text import tr
from bitmask_studio.sources.local.encord_json.saving import put
from bitmask_studio.sources.local.storing import labelled, listed


def write_copy(path: Path, changes: Sequence[RowChanges]) -> None:
    """Write rows as they were read, with their changes, as an Encord export, whole or not at all. Raises SaveError."""
    put(path, listed([_text(each) for each in changes]))


def _text(changes: RowChanges) -> bytes:
    read = changes.base.origin
    if not isinstance(read, bytes):
        raise SaveError(tr("Not saved: {row} was not read as a label row.").format(row=changes.base.info.name))
    return labelled(read, changes)
