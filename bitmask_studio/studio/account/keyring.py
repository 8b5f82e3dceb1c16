"""Passphrases in the system's keyring: only where there is a real one, and only when the user wishes it.

Every call may wait for the system (it may ask the user to unlock the keyring), so they are meant for jobs.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_log = logging.getLogger(__name__)

_SERVICE = "Bitmask Studio"
_ENCRYPTED = frozenset(
    f"keyring.backends.{name}" for name in ("SecretService", "kwallet", "libsecret", "macOS", "Windows")
)
"""The modules of the backends that the system itself guards; others may write plain text, or nothing."""


def available() -> bool:
    """Whether this system has a keyring that a passphrase can be kept in."""
    return _backend() is not None


def load(domain: str, key_path: Path) -> str | None:
    """The passphrase kept for this key, None where there is none or the keyring does not give it."""
    backend = _backend()
    try:
        return backend.get_password(_SERVICE, _name(domain, key_path)) if backend else None
    except Exception as error:  # noqa: BLE001 - each system fails in its own way, and none may stop signing in
        _note("read", error)
        return None


def store(domain: str, key_path: Path, passphrase: str) -> bool:
    """Keep the passphrase of this key; answers whether the keyring has it now."""
    backend = _backend()
    if backend is None:
        return False
    try:
        backend.set_password(_SERVICE, _name(domain, key_path), passphrase)
        return backend.get_password(_SERVICE, _name(domain, key_path)) == passphrase
    except Exception as error:  # noqa: BLE001 - as above
        _note("written", error)
        return False


def forget(domain: str, key_path: Path) -> bool:
    """Take the passphrase of this key out again; answers whether the keyring is without it now."""
    backend = _backend()
    if backend is None:
        return True
    try:
        if backend.get_password(_SERVICE, _name(domain, key_path)) is not None:
            backend.delete_password(_SERVICE, _name(domain, key_path))
        return True
    except Exception as error:  # noqa: BLE001 - as above
        _note("changed", error)
        return False


def _name(domain: str, key_path: Path) -> str:
    return f"{domain} {key_path.expanduser().absolute()}"


def _backend() -> KeyringBackend | None:
    """The first encrypted keyring of those that `keyring` would try itself."""
    try:
        import keyring
        from keyring.backends.chainer import ChainerBackend

        chosen = keyring.get_keyring()
        tried = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
    except Exception as error:  # noqa: BLE001 - a broken keyring is none
        _note("found", error)
        return None
    return next((each for each in tried if _is_encrypted(each)), None)


def _is_encrypted(backend: KeyringBackend) -> bool:
    return any(each.__module__ in _ENCRYPTED for each in type(backend).__mro__)


def _note(deed: str, error: Exception) -> None:
    """Leave a trace of the kind of failure; its words might hold a secret."""
    _log.warning("the system's keyring could not be %s: %s", deed, type(error).__name__)
