from __future__ import annotations

import numpy as np
import pytest
from encord.exceptions import CorruptedLabelError, MultiLabelLimitError, ResourceExistsError, ResourceNotFoundError
from encord.objects import Object
from encord.objects.bitmask import BitmaskCoordinates

from bitmask_studio.sandbox import Sandbox
from tests.sandbox.connecting import (
    CONVEYOR,
    GROUP,
    HARBOUR,
    UNOPENED,
    VIDEO,
    bitmask_objects,
    client,
    mask,
    opened,
    places,
    project,
    row,
    writes,
)

# The SDK warns of itself when an object is removed.
pytestmark = pytest.mark.filterwarnings("ignore:_remove_from_frame_to_hashes_map:DeprecationWarning")

KINDS = [HARBOUR, "cells.jpg", "village-from-the-air.jpg", CONVEYOR, "meadow-4k.jpg", VIDEO, GROUP, "Chest CT"]


@pytest.mark.parametrize("title", KINDS)
def test_every_row_opens_and_is_saved_without_losing_a_label(sandbox: Sandbox, title: str) -> None:
    label_row = opened(sandbox, title, include_signed_url=True)
    before = sandbox.row(str(label_row.label_hash))
    label_row.save()
    after = sandbox.row(str(label_row.label_hash))
    for wire in (before, after):
        del wire["last_edited_at"]
    assert places(after) == places(before)
    for name in ("object_answers", "object_actions", "classification_answers"):
        assert after[name].keys() == before[name].keys()


def test_a_painted_mask_comes_back_pixel_by_pixel(sandbox: Sandbox) -> None:
    label_row = opened(sandbox, HARBOUR)
    instance = bitmask_objects(label_row)[0]
    pixels = mask(instance).copy()
    pixels[10:60, 20:90] ^= True
    instance.set_for_frames(BitmaskCoordinates(pixels), 0, overwrite=True)
    label_row.save()
    again = {each.object_hash: each for each in bitmask_objects(opened(sandbox, HARBOUR))}
    assert np.array_equal(mask(again[instance.object_hash]), pixels)


def test_a_frame_of_a_video_is_painted(sandbox: Sandbox) -> None:
    label_row = opened(sandbox, VIDEO)
    instance = bitmask_objects(label_row)[0]
    pixels = np.zeros((270, 480), np.bool_)
    pixels[5:50, 7:70] = True
    instance.set_for_frames(BitmaskCoordinates(pixels), 12)
    label_row.save()
    again = {each.object_hash: each for each in bitmask_objects(opened(sandbox, VIDEO))}[instance.object_hash]
    assert np.array_equal(mask(again, 12), pixels)
    assert len(again.get_annotations()) == len(instance.get_annotations())


def test_an_object_is_created_by_title_and_numbered(sandbox: Sandbox) -> None:
    label_row = opened(sandbox, HARBOUR)
    class_ = label_row.ontology_structure.get_child_by_title("Tree", type_=Object)
    instance = class_.create_instance()
    pixels = np.zeros((1280, 1920), np.bool_)
    pixels[0, 0] = True
    instance.set_for_frames(BitmaskCoordinates(pixels), 0)
    label_row.add_object_instance(instance)
    label_row.save()
    wire = sandbox.row(str(label_row.label_hash))
    numbers = [
        wire["object_answers"][each["objectHash"]]["objectNumber"]
        for each in next(iter(wire["data_units"].values()))["labels"]["objects"]
        if each["featureHash"] == class_.feature_node_hash
    ]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    (created,) = [
        each for each in bitmask_objects(opened(sandbox, HARBOUR)) if each.object_hash == instance.object_hash
    ]
    assert created.get_annotation(0).created_by == "you@bitmask-studio.invalid"


def test_a_deleted_object_is_gone_with_its_answers(sandbox: Sandbox) -> None:
    label_row = opened(sandbox, VIDEO)
    instance = next(each for each in bitmask_objects(label_row) if each.object_hash == "Re9atta1")
    label_row.remove_object(instance)
    label_row.save()
    wire = sandbox.row(str(label_row.label_hash))
    assert "Re9atta1" not in wire["object_answers"]
    assert "Re9atta1" not in wire["object_actions"]
    assert {each.object_hash for each in opened(sandbox, VIDEO).get_object_instances()} == {"Far/Bo+t", "B0xBu0y/"}


def test_a_mask_on_a_space_is_painted(sandbox: Sandbox) -> None:
    label_row = opened(sandbox, GROUP)
    space = label_row.get_space(layout_key="pier", type_="image")
    instance = next(each for each in space.get_object_instances() if each.object_hash == "Gr0upPi1")
    pixels = np.zeros((270, 480), np.bool_)
    pixels[100:120, 3:400] = True
    space.put_object_instance(instance, BitmaskCoordinates(pixels), on_overlap="replace")
    label_row.save()
    again = opened(sandbox, GROUP).get_space(layout_key="pier", type_="image")
    found = {each.object_hash: each.coordinates for each in again.get_annotations(type_="object")}["Gr0upPi1"]
    assert isinstance(found, BitmaskCoordinates)
    assert np.array_equal(np.array(found), pixels)


