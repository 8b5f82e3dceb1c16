"""What the user is told about failures."""

from __future__ import annotations

import logging

import pytest

from bitmask_studio.core.errors import PictureError, SaveError, StudioError
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.studio.notices import SAVING, Level, Notice, notice_of


@pytest.mark.parametrize("kind", [StudioError, PictureError])
def test_an_expected_failure_speaks_for_itself(kind: type[StudioError]) -> None:
    assert notice_of(kind("The disk is full.")) == Notice("The disk is full.", Level.ERROR)


def test_what_was_not_saved_is_offered_to_another_file() -> None:
    expected = Notice("The disk is full.", Level.ERROR, offers="save_as", topic=SAVING)
    assert notice_of(SaveError("The disk is full.")) == expected


def test_an_unexpected_one_is_excused_plainly_and_its_details_go_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        notice = notice_of(KeyError("secret"))
    assert notice.level is Level.ERROR
    assert "KeyError" in notice.text
    assert "secret" not in notice.text
    assert "edits are still here" in notice.text
    assert caplog.records[0].exc_info is not None


def test_what_may_quote_what_was_typed_is_told_and_not_noted(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        notice = notice_of(StudioError("There is no key file correct-horse."), discreet=True)
    assert "correct-horse" in notice.text
    assert "correct-horse" not in caplog.text


def test_a_notice_is_a_quiet_one_unless_said_otherwise() -> None:
    assert Notice("Saved").level is Level.INFO


@pytest.mark.parametrize("kind", [Kind.NOT_ACCEPTED, Kind.KEY_LOCKED, Kind.WRONG_PASSPHRASE, Kind.KEY_MISSING])
def test_who_was_not_let_in_is_offered_to_connect_anew(kind: Kind) -> None:
    notice = notice_of(ServerError("Encord did not accept the key.", kind))
    assert notice == Notice("Encord did not accept the key.", Level.ERROR, offers="reconnect")


@pytest.mark.parametrize("kind", [Kind.NO_CONNECTION, Kind.TIMED_OUT, Kind.SERVER, Kind.BAD_ANSWER])
def test_what_may_pass_is_offered_to_be_tried_again(kind: Kind) -> None:
    assert notice_of(ServerError("No connection.", kind)).offers == "retry"


@pytest.mark.parametrize("kind", [Kind.FORBIDDEN, Kind.GONE, Kind.REFUSED, Kind.TOO_LARGE, Kind.UNREADABLE])
def test_what_will_not_pass_is_only_said(kind: Kind) -> None:
    assert notice_of(ServerError("Gone.", kind)) == Notice("Gone.", Level.ERROR)


def test_a_server_that_asks_to_wait_starts_a_countdown() -> None:
    notice = notice_of(ServerError("Too many requests.", Kind.TOO_MANY_REQUESTS, retry_after=12.0))
    assert (notice.offers, notice.countdown) == ("retry", 12.0)


def test_what_the_user_cancelled_is_no_error() -> None:
    assert notice_of(ServerError("Cancelled.", Kind.CANCELLED)) == Notice("Cancelled.")
