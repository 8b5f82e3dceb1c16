"""What is secret is taken out of a text, what helps to understand it stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.core.secrets import GONE, without_secrets
from tests.planted import KEY, LINES, SIGNATURE, SIGNED

SECRET = {
    "a private key": (KEY, LINES[2]),
    "a private key on one line": (repr(KEY), LINES[2]),
    "a private key without its end": (KEY[:300], LINES[1]),
    "a line of a private key": (f"cannot read {LINES[1]}", LINES[1]),
    "the first line of a private key": (f"[{LINES[0][:30]}]", LINES[0][:30]),
    "a signed address": (f"GET {SIGNED} failed", SIGNATURE),
    "a signed path": (f"Max retries with url: /bucket/a.png?Signature={SIGNATURE[:20]}&x=1", SIGNATURE[:20]),
    "a signature that is encoded": (f"a%26X-Amz-Signature%3D{SIGNATURE[:20]}", SIGNATURE[:20]),
    "a security token": (f"?X-Amz-Security-Token={SIGNATURE[:24]}", SIGNATURE[:24]),
    "what follows the host": ("https://storage.example/secret/path", "secret/path"),
    "a name and password in an address": ("proxy http://jane:hunter2@proxy.example:8080", "hunter2"),
    "a header": ("Authorization: aabbcc:ddeeff", "ddeeff"),
    "a header with blanks": ("authorization: Digest one, two", "two"),
    "headers of a request": ("{'Authorization': 'aabb:ccdd', 'Accept': 'x'}", "ccdd"),
    "headers in bytes": ("{b'Authorization': b'aabb:ccdd'}", "ccdd"),
    "a cookie": ("Set-Cookie: session=abc; path=/", "abc"),
    "a bearer": ("sent Bearer abc.def-123", "def-123"),
    "a basic login": ("Basic amFuZTpodW50ZXIy", "amFuZTpodW50ZXIy"),
    "a web token": ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.c2lnbmVk here", "eyJzdWIiOiIx"),
    "a passphrase in a call": ("Login(passphrase='open sesame', email='')", "sesame"),
    "a passphrase in JSON": ('{"passphrase": "open sesame"}', "sesame"),
    "a password in a setting": ("PASSWORD=hunter2", "hunter2"),
    "a key in a variable": ("ENCORD_SSH_KEY=abc", "abc"),
    "a signature in hex": (f"signed {SIGNATURE}", SIGNATURE),
}

HARMLESS = [
    'File "/home/jane/Projects2024/Bitmask/bitmask_studio/sources/encord/worker/saving.py", line 12, in save',
    "C:\\Users\\Jane\\AppData\\Local\\Programs\\Python311\\Lib\\site-packages\\encord\\user_client.py",
    "row 3f2504e0-4f89-41d3-9a0c-0305e82c3301 of label_hash",
    "KeyError: 'signature'",
    "the passphrase does not open this key",
    "connected to https://api.encord.com",
    "connected to https://api.encord.com/",
    "scan 0001.png has 12 objects (a8B9c0D1)",
    "",
    "/data/AcquisitionSeries2024/PatientGroupA17/Slice00042/Annotations1/x.json",
]


@pytest.mark.parametrize(("text", "secret"), SECRET.values(), ids=SECRET.keys())
def test_a_secret_is_taken_out(text: str, secret: str) -> None:
    assert secret in text
    assert secret not in without_secrets(text)
    assert GONE in without_secrets(text)


@pytest.mark.parametrize(("text", "secret"), SECRET.values(), ids=SECRET.keys())
def test_what_stands_around_a_secret_stays(text: str, secret: str) -> None:
    plain = without_secrets(f"before\n{text}\nafter")
    assert plain.startswith("before\n")
    assert plain.endswith("after") or text == KEY[:300]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_not_secret_stays(text: str) -> None:
    assert without_secrets(text) == text


def test_the_host_of_an_address_stays() -> None:
    assert without_secrets(SIGNED) == f"https://storage.example/{GONE}"


@given(st.text())
def test_taking_out_twice_takes_out_no_more(text: str) -> None:
    once = without_secrets(text)
    assert without_secrets(once) == once


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "part", ["a", "=", "'", "://", "-----BEGIN PRIVATE KEY-----", "token=", "Bearer ", "a/", "eyJ.", "%3d", "\n"]
)
def test_a_long_text_takes_no_longer_than_its_length(part: str) -> None:
    assert len(without_secrets(part * (1 << 20))) <= 1 << 19