def test_attributes_of_every_type_are_answered(sandbox: Sandbox) -> None:
    boats = {each.object_hash: each for each in bitmask_objects(opened(sandbox, VIDEO))}
    attributes = {each.name: each for each in boats["Re9atta1"].ontology_item.attributes}
    assert boats["Re9atta1"].get_answer(attributes["Name on the hull"]) == "Möwe"
    assert boats["Re9atta1"].get_answer(attributes["Crew"]) == 3
    assert {each.label for each in boats["Far/Bo+t"].get_answer(attributes["Equipment"])} == {"Fenders", "Flag"}  # type: ignore[union-attr]
    heading = boats["Re9atta1"].get_answer(attributes["Heading"])
    assert [(each.start, each.end) for each in heading[0].ranges] == [(0, 9), (14, 19)]  # type: ignore[index,union-attr]


def test_archived_classes_come_only_when_asked_for(sandbox: Sandbox) -> None:
    title = "village-from-the-air.jpg"
    shown = {each.object_hash for each in opened(sandbox, title, include_archived=False).get_object_instances()}
    every = {each.object_hash for each in opened(sandbox, title).get_object_instances()}
    assert every - shown == {"01dMark+"}


def test_objects_are_filtered_by_their_class(sandbox: Sandbox) -> None:
    structure = project(sandbox).ontology_structure
    boat = structure.get_child_by_title("Boat", type_=Object).feature_node_hash
    found = opened(sandbox, HARBOUR, include_object_feature_hashes={boat}).get_object_instances()
    assert {each.object_name for each in found} == {"Boat"}


def test_links_are_addresses_only_when_asked_for(sandbox: Sandbox) -> None:
    assert "://" not in str(opened(sandbox, VIDEO).data_link)
    assert str(opened(sandbox, VIDEO, include_signed_url=True).data_link).startswith(f"{sandbox.url}/files/")
    group = opened(sandbox, CONVEYOR, include_signed_url=True)
    assert group.data_link is None
    assert str(group.get_frame_view(3).data_link).startswith(sandbox.url)


def test_an_address_that_is_sent_back_is_not_kept(sandbox: Sandbox) -> None:
    opened(sandbox, VIDEO, include_signed_url=True).save()
    assert "://" not in str(opened(sandbox, VIDEO).data_link)


def test_opening_an_unopened_row_creates_it(sandbox: Sandbox) -> None:
    label_row = opened(sandbox, UNOPENED)
    assert writes(sandbox) == ["PUT labelrow"]
    assert row(sandbox, UNOPENED).label_hash == label_row.label_hash
    assert label_row.get_object_instances() == []


def test_a_row_is_created_once(sandbox: Sandbox) -> None:
    late = row(sandbox, UNOPENED)
    opened(sandbox, UNOPENED)
    with pytest.raises(ResourceExistsError):
        late.initialise_labels()


def test_the_last_save_wins_and_every_state_is_remembered(sandbox: Sandbox) -> None:
    mine, theirs = opened(sandbox, HARBOUR), opened(sandbox, HARBOUR, "colleague")
    hashes = [each.object_hash for each in bitmask_objects(mine)[:2]]
    mine.remove_object(mine.get_object_instances()[0])
    theirs.remove_object(theirs.get_object_instances()[1])
    mine.save()
    theirs.save()
    left = {each.object_hash for each in opened(sandbox, HARBOUR).get_object_instances()}
    assert hashes[0] in left
    assert hashes[1] not in left
    history = sandbox.history(str(mine.label_hash))
    assert [each.number for each in history] == [1, 2, 3]
    assert [each.who.partition("@")[0] for each in history[1:]] == ["you", "colleague"]
    assert hashes[0] not in history[1].row["object_answers"]


def test_the_time_of_the_last_edit_moves_on_with_every_save(sandbox: Sandbox) -> None:
    label_row = opened(sandbox, HARBOUR)
    times = []
    for _ in range(3):
        label_row.save()
        times.append(row(sandbox, HARBOUR).last_edited_at)
    assert None not in times
    assert times == sorted(set(times))  # type: ignore[type-var]


def test_many_rows_are_read_and_saved_at_once(sandbox: Sandbox) -> None:
    everything = project(sandbox)
    rows = [each for each in everything.list_label_rows_v2() if each.label_hash]
    with everything.create_bundle() as bundle:
        for each in rows:
            each.initialise_labels(bundle=bundle, include_archived=True)
    with everything.create_bundle() as bundle:
        for each in rows:
            each.save(bundle=bundle)
    assert writes(sandbox) == ["POST labelrow"]


def test_too_many_rows_are_refused(sandbox: Sandbox) -> None:
    with pytest.raises(MultiLabelLimitError) as refusal:
        project(sandbox)._client.get_label_rows(["x"] * 1001)
    assert refusal.value.maximum_labels_allowed == 1000


def test_a_row_of_another_project_is_not_found(sandbox: Sandbox) -> None:
    second = client(sandbox).get_project(sandbox.projects[1][0])
    with pytest.raises(ResourceNotFoundError):
        second._client.get_label_rows([str(row(sandbox, HARBOUR).label_hash)])


def test_labels_that_belong_to_another_row_are_refused(sandbox: Sandbox) -> None:
    video, harbour = opened(sandbox, VIDEO), row(sandbox, HARBOUR)
    with pytest.raises(CorruptedLabelError, match="data units"):
        video._project_client.save_label_rows([str(harbour.label_hash)], [video.to_encord_dict()])  # type: ignore[list-item]
    assert len(sandbox.history(str(harbour.label_hash))) == 1
