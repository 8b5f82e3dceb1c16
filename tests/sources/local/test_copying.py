"""Rows of a server in a file of their own: pixels and answers as they are to be."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.core.attributes import Answers, Attribute, AttributeType, Option
from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.labels import LabelRow, MaskKey, RowChanges
from bitmask_studio.core.ontology import BITMASK, ObjectClass, Ontology
from bitmask_studio.sources.label_rows.answers import read_answers
from bitmask_studio.sources.local import open_local
from bitmask_studio.sources.local.copying import write_copy
from bitmask_studio.sources.local.storing import row_of
from tests.fakes.encord_json import bitmask, label_row, mask_object
from tests.sources.twins import block

COLORS = Attribute("color", "Main Colour", AttributeType.RADIO, options=(Option("red", "Red", "red"),))
NOTE = Attribute("note", "Note", AttributeType.TEXT)
ONTOLOGY = Ontology((ObjectClass("featHash", "Cell", "#D33115", BITMASK, (COLORS, NOTE)),))


def a_row() -> LabelRow:
    pixels = np.zeros((30, 40), np.bool_)
    pixels[2:9, 3:8] = True
    wire = label_row("row", (40, 30), [[mask_object("one", bitmask(pixels))]])
    return row_of(json.dumps(wire).encode(), "row")


def test_a_copy_has_the_masks_and_answers_as_they_are_to_be(tmp_path: Path) -> None:
    row = a_row()
    answers: Answers = {"color": ("red",), "note": "seen"}
    changes = RowChanges(row, {MaskKey(0, "one"): block(5, 6)}, answers={"one": answers})
    write_copy(tmp_path / "copy.json", [changes], ONTOLOGY)
    source = open_local([tmp_path / "copy.json"])
    stored = source.load(source.rows()[0])
    assert stored.answers == {"one": answers}
    (wire,) = json.loads((tmp_path / "copy.json").read_bytes())
    assert read_answers(wire, ONTOLOGY) == {"one": answers}
    assert wire["object_answers"]["one"]["classifications"][0]["value"] == "main_colour"


def test_a_row_that_was_never_read_as_one_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    row = a_row()
    with pytest.raises(SaveError, match="row"):
        write_copy(tmp_path / "copy.json", [RowChanges(LabelRow(row.info, row.frames))], ONTOLOGY)
    assert list(tmp_path.iterdir()) == []
