"""What a JSON file is, told from its content, and where its label rows lie in it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from enum import Enum, auto
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.reading import open_ordinary
from bitmask_studio.core.text import tr
from bitmask_studio.sources.jsontext import scan
from bitmask_studio.sources.jsontext.items import Item, list_at, portions, strict_items, strict_members
from bitmask_studio.sources.jsontext.scan import ScanError, Span, Text
from bitmask_studio.sources.jsontext.skeleton import Carving, Skeleton, Told
from bitmask_studio.sources.local.pictures.finding import PICTURE_SUFFIXES
from bitmask_studio.sources.reasons import reason_of

_BOM = b"\xef\xbb\xbf"
_OTHER_UNICODE = (b"\xff\xfe", b"\xfe\xff")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_VIDEOS = (b"\x1a\x45\xdf\xa3", b"\0\0\1\xba", b"\0\0\1\xb3")
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide")
_HEAD = 16
"""Bytes that tell a picture or video from text."""
_BEGINNING = 1 << 16
"""Bytes in which a label row mostly says that it is one: a row is read at once then, other objects list by list."""
_UNDECIDED = 10_000
"""Items of a list that say nothing of what it is, before it is given up: it may be of a hundred million numbers."""


class Kind(Enum):
    ENCORD = auto()
    COCO = auto()
    COCO_RESULTS = auto()
    ONTOLOGY = auto()
    OTHER = auto()


_KINDS_OF_ITEMS = {"data_units": Kind.ENCORD, "segmentation": Kind.COCO_RESULTS}


class Content:
    """A JSON file whose kind is known; the items of a list are read as they are asked for, once."""

    def __init__(self, path: Path, kind: Kind, carving: Carving, items: Iterator[list[Item]]) -> None:
        self.path, self.kind, self.stamp = path, kind, carving.stamp
        self.is_list = True
        self._carving = carving
        self._items = items

    def portions(self) -> Generator[list[Item]]:
        """The items, in portions. Raises InputError where the file is broken, or cannot be read any more."""
        with contextlib.closing(self), _in_words(self.path, self._carving):
            yield from self._items

    def close(self) -> None:
        """Let go of the file; what was not read is not asked for."""
        self._carving.close()


class WholeContent(Content):
    """A JSON file that is one value, no list: all of its text has been read."""

    def __init__(self, path: Path, carving: Carving, skeleton: Skeleton, whole: _Whole) -> None:
        super().__init__(path, _kind_of_value(skeleton.text, whole.members), carving, iter(()))
        self.is_list = False
        self.text = skeleton.text
        """The file without mask strings."""
        self.members = whole.members
        """Where in it the values of the object are that it is; none where it is no object."""
        self._whole = whole
        self._skeleton = skeleton

    def items(self, value: Span) -> Sequence[Span]:
        """The items of a list among the members; none when it is broken inside."""
        found = self._whole.lists.get(value)
        return items_of(self.text, value) if found is None else found

    def place(self, value: Span) -> Span:
        """The bytes in the file of a value of the text."""
        return self._skeleton.span(value.start, value.end)

    def portions(self) -> Generator[list[Item]]:
        """The one value."""
        yield [Item(bytes(self.text[slice(*self._whole.root)]), self.place(self._whole.root))]


def read_content(path: Path, told: Told = lambda size: None) -> Content:
    """Read of a file what tells its kind, of one that is no list all. Raises InputError, naming it, when it is no JSON.

    `told` hears how many bytes are read, now and later; what it raises goes through.
    """
    try:
        carving = Carving(open_ordinary(path, buffering=0), told)
    except OSError as error:
        raise InputError(tr("{file} cannot be read: {reason}.").format(file=path, reason=reason_of(error))) from error
    try:
        with _in_words(path, carving):
            return _told(path, carving)
    except BaseException:
        carving.close()
        raise


def refuse_pictures(path: Path) -> None:
    """Raise InputError, before much is read, when a file is a picture or a video: told from its first bytes.

    So is what is called a picture and holds no JSON: telling where its JSON breaks would help nobody.

    Sources: PNG (W3C), JPEG (ITU T.81), GIF 89a, BMP, TIFF 6.0, WebP (RFC 9649), ISO 14496-12 (`ftyp`), Matroska
    (RFC 8794), AVI (RIFF), MPEG (ISO 11172-1).
    """
    try:
        with open_ordinary(path) as file:
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


@contextlib.contextmanager
def _in_words(path: Path, carving: Carving) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(tr("{file} cannot be read: {reason}.").format(file=path, reason=reason_of(error))) from error
    except ScanError as error:
        raise InputError(f"{path}: {_broken(carving, error)}") from error


def _told(path: Path, carving: Carving) -> Content:
    while carving.more() and _start(carving) == len(carving.text):
        pass
    start = _start(carving)
    if carving.text[start : start + 1] == b"[":
        carving.let_go(start)
        return _told_of_list(path, carving)
    skeleton = carving.whole()
    whole = _whole(skeleton.text, start, carving.pause)
    carving.close()
    return WholeContent(path, carving, skeleton, whole)


def _told_of_list(path: Path, carving: Carving) -> Content:
    """What the list is that begins where the text does: read up to the first item that tells."""
    rest, seen = portions(carving), list[list[Item]]()
    kind, undecided = None, 0
    while kind is None and undecided < _UNDECIDED and (portion := next(rest, None)) is not None:
        seen.append(portion)
        kind, undecided = _kind_of_items(portion), undecided + len(portion)
    if kind is None:
        kind = Kind.OTHER if undecided else Kind.ENCORD
    return Content(path, kind, carving, chain(seen, rest))


def _start(carving: Carving) -> int:
    """Where the value begins, behind a byte order mark and white space; the end of the text while it is not there."""
    text = carving.text
    return scan.skip_space(text, len(_BOM) if text.startswith(_BOM) else 0)


def items_of(text: Text, value: Span) -> list[Span]:
    """The items of a list within a text that is JSON; none when it is broken inside."""
    try:
        return strict_items(text, value) or list(scan.elements(text, value))
    except ScanError:
        return []


class _Whole(NamedTuple):
    """The one value that a text is, what is in it by key, and the items of the lists among that."""

    root: Span
    members: dict[str, Span]
    lists: dict[Span, list[Span]]


def _whole(text: Text, start: int, pause: Callable[[], object]) -> _Whole:
    """Raises ScanError where the value ends too early or more follows."""
    if text[start : start + 1] == b"{" and text.find(b'"data_units"', start, start + _BEGINNING) < 0:
        return _walked(text, start, pause)
    members = strict_members(text, start)
    if members is not None:
        return _Whole(Span(start, scan.end_of_text(text)), members, {})
    root = _checked(text, scan.value_at(text, start))
    found = {each.key: each.value for each in scan.members(text, root)} if scan.is_object(text, root) else {}
    return _Whole(root, found, {})


def _walked(text: Text, start: int, pause: Callable[[], object]) -> _Whole:
    """An object with long lists in it, as COCO has them: nothing holds up other threads for long."""
    lists: dict[Span, list[Span]] = {}

    def end_of(text: Text, at: int) -> int:
        if text[at : at + 1] == b"[":
            with contextlib.suppress(ScanError):  # broken inside: its end is where its bracket is closed
                spans, end = list_at(text, at, pause)
                lists[Span(at, end)] = spans
                return end
        return scan.value_at(text, at).end

    found = list(scan.members(text, Span(start, start), end_of))
    last = found[-1].value.end if found else start + 1
    root = _checked(text, Span(start, scan.skip_space(text, last) + 1))
    return _Whole(root, {each.key: each.value for each in found}, lists)


def _checked(text: Text, root: Span) -> Span:
    """The value that is all there is. Raises ScanError where more follows."""
    end = scan.skip_space(text, root.end)
    if end != len(text):
        raise ScanError(end)
    return root


def _kind_of_items(items: Sequence[Item]) -> Kind | None:
    """What the first of them that tells says. An empty list is an export of nothing."""
    keys = (key for each in items for key in _keys(each.text, Span(0, len(each.text))))
    return next((_KINDS_OF_ITEMS[key] for key in keys if key in _KINDS_OF_ITEMS), None)


def _kind_of_value(text: Text, members: Collection[str]) -> Kind:
    if "data_units" in members:
        return Kind.ENCORD
    if "images" in members or "annotations" in members:
        return Kind.COCO
    return Kind.ONTOLOGY if "objects" in members and b'"featureNodeHash"' in text else Kind.OTHER


def _keys(text: bytes, value: Span) -> Iterator[str]:
    """The keys of an object, as far as it is sound."""
    try:
        yield from (each.key for each in scan.members(text, value))
    except ScanError:
        return


def _broken(carving: Carving, error: ScanError) -> str:
    text = carving.text
    if not carving.gone and text.startswith(_OTHER_UNICODE):
        return tr("this is UTF-16 text. Save it as UTF-8 and open it again.")
    if not carving.gone and not text.strip():
        return tr("the file is empty.")
    if scan.skip_space(text, error.position) >= len(text):
        return tr("the file is cut short: its JSON ends too early.")
    line = carving.lines + text.count(b"\n", 0, error.position) + 1
    return tr("this is not JSON: it breaks at line {line} (byte {byte}).").format(
        line=line, byte=carving.position(error.position)
    )
