"""What a key file is can be told from outside, in words, before anything is sent anywhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as forms
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from bitmask_studio.studio.account.key_file import KeyLook, look

OPENSSH, PKCS8 = forms.PrivateFormat.OpenSSH, forms.PrivateFormat.PKCS8
KEY = ed25519.Ed25519PrivateKey.generate()


def written(
    path: Path,
    key: ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = KEY,
    form: forms.PrivateFormat = OPENSSH,
    passphrase: bytes = b"",
) -> Path:
    lock = forms.BestAvailableEncryption(passphrase) if passphrase else forms.NoEncryption()
    path.write_bytes(key.private_bytes(forms.Encoding.PEM, form, lock))
    return path


def test_an_open_ed25519_key_will_do(tmp_path: Path) -> None:
    assert look(written(tmp_path / "key")) == KeyLook()


def test_a_locked_one_will_do_with_its_passphrase(tmp_path: Path) -> None:
    assert look(written(tmp_path / "key", passphrase=b"secret")) == KeyLook(locked=True)


@pytest.mark.skipif(os.name != "posix", reason="files have no such bits")
@pytest.mark.parametrize(
    ("mode", "exposed"), [(0o600, False), (0o400, False), (0o644, True), (0o640, True), (0o604, True)]
)
def test_a_key_that_others_can_read_is_told(mode: int, exposed: bool, tmp_path: Path) -> None:
    path = written(tmp_path / "key")
    path.chmod(mode)
    assert look(path).exposed is exposed
    assert not look(path).problem


def test_line_ends_of_windows_and_blanks_around_the_key_are_no_harm(tmp_path: Path) -> None:
    path = written(tmp_path / "key")
    path.write_bytes(b"\r\n" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert look(path) == KeyLook()


def test_other_kinds_of_keys_are_named(tmp_path: Path) -> None:
    other = rsa.generate_private_key(65537, 2048)
    assert "RSA" in look(written(tmp_path / "rsa", other)).problem
    assert "ECDSA" in look(written(tmp_path / "ec", ec.generate_private_key(ec.SECP256R1()))).problem


def test_a_key_in_another_format_is_told_apart(tmp_path: Path) -> None:
    assert "another format" in look(written(tmp_path / "key", form=PKCS8)).problem


def test_the_public_half_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "key.pub"
    path.write_bytes(KEY.public_key().public_bytes(forms.Encoding.OpenSSH, forms.PublicFormat.OpenSSH))
    assert "public half" in look(path).problem


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe\x00"])
def test_what_is_no_key_is_called_that(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    assert look(path).problem == "This is not an SSH key."


@pytest.mark.parametrize("kept", [0, 1, 20, 60])
def test_a_key_cut_short_before_its_public_half_is_damaged(tmp_path: Path, kept: int) -> None:
    begin, *body, end = written(tmp_path / "key").read_bytes().splitlines()
    path = tmp_path / "cut"
    path.write_bytes(b"\n".join([begin, b"".join(body)[:kept], end]))
    assert look(path).problem == "This key file is damaged."


def test_no_file_a_folder_and_a_file_without_end_are_refused_in_words(tmp_path: Path) -> None:
    assert look(tmp_path / "none").problem == "There is no such file."
    assert "folder" in look(tmp_path).problem
    (tmp_path / "large").write_bytes(b"\0" * (1 << 20))
    assert look(tmp_path / "large").problem == "This is not an SSH key."
    assert look(Path("nul\0")).problem
