"""What another program did to the file meanwhile comes in with a save, and is asked about where both did something."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.sources.base import Keep
from tests.studio.label_files import HEIGHT, WIDTH, block, change_outside, objects_in
from tests.studio.session_desk import Desk, played


def test_another_programs_change_of_another_object_comes_in(tmp_path: Path) -> None:
    theirs = block(30, 20, 40, 30)

    async def scenario(desk: Desk, path: Path) -> None:
        desk.dab(40, 30)
        change_outside(path, "objB", theirs)
        assert await desk.session.save()

    desk = played(tmp_path, scenario)
    stored = objects_in(tmp_path / "labels.json", 0)
    assert stored["objA"][30, 40]
    assert np.array_equal(stored["objB"], theirs)
    assert np.array_equal(desk.document.mask(MaskKey(0, "objB")).to_array(HEIGHT, WIDTH), theirs)
    assert desk.studio.ask.asked == []
    assert desk.studio.told == ["Saved, with 1 object that others changed"]


@pytest.mark.parametrize("keep", [Keep.MINE, Keep.THEIRS])
def test_the_same_mask_changed_twice_is_asked_about_and_the_answer_counts(tmp_path: Path, keep: Keep) -> None:
    theirs = block(30, 20, 40, 30)

    async def scenario(desk: Desk, path: Path) -> None:
        for x, y in ((44, 4), (36, 26)):
            desk.dab(x, y)
        change_outside(path, "objA", theirs)
        desk.studio.ask.choice = keep
        assert await desk.session.save()

    desk = played(tmp_path, scenario)
    stored = objects_in(tmp_path / "labels.json", 0)["objA"]
    assert bool(stored[4, 44]) is (keep is Keep.MINE)
    assert bool(stored[21, 31]) is (keep is Keep.THEIRS)
    ((question, conflicts),) = desk.studio.ask.asked
    assert question == "conflicts" and isinstance(conflicts, list)
    assert [(each.row, each.object, each.size) for each in conflicts] == [("one.png", "Cell", (WIDTH, HEIGHT))]
    assert np.array_equal(desk.document.mask(MaskKey(0, "objA")).to_array(HEIGHT, WIDTH), stored)


def test_the_same_mask_changed_in_two_places_gets_both_changes(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        base = objects_in(path, 0)["objA"]
        desk.dab(44, 4)
        base[30:40, 20:30] ^= True
        change_outside(path, "objA", base)
        assert await desk.session.save()

    desk = played(tmp_path, scenario)
    stored = objects_in(tmp_path / "labels.json", 0)["objA"]
    assert stored[4, 44]
    assert np.array_equal(desk.document.mask(MaskKey(0, "objA")).to_array(HEIGHT, WIDTH), stored)
    assert desk.studio.ask.asked == []


def test_without_an_answer_nothing_is_saved_and_nothing_lost(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        for x, y in ((44, 4), (36, 26)):
            desk.dab(x, y)
        change_outside(path, "objA", block(30, 20, 40, 30))
        foreign = path.read_bytes()
        assert not await desk.session.save()
        assert path.read_bytes() == foreign

    desk = played(tmp_path, scenario)
    assert desk.document.unsaved
    assert desk.document.mask(MaskKey(0, "objA")).holds(44, 4)
    assert desk.studio.told == []
