from __future__ import annotations

import time

import pytest
import requests
from encord import exceptions as sdk

from bitmask_studio.sandbox import Fault, FaultKind, Sandbox
from tests.sandbox.connecting import HARBOUR, client, get, opened, row

SAVE = ("labelrow", "POST")
KINDS_OF_SAVING: list[tuple[FaultKind, type[Exception]]] = [
    (FaultKind.UNAUTHENTICATED, sdk.AuthenticationError),
    (FaultKind.FORBIDDEN, sdk.AuthorisationError),
    (FaultKind.NOT_FOUND, sdk.ResourceNotFoundError),
    (FaultKind.CONFLICT, sdk.ResourceExistsError),
    (FaultKind.TOO_LARGE, sdk.PayloadTooLargeError),
    (FaultKind.TOO_MANY, sdk.RateLimitExceededError),
    (FaultKind.SERVER_ERROR, sdk.GenericServerError),
    (FaultKind.UNAVAILABLE, sdk.GenericServerError),
    (FaultKind.HTML, sdk.RequestException),
    (FaultKind.NOT_JSON, sdk.RequestException),
    (FaultKind.RESET_BEFORE, sdk.RequestException),
    (FaultKind.HANG, sdk.RequestException),
]


@pytest.mark.parametrize(("kind", "error"), KINDS_OF_SAVING)
def test_a_save_that_a_fault_strikes_changes_nothing(sandbox: Sandbox, kind: FaultKind, error: type[Exception]) -> None:
    label_row = opened(sandbox, HARBOUR)
    sandbox.faults.add(Fault(kind, *SAVE))
    with pytest.raises(error):
        label_row.save()
    assert len(sandbox.history(str(label_row.label_hash))) == 1
    label_row.save()
    assert len(sandbox.history(str(label_row.label_hash))) == 2


@pytest.mark.parametrize("kind", [FaultKind.RESET_AFTER, FaultKind.CUT_JSON])
def test_a_save_whose_answer_is_lost_has_taken_effect(sandbox: Sandbox, kind: FaultKind) -> None:
    label_row = opened(sandbox, HARBOUR)
    sandbox.faults.add(Fault(kind, *SAVE))
    with pytest.raises(sdk.RequestException):
        label_row.save()
    assert len(sandbox.history(str(label_row.label_hash))) == 2


def test_a_save_that_is_answered_by_false_raises_nothing_and_changes_nothing(sandbox: Sandbox) -> None:
    label_row = opened(sandbox, HARBOUR)
    sandbox.faults.add(Fault(FaultKind.FALSE, *SAVE))
    label_row.save()
    assert len(sandbox.history(str(label_row.label_hash))) == 1


def test_an_answer_that_drips_comes_whole(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(FaultKind.DRIP, "user/bearer-token", bytes_per_second=200))
    start = time.monotonic()
    assert client(sandbox).get_bearer_token()
    assert time.monotonic() - start > 0.3


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.UNAUTHENTICATED, sdk.AuthenticationError),
        (FaultKind.FORBIDDEN, sdk.AuthorisationError),
        (FaultKind.NOT_FOUND, sdk.ResourceNotFoundError),
        (FaultKind.CONFLICT, sdk.ResourceExistsError),
        (FaultKind.TOO_LARGE, sdk.PayloadTooLargeError),
        (FaultKind.TOO_MANY, sdk.RateLimitExceededError),
        (FaultKind.SERVER_ERROR, sdk.UnknownException),
        (FaultKind.HTML, sdk.UnknownException),
        (FaultKind.CUT_JSON, sdk.RequestException),
        (FaultKind.RESET_AFTER, sdk.RequestException),
    ],
)
def test_the_newer_protocol_fails_in_its_own_words(sandbox: Sandbox, kind: FaultKind, error: type[Exception]) -> None:
    sandbox.faults.add(Fault(kind, "projects/*"))
    with pytest.raises(error):
        client(sandbox).get_project(sandbox.project_hash)


@pytest.mark.parametrize("seconds", [None, 17])
def test_a_busy_server_tells_when_to_come_again(sandbox: Sandbox, seconds: int | None) -> None:
    sandbox.faults.add(Fault(FaultKind.TOO_MANY, "labelrowmetadata", retry_after=seconds))
    with pytest.raises(sdk.RateLimitExceededError) as refusal:
        row(sandbox, HARBOUR)
    assert refusal.value.retry_after == seconds


def test_pictures_fail_as_well(sandbox: Sandbox) -> None:
    url = str(row(sandbox, HARBOUR).get_storage_item(get_signed_urls=True).get_signed_url())
    sandbox.faults.add(Fault(FaultKind.SERVER_ERROR, "files"))
    sandbox.faults.add(Fault(FaultKind.RESET_BEFORE, "files"))
    assert get(url).status_code == 500
    with pytest.raises(requests.ConnectionError):
        get(url)
    assert get(url).status_code == 200


def test_a_fault_strikes_as_often_as_told_and_only_what_it_names(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(FaultKind.FORBIDDEN, "v1", "GET", times=2))
    for _ in range(2):
        with pytest.raises(sdk.AuthorisationError):
            row(sandbox, HARBOUR)
    assert row(sandbox, HARBOUR).data_title == HARBOUR
    assert [each.fault for each in sandbox.requests if each.what == "labelrowmetadata"] == ["FORBIDDEN"] * 2 + [None]


def test_faults_are_cleared(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(FaultKind.HANG, times=100))
    sandbox.faults.clear()
    assert row(sandbox, HARBOUR).data_title == HARBOUR


def test_a_connection_that_hangs_does_not_keep_the_sandbox_from_stopping(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(FaultKind.HANG, "user/bearer-token"))
    with pytest.raises(sdk.RequestException):
        client(sandbox).get_bearer_token()
    start = time.monotonic()
    sandbox.stop()
    assert time.monotonic() - start < 2
