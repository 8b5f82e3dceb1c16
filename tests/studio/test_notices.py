"""What the user is told about failures."""

from __future__ import annotations

import logging

import pytest

from bitmask_studio.core.errors import PictureError, SaveError, StudioError
from bitmask_studio.studio.notices import Level, Notice, notice_of


@pytest.mark.parametrize("kind", [StudioError, PictureError])
def test_an_expected_failure_speaks_for_itself(kind: type[StudioError]) -> None:
    assert notice_of(kind("The disk is full.")) == Notice("The disk is full.", Level.ERROR)


def test_what_was_not_saved_is_offered_to_another_file() -> None:
    assert notice_of(SaveError("The disk is full.")) == Notice("The disk is full.", Level.ERROR, offers="save_as")


def test_an_unexpected_one_is_excused_plainly_and_its_details_go_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        notice = notice_of(KeyError("secret"))
    assert notice.level is Level.ERROR
    assert "KeyError" in notice.text
    assert "secret" not in notice.text
    assert "edits are still here" in notice.text
    assert caplog.records[0].exc_info is not None


def test_a_notice_is_a_quiet_one_unless_said_otherwise() -> None:
    assert Notice("Saved").level is Level.INFO
