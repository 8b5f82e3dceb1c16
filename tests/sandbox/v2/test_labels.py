from __future__ import annotations

import pytest
from encord.exceptions import InvalidArgumentsError

from bitmask_studio.sandbox import Sandbox
from tests.sandbox.connecting import HARBOUR, VIDEO, bitmask_objects, project, row, writes


def on_branch(sandbox: Sandbox, title: str, branch: str) -> int:
    """How many objects a row has on a branch."""
    (found,) = project(sandbox).list_label_rows_v2(data_title_eq=title, branch_name=branch)
    found.initialise_labels()
    return len(found.get_object_instances())


def test_a_priority_is_set(sandbox: Sandbox) -> None:
    row(sandbox, HARBOUR).set_priority(0.9)
    assert row(sandbox, HARBOUR).priority == 0.9
    with pytest.raises(InvalidArgumentsError):
        row(sandbox, HARBOUR).set_priority(2)


def test_labels_are_copied_to_a_branch_and_changed_there_alone(sandbox: Sandbox) -> None:
    found = project(sandbox)
    hashes = [str(row(sandbox, title).label_hash) for title in (HARBOUR, VIDEO)]
    assert found.copy_labels_to_branch("scratch", label_hashes=hashes) == 2
    assert found.copy_labels_to_branch("scratch", label_hashes=hashes) == 0
    (copied,) = found.list_label_rows_v2(data_title_eq=VIDEO, branch_name="scratch")
    copied.initialise_labels()
    assert copied.branch_name == "scratch"
    sandbox.colleague.deletes(str(copied.label_hash))
    assert on_branch(sandbox, VIDEO, "scratch") == on_branch(sandbox, VIDEO, "main") - 1
    assert found.copy_labels_to_branch("scratch", label_hashes=hashes, overwrite=True) == 2
    assert on_branch(sandbox, VIDEO, "scratch") == on_branch(sandbox, VIDEO, "main")


def test_a_row_is_opened_on_a_new_branch(sandbox: Sandbox) -> None:
    (found,) = project(sandbox).list_label_rows_v2(data_title_eq=HARBOUR, branch_name="mine")
    assert found.label_hash is None
    found.initialise_labels()
    assert found.branch_name == "mine"
    assert bitmask_objects(found) == []
    assert on_branch(sandbox, HARBOUR, "main") > 0


def test_classifications_come_for_many_rows(sandbox: Sandbox) -> None:
    hashes = [str(row(sandbox, title).label_hash) for title in (HARBOUR, VIDEO)]
    entries = list(project(sandbox).get_label_classifications(hashes))  # type: ignore[arg-type]
    assert [len(each.classification_answers) for each in entries] == [2, 0]
    assert writes(sandbox) == []
