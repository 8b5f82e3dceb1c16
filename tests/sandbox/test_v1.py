from __future__ import annotations

import pytest
from encord import exceptions as sdk
from encord.orm.label_row import LabelRow
from encord.orm.project import ProjectDataset

from bitmask_studio.sandbox import Sandbox
from tests.sandbox.connecting import CONVEYOR, HARBOUR, VIDEO, get, project, row, writes


def test_files_come_by_data_hash(sandbox: Sandbox) -> None:
    film, images = project(sandbox).get_data(row(sandbox, VIDEO).data_hash, get_signed_url=True)
    assert film is not None
    assert images is None
    assert get(film["file_link"]).status_code == 200
    film, images = project(sandbox).get_data(row(sandbox, CONVEYOR).data_hash)
    assert film is None
    assert [each["title"] for each in images or []] == [f"fruit-conveyor-{at}.jpg" for at in range(5)]
    assert "://" not in (images or [])[0]["file_link"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_deprecated_still_works(sandbox: Sandbox) -> None:
    found = project(sandbox)
    assert {each["data_title"] for each in found.get_project().label_rows} >= {HARBOUR, VIDEO}
    hash_ = str(row(sandbox, HARBOUR).label_hash)
    single = found.get_label_row(hash_)
    found.save_label_row(hash_, single)
    assert len(sandbox.history(hash_)) == 2
    assert found.get_label_logs(data_hash=row(sandbox, HARBOUR).data_hash) == []


def test_what_the_sandbox_does_not_know_is_refused_in_encords_words(sandbox: Sandbox) -> None:
    with pytest.raises(sdk.MethodNotAllowedError):
        project(sandbox)._client._querier.basic_delete(ProjectDataset, uid=["x"])


def test_what_is_not_there_is_not_found(sandbox: Sandbox) -> None:
    with pytest.raises(sdk.ResourceNotFoundError):
        project(sandbox)._client.get_label_rows(["00000000-0000-4000-8000-000000000000"])
    with pytest.raises(sdk.ResourceNotFoundError):
        project(sandbox)._client.create_label_rows(["00000000-0000-4000-8000-000000000000"])
    with pytest.raises(sdk.ResourceNotFoundError):
        project(sandbox).get_data("nothing")


@pytest.mark.parametrize("payload", [{"multi_request": True, "labels": []}, {"multi_request": True}, {"labels": 5}])
def test_a_save_of_nonsense_is_refused(sandbox: Sandbox, payload: dict[str, object]) -> None:
    hash_ = str(row(sandbox, HARBOUR).label_hash)
    with pytest.raises((sdk.InvalidArgumentsError, sdk.CorruptedLabelError)):
        project(sandbox)._client._querier.basic_setter(LabelRow, [hash_], payload)
    assert len(sandbox.history(hash_)) == 1


def test_the_log_holds_what_was_asked(sandbox: Sandbox) -> None:
    row(sandbox, HARBOUR)
    asked = sandbox.requests[-1]
    assert (asked.protocol, asked.method, asked.what, asked.status) == ("v1", "GET", "labelrowmetadata", 200)
    assert asked.values["payload"]["data_title_eq"] == HARBOUR
    assert writes(sandbox) == []
