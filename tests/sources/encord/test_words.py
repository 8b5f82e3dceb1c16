"""Every problem in words: what happened, what is safe, what to do next, and never a gap."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bitmask_studio.core.errors import InputError
from bitmask_studio.sources.encord.errors import Kind
from bitmask_studio.sources.encord.login import AMERICA, EUROPE, checked_domain
from bitmask_studio.sources.encord.messages import Problem
from bitmask_studio.sources.encord.projects import checked_hash
from bitmask_studio.sources.encord.words import error_of, exposed_key, unsupported

NAMES = [
    "",
    "account.check",
    "projects.list",
    "projects.open",
    "rows.list",
    "rows.load",
    "rows.create",
    "rows.fetch_for_save",
    "rows.store",
    "pictures.fetch",
    "pictures.thumbnail",
    "tasks.act",
    "something.new",
]
TRACE = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("writes", [False, True])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.CANCELLED])
def test_every_kind_says_what_happened_and_what_to_do_in_every_call(kind: Kind, name: str, writes: bool) -> None:
    error = error_of(Problem(kind, detail="somewhere", reached=True), name, writes)
    assert re.fullmatch(r"[A-Z][^:]+: [^.].+\. .+\.", str(error))
    assert "  " not in str(error)
    assert "{" not in str(error)
    assert error.kind is kind
    assert error.reached is writes
    assert error.reason in str(error)
    assert not error.reason.endswith(".")


@pytest.mark.parametrize("cause", ["", "a cause that nobody knows"])
def test_a_cause_without_words_falls_back_on_its_kind(cause: str) -> None:
    assert "server has a problem" in str(error_of(Problem(Kind.SERVER, cause)))


def test_a_read_says_that_nothing_was_changed() -> None:
    assert "Nothing was changed" in str(error_of(Problem(Kind.TIMED_OUT, reached=True), "rows.list"))


def test_a_write_that_did_not_get_there_says_that_nothing_was_changed() -> None:
    error = error_of(Problem(Kind.NO_CONNECTION, "refused", "host"), "rows.store", writes=True)
    assert str(error) == (
        "Not saved: nothing answers at host. Nothing was changed on the server; your edits are kept. "
        "Check the address, and that the server runs."
    )


def test_a_write_that_may_have_got_there_says_so() -> None:
    assert "is not known" in str(error_of(Problem(Kind.TIMED_OUT, reached=True), "rows.create", writes=True))


def test_a_key_that_is_not_accepted_is_one_message_with_its_three_likely_causes() -> None:
    text = str(error_of(Problem(Kind.NOT_ACCEPTED, trace_id=TRACE), "account.check"))
    assert "profile" in text
    assert "region" in text
    assert "clock" in text
    assert TRACE in text


def test_a_trace_id_is_quoted_only_when_the_server_can_know_it() -> None:
    assert TRACE in str(error_of(Problem(Kind.SERVER, trace_id=TRACE)))
    assert TRACE not in str(error_of(Problem(Kind.NO_CONNECTION, "name", "host", TRACE)))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "Wait a minute"), (0, "in a moment"), (7, "in 7 seconds"), (119, "in 119 s"), (125, "in 3 minutes")],
)
def test_the_time_to_wait_is_in_the_words(seconds: float | None, words: str) -> None:
    assert words in str(error_of(Problem(Kind.TOO_MANY_REQUESTS, retry_after=seconds)))


def test_what_the_server_said_stands_behind_what_happened() -> None:
    error = error_of(Problem(Kind.REFUSED, detail="The task is in another stage."), "tasks.act", writes=True)
    assert str(error).startswith("The task could not be changed: Encord refused it (The task is in another stage). ")


def test_braces_in_what_the_server_said_are_only_text() -> None:
    assert "{0} {detail}" in str(error_of(Problem(Kind.REFUSED, detail="{0} {detail}")))


def test_a_missing_project_is_told_as_a_project() -> None:
    assert "no such project" in str(error_of(Problem(Kind.GONE), "projects.open"))


def test_a_server_that_knows_no_projects_is_told_as_the_wrong_address() -> None:
    assert "Check the address" in str(error_of(Problem(Kind.GONE), "account.check"))


@pytest.mark.parametrize("data_type", ["image", "img_group", "image_sequence", "video", "group"])
def test_what_has_frames_can_be_edited(data_type: str) -> None:
    assert unsupported(data_type) is None


@pytest.mark.parametrize(
    "data_type", ["dicom", "dicom_study", "nifti", "pdf", "audio", "scene", "plain_text", "unknown"]
)
def test_other_data_says_that_it_is_not_supported_and_cannot_be_damaged(data_type: str) -> None:
    words = unsupported(data_type)
    assert words is not None
    assert "cannot damage" in words


def test_a_key_file_that_others_can_read_is_told_with_the_way_out() -> None:
    assert exposed_key(Path("/home/a b/id")).endswith("chmod 600 '/home/a b/id'")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (EUROPE, EUROPE),
        (f"  {AMERICA}/ \n", AMERICA),
        ("api.encord.com", EUROPE),
        ("HTTPS://API.Encord.com", EUROPE),
        ("https://api.encord.com/public/user?x=1#y", EUROPE),
        ("https://app.encord.com/projects", EUROPE),
        ("app.us.encord.com", AMERICA),
        ("https://encord.example:8443/", "https://encord.example:8443"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_is_taken_as_it_was_meant(given: str, meant: str) -> None:
    assert checked_domain(given) == meant


@pytest.mark.parametrize("given", ["http://api.encord.com", "http://10.0.0.5:80", "http://127.0.0.1.example.com"])
def test_labels_do_not_travel_unencrypted(given: str) -> None:
    with pytest.raises(InputError, match="not encrypted"):
        checked_domain(given)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "  ",
        "ftp://api.encord.com",
        "https://",
        "https://a b",
        "https://u:p@host",
        "file:///etc",
        "a:b:c",
        "https://x:99999",
        "https://[::1",
        "ht\x1btp://x",
    ],
)
def test_what_is_no_address_is_told(given: str) -> None:
    with pytest.raises(InputError, match="not the address") as caught:
        checked_domain(given)
    assert str(caught.value).isprintable()


def test_a_project_is_found_by_its_hash_in_any_spelling() -> None:
    assert checked_hash(" EB476710DA3859C389224A49E151CE9E ") == "eb476710-da38-59c3-8922-4a49e151ce9e"


@pytest.mark.parametrize("given", ["", "Sample", "../..", "eb476710-da38", "\0" * 36])
def test_what_is_no_project_hash_is_told(given: str) -> None:
    with pytest.raises(InputError, match="not a project's ID") as caught:
        checked_hash(given)
    assert str(caught.value).isprintable()
