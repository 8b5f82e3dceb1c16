"""What a JSON file is, told from its content, and where its label rows lie in it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from pathlib import Path

import msgspec
from msgspec import Struct

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr
from bitmask_studio.sources.jsontext import scan
from bitmask_studio.sources.jsontext.scan import ScanError, Span
from bitmask_studio.sources.jsontext.skeleton import Skeleton, Stamp, read_skeleton
from bitmask_studio.sources.local.pictures.finding import PICTURE_SUFFIXES
from bitmask_studio.sources.reasons import reason_of

_BOM = b"\xef\xbb\xbf"
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_NOT_STRICT = (msgspec.MsgspecError, UnicodeError, RecursionError)
_OTHER_UNICODE = (b"\xff\xfe", b"\xfe\xff")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_VIDEOS = (b"\x1a\x45\xdf\xa3", b"\0\0\1\xba", b"\0\0\1\xb3")
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide")
_HEAD = 16
"""Bytes that tell a picture or video from text."""


class Kind(Enum):
    ENCORD = auto()
    COCO = auto()
    COCO_RESULTS = auto()
    ONTOLOGY = auto()
    OTHER = auto()


_KINDS_OF_ITEMS = {"data_units": Kind.ENCORD, "segmentation": Kind.COCO_RESULTS}


class RowText(Struct, frozen=True):
    """One row of a file: its bytes without mask strings, and where it lies in the file."""

    text: bytes
    span: Span


class Content(Struct, frozen=True):
    """A JSON file as far as it had to be read to know it."""

    path: Path
    kind: Kind
    rows: tuple[RowText, ...]
    """The label rows of an Encord file; empty for all others."""
    is_list: bool
    root: Span
    """The whole value, as a part of the skeleton."""
    skeleton: Skeleton

    @property
    def stamp(self) -> Stamp:
        return self.skeleton.stamp

    @property
    def text(self) -> bytes:
        """The file without mask strings."""
        return self.skeleton.text

    def place(self, value: Span) -> Span:
        """The bytes in the file of a value of the text."""
        return self.skeleton.span(value.start, value.end)


def read_content(path: Path) -> Content:
    """Read a file and tell what it is. Raises InputError, naming the file, when it cannot be read as JSON."""
    try:
        skeleton = read_skeleton(path)
    except OSError as error:
        raise InputError(tr("{file} cannot be read: {reason}.").format(file=path, reason=reason_of(error))) from error
    try:
        return _told(path, skeleton)
    except ScanError as error:
        raise InputError(f"{path}: {_broken(skeleton, error)}") from error


def refuse_pictures(path: Path) -> None:
    """Raise InputError, before much is read, when a file is a picture or a video: told from its first bytes.

    So is what is called a picture and holds no JSON: telling where its JSON breaks would help nobody.

    Sources: PNG (W3C), JPEG (ITU T.81), GIF 89a, BMP, TIFF 6.0, WebP (RFC 9649), ISO 14496-12 (`ftyp`), Matroska
    (RFC 8794), AVI (RIFF), MPEG (ISO 11172-1).
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise InputError(tr("{file} cannot be read: {reason}.").format(file=path, reason=reason_of(error))) from error
    if head.startswith(_PICTURES) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        text = tr("{file} is a picture, no label file. Open its folder {folder} to label it.")
    elif head.startswith(_VIDEOS) or head[4:8] in _BOXES or (head.startswith(b"RIFF") and head[8:12] == b"AVI "):
        text = tr("{file} is a video, no label file. Open the labels that belong to it, or its folder {folder}.")
    elif path.suffix.lower() in PICTURE_SUFFIXES and not head.removeprefix(_BOM).lstrip().startswith((b"{", b"[")):
        text = tr("{file} is named like a picture and is none: it is damaged or empty. Labels are JSON files.")
    else:
        return
    raise InputError(text.format(file=path, folder=path.parent))


def _told(path: Path, skeleton: Skeleton) -> Content:
    text = skeleton.text
    start = scan.skip_space(text, len(_BOM) if text.startswith(_BOM) else 0)
    root = Span(start, len(text.rstrip()))
    is_list = scan.is_list(text, root)
    spans = _items(text, root) if is_list else [_whole(text, start)]
    kind = _kind_of_list(text, spans) if is_list else _kind_of_value(text, root)
    rows = tuple(RowText(text[a:b], skeleton.span(a, b)) for a, b in spans) if kind is Kind.ENCORD else ()
    return Content(path, kind, rows, is_list, root, skeleton)


def items_of(text: bytes, value: Span) -> list[Span]:
    """The items of a list within a text that is JSON; none when it is broken inside."""
    try:
        return _strict_items(text, value) or list(scan.elements(text, value))
    except ScanError:
        return []


def _items(text: bytes, root: Span) -> list[Span]:
    """The items of the list that the text is. Raises ScanError where it is broken."""
    spans = _strict_items(text, root) or list(scan.elements(text, root))
    end = scan.skip_space(text, spans[-1].end if spans else root.start + 1)
    if end != root.end - 1:
        raise ScanError(end + 1)
    return spans


def _strict_items(text: bytes, value: Span) -> list[Span]:
    """The items of a list that a strict reader accepts, found at its speed; none when it does not."""
    try:
        raws = _LIST.decode(memoryview(text)[value.start : value.end])
    except _NOT_STRICT:
        return []
    spans: list[Span] = []
    at = value.start
    for raw in raws:
        at = scan.skip_space(text, at + 1)
        spans.append(Span(at, at + len(bytes(raw))))
        at = scan.skip_space(text, spans[-1].end)
    return spans


def _whole(text: bytes, start: int) -> Span:
    """The one value of the text. Raises ScanError where it ends too early or more follows."""
    root = scan.value_at(text, start)
    end = scan.skip_space(text, root.end)
    if end != len(text):
        raise ScanError(end)
    return root


def _kind_of_list(text: bytes, spans: list[Span]) -> Kind:
    """An empty list is an export of nothing."""
    for each in spans:
        for key in _keys(text, each):
            if key in _KINDS_OF_ITEMS:
                return _KINDS_OF_ITEMS[key]
    return Kind.OTHER if spans else Kind.ENCORD


def _kind_of_value(text: bytes, root: Span) -> Kind:
    keys = {each.key for each in scan.members(text, root)} if scan.is_object(text, root) else set()
    if "data_units" in keys:
        return Kind.ENCORD
    if keys & {"images", "annotations"}:
        return Kind.COCO
    return Kind.ONTOLOGY if "objects" in keys and b'"featureNodeHash"' in text else Kind.OTHER


def _keys(text: bytes, value: Span) -> Iterator[str]:
    """The keys of an object, as far as it is sound."""
    try:
        yield from (each.key for each in scan.members(text, value))
    except ScanError:
        return


def _broken(skeleton: Skeleton, error: ScanError) -> str:
    text = skeleton.text
    if text.startswith(_OTHER_UNICODE):
        return tr("this is UTF-16 text. Save it as UTF-8 and open it again.")
    if not text.strip():
        return tr("the file is empty.")
    if scan.skip_space(text, error.position) >= len(text):
        return tr("the file is cut short: its JSON ends too early.")
    line = text.count(b"\n", 0, error.position) + 1
    return tr("this is not JSON: it breaks at line {line} (byte {byte}).").format(
        line=line, byte=skeleton.position(error.position)
    )
