"""Workflow tasks through the real SDK: what a stage allows is done once, confirmed, and told truly."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from bitmask_studio.sandbox import Fault, FaultKind, Sandbox
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.sources.encord.link import Link
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.projects import StageKind, Task, TaskAction
from bitmask_studio.sources.encord.tasks import Tasks


@pytest.fixture(scope="module")
def tasks(server: Sandbox) -> Iterator[Tasks]:
    link = Link(Login(server.url, server.key_path), silence=1.0, seconds=5.0, pauses=(0.05, 0.05))
    yield Tasks(link, server.project_hash)
    link.close()


def until(happened: Callable[[], bool], what: str) -> None:
    """Wait for something; fails, saying `what`, when it does not come."""
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def hashes_in(server: Sandbox, tasks: Tasks, kind: StageKind) -> list[Task]:
    """The tasks of all rows that are in a stage of that kind."""
    found = (tasks.find(str(row["data_hash"])) for row in server.rows() if row["label_hash"])
    return [each for each in found if each and each.uuid and each.stage.kind is kind]


def test_a_row_in_annotation_can_be_submitted_and_is_then_in_review(server: Sandbox, tasks: Tasks) -> None:
    task = hashes_in(server, tasks, StageKind.ANNOTATION)[0]
    assert task.actions == (TaskAction.SUBMIT,)
    now = tasks.act(task, TaskAction.SUBMIT)
    assert now is not None and now.stage.kind is StageKind.REVIEW
    assert now == tasks.find(task.data_hash)


def test_finding_a_task_writes_nothing(server: Sandbox, tasks: Tasks) -> None:
    server.clear_requests()
    for row in server.rows():
        tasks.find(str(row["data_hash"]))
    assert server.requests and not any(each.writes for each in server.requests)


def test_a_review_task_is_approved_or_sent_back(server: Sandbox, tasks: Tasks) -> None:
    first, *_ = hashes_in(server, tasks, StageKind.REVIEW)
    back = tasks.act(first, TaskAction.REJECT)
    assert back is not None and back.stage.kind is StageKind.ANNOTATION
    again = tasks.act(back, TaskAction.SUBMIT)
    assert again is not None
    done = tasks.act(again, TaskAction.APPROVE)
    assert done is not None and done.stage.kind is not StageKind.REVIEW


def test_a_task_that_moved_on_is_refused_in_words(server: Sandbox, tasks: Tasks) -> None:
    task = hashes_in(server, tasks, StageKind.ANNOTATION)[0]
    tasks.act(task, TaskAction.SUBMIT)
    with pytest.raises(ServerError) as refused:
        tasks.act(task, TaskAction.SUBMIT)
    assert refused.value.kind is Kind.REFUSED
    assert str(refused.value)


def test_single_labels_are_approved_and_rejected_with_a_comment(server: Sandbox, tasks: Tasks) -> None:
    reviewed = [(task, tasks.reviews(task)) for task in hashes_in(server, tasks, StageKind.REVIEW)]
    task, (one, *rest) = next(each for each in reviewed if len(each[1]) > 1)
    found = {each.uuid: each.status for each in tasks.review(task, one, approve=True)}
    assert found[one.uuid] == "APPROVED"
    found = {each.uuid: each.status for each in tasks.review(task, rest[0], approve=False, comment="too wide")}
    assert (found[one.uuid], found[rest[0].uuid]) == ("APPROVED", "REJECTED")


def test_a_submit_whose_answer_was_lost_is_known_to_be_done(server: Sandbox, tasks: Tasks) -> None:
    task = hashes_in(server, tasks, StageKind.ANNOTATION)[0]
    server.faults.add(Fault(FaultKind.RESET_AFTER, "*actions", "POST"))
    server.clear_requests()
    now = tasks.act(task, TaskAction.SUBMIT)
    assert now is not None and now.stage.kind is StageKind.REVIEW
    assert sum(each.writes for each in server.requests) == 1


def test_a_submit_that_never_arrived_is_not_called_done(server: Sandbox, tasks: Tasks) -> None:
    task = hashes_in(server, tasks, StageKind.ANNOTATION)[0]
    server.faults.add(Fault(FaultKind.RESET_BEFORE, "*actions", "POST"))
    with pytest.raises(ServerError) as failed:
        tasks.act(task, TaskAction.SUBMIT)
    assert failed.value.kind is Kind.NO_CONNECTION
    server.faults.clear()
    assert tasks.find(task.data_hash) == task


def test_a_submit_that_cannot_be_read_back_is_neither_called_done_nor_undone(server: Sandbox, tasks: Tasks) -> None:
    task = hashes_in(server, tasks, StageKind.ANNOTATION)[0]
    server.faults.add(Fault(FaultKind.SERVER_ERROR, "labelrowmetadata", times=9))
    # What is known of the row before it is acted on is not asked through the list.
    with pytest.raises(ServerError, match=r"^Not confirmed: .*look before you do it again") as failed:
        tasks.act(task, TaskAction.SUBMIT)
    server.faults.clear()
    assert failed.value.reached and "Nothing was changed" not in str(failed.value)
    now = tasks.find(task.data_hash)
    assert now is not None and now.stage.kind is StageKind.REVIEW


def test_a_label_review_that_cannot_be_read_back_is_not_called_done(server: Sandbox, tasks: Tasks) -> None:
    task, one = next((each, one) for each in hashes_in(server, tasks, StageKind.REVIEW) for one in tasks.reviews(each))
    server.faults.add(Fault(FaultKind.RESET_AFTER, "*reviews/actions", "POST"))
    server.faults.add(Fault(FaultKind.FALSE, "nothing"))
    approved = one.status == "APPROVED"
    found = {each.uuid: each.status for each in tasks.review(task, one, approve=not approved)}
    assert found[one.uuid] == ("REJECTED" if approved else "APPROVED")
    server.faults.clear()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_cancelled_submit_asks_the_server_nothing_more(server: Sandbox, tasks: Tasks, method: str) -> None:
    task = hashes_in(server, tasks, StageKind.ANNOTATION)[0]
    what = "*actions" if method == "POST" else "*tasks"
    server.faults.add(Fault(FaultKind.HANG, what, method, times=9))
    server.clear_requests()
    raised: list[ServerError] = []

    def submit() -> None:
        with pytest.raises(ServerError) as failed:
            tasks.act(task, TaskAction.SUBMIT)
        raised.append(failed.value)

    acting = threading.Thread(target=submit)
    acting.start()
    until(lambda: any(each.fault for each in server.requests), "nothing hangs")
    asked = len(server.requests)
    tasks._link.cancel(writes=True)
    acting.join(5)
    assert [each.kind for each in raised] == [Kind.CANCELLED]
    assert "not known" in str(raised[0])
    assert len(server.requests) == asked
    server.faults.clear()
    assert tasks.find(task.data_hash) == task
