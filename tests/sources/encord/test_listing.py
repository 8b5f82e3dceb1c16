"""The list of label rows through the real SDK: what it shows, in parts, without a write; and lists nobody can read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sources.encord.account import Account
from bitmask_studio.sources.encord.errors import Kind
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.words import error_of
from bitmask_studio.sources.encord.worker.here import Here
from bitmask_studio.sources.encord.worker.listing import list_rows
from bitmask_studio.sources.encord.worker.projects import list_projects, open_project
from tests.sources.encord.conftest import OddServer, Said

PROJECT = "11111111-2222-3333-4444-555555555555"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def listed(server: Sandbox) -> list[RowInfo]:
    return rows_of(server.url, server.key_path, server.project_hash)


def rows_of(url: str, key_path: Path, project_hash: str) -> list[RowInfo]:
    rows: list[RowInfo] = []
    here = Here(Login(url, key_path), send=rows.extend)
    assert list_rows(here, project_hash) == len(rows)
    return rows


def test_every_row_of_the_project_is_listed_with_what_the_server_says(server: Sandbox, listed: list[RowInfo]) -> None:
    expected = server.rows()
    assert [each.data_hash for each in listed] == [row["data_hash"] for row in expected]
    assert [each.label_hash for each in listed] == [row["label_hash"] for row in expected]
    assert [each.title for each in listed] == [row["data_title"] for row in expected]
    assert [each.frames for each in listed] == [row["number_of_frames"] for row in expected]
    assert [each.assignee for each in listed] == [row.get("assigned_user_email") or "" for row in expected]
    assert [each.stage for each in listed] == [row["workflow_graph_node"]["title"] for row in expected]


def test_a_list_counts_no_objects_because_the_server_does_not_say(listed: list[RowInfo]) -> None:
    assert all(each.objects is None and each.bitmasks is None for each in listed)


def test_a_row_without_labels_is_marked_because_opening_it_would_make_them(listed: list[RowInfo]) -> None:
    assert all(each.uninitialised is (each.label_hash is None) for each in listed)
    assert {each.uninitialised for each in listed} == {True, False}
    assert all(each.status == "not started" for each in listed if each.uninitialised)


def test_types_are_written_as_in_label_rows_and_only_those_with_frames_can_be_edited(listed: list[RowInfo]) -> None:
    types = {each.data_type for each in listed}
    assert {"image", "img_group", "video", "group", "dicom"} <= types
    for each in listed:
        assert (each.read_only is None) is (each.data_type in {"image", "img_group", "video", "group"})


def test_listing_is_one_request_that_reads(server: Sandbox, listed: list[RowInfo]) -> None:
    here = Here(Login(server.url, server.key_path))
    here.project(server.project_hash)
    server.clear_requests()
    assert list_rows(here, server.project_hash) == len(listed)
    assert [(request.method, request.what, request.writes) for request in server.requests] == [
        ("GET", "labelrowmetadata", False)
    ]


def test_one_row_is_listed_anew_by_its_hashes(server: Sandbox, listed: list[RowInfo]) -> None:
    here = Here(Login(server.url, server.key_path))
    for each in listed:
        found = here.row(server.project_hash, each.label_hash, each.data_hash)
        assert (found.label_hash, found.data_hash) == (each.label_hash, each.data_hash)
        assert not found.is_labelling_initialised


def test_a_row_that_is_not_there_any_more_is_gone(server: Sandbox) -> None:
    here = Here(Login(server.url, server.key_path))
    with pytest.raises(Exception, match="gone") as caught:
        here.row(server.project_hash, None, "00000000-0000-0000-0000-000000000000")
    assert here.problem_of(caught.value).kind is Kind.GONE


def project() -> Json:
    return {
        "projectHash": PROJECT,
        "projectType": "workflow",
        "status": "NOT_STARTED",
        "title": "Odd",
        "description": "",
        "createdAt": "2025-01-14T09:12:31Z",
        "creatorEmail": "a@b.c",
        "lastEditedAt": "2025-01-14T09:12:31Z",
        "ontologyHash": "99999999-2222-3333-4444-555555555555",
        "editorOntology": {},
        "userRole": None,
    }


def ontology() -> Json:
    return {
        "ontologyUuid": "99999999-2222-3333-4444-555555555555",
        "title": "Odd",
        "description": "",
        "editor": {"objects": [], "classifications": []},
        "createdAt": "2025-01-14T09:12:31Z",
        "lastEditedAt": "2025-01-14T09:12:31Z",
        "userRole": None,
    }


def row(**changes: object) -> Json:
    return {
        "label_hash": "aaaaaaaa-2222-3333-4444-555555555555",
        "data_hash": "bbbbbbbb-2222-3333-4444-555555555555",
        "dataset_hash": "cccccccc-2222-3333-4444-555555555555",
        "dataset_title": "Data",
        "data_title": "one.png",
        "data_type": "IMAGE",
        "data_link": None,
        "spaces": {},
        "label_status": "LABELLED",
        "number_of_frames": 1,
        "branch_name": "main",
        **changes,
    }


def without(name: str) -> Json:
    return {key: value for key, value in row().items() if key != name}


@pytest.fixture
def odd_list(odd_server: OddServer, server: Sandbox) -> Callable[[list[Json]], list[RowInfo]]:
    """Lists a project whose server answers with these rows."""

    def say(rows: list[Json], path: str) -> Said:
        if path.startswith("/v2/public/projects/"):
            return Said(orjson.dumps(project()))
        if path.startswith("/v2/public/ontologies/"):
            return Said(orjson.dumps(ontology()))
        return Said(orjson.dumps({"status": 200, "response": rows}))

    def listed(rows: list[Json]) -> list[RowInfo]:
        odd_server.says = lambda path, body: say(rows, path)
        return rows_of(odd_server.url, server.key_path, PROJECT)

    return listed


def test_a_row_that_says_little_of_itself_is_listed_all_the_same(
    odd_list: Callable[[list[Json]], list[RowInfo]],
) -> None:
    (info,) = odd_list([row(label_hash=None)])
    assert (info.width, info.height, info.stage, info.assignee, info.last_edited) == (0, 0, "", "", None)
    assert info.uninitialised


def test_without_a_workflow_the_status_is_the_servers(odd_list: Callable[[list[Json]], list[RowInfo]]) -> None:
    rows = odd_list([row(annotation_task_status="IN_REVIEW"), row(label_status="LABEL_IN_PROGRESS")])
    assert [each.status for each in rows] == ["in review", "label in progress"]


def test_data_that_occur_twice_have_keys_of_their_own(odd_list: Callable[[list[Json]], list[RowInfo]]) -> None:
    rows = odd_list([row(), row(label_hash=None), row(data_hash="other"), row()])
    data_hash = row()["data_hash"]
    assert [each.key for each in rows] == [data_hash, f"{data_hash}#2", "other", f"{data_hash}#3"]


def test_a_type_that_the_sdk_does_not_know_is_read_only(odd_list: Callable[[list[Json]], list[RowInfo]]) -> None:
    (info,) = odd_list([row(data_type="HOLOGRAM")])
    assert info.data_type == "unknown"
    assert info.read_only is not None


@pytest.mark.parametrize(
    ("odd", "field"),
    [
        (without("spaces"), "spaces"),
        (without("data_hash"), "data_hash"),
        (row(annotation_task_status="PONDERED https://x.example/?sig=abc"), ""),
        (row(task_uuid="no uuid"), ""),
        (row(spaces={"s": {"space_type": "video", "width": 1, "height": 1}}), ""),
    ],
)
def test_one_row_that_cannot_be_read_is_told_as_a_list_that_cannot_be_read(
    odd_server: OddServer, server: Sandbox, odd: Json, field: str, odd_list: Callable[[list[Json]], list[RowInfo]]
) -> None:
    with pytest.raises(Exception) as caught:
        odd_list([row(), odd])
    problem = Here(Login(odd_server.url, server.key_path)).problem_of(caught.value)
    assert problem.kind is Kind.UNREADABLE
    assert field in problem.detail
    words = str(error_of(problem, "rows.list"))
    assert "cannot read" in words
    assert "x.example" not in words


def test_a_list_that_is_no_list_is_a_damaged_answer(odd_server: OddServer, server: Sandbox) -> None:
    here = Here(Login(odd_server.url, server.key_path))
    odd_server.always([1, 2])
    with pytest.raises(Exception) as caught:
        list_projects(here)
    assert here.problem_of(caught.value).kind is Kind.UNREADABLE


def test_a_project_without_a_workflow_has_no_stages(odd_server: OddServer, server: Sandbox) -> None:
    plain = {**project(), "projectType": "manual_qa"}
    odd_server.says = lambda path, body: Said(orjson.dumps(plain if "projects" in path else ontology()))
    opened = open_project(Here(Login(odd_server.url, server.key_path)), PROJECT)
    assert opened.stages == ()
    assert opened.role == ""


def test_ten_thousand_rows_come_through_the_worker_in_parts(account: Account, sandbox: Sandbox) -> None:
    sandbox.add_rows(10_000)
    parts: list[list[RowInfo]] = []
    total = account.link.call("rows.list", sandbox.project_hash, part=parts.append)
    assert total == sum(map(len, parts)) > 10_000
    assert max(map(len, parts)) == 1000
    assert len({each.key for part in parts for each in part}) == total
