"""Every exception as a problem: the SDK's own against odd servers, the network's, and never a secret in any of them."""

from __future__ import annotations

import gc
import pickle
import socket
import threading
import warnings
from collections.abc import Iterator

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from encord import EncordUserClient
from encord import exceptions as sdk

from bitmask_studio.sources.encord.errors import Kind
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.messages import Problem, Refused
from bitmask_studio.sources.encord.words import error_of
from bitmask_studio.sources.encord.worker.here import Here
from bitmask_studio.sources.encord.worker.problems import problem_of, said
from bitmask_studio.sources.encord.worker.projects import list_projects
from tests.sources.encord.conftest import OddServer, Said

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

KEY = ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
PASSPHRASE = "correct horse battery"
SIGNED = "https://storage.example/x.png?X-Goog-Signature=0123456789abcdef0123456789abcdef"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ5b3UifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"


@pytest.fixture(scope="module", autouse=True)
def _sockets_of_broken_answers() -> Iterator[None]:
    """The HTTP library leaves them to the garbage collector, which must not find them in somebody else's test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def here_for(url: str, silence: float = 5.0) -> Here:
    return Here(Login(url, key_text=KEY, passphrase=PASSPHRASE), silence)


def problem_with(here: Here, project: bool = False) -> Problem:
    """What becomes of listing projects, or the rows of one, on an odd server."""
    with pytest.raises(Exception) as caught:
        here.project("11111111-2222-3333-4444-555555555555") if project else list_projects(here)
    return here.problem_of(caught.value)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Kind.REFUSED),
        (401, Kind.NOT_ACCEPTED),
        (403, Kind.FORBIDDEN),
        (404, Kind.GONE),
        (405, Kind.REFUSED),
        (409, Kind.EXISTS),
        (413, Kind.TOO_LARGE),
        (429, Kind.TOO_MANY_REQUESTS),
        (418, Kind.SERVER),
        (500, Kind.SERVER),
        (502, Kind.SERVER),
        (504, Kind.SERVER),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>no</html>", b'{"message": "No."}', b'{"detail": [1]}', b"[]", b"\xff"])
def test_every_http_status_has_its_kind_whatever_the_body(
    odd_server: OddServer, status: int, kind: Kind, body: bytes
) -> None:
    odd_server.always(body, status)
    problem = problem_with(here_for(odd_server.url))
    assert problem.kind is kind
    assert len(problem.trace_id) == 32
    assert len(odd_server.heard) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", Kind.BAD_ANSWER),
        (b"It works!", Kind.BAD_ANSWER),
        (b'{"results": [', Kind.BAD_ANSWER),
        (b"\xff\xfe", Kind.BAD_ANSWER),
        (b"  <!DOCTYPE html><html>Sign in to the network</html>", Kind.SERVER),
        (b"false", Kind.UNREADABLE),
        (b"null", Kind.UNREADABLE),
        (b"{}", Kind.UNREADABLE),
        (b'{"results": [{"projectHash": "no uuid"}]}', Kind.UNREADABLE),
    ],
)
def test_an_answer_that_is_none_is_told_by_what_it_is(odd_server: OddServer, body: bytes, kind: Kind) -> None:
    odd_server.always(body)
    assert problem_with(here_for(odd_server.url)).kind is kind


def test_an_answer_that_is_missing_is_damaged(odd_server: OddServer) -> None:
    odd_server.always(b"", 204)
    assert problem_with(here_for(odd_server.url)).kind is Kind.BAD_ANSWER


def test_a_body_shorter_than_promised_is_a_connection_that_broke_off(odd_server: OddServer) -> None:
    odd_server.says = lambda path, body: Said(b"{", headers={"Content-Length": "100", "Connection": "close"})
    problem = problem_with(here_for(odd_server.url, silence=0.5))
    assert (problem.kind, problem.reached) in [(Kind.NO_CONNECTION, True), (Kind.TIMED_OUT, True)]


def test_a_body_that_cannot_be_unpacked_is_damaged(odd_server: OddServer) -> None:
    odd_server.always(b"not gzip", Content_Encoding="gzip")
    assert problem_with(here_for(odd_server.url)).kind is Kind.BAD_ANSWER


def test_a_redirect_to_another_server_is_not_followed(odd_server: OddServer) -> None:
    elsewhere = OddServer()
    odd_server.always(b"", 307, Location=f"{elsewhere.url}/v2/public/projects")
    try:
        problem = problem_with(here_for(odd_server.url))
        assert (problem.kind, problem.cause) == (Kind.NO_CONNECTION, "redirect")
        assert elsewhere.heard == []
    finally:
        elsewhere.stop()


def test_a_redirect_within_the_server_is(odd_server: OddServer) -> None:
    here = here_for(odd_server.url)
    moved = Said(status=307, headers={"Location": "/elsewhere"})
    odd_server.says = lambda path, body: Said(b'{"results": []}') if path == "/elsewhere" else moved
    assert list_projects(here) == []


def test_nobody_listening_has_not_been_reached() -> None:
    problem = problem_with(here_for("http://127.0.0.1:9"))
    assert problem == Problem(Kind.NO_CONNECTION, "refused", "127.0.0.1:9", problem.trace_id)


def test_a_name_that_nobody_knows_is_told_with_the_name() -> None:
    problem = problem_with(here_for("https://encord.invalid"))
    assert (problem.kind, problem.cause, problem.detail) == (Kind.NO_CONNECTION, "name", "encord.invalid")
    assert not problem.reached


def test_a_server_without_tls_behind_https_has_not_been_reached(odd_server: OddServer) -> None:
    problem = problem_with(here_for(odd_server.url.replace("http:", "https:")))
    assert (problem.kind, problem.cause, problem.reached) == (Kind.NO_CONNECTION, "tls", False)


def test_a_proxy_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    problem = problem_with(here_for("https://encord.invalid"))
    assert (problem.kind, problem.cause, problem.reached) == (Kind.NO_CONNECTION, "proxy", False)


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_silence_has_perhaps_been_reached(silent: str) -> None:
    problem = problem_with(here_for(silent, silence=0.2))
    assert (problem.kind, problem.cause, problem.reached) == (Kind.TIMED_OUT, "silence", True)


def test_silence_in_the_middle_of_an_answer_is_silence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def begin() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
                done.wait(10.0)

        done = threading.Event()
        server = threading.Thread(target=begin)
        server.start()
        problem = problem_with(here_for(f"http://127.0.0.1:{listening.getsockname()[1]}", silence=0.2))
        done.set()
        server.join()
    assert (problem.kind, problem.reached) == (Kind.TIMED_OUT, True)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (sdk.SshKeyNotFound(KEY), Kind.NOT_ACCEPTED),
        (sdk.DuplicateSshKeyError(KEY), Kind.NOT_ACCEPTED),
        (sdk.WrongProjectTypeError(KEY), Kind.REFUSED),
        (sdk.CorruptedLabelError(KEY), Kind.REFUSED),
        (sdk.MultiLabelLimitError(KEY, 100), Kind.TOO_LARGE),
        (sdk.TimeOutError(KEY), Kind.TIMED_OUT),
        (sdk.GenericServerError(KEY), Kind.SERVER),
        (sdk.LabelRowError(KEY), Kind.UNREADABLE),
        (sdk.OntologyError(KEY), Kind.UNREADABLE),
        (sdk.RequestException(KEY), Kind.BAD_ANSWER),
        (sdk.CloudUploadError(KEY), Kind.UNREADABLE),
        (ImportError("encord"), Kind.INTERNAL),
        (MemoryError(), Kind.INTERNAL),
        (ValueError(KEY), Kind.INTERNAL),
        (SystemExit(KEY), Kind.INTERNAL),
    ],
)
def test_an_exception_has_its_kind_and_none_of_its_text(error: BaseException, kind: Kind) -> None:
    problem = problem_of(error)
    assert problem.kind is kind
    assert KEY.splitlines()[1] not in repr(problem)


def test_every_exception_of_the_sdk_has_a_kind() -> None:
    for each in vars(sdk).values():
        if isinstance(each, type) and issubclass(each, sdk.EncordException) and each is not sdk.MultiLabelLimitError:
            error = each(message="x") if each is sdk.RateLimitExceededError else each("x")
            assert problem_of(error).kind is not Kind.INTERNAL


@pytest.mark.parametrize(
    ("status", "kind"),
    [(403, Kind.FORBIDDEN), (404, Kind.GONE), (429, Kind.TOO_MANY_REQUESTS), (500, Kind.SERVER), (400, Kind.REFUSED)],
)
def test_a_download_that_is_refused_has_its_kind_too(odd_server: OddServer, status: int, kind: Kind) -> None:
    odd_server.always(b"", status, Retry_After="7")
    with pytest.raises(requests.HTTPError) as caught:
        requests.get(odd_server.url, timeout=5).raise_for_status()
    problem = problem_of(caught.value)
    assert problem.kind is kind
    assert problem.retry_after == (7 if status == 429 else None)


def test_a_mistake_of_the_program_is_told_by_its_place_alone() -> None:
    with pytest.raises(KeyError) as caught:
        _ = dict[str, int]()[PASSPHRASE]
    problem = problem_of(caught.value)
    assert problem.kind is Kind.INTERNAL
    assert problem.detail.startswith("KeyError, test_problems.py:")


def test_a_problem_goes_over_the_pipe_as_it_is() -> None:
    problem = Problem(Kind.REFUSED, "x", "y", "z", 7.0, True)
    assert pickle.loads(pickle.dumps(problem)) == problem
    assert problem_of(Refused(problem)) == problem


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The task is in another stage.", "The task is in another stage."),
        (f"Not found: {SIGNED} now", "Not found: … now"),
        (f"Expired {TOKEN}", "Expired …"),
        ("Row 11111111-2222-3333-4444-555555555555 is locked", "Row 11111111-2222-3333-4444-555555555555 is locked"),
        ("a\x1b[31mred\u202e\n\ttext", "a [31mred text"),
        (KEY, ""),
        ("ssh-ed25519 AAAAC3Nza", ""),
        ("Bearer abc", ""),
        (None, ""),
        (["a"], ""),
        ("word " * 100, ("word " * 100)[:199] + "…"),
    ],
)
def test_what_a_server_says_is_shown_without_anything_secret(text: object, shown: str) -> None:
    assert said(text) == shown


def test_a_servers_words_reach_the_user_filtered(odd_server: OddServer) -> None:
    odd_server.always({"message": f"Task is done. See {SIGNED} {TOKEN}"}, 400)
    problem = problem_with(here_for(odd_server.url))
    assert problem.detail == "Task is done. See … …"
    assert "Task is done" in str(error_of(problem))


@pytest.mark.parametrize("secret", [PASSPHRASE, KEY, *KEY.splitlines()[1:-1]], ids=lambda _: "secret")
def test_a_server_that_echoes_our_secrets_is_not_quoted(odd_server: OddServer, secret: str) -> None:
    odd_server.always({"message": f"You said {secret}"}, 400)
    problem = problem_with(here_for(odd_server.url))
    assert problem.kind is Kind.REFUSED
    assert secret not in repr(problem)
    assert secret not in str(error_of(problem))


def test_the_sdk_quotes_an_rsa_key_and_we_do_not() -> None:
    key = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    with pytest.raises(ValueError, match="PRIVATE KEY") as quoted:
        EncordUserClient.create_with_ssh_private_key(key.decode())
    line = key.decode().splitlines()[1]
    assert line in str(quoted.value)
    assert line not in repr(problem_of(quoted.value))
    with pytest.raises(Refused) as caught:
        _ = Here(Login(key_text=key.decode())).client
    assert line not in repr(caught.getrepr(chain=True))
    assert line not in repr(problem_of(caught.value))
