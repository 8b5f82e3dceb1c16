from __future__ import annotations

from encord.workflow import ReviewStage

from bitmask_studio.core.resources import resource
from bitmask_studio.sandbox import Sandbox
from tests.sandbox.connecting import client, opened, project


def test_objects_were_made_and_edited_by_several_people(sandbox: Sandbox) -> None:
    annotations = [each.get_annotations()[0] for each in opened(sandbox, "cells.jpg").get_object_instances()]
    assert len({each.created_by for each in annotations}) == 3
    assert len({each.last_edited_by for each in annotations}) == 3


def test_the_picture_as_a_whole_is_classified(sandbox: Sandbox) -> None:
    instances = opened(sandbox, "harbour-at-dusk.jpg").get_classification_instances()
    assert sorted(each.ontology_item.attributes[0].name for each in instances) == ["Remarks", "Visibility"]


def test_there_are_two_projects_with_other_people(sandbox: Sandbox) -> None:
    first, second = client(sandbox).list_projects()
    assert [first.title, second.title] == [title for _, title in sandbox.projects]
    assert (int(first.user_role or 0), int(second.user_role or 0)) == (0, 4)
    assert {each.user_email for each in second.list_users()} < {each.user_email for each in first.list_users()}


def test_rows_wait_for_a_review_of_each_label(sandbox: Sandbox) -> None:
    stage = project(sandbox).workflow.get_stage(name="Review 1", type_=ReviewStage)
    counts = {task.data_title: len(list(task.get_label_reviews())) for task in stage.get_tasks()}
    assert counts == {"cells.jpg": 208, "Fruit on a conveyor": 18}


def test_both_projects_share_no_hash(sandbox: Sandbox) -> None:
    first, second = ({each["data_hash"] for each in sandbox.rows(hash_)} for hash_, _ in sandbox.projects)
    assert not first & second


def test_the_files_of_the_demo_are_small() -> None:
    assert sum(path.stat().st_size for path in resource("sandbox").iterdir()) < 300_000
