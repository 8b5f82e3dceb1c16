"""Classes that are asked for by name, and masks by file, as the user adds them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.studio.adding import add_class, import_mask
from tests.studio.label_files import HEIGHT, WIDTH, objects_in
from tests.studio.session_desk import Desk, played


def test_a_new_class_is_chosen_for_the_next_object(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        desk.studio.ask.name = "Nucleus"
        await add_class(desk.session)
        desk.dab(40, 30)
        assert await desk.session.save()

    desk = played(tmp_path, scenario)
    assert desk.studio.chosen is not None
    assert desk.studio.chosen.name == "Nucleus"
    names = [each["name"] for each in _first_objects(tmp_path / "labels.json")]
    assert names == ["Cell", "Cell", "Nucleus"]


def test_no_name_makes_no_class(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        await add_class(desk.session)

    assert len(played(tmp_path, scenario).studio.workspace.ontology.classes) == 2


def _first_objects(path: Path) -> list[dict[str, Any]]:
    units = json.loads(path.read_bytes())[0]["data_units"].values()
    objects: list[dict[str, Any]] = next(iter(units))["labels"]["objects"]
    return objects


def test_a_mask_file_becomes_an_object_that_can_be_undone(tmp_path: Path) -> None:
    pixels = np.zeros((HEIGHT, WIDTH), np.uint8)
    pixels[3:9, 4:20] = 1
    np.save(tmp_path / "mask.npy", pixels)

    async def scenario(desk: Desk, path: Path) -> None:
        ask = desk.studio.ask
        ask.chosen_mask, ask.chosen_class = (
            tmp_path / "mask.npy",
            desk.studio.workspace.ontology.classes[1].feature_hash,
        )
        await import_mask(desk.session)
        assert desk.studio.chosen is not None and desk.studio.chosen.name == "Wall"
        assert await desk.session.save()

    desk = played(tmp_path, scenario)
    key = desk.studio.view.object_hash or ""
    assert np.array_equal(objects_in(tmp_path / "labels.json", 0)[key], pixels > 0)
    desk.studio.undo()
    assert desk.document.find(MaskKey(0, key)) is None


def test_a_mask_of_another_size_is_refused_with_both_sizes(tmp_path: Path) -> None:
    np.save(tmp_path / "mask.npy", np.ones((5, 7), np.bool_))

    async def scenario(desk: Desk, path: Path) -> None:
        ask = desk.studio.ask
        ask.chosen_mask, ask.chosen_class = (
            tmp_path / "mask.npy",
            desk.studio.workspace.ontology.classes[0].feature_hash,
        )
        with pytest.raises(InputError, match=f"7 x 5.*{WIDTH} x {HEIGHT}"):
            await import_mask(desk.session)

    assert not played(tmp_path, scenario).document.unsaved
