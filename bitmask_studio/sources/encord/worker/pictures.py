"""The worker's calls that get pictures and videos from their signed addresses; they read, and create nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import Any

from encord.exceptions import AuthorisationError, LabelRowError, ResourceNotFoundError
from encord.orm.storage import StorageItemType
from encord.storage import StorageItem

from bitmask_studio.sources.encord.sent import Fetched, FramePlace, NoFile, Progress, Reason
from bitmask_studio.sources.encord.worker import links
from bitmask_studio.sources.encord.worker.download import DownloadError, Limits, Sink, download
from bitmask_studio.sources.encord.worker.here import Here
from bitmask_studio.sources.encord.worker.links import KEPT
from bitmask_studio.sources.encord.worker.rows import read_raw
from bitmask_studio.sources.reasons import reason_of

MOST_PICTURE = 512 << 20
MOST_VIDEO = 64 << 30
MOST_THUMBNAIL = 64 << 20
_PART = 4 << 20
_TELL_SECONDS = 0.25
_AGAIN = frozenset({Reason.STALE, Reason.NO_CONNECTION, Reason.SERVER})
_SINGLE = frozenset({StorageItemType.IMAGE, StorageItemType.VIDEO})
_COMPOSITE = frozenset({StorageItemType.IMAGE_GROUP, StorageItemType.GROUP, StorageItemType.IMAGE_SEQUENCE})

Open = Callable[[], AbstractContextManager[Sink]]
Tell = Callable[[int, int | None], object]


def fetch(here: Here, place: FramePlace) -> Fetched | NoFile:
    """A picture file: its bytes come as parts once all of them are here."""
    buffer = BytesIO()
    failure = _get(here, place, lambda: nullcontext(_emptied(buffer)), Limits(MOST_PICTURE, here.silence))
    return failure or _send(here, buffer)


def fetch_video(here: Here, place: FramePlace, path: str) -> Fetched | NoFile:
    """A video file, written to `path`, in a folder that belongs to the caller; parts tell how far it is."""
    file, begun = Path(path), Path(f"{path}.part")
    try:
        failure = _get(here, place, lambda: begun.open("wb"), Limits(MOST_VIDEO, here.silence), _teller(here))
        if failure is None:
            begun.replace(file)
            return Fetched(file.stat().st_size)
    except OSError as error:
        failure = NoFile(Reason.DISK, reason_of(error))
    begun.unlink(missing_ok=True)
    return failure


def fetch_thumbnail(here: Here, project_hash: str, label_hash: str | None, data_hash: str) -> Fetched | NoFile:
    """The first picture of a row, found through the storage and not through its labels; its bytes come as parts."""
    url = _thumbnail_link(here, project_hash, label_hash, data_hash)
    if not url:
        return NoFile(Reason.NONE)
    buffer = BytesIO()
    try:
        download(url, buffer, Limits(MOST_THUMBNAIL, here.silence), here.login.is_loopback)
    except DownloadError as error:
        return NoFile(error.reason, error.detail)
    return _send(here, buffer)


def _get(here: Here, place: FramePlace, open_sink: Open, limits: Limits, tell: Tell | None = None) -> NoFile | None:
    """Download, once more when that may help: with a new address where the old one does not hold any more."""
    failure = NoFile(Reason.NONE)
    for _ in range(2):
        url = _link(here, place, fresh=failure.reason is Reason.STALE)
        if not url:
            return NoFile(Reason.NONE)
        try:
            with open_sink() as sink:
                download(url, sink, limits, here.login.is_loopback, tell)
            return None
        except DownloadError as error:
            failure = NoFile(error.reason, error.detail)
        if failure.reason not in _AGAIN:
            break
    return failure


def _link(here: Here, place: FramePlace, fresh: bool) -> str:
    """The address of a frame's file: from the label row where it is there, else from the storage."""
    if place.label_hash is not None:
        kept = None if fresh else KEPT.of(here, place.label_hash)
        if kept is None:
            kept = links.links_in(read_raw(here.row(place.project_hash, place.label_hash, place.row_hash)))
            KEPT.keep(here, place.label_hash, kept)
        if found := links.find(kept, place.data_hash, place.number):
            return found
    return _link_of_child(_files(here, place.project_hash, place.label_hash, place.row_hash), place.title)


def _link_of_child(items: Sequence[StorageItem], title: str) -> str:
    """The address of the one file of that name, or of the only file."""
    named = [each for each in items if each.name == title]
    chosen = named if len(named) == 1 else items
    return (chosen[0].get_signed_url() or "") if len(chosen) == 1 else ""


def _files(here: Here, project_hash: str, label_hash: str | None, data_hash: str) -> Sequence[StorageItem]:
    """The storage items behind a row; none where the user may not see them."""
    try:
        item = here.row(project_hash, label_hash, data_hash).get_storage_item(get_signed_urls=True)
        if item.item_type in _COMPOSITE:
            return list(item.get_child_items(get_signed_urls=True))
    except (LabelRowError, ResourceNotFoundError, AuthorisationError):
        return []
    return [item] if item.item_type in _SINGLE else []


def _thumbnail_link(here: Here, project_hash: str, label_hash: str | None, data_hash: str) -> str:
    files = _files(here, project_hash, label_hash, data_hash)
    first = next((each for each in files if each.item_type == StorageItemType.IMAGE), None)
    if first is None or (first.file_size or 0) > MOST_THUMBNAIL:
        return ""
    return first.get_signed_url() or ""


def _emptied(buffer: BytesIO) -> BytesIO:
    buffer.seek(0)
    buffer.truncate()
    return buffer


def _send(here: Here, buffer: BytesIO) -> Fetched:
    content = buffer.getbuffer()
    for start in range(0, len(content), _PART):
        here.part(bytes(content[start : start + _PART]))
    return Fetched(len(content))


def _teller(here: Here) -> Tell:
    """Tells how far a download is, a few times a second."""
    told = 0.0

    def tell(received: int, total: int | None) -> None:
        nonlocal told
        if monotonic() - told >= _TELL_SECONDS:
            told = monotonic()
            here.part(Progress(received, total))

    return tell


CALLS: Mapping[str, Callable[..., Any]] = {
    "pictures.fetch": fetch,
    "pictures.fetch_video": fetch_video,
    "pictures.thumbnail": fetch_thumbnail,
}
