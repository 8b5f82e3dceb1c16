from __future__ import annotations

import base64
import hashlib
import json
import time

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_private_key
from encord import EncordUserClient
from encord.configs import BearerConfig
from encord.exceptions import AuthenticationError, AuthorisationError
from encord.http.querier import Querier
from encord.http.v2.request_signer import sign_request
from encord.orm.label_row import LabelRowMetadata

from bitmask_studio.sandbox import Sandbox
from tests.sandbox.connecting import AT_ONCE, HARBOUR, client, project, row


def own_key(sandbox: Sandbox) -> Ed25519PrivateKey:
    key = load_ssh_private_key(sandbox.key_path.read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def public_hex(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def v1_status(sandbox: Sandbox, body: bytes, signed: bytes, key: Ed25519PrivateKey) -> int:
    signature = key.sign(hashlib.sha256(signed).digest()).hex()
    headers = {"Authorization": f"{public_hex(key)}:{signature}", "ResourceID": sandbox.project_hash}
    answer = requests.post(f"{sandbox.url}/public", data=body, headers=headers, timeout=5)
    assert answer.status_code == 200
    return int(answer.json()["status"])


def listing() -> bytes:
    return json.dumps(
        {"query_type": "labelrowmetadata", "query_method": "GET", "values": {"uid": None, "payload": {}}}
    ).encode()


def signed_v2(sandbox: Sandbox, key: Ed25519PrivateKey, method: str = "GET") -> requests.PreparedRequest:
    request = requests.Request(method, f"{sandbox.url}/v2/public/projects?titleLike=%25a").prepare()
    return sign_request(request, public_hex(key), key)


def v2_status(request: requests.PreparedRequest) -> int:
    return requests.Session().send(request, timeout=5).status_code


def test_the_owner_of_the_key_is_let_in(sandbox: Sandbox) -> None:
    assert v1_status(sandbox, listing(), listing(), own_key(sandbox)) == 200
    assert v2_status(signed_v2(sandbox, own_key(sandbox))) == 200


def test_an_unknown_key_is_refused(sandbox: Sandbox) -> None:
    stranger = Ed25519PrivateKey.generate()
    assert v1_status(sandbox, listing(), listing(), stranger) == 401
    assert v2_status(signed_v2(sandbox, stranger)) == 401


def test_the_sdk_says_that_an_unknown_key_is_not_accepted(sandbox: Sandbox) -> None:
    user = client(sandbox)
    user._config.config.private_key = Ed25519PrivateKey.generate()  # type: ignore[attr-defined]
    with pytest.raises(AuthenticationError):
        list(user.list_projects())


def test_a_body_that_was_tampered_with_is_refused(sandbox: Sandbox) -> None:
    assert v1_status(sandbox, listing().replace(b"GET", b"PUT"), listing(), own_key(sandbox)) == 401
    request = signed_v2(sandbox, own_key(sandbox), "POST")
    request.prepare_body(b'{"more": 1}', None)
    assert v2_status(request) == 401


def test_a_path_that_was_tampered_with_is_refused(sandbox: Sandbox) -> None:
    request = signed_v2(sandbox, own_key(sandbox))
    request.url = str(request.url).replace("titleLike", "titleEq")
    assert v2_status(request) == 401


@pytest.mark.parametrize(("minutes", "status"), [(-6, 401), (-4, 200), (4, 200), (6, 401)])
def test_a_clock_may_be_five_minutes_wrong(sandbox: Sandbox, minutes: int, status: int) -> None:
    key = own_key(sandbox)
    request = signed_v2(sandbox, key)
    parameters = f'("@method" "@request-target" "content-digest");created={int(time.time()) + 60 * minutes}'
    parameters += f';keyid="{public_hex(key)}";alg="ed25519"'
    lines = (
        '"@method": GET',
        f'"@request-target": {request.path_url}',
        f'"content-digest": {request.headers["Content-Digest"]!s}',
        f'"@signature-params": {parameters}',
    )
    signature = base64.b64encode(key.sign("\n".join(lines).encode())).decode()
    request.headers["Signature-Input"] = f"encord-sig={parameters}"
    request.headers["Signature"] = f"encord-sig=:{signature}:"
    assert v2_status(request) == status


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Signature": "encord-sig=:AAAA:"},
        {"Signature": "encord-sig=:!:", "Signature-Input": 'encord-sig=("@method");created=1;keyid="x";alg="ed25519"'},
        {"Authorization": "Bearer nobody.00"},
        {"Authorization": "zz:zz"},
    ],
)
def test_what_is_no_signature_is_refused(sandbox: Sandbox, headers: dict[str, str]) -> None:
    answer = requests.get(f"{sandbox.url}/v2/public/projects", headers=headers, timeout=5)
    assert answer.status_code == 401
    assert answer.json()["message"]
    answer = requests.post(f"{sandbox.url}/public", data=listing(), headers=headers, timeout=5)
    assert answer.json()["response"] == ["AUTHENTICATION_ERROR"]


def test_a_bearer_token_opens_both_protocols(sandbox: Sandbox) -> None:
    token = client(sandbox).get_bearer_token()
    user = EncordUserClient.create_with_bearer_token(token, domain=sandbox.url, requests_settings=AT_ONCE)
    assert isinstance(user._config.config, BearerConfig)
    assert user.get_project(sandbox.project_hash).list_label_rows_v2()


def test_a_viewer_reads_and_does_not_write(sandbox: Sandbox) -> None:
    found = row(sandbox, HARBOUR, "viewer")
    found.initialise_labels()
    with pytest.raises(AuthorisationError):
        found.save()
    with pytest.raises(AuthorisationError):
        found.set_priority(0.9)
    (task, *_) = project(sandbox, "viewer").workflow.stages[0].get_tasks()
    with pytest.raises(AuthorisationError):
        task.submit()  # type: ignore[union-attr]
    assert len(sandbox.history(str(found.label_hash))) == 1


@pytest.mark.parametrize("name", ["annotator", "reviewer", "colleague"])
def test_every_other_member_writes(sandbox: Sandbox, name: str) -> None:
    found = row(sandbox, HARBOUR, name)
    found.initialise_labels()
    found.save()
    assert sandbox.history(str(found.label_hash))[-1].who == f"{name}@bitmask-studio.invalid"


def test_projects_of_others_are_neither_listed_nor_opened(sandbox: Sandbox) -> None:
    assert list(client(sandbox, "outsider").list_projects()) == []
    with pytest.raises(AuthorisationError):
        client(sandbox, "outsider").get_project(sandbox.project_hash)
    assert [each.title for each in client(sandbox, "annotator").list_projects()] == [sandbox.project_title]
    stranger = Querier(client(sandbox, "outsider")._config.config, "project", sandbox.project_hash)
    with pytest.raises(AuthorisationError):
        stranger.get_multiple(LabelRowMetadata, payload={})


def test_the_log_tells_who_asked(sandbox: Sandbox) -> None:
    list(client(sandbox, "reviewer").list_projects())
    (asked,) = sandbox.requests
    assert asked.user == "reviewer@bitmask-studio.invalid"
    assert asked.status == 200
    assert asked.user_agent.startswith("encord-sdk-python/")
