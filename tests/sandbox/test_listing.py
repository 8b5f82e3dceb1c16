from __future__ import annotations

from datetime import timedelta

import pytest
from encord.constants.enums import DataType
from encord.orm.label_row import AnnotationTaskStatus

from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sandbox.listing import like
from tests.sandbox.connecting import CONVEYOR, GROUP, HARBOUR, UNOPENED, VIDEO, opened, project, row, writes


def titles(sandbox: Sandbox, **filters: object) -> set[str]:
    return {each.data_title for each in project(sandbox).list_label_rows_v2(**filters)}  # type: ignore[arg-type]


def test_every_kind_of_row_is_listed(sandbox: Sandbox) -> None:
    kinds = {each.data_title: each.data_type for each in project(sandbox).list_label_rows_v2()}
    assert kinds[HARBOUR] is DataType.IMAGE
    assert kinds[CONVEYOR] is DataType.IMG_GROUP
    assert kinds[VIDEO] is DataType.VIDEO
    assert kinds[GROUP] is DataType.GROUP
    assert kinds["Chest CT"] is DataType.DICOM


def test_a_row_tells_size_stage_assignee_and_times(sandbox: Sandbox) -> None:
    found = row(sandbox, HARBOUR)
    assert (found.width, found.height, found.number_of_frames) == (1920, 1280, 1)
    assert found.workflow_graph_node is not None
    assert found.workflow_graph_node.title == "Annotate 1"
    assert found.assigned_user_email == "you@bitmask-studio.invalid"
    assert found.last_edited_at is not None
    assert found.last_edited_at.microsecond == 0


def test_a_video_tells_frames_and_speed(sandbox: Sandbox) -> None:
    found = row(sandbox, VIDEO)
    assert (found.number_of_frames, found.fps, found.duration) == (24, 12.0, 2.0)


def test_rows_that_nobody_opened_have_no_label_hash(sandbox: Sandbox) -> None:
    unopened = {each.data_title for each in project(sandbox).list_label_rows_v2() if each.label_hash is None}
    assert unopened == {UNOPENED, "regatta-evening.jpg", "regatta, second heat.mp4"}


def test_rows_are_found_by_title(sandbox: Sandbox) -> None:
    assert titles(sandbox, data_title_eq=HARBOUR) == {HARBOUR}
    assert titles(sandbox, data_title_like="REGATTA-%") == {UNOPENED, "regatta-evening.jpg"}


def test_rows_are_found_by_hashes(sandbox: Sandbox) -> None:
    found = row(sandbox, VIDEO)
    assert found.label_hash is not None
    assert titles(sandbox, label_hashes=[found.label_hash]) == {VIDEO}
    assert titles(sandbox, data_hashes=[found.data_hash]) == {VIDEO}
    assert titles(sandbox, data_hashes=[]) == set()


def test_rows_are_found_by_stage(sandbox: Sandbox) -> None:
    assert titles(sandbox, workflow_graph_node_title_eq="Complete") == {"meadow-4k.jpg"}
    assert titles(sandbox, workflow_graph_node_title_like="review%") == {"cells.jpg", CONVEYOR}


def test_rows_are_found_by_status(sandbox: Sandbox) -> None:
    found = titles(sandbox, label_statuses=[AnnotationTaskStatus.IN_REVIEW, AnnotationTaskStatus.COMPLETED])
    assert found == {"cells.jpg", CONVEYOR, "meadow-4k.jpg"}


def test_rows_are_found_by_the_time_of_their_last_edit(sandbox: Sandbox) -> None:
    harbour = opened(sandbox, HARBOUR)
    before = harbour.last_edited_at
    assert before is not None
    harbour.save()
    assert titles(sandbox, edited_after=before + timedelta(days=100)) == {HARBOUR}
    assert HARBOUR not in titles(sandbox, edited_before=before + timedelta(days=100))


def test_images_and_metadata_come_when_asked_for(sandbox: Sandbox) -> None:
    (plain,) = project(sandbox).list_label_rows_v2(data_title_eq=CONVEYOR)
    assert plain.client_metadata is None
    (full,) = project(sandbox).list_label_rows_v2(
        data_title_eq=CONVEYOR, include_images_data=True, include_client_metadata=True
    )
    assert full.client_metadata == {"site": "field"}
    assert [each.title for each in full.get_frames_metadata()] == [f"fruit-conveyor-{at}.jpg" for at in range(5)]


def test_metadata_also_comes_by_an_address(sandbox: Sandbox) -> None:
    (found,) = project(sandbox)._client.list_label_rows(
        data_title_eq=HARBOUR, include_client_metadata=True, client_metadata_as_signed_url=True
    )
    assert found.client_metadata == {"site": "harbour"}


def test_a_branch_shows_its_own_rows_and_the_others_without_labels(sandbox: Sandbox) -> None:
    everything = project(sandbox)
    copied = everything.copy_labels_to_branch("scratch", label_hashes=[str(row(sandbox, HARBOUR).label_hash)])
    assert copied == 1
    on_branch = everything.list_label_rows_v2(branch_name="scratch")
    assert {each.data_title for each in on_branch if each.label_hash} == {HARBOUR}
    assert len(on_branch) == len(everything.list_label_rows_v2())
    both = [each for each in everything.list_label_rows_v2(include_all_label_branches=True) if each.label_hash]
    assert sorted(each.branch_name for each in both if each.data_title == HARBOUR) == ["main", "scratch"]
    assert list(everything.list_branches()) == ["main", "scratch"]


def test_listing_writes_nothing(sandbox: Sandbox) -> None:
    project(sandbox).list_label_rows_v2(include_images_data=True)
    assert writes(sandbox) == []
    assert [each.what for each in sandbox.requests].count("labelrowmetadata") == 1


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [("a%", "Abc", True), ("a_c", "abc", True), ("a_c", "abbc", False), ("a.c", "abc", False), ("%b%", "abc", True)],
)
def test_patterns_are_those_of_sql(pattern: str, text: str, matches: bool) -> None:
    assert like(pattern)(text) is matches
