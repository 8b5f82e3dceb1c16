from __future__ import annotations

import numpy as np
import pytest

from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sandbox.answers import RefusedError
from bitmask_studio.sandbox.wire import Json
from tests.sandbox.connecting import CONVEYOR, GROUP, HARBOUR, VIDEO, bitmask_objects, mask, opened, row


def label_hash(sandbox: Sandbox, title: str) -> str:
    return str(row(sandbox, title).label_hash)


@pytest.mark.parametrize(("title", "frame"), [(HARBOUR, 0), (CONVEYOR, 2), (VIDEO, 7)])
def test_an_edit_changes_one_mask_and_moves_the_time_on(sandbox: Sandbox, title: str, frame: int) -> None:
    before = opened(sandbox, title)
    hash_ = sandbox.colleague.edits(str(before.label_hash), frame=frame)
    after = opened(sandbox, title)
    old, new = ({each.object_hash: each for each in bitmask_objects(each)} for each in (before, after))
    assert not np.array_equal(mask(old[hash_], frame), mask(new[hash_], frame))
    assert new[hash_].get_annotation(frame).last_edited_by == sandbox.colleague.email
    assert row(sandbox, title).last_edited_at > before.last_edited_at  # type: ignore[operator]
    others = [each for each in old if each != hash_ and old[each].get_annotation_frames() >= {frame}]
    assert all(np.array_equal(mask(old[each], frame), mask(new[each], frame)) for each in others[:1])


def test_two_edits_of_one_mask_are_two_changes(sandbox: Sandbox) -> None:
    hash_ = label_hash(sandbox, HARBOUR)
    object_hash = bitmask_objects(opened(sandbox, HARBOUR))[3].object_hash
    strings = set()
    for _ in range(2):
        assert sandbox.colleague.edits(hash_, object_hash) == object_hash
        strings.add(str(sandbox.row(hash_)["data_units"]))
    assert len(strings) == 2
    assert [each.who for each in sandbox.history(hash_)][1:] == [sandbox.colleague.email] * 2


@pytest.mark.parametrize(("title", "frame"), [(HARBOUR, 0), (CONVEYOR, 4), (VIDEO, 23)])
def test_a_mask_is_added(sandbox: Sandbox, title: str, frame: int) -> None:
    hash_ = sandbox.colleague.adds(label_hash(sandbox, title), frame)
    found = {each.object_hash: each for each in bitmask_objects(opened(sandbox, title))}[hash_]
    assert mask(found, frame).sum() == 24 * 24


def test_a_mask_is_added_to_a_space(sandbox: Sandbox) -> None:
    hash_ = sandbox.colleague.adds(label_hash(sandbox, GROUP))
    spaces = opened(sandbox, GROUP).get_spaces()
    assert [space for space in spaces if hash_ in {each.object_hash for each in space.get_object_instances()}]


def test_an_object_is_deleted(sandbox: Sandbox) -> None:
    hash_ = sandbox.colleague.deletes(label_hash(sandbox, VIDEO))
    assert hash_ not in {each.object_hash for each in opened(sandbox, VIDEO).get_object_instances()}
    with pytest.raises(RefusedError):
        sandbox.colleague.deletes(label_hash(sandbox, VIDEO), hash_)


def test_any_change_is_stored_as_it_is(sandbox: Sandbox) -> None:
    def damage(wire: Json) -> Json:
        next(iter(wire["data_units"].values()))["labels"]["objects"][0]["bitmask"]["rleString"] = "0"
        return wire | {"unknown": True}

    hash_ = label_hash(sandbox, HARBOUR)
    sandbox.colleague.change(hash_, damage)
    assert sandbox.row(hash_)["unknown"] is True
    found = row(sandbox, HARBOUR)
    assert not found.is_valid
    errors = found.get_validation_errors()
    assert errors is not None
    assert len(errors) == 1


def test_a_frame_without_masks_is_told(sandbox: Sandbox) -> None:
    with pytest.raises(RefusedError):
        sandbox.colleague.edits(label_hash(sandbox, VIDEO), frame=22)
