from __future__ import annotations

import requests
from encord.http.query_methods import QueryMethods

from bitmask_studio.sandbox import Sandbox
from tests.sandbox.connecting import get, opened, project, row


def test_a_hundred_thousand_rows_are_listed_in_one_answer(sandbox: Sandbox) -> None:
    rows = sandbox.rows()
    known, unopened = len(rows), sum(each["label_hash"] is None for each in rows)
    sandbox.add_rows(100_000)
    querier = project(sandbox)._client._querier
    payload = {"include_uninitialised_labels": True, "include_workflow_graph_node": True}
    asked = querier._request(QueryMethods.GET, "labelrowmetadata", None, 60, payload=payload)
    answer = requests.post(f"{sandbox.url}/public", data=asked.data, headers=asked.headers, timeout=60).content
    assert answer.count(b'"data_hash":') == known + 100_000
    assert answer.count(b'"label_hash":null') == unopened + 50_000
    assert len(project(sandbox).list_label_rows_v2(data_title_like="row-0999%")) == 100


def test_such_a_row_opens_is_saved_and_shows_a_picture(sandbox: Sandbox) -> None:
    sandbox.add_rows(10)
    for title in ("row-000002.jpg", "row-000003.jpg"):
        label_row = opened(sandbox, title, include_signed_url=True)
        assert get(str(label_row.data_link)).status_code == 200
        label_row.save()
        assert row(sandbox, title).last_edited_at is not None


def test_such_rows_are_not_kept(sandbox: Sandbox) -> None:
    sandbox.add_rows(4)
    state = sandbox.key_path.parent
    sandbox.stop()
    again = Sandbox.start(state)
    assert not [each for each in again.rows() if each["data_title"].startswith("row-")]
    again.stop()


def test_tasks_come_page_by_page(sandbox: Sandbox) -> None:
    sandbox.add_rows(2500)
    stage = project(sandbox).workflow.stages[0]
    sandbox.clear_requests()
    hashes = [task.data_hash for task in stage.get_tasks()]
    assert len(hashes) == len(set(hashes)) > 1500
    assert [each.values["query"].get("pageToken") for each in sandbox.requests] == [None, ["1000"]]
