from __future__ import annotations

from pathlib import Path

import pytest

from bitmask_studio.core.errors import InputError
from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sandbox.people import PEOPLE, YOU, KeyRing


def test_each_person_has_a_key_of_their_own(tmp_path: Path) -> None:
    keys = KeyRing(tmp_path, b"secret")
    assert len({keys.path_of(person).read_bytes() for person in PEOPLE}) == len(PEOPLE)
    assert keys.path_of(YOU).read_text().startswith("-----BEGIN OPENSSH PRIVATE KEY-----")


def test_keys_are_kept_and_tokens_with_them(tmp_path: Path) -> None:
    first = KeyRing(tmp_path, b"secret")
    key = first.path_of(YOU).read_bytes()
    again = KeyRing(tmp_path, b"secret")
    assert again.path_of(YOU).read_bytes() == key
    assert again.bearer(first.token_of(YOU)) is YOU
    assert KeyRing(tmp_path, b"other").bearer(first.token_of(YOU)) is None


@pytest.mark.parametrize("content", ["nonsense", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"])
def test_a_spoilt_key_is_told_in_words(tmp_path: Path, content: str) -> None:
    (tmp_path / "sandbox-key").write_text(content)
    with pytest.raises(InputError, match="sandbox-key is no Ed25519 key"):
        Sandbox.start(tmp_path)
