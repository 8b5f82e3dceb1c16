"""Label rows that live elsewhere, written into a label file of their own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.labels import RowChanges
from bitmask_studio.core.ontology import Ontology
from bitmask_studio.core.text import tr
from bitmask_studio.sources.jsontext import facts
from bitmask_studio.sources.label_rows.answers import written
from bitmask_studio.sources.label_rows.row import read_table
from bitmask_studio.sources.local.encord_json.saving import put
from bitmask_studio.sources.local.storing import labelled, listed


def write_copy(path: Path, changes: Sequence[RowChanges], ontology: Ontology) -> None:
    """Write rows as they were read, with their changes, as an Encord export, whole or not at all. Raises SaveError."""
    put(path, listed([_text(each, ontology) for each in changes]))


def _text(changes: RowChanges, ontology: Ontology) -> bytes:
    read = changes.base.origin
    if not isinstance(read, bytes):
        raise SaveError(tr("Not saved: {row} was not read as a label row.").format(row=changes.base.info.name))
    text = labelled(read, changes)
    return _answered(text, changes, ontology) if changes.answers else text


def _answered(text: bytes, changes: RowChanges, ontology: Ontology) -> bytes:
    """The row with the answers of its objects as they are to be."""
    row = dict(read_table(text))
    table = dict(facts.table(row.get("object_answers")))
    for object_hash, answers in changes.answers.items():
        known = facts.table(table.get(object_hash)) or {"objectHash": object_hash}
        table[object_hash] = {**known, "classifications": written(answers, ontology)}
    return json.dumps(row | {"object_answers": table}).encode()
