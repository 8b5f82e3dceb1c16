"""Pictures behind signed addresses that expire, as object stores hand them out."""

from __future__ import annotations

import hashlib
import hmac
import mimetypes
import re
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bitmask_studio.sandbox.answers import Answer
from bitmask_studio.sandbox.rows import Unit, stable_uuid

PATH = "/files/"
WEEK = 7 * 24 * 3600
"""Seconds for which Encord's addresses hold."""

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Pictures:
    """The files of the rows, found in folders by their names, and the addresses that lead to them."""

    def __init__(self, folders: Iterable[Path], secret: bytes, url_seconds: int = WEEK) -> None:
        self.url_seconds = url_seconds
        self.origin = ""
        self._secret = secret
        self._names: dict[str, tuple[str, ...]] = {}
        self._found = _names_of(folders)
        self._content: dict[str, bytes] = {}

    def url_of(self, unit: Unit) -> str:
        """A fresh address of a unit's file, whether or not there is such a file."""
        return self._url(unit.link, _candidates(unit))

    def file_of(self, unit: Unit) -> Path | None:
        """The file of a unit, None where there is none."""
        return self._first(_candidates(unit))

    def url_of_content(self, name: str, content: bytes) -> str:
        """A fresh address of bytes that are in no file."""
        self._content[stable_uuid("file", name)] = content
        return self._url(name, ())

    def _url(self, name: str, names: tuple[str, ...]) -> str:
        hash_ = stable_uuid("file", name)
        self._names[hash_] = names
        expires = int(time.time()) + self.url_seconds
        return f"{self.origin}{PATH}{hash_}?expires={expires}&signature={self._sign(hash_, expires)}"

    def _sign(self, hash_: str, expires: int) -> str:
        return hmac.new(self._secret, f"{hash_}:{expires}".encode(), hashlib.sha256).hexdigest()

    def path_of(self, hash_: str) -> Path | None:
        """The file behind an address."""
        return self._first(self._names.get(hash_, ()))

    def _first(self, names: Iterable[str]) -> Path | None:
        found = (self._found.get(name.lower()) for name in names)
        return next((path for path in found if path), None)

    def answer(self, target: str, headers: Mapping[str, str]) -> Answer:
        """What GET of an address answers; whoever serves HEAD leaves the body away."""
        parts = urlsplit(target)
        hash_ = parts.path.removeprefix(PATH)
        refusal = self._refusal(hash_, parse_qs(parts.query))
        if refusal:
            return refusal
        path = self.path_of(hash_)
        content = self._content.get(hash_)
        if path is None and content is None:
            return xml_error(404, "NoSuchKey", "The specified key does not exist.")
        try:
            body = path.read_bytes() if path else content or b""
        except OSError:
            return xml_error(404, "NoSuchKey", "The specified key cannot be read.")
        kind = (mimetypes.guess_type(path.name)[0] if path else "application/json") or "application/octet-stream"
        return _ranged(body, kind, headers.get("range", ""))

    def _refusal(self, hash_: str, query: Mapping[str, list[str]]) -> Answer | None:
        expires = query.get("expires", [""])[0]
        signature = query.get("signature", [""])[0]
        if not expires.isdecimal() or not hmac.compare_digest(
            self._sign(hash_, int(expires)).encode(), signature.encode()
        ):
            return xml_error(403, "SignatureDoesNotMatch", "The signature does not match this address.")
        if int(expires) < time.time():
            return xml_error(403, "ExpiredToken", "The provided token has expired.")
        return None


def _candidates(unit: Unit) -> tuple[str, ...]:
    """What the file of a unit may be called."""
    return tuple(name for name in (unit.link, unit.link.rpartition("/")[2], unit.title, unit.unit_hash) if name)


def xml_error(status: int, code: str, message: str) -> Answer:
    """An error as object stores write it."""
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Answer(status, body.encode(), "application/xml")


def _ranged(body: bytes, kind: str, wanted: str) -> Answer:
    """The whole file, or the one range of it that was asked for."""
    headers = {"Accept-Ranges": "bytes", "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"'}
    found = _RANGE.fullmatch(wanted.strip())
    if not found or not any(found.groups()):
        return Answer(200, body, kind, headers)
    start, end = _span(found[1], found[2], len(body))
    if start >= len(body) or end < start:
        headers["Content-Range"] = f"bytes */{len(body)}"
        return Answer(416, b"", kind, headers)
    headers["Content-Range"] = f"bytes {start}-{end}/{len(body)}"
    return Answer(206, body[start : end + 1], kind, headers)


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte; without a first one the number of bytes at the end is meant."""
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _names_of(folders: Iterable[Path]) -> dict[str, Path]:
    """The files of all folders by path below the folder, name and stem, in lower case; what comes first wins."""
    found: dict[str, Path] = {}
    for folder in folders:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        for path in files:
            found.setdefault(path.relative_to(folder).as_posix().lower(), path)
        for path in files:
            found.setdefault(path.name.lower(), path)
            found.setdefault(path.stem.lower(), path)
    return found
