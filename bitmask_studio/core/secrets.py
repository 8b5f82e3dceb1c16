"""Takes what is secret out of a text: whatever is written down or shown for a report goes through here."""

from __future__ import annotations

import re

GONE = "…"
"""Stands where something was taken out."""

_LONGEST = 1 << 18
"""Letters looked at: what is longer is cut first."""

_QUOTED_OR_REST = r"""(?:b?'[^'\n]*'?|b?"[^"\n]*"?|[^\n]*)"""
_QUOTED_OR_WORD = r"""(?:b?'[^'\n]*'?|b?"[^"\n]*"?|[^\s&,;'")\]}]+)"""
_IS = r"""['"]?[ \t]*(?::|=|%3[aAdD])[ \t]*"""

_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]{0,40}-----|\Z)", re.DOTALL
)
_HEADER = re.compile(rf"\b((?:proxy-)?authorization|(?:set-)?cookie)({_IS}){_QUOTED_OR_REST}", re.IGNORECASE)
_SIGNED_IN = re.compile(r"\b(bearer)\s+[\w.~+/=-]{6,}|\b(basic)\s+[\w+/=]{12,}", re.IGNORECASE)
_ADDRESS = re.compile(r"""\b([a-z][a-z0-9+.-]{1,15}://)([^\s/?#'"<>]*@)?([^\s/?#'"<>@]*)([^\s'"<>]*)""", re.IGNORECASE)
_NAMED = re.compile(
    r"((?:passphrase|password|passwd|secret|token|signature|credential|security|api[_-]?key|private[_-]?key|ssh[_-]?key|"
    rf"key[_-]?text)[\w-]{{0,24}}{_IS}){_QUOTED_OR_WORD}",
    re.IGNORECASE,
)
_WEB_TOKEN = re.compile(r"\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}")
_OPENSSH = re.compile(r"b3BlbnNzaC1rZXktdjE[\w+/=\\-]*")
_LONG = re.compile(r"[A-Za-z0-9+/=_-]{40,}")
_HEX = re.compile(r"[0-9a-fA-F]+")
_WORD_LETTERS = 12
"""A path has a slash at least that often; what is made at random has not."""


def without_secrets(text: str) -> str:
    """`text` without private keys, passwords, passphrases, tokens, signatures and what follows the host in an address.

    Goes by the form of things, so it leaves words, paths, hashes of objects and UUIDs alone, and is no leave to write
    secrets down: a passphrase that stands alone looks like any other word.
    """
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST // 2]}\n{GONE}\n{text[-_LONGEST // 2 :]}"
    text = _PRIVATE_KEY.sub(GONE, text)
    text = _HEADER.sub(rf"\1\2{GONE}", text)
    text = _SIGNED_IN.sub(lambda found: f"{found[1] or found[2]} {GONE}", text)
    text = _ADDRESS.sub(_host_alone, text)
    text = _NAMED.sub(rf"\1{GONE}", text)
    for form in (_WEB_TOKEN, _OPENSSH):
        text = form.sub(GONE, text)
    return _LONG.sub(lambda found: GONE if _is_opaque(found[0]) else found[0], text)


def _host_alone(found: re.Match[str]) -> str:
    user = f"{GONE}@" if found[2] else ""
    return found[1] + user + found[3] + (f"/{GONE}" if len(found[4]) > 1 else found[4])


def _is_opaque(run: str) -> bool:
    """Whether letters and digits without a gap look like a key or a signature, not like words."""
    if _HEX.fullmatch(run):
        return True
    kinds = (sum(map(str.isdigit, run)), sum(map(str.isupper, run)), sum(map(str.islower, run)))
    return min(kinds) >= 3 and run.count("/") * _WORD_LETTERS < len(run)
