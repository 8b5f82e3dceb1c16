from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from encord.exceptions import AnswerDictionaryError, CorruptedLabelError

from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sandbox.wire import Json
from tests.sandbox.connecting import VIDEO, opened, row


def first_object(wire: Json) -> Json:
    labels: Json = next(iter(wire["data_units"].values()))["labels"]
    found: Json = labels["0"]["objects"][0]
    return found


def without_hash(wire: Json) -> None:
    del first_object(wire)["objectHash"]


def behind_the_end(wire: Json) -> None:
    labels = next(iter(wire["data_units"].values()))["labels"]
    labels["24"] = labels.pop("0")


def no_frame(wire: Json) -> None:
    labels = next(iter(wire["data_units"].values()))["labels"]
    labels["first"] = labels.pop("0")


def other_unit(wire: Json) -> None:
    wire["data_units"]["other"] = {}


def unknown_space(wire: Json) -> None:
    wire["spaces"] = {"other": {}}


def no_answers(wire: Json) -> None:
    wire["object_answers"] = []


@pytest.mark.parametrize("spoil", [without_hash, behind_the_end, no_frame, other_unit, unknown_space, no_answers])
def test_labels_that_make_no_sense_are_refused(sandbox: Sandbox, spoil: Callable[[Json], None]) -> None:
    with pytest.raises(CorruptedLabelError):
        send(sandbox, spoil)


def test_an_object_without_an_answer_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(AnswerDictionaryError):
        send(sandbox, lambda wire: wire["object_answers"].clear())


def wrong_class(wire: Json) -> None:
    first_object(wire)["featureHash"] = "nowhere="


def wrong_size(wire: Json) -> None:
    first_object(wire)["bitmask"] |= {"height": 1, "width": 4, "rleString": "04"}


def wrong_string(wire: Json) -> None:
    first_object(wire)["bitmask"]["rleString"] = "0"


@pytest.mark.parametrize("spoil", [wrong_class, wrong_size, wrong_string])
def test_doubtful_labels_are_stored_as_invalid_unless_checks_are_asked_for(
    sandbox: Sandbox, spoil: Callable[[Json], None]
) -> None:
    with pytest.raises(CorruptedLabelError, match="Re9atta1"):
        send(sandbox, spoil, validate=True)
    assert row(sandbox, VIDEO).is_valid
    send(sandbox, spoil)
    found = row(sandbox, VIDEO)
    assert not found.is_valid
    assert len(found.get_validation_errors() or []) == 1


def send(sandbox: Sandbox, spoil: Callable[[Json], None], validate: bool = False) -> None:
    """Save the video's labels after they were spoilt."""
    label_row = opened(sandbox, VIDEO)
    wire = json.loads(json.dumps(label_row.to_encord_dict()))
    spoil(wire)
    label_row._project_client.save_label_rows([str(label_row.label_hash)], [wire], validate)
