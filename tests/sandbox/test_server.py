from __future__ import annotations

import http.client
import threading

import pytest
import requests

from bitmask_studio.sandbox import Sandbox
from tests.sandbox.connecting import HARBOUR, row


def connection(sandbox: Sandbox) -> http.client.HTTPConnection:
    host, _, port = sandbox.url.removeprefix("http://").partition(":")
    return http.client.HTTPConnection(host, int(port), timeout=5)


def test_one_connection_serves_many_requests(sandbox: Sandbox) -> None:
    line = connection(sandbox)
    for _ in range(3):
        line.request("GET", "/v2/public/projects")
        answer = line.getresponse()
        assert (answer.version, answer.status) == (11, 401)
        assert b"message" in answer.read()
    line.close()


@pytest.mark.parametrize("path", ["/", "/nothing/here", "/v2/public/", "/v3/public/projects"])
def test_an_unknown_path_is_answered_in_json(sandbox: Sandbox, path: str) -> None:
    answer = requests.get(f"{sandbox.url}{path}", timeout=5)
    assert answer.status_code in (401, 404)
    assert answer.json()["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"query_type": 1}', b"\xff\xfe"])
def test_a_body_that_is_no_call_is_answered_in_json(sandbox: Sandbox, body: bytes) -> None:
    answer = requests.post(f"{sandbox.url}/public", data=body, timeout=5)
    assert answer.status_code == 200
    assert answer.json()["status"] != 200
    assert isinstance(answer.json()["response"], list)


def test_a_body_of_unknown_length_is_refused(sandbox: Sandbox) -> None:
    answer = requests.post(f"{sandbox.url}/public", data=iter([b"a", b"b"]), timeout=5)
    assert answer.status_code == 413


def test_many_ask_at_once(sandbox: Sandbox) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(row(sandbox, HARBOUR).data_title)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [HARBOUR] * 6


def test_stopping_ends_connections_that_wait(sandbox: Sandbox) -> None:
    line = connection(sandbox)
    line.request("GET", "/v2/public/projects")
    line.getresponse().read()
    sandbox.stop()
    with pytest.raises((OSError, http.client.HTTPException)):
        line.request("GET", "/v2/public/projects")
        line.getresponse()
    line.close()
