"""Checks who signed a request: Ed25519 over the body (v1), HTTP message signatures (v2), or a bearer token."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bitmask_studio.sandbox.answers import RefusedError
from bitmask_studio.sandbox.people import KeyRing, Person

CLOCK_SLACK = 300
"""Seconds by which the signer's clock may differ."""

_COVERED = ("@method", "@request-target", "content-digest")
_INPUT = re.compile(r"encord-sig=(\((?P<covered>[^()]*)\)(?P<parameters>(;[a-z]+=(\"[^\"]*\"|\d+))*))")
_PARAMETER = re.compile(r';([a-z]+)=(?:"([^"]*)"|(\d+))')
_SIGNATURE = re.compile(r"encord-sig=:([A-Za-z0-9+/=]+):")

Clock = Callable[[], float]


@dataclass(frozen=True)
class Incoming:
    """A request as it came: `target` is path and query as sent, `headers` have lower-case names."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


def v1_sender(incoming: Incoming, keys: KeyRing) -> Person:
    """Who sent a v1 call. Raises RefusedError."""
    if (person := _bearer(incoming, keys)) is not None:
        return person
    public_key, _, signature = incoming.headers.get("authorization", "").partition(":")
    digest = hashlib.sha256(incoming.body).digest()
    return _owner(keys, public_key, _hex(signature), digest)


def v2_sender(incoming: Incoming, keys: KeyRing, clock: Clock = time.time) -> Person:
    """Who sent a v2 call. Raises RefusedError."""
    if (person := _bearer(incoming, keys)) is not None:
        return person
    found = _INPUT.fullmatch(incoming.headers.get("signature-input", ""))
    signature = _SIGNATURE.fullmatch(incoming.headers.get("signature", ""))
    if not found or not signature:
        raise _unauthenticated("The request is not signed.")
    covered = tuple(name.strip('"') for name in found["covered"].split())
    parameters = {name: text or number for name, text, number in _PARAMETER.findall(found["parameters"])}
    _check_parameters(covered, parameters, clock())
    _check_digest(incoming)
    lines = [*(f'"{name}": {_component(name, incoming)}' for name in covered), f'"@signature-params": {found[1]}']
    return _owner(keys, parameters.get("keyid", ""), _base64(signature[1]), "\n".join(lines).encode())


def _bearer(incoming: Incoming, keys: KeyRing) -> Person | None:
    scheme, _, token = incoming.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer":
        return None
    person = keys.bearer(token)
    if person is None:
        raise _unauthenticated("The token is not valid.")
    return person


def _check_parameters(covered: tuple[str, ...], parameters: Mapping[str, str], now: float) -> None:
    if not set(_COVERED) <= set(covered) or parameters.get("alg") != "ed25519":
        raise _unauthenticated("The signature does not cover what it has to.")
    if abs(now - int(parameters.get("created", 0))) > CLOCK_SLACK:
        raise _unauthenticated("The signature was not made just now: check the clock.")


def _check_digest(incoming: Incoming) -> None:
    digest = base64.b64encode(hashlib.sha256(incoming.body).digest()).decode()
    if incoming.headers.get("content-digest") != f"sha-256=:{digest}:":
        raise _unauthenticated("The body is not the one that was signed.")


def _component(name: str, incoming: Incoming) -> str:
    derived = {"@method": incoming.method, "@request-target": incoming.target}
    return derived.get(name) or incoming.headers.get(name, "")


def _owner(keys: KeyRing, public_key: str, signature: bytes, signed: bytes) -> Person:
    """The person whose key signed; the signature is checked first, so that only the key's owner learns of it."""
    try:
        Ed25519PublicKey.from_public_bytes(_hex(public_key)).verify(signature, signed)
    except (InvalidSignature, ValueError) as error:
        raise _unauthenticated("The signature is not valid.") from error
    person = keys.owner(public_key)
    if person is None:
        raise _unauthenticated("Nobody here has this key.")
    return person


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""


def _unauthenticated(message: str) -> RefusedError:
    return RefusedError("AUTHENTICATION_ERROR", message)
