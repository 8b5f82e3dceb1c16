from __future__ import annotations

from datetime import UTC, datetime

import pytest
from encord.exceptions import ResourceNotFoundError

from bitmask_studio.sandbox import Sandbox
from tests.sandbox.connecting import client, project


def titles(sandbox: Sandbox, **filters: object) -> list[str]:
    return [each.title for each in client(sandbox).list_projects(**filters)]  # type: ignore[arg-type]


def test_projects_are_found_by_title_description_and_time(sandbox: Sandbox) -> None:
    assert titles(sandbox, title_eq="Second look") == ["Second look"]
    assert titles(sandbox, title_like="%sample") == [sandbox.project_title]
    assert titles(sandbox, desc_like="rows that%") == ["Second look"]
    assert titles(sandbox, desc_eq="nothing") == []
    assert titles(sandbox, created_before=datetime(2020, 1, 1, tzinfo=UTC)) == []
    assert len(titles(sandbox, edited_after=datetime(2020, 1, 1, tzinfo=UTC))) == 2
    assert titles(sandbox, tags_anyof=["none"]) == []


def test_the_ontology_of_a_listed_project_is_read(sandbox: Sandbox) -> None:
    (listed, _) = client(sandbox).list_projects()
    assert "Boat" in {each.title for each in listed.ontology_structure.objects}
    listed.refetch_ontology()
    assert len(client(sandbox).get_ontologies()) == 2
    assert listed.ontology_structure.classifications


def test_people_data_sets_and_tags_are_listed(sandbox: Sandbox) -> None:
    found = project(sandbox)
    assert len(list(found.list_users())) == 5
    assert {each.title for each in found.list_datasets()} == {"Bitmask Studio sample", "Harbour camera"}
    assert [each.name for each in found.get_issue_tags()] == ["Edge", "Missed", "Wrong class"]
    assert list(found.list_branches()) == ["main"]


def test_what_is_not_there_is_not_found(sandbox: Sandbox) -> None:
    with pytest.raises(ResourceNotFoundError):
        client(sandbox).get_project("00000000-0000-4000-8000-000000000000")
    with pytest.raises(ResourceNotFoundError):
        client(sandbox, "annotator").get_ontology(client(sandbox).get_project(sandbox.projects[1][0]).ontology_hash)
