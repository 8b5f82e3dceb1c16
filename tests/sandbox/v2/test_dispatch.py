from __future__ import annotations

import pytest
from encord import exceptions as sdk
from encord.orm.base_dto import BaseDTO

from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sandbox.v2.dispatch import writes
from tests.sandbox.connecting import project


class Anything(BaseDTO):
    """A body that no call wants."""

    labels: int = 5


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        ("GET", "projects/x/users", False),
        ("POST", "storage/items/get-bulk", False),
        ("POST", "projects/x/label-rows/classifications", False),
        ("POST", "projects/x/priorities", True),
        ("POST", "projects/x/workflow/stages/y/actions", True),
        ("PATCH", "anything", True),
        ("GET", "anything", False),
    ],
)
def test_a_call_is_known_as_one_that_writes(method: str, path: str, answer: bool) -> None:
    assert writes(method, path) is answer


def test_what_the_sandbox_does_not_know_is_refused_in_encords_words(sandbox: Sandbox) -> None:
    found = project(sandbox)
    with pytest.raises(sdk.ResourceNotFoundError):
        found._api_client.get("projects/x/y/z", params=None, result_type=Anything)
    with pytest.raises(sdk.MethodNotAllowedError):
        found._api_client.delete(f"projects/{sandbox.project_hash}", params=None)


@pytest.mark.parametrize("call", ["priorities", "issues", "labels/copy-branch", "issues/delete"])
def test_a_body_of_another_form_is_refused(sandbox: Sandbox, call: str) -> None:
    with pytest.raises(sdk.InvalidArgumentsError):
        project(sandbox)._api_client.post(
            f"projects/{sandbox.project_hash}/{call}", params=None, payload=Anything(), result_type=None
        )
