"""Signing in through the real SDK: keys of all kinds, a server that takes them or not, and projects."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat
from encord import EncordUserClient
from msgspec.structs import replace

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.ontology import Ontology
from bitmask_studio.sandbox import Fault, FaultKind, Sandbox
from bitmask_studio.sources.encord.account import Account, connect
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.messages import Refused
from bitmask_studio.sources.encord.projects import OpenedProject, StageKind
from bitmask_studio.sources.encord.words import error_of
from bitmask_studio.sources.encord.worker.here import Here
from tests.sources.encord.conftest import quick_link

PASSPHRASE = "correct horse battery"
PrivateKey = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
ED25519 = ed25519.Ed25519PrivateKey.generate()
RSA = rsa.generate_private_key(65537, 2048)
ECDSA = ec.generate_private_key(ec.SECP256R1())


def text_of(key: PrivateKey, form: PrivateFormat = PrivateFormat.OpenSSH, passphrase: str | None = None) -> str:
    lock = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    return key.private_bytes(Encoding.PEM, form, lock).decode()


def public_text() -> str:
    return ED25519.public_key().public_bytes(Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode() + " me@home"


def judged(login: Login) -> ServerError:
    """What is said about a key, which no server is asked for."""
    here = Here(login)
    with pytest.raises(Refused) as caught:
        _ = here.client
    return error_of(here.problem_of(caught.value), "account.check")


def opens(login: Login) -> bool:
    return isinstance(Here(login).client, EncordUserClient)


def key_file(tmp_path: Path, content: str) -> Login:
    path = tmp_path / "id"
    path.write_text(content)
    return Login("http://127.0.0.1:9", path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (text_of(RSA), "RSA key"),
        (text_of(RSA, passphrase=PASSPHRASE), "RSA key"),
        (text_of(RSA, PrivateFormat.TraditionalOpenSSL), "RSA key"),
        (text_of(ECDSA), "ECDSA key"),
        (text_of(ECDSA, PrivateFormat.TraditionalOpenSSL), "ECDSA key"),
        (text_of(ED25519, PrivateFormat.PKCS8), "PEM format"),
        (text_of(ED25519, PrivateFormat.PKCS8, PASSPHRASE), "PEM format"),
        (public_text(), "public half"),
        ("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n", "PuTTY"),
        (text_of(ED25519)[:200], "damaged"),
        (text_of(ED25519).replace("b3BlbnNzaC1r", "AAAAAAAAAAAA"), "damaged"),
        (text_of(ED25519)[:100] + text_of(ED25519)[110:], "damaged"),
        ("", "empty"),
        ("\n \n", "empty"),
        ("Dear diary", "no SSH key"),
    ],
    ids=lambda text: text if text.isprintable() and 0 < len(text) < 40 else "key",
)
def test_a_key_that_encord_does_not_take_says_what_it_is(tmp_path: Path, content: str, words: str) -> None:
    error = judged(key_file(tmp_path, content))
    assert error.kind is Kind.KEY_UNSUITABLE
    assert words in str(error)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_key_opens_with_the_line_ends_of_any_system(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "id"
    path.write_bytes(("\ufeff" + text_of(ED25519)).replace("\n", ending).encode())
    assert opens(Login("http://127.0.0.1:9", path))


def test_a_locked_key_asks_for_its_passphrase(tmp_path: Path) -> None:
    login = key_file(tmp_path, text_of(ED25519, passphrase=PASSPHRASE))
    assert judged(login).kind is Kind.KEY_LOCKED
    assert judged(replace(login, passphrase="")).kind is Kind.KEY_LOCKED
    assert judged(replace(login, passphrase="wrong")).kind is Kind.WRONG_PASSPHRASE
    assert opens(replace(login, passphrase=PASSPHRASE))


def test_a_passphrase_for_a_key_that_needs_none_does_not_matter(tmp_path: Path) -> None:
    assert opens(replace(key_file(tmp_path, text_of(ED25519)), passphrase=PASSPHRASE))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder / "nothing", "no key file"),
        (lambda folder: folder, "is a folder"),
        (lambda folder: folder / "id" / "below", "cannot be read"),
        (lambda folder: Path("\0"), "cannot be read"),
    ],
)
def test_a_key_file_that_cannot_be_read_says_so(tmp_path: Path, make: Callable[[Path], Path], words: str) -> None:
    (tmp_path / "id").write_text(text_of(ED25519))
    error = judged(Login("http://127.0.0.1:9", make(tmp_path)))
    assert error.kind is Kind.KEY_MISSING
    assert words in str(error)


def test_a_key_pasted_for_a_path_is_not_shown() -> None:
    content = text_of(ED25519)
    error = judged(Login("http://127.0.0.1:9", Path(content)))
    assert error.kind is Kind.KEY_MISSING
    assert content.splitlines()[1] not in str(error)


@pytest.mark.parametrize("variable", ["ENCORD_SSH_KEY", "ENCORD_SSH_KEY_FILE"])
@pytest.mark.parametrize("key_text", [None, "", " "])
def test_no_key_never_means_the_environments(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, key_text: str | None
) -> None:
    path = tmp_path / "id"
    path.write_text(text_of(ED25519))
    monkeypatch.setenv(variable, text_of(ED25519) if variable == "ENCORD_SSH_KEY" else str(path))
    assert judged(Login("http://127.0.0.1:9", key_text=key_text)).kind is Kind.KEY_MISSING
    with pytest.raises(ServerError) as caught:
        connect(Login("http://127.0.0.1:9", key_text=key_text))
    assert caught.value.kind is Kind.KEY_MISSING


def test_the_secrets_of_a_login_are_not_in_its_repr() -> None:
    shown = repr(Login(key_text="the key", passphrase=PASSPHRASE))
    assert "the key" not in shown
    assert PASSPHRASE not in shown


@pytest.fixture(scope="module")
def signed_in(server: Sandbox) -> Iterator[Account]:
    account = connect(Login(f" {server.url}/ ", server.key_path), link=quick_link)
    yield account
    account.close()


def test_signing_in_takes_one_request_that_reads(server: Sandbox) -> None:
    server.clear_requests()
    account = connect(Login(server.url, server.key_path), link=quick_link)
    account.close()
    assert [(request.method, request.what, request.writes) for request in server.requests] == [
        ("GET", "projects", False)
    ]
    assert account.warnings == ()


def test_a_key_text_signs_in_as_well_as_its_file(server: Sandbox) -> None:
    account = connect(Login(server.url, key_text=server.key_path.read_text()), link=quick_link)
    account.close()
    assert account.warnings == ()


def test_a_key_file_that_others_can_read_is_a_warning(server: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "open"
    path.write_bytes(server.key_path.read_bytes())
    path.chmod(0o644)
    account = connect(Login(server.url, path), link=quick_link)
    account.close()
    (warning,) = account.warnings
    assert "chmod 600" in warning


def test_a_key_that_the_server_does_not_know_names_the_likely_causes(server: Sandbox) -> None:
    with pytest.raises(ServerError) as caught:
        connect(Login(server.url, key_text=text_of(ED25519)), link=quick_link)
    assert caught.value.kind is Kind.NOT_ACCEPTED
    assert "Not connected" in str(caught.value)
    assert "clock" in str(caught.value)


def test_nobody_at_the_address_is_told() -> None:
    with pytest.raises(ServerError) as caught:
        connect(Login("http://127.0.0.1:9", key_text=text_of(ED25519)), link=quick_link)
    assert caught.value.kind is Kind.NO_CONNECTION
    assert "nothing answers at 127.0.0.1:9" in str(caught.value)


def test_an_address_that_cannot_be_one_is_told_before_anything_starts() -> None:
    with pytest.raises(InputError):
        connect(Login("http://encord.example"))


def test_closing_the_account_gives_the_attempt_up(server: Sandbox) -> None:
    def give_up(account: Account) -> None:
        threading.Timer(0.05, account.close).start()

    with pytest.raises(ServerError) as caught:
        connect(Login(server.url, server.key_path), give_up)
    assert caught.value.kind is Kind.CANCELLED


def test_projects_are_listed_with_what_is_known_of_them(server: Sandbox, signed_in: Account) -> None:
    projects = signed_in.projects()
    assert [(each.project_hash, each.title) for each in projects] == server.projects
    assert all(each.last_edited is not None for each in projects)


def test_a_project_opens_with_its_ontology_and_stages(server: Sandbox, signed_in: Account) -> None:
    opened: OpenedProject = signed_in.link.call("projects.open", server.project_hash)
    assert (opened.project_hash, opened.title) == (server.project_hash, server.project_title)
    assert Ontology.from_structure(orjson.loads(opened.ontology_structure)).bitmask_classes
    kinds = [stage.kind for stage in opened.stages]
    assert {StageKind.ANNOTATION, StageKind.REVIEW, StageKind.DONE} <= set(kinds)
    assert opened.role == "admin"


def test_a_project_is_a_source(server: Sandbox, signed_in: Account) -> None:
    source = signed_in.project(server.project_hash.upper())
    assert source.title == server.project_title
    assert source.project_hash == server.project_hash


def test_a_project_that_is_not_there_is_told_as_such(signed_in: Account) -> None:
    with pytest.raises(ServerError) as caught:
        signed_in.project("00000000-0000-0000-0000-000000000000")
    assert caught.value.kind is Kind.GONE
    assert "no such project" in str(caught.value)


def test_a_project_title_is_no_hash(signed_in: Account) -> None:
    with pytest.raises(InputError):
        signed_in.project("Bitmask Studio sample")


def test_a_project_of_others_is_forbidden_in_words(server: Sandbox, signed_in: Account) -> None:
    server.faults.add(Fault(FaultKind.FORBIDDEN, what="projects/*"))
    with pytest.raises(ServerError) as caught:
        signed_in.project(server.project_hash)
    assert caught.value.kind is Kind.FORBIDDEN
    assert "admins and team managers" in str(caught.value)


def test_browsing_projects_writes_nothing(server: Sandbox, signed_in: Account) -> None:
    server.clear_requests()
    signed_in.projects()
    signed_in.link.call("projects.open", server.project_hash)
    assert server.requests
    assert not any(request.writes for request in server.requests)
