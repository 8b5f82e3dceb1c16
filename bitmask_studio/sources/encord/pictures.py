"""Pictures, videos and thumbnails of rows on a server: asked of the worker, decoded here, a few of them kept."""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from pathlib import Path
from time import monotonic, time

from msgspec import Struct

from bitmask_studio.core.errors import PictureError
from bitmask_studio.core.labels import Frame, RowInfo
from bitmask_studio.core.locks import Claim, lock_name
from bitmask_studio.core.names import safe_stem
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Picture
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.sources.encord.link import Link
from bitmask_studio.sources.encord.sent import Fetched, FramePlace, NoFile, Progress, Reason
from bitmask_studio.sources.pictures.decode import decode_bytes
from bitmask_studio.sources.pictures.preview import preview_bytes, worth_preview
from bitmask_studio.sources.pictures.thumbnail import THUMBNAIL_SIDE, reduced
from bitmask_studio.sources.pictures.video import VideoReader
from bitmask_studio.sources.reasons import reason_of

MAX_THUMBNAIL_BYTES = 64 << 20
_MOST_VIDEOS = 3
_PICTURE_SECONDS = 300.0
_VIDEO_SECONDS = 6 * 3600.0
_PAUSE_SECONDS = 10.0
_FOLDER, _IN_USE = "bitmask-studio-video-", "in use"
_DAY = 24 * 3600
_VIDEO_STARTS = (b"\x1a\x45\xdf\xa3", b"\0\0\1\xba", b"\0\0\1\xb3", b"RIFF", b"OggS", b"FLV", b"\x30\x26\xb2\x75", b"G")
_VIDEO_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")

Tell = Callable[[RowInfo, int, int | None], object]
"""Gets the row whose video is being fetched, the bytes so far, and of how many if that is known."""


class _Video(Struct, frozen=True):
    reader: VideoReader
    folder: Path


class Videos:
    """Files of videos in a private folder, one for each, as few as can be."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._lock = threading.Lock()
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._videos: OrderedDict[str, _Video] = OrderedDict()
        self._folder: Path | None = None
        self._claim: Claim | None = None
        _sweep()

    def reader(self, place: FramePlace, tell: Callable[[Progress], object]) -> VideoReader:
        """The reader of a video, fetched if it is not here. Raises PictureError."""
        with self._lock:
            lock = self._locks[place.data_hash]
        with lock:
            return self._kept(place.data_hash) or self._fetched(place, tell)

    def close(self) -> None:
        """Let go of all files and remove them."""
        with self._lock:
            videos, self._videos = list(self._videos.values()), OrderedDict()
            folder, self._folder = self._folder, None
            claim, self._claim = self._claim, None
        for each in videos:
            each.reader.close()
        if claim:
            claim.release()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _kept(self, data_hash: str) -> VideoReader | None:
        with self._lock:
            found = self._videos.get(data_hash)
            if found is None or not found.reader.path.is_file():
                return None
            self._videos.move_to_end(data_hash)
            return found.reader

    def _fetched(self, place: FramePlace, tell: Callable[[Progress], object]) -> VideoReader:
        try:
            folder = Path(tempfile.mkdtemp(dir=self._own_folder()))
        except OSError as error:
            raise _no_file(NoFile(Reason.DISK, reason_of(error)), place.title) from error
        path = folder / (safe_stem(place.title) or "video")
        try:
            answer = self._link.call("pictures.fetch_video", place, str(path), part=tell, seconds=_VIDEO_SECONDS)
        except ServerError as error:
            raise _unreached(error) from error
        if isinstance(answer, NoFile):
            raise _no_file(answer, place.title)
        if not _is_video(path):
            shutil.rmtree(folder, ignore_errors=True)
            raise PictureError(tr("{name} is no video of a kind that can be shown.").format(name=place.title))
        return self._keep(place.data_hash, _Video(VideoReader(path), folder))

    def _keep(self, data_hash: str, video: _Video) -> VideoReader:
        with self._lock:
            self._videos[data_hash] = video
            surplus = [self._videos.popitem(last=False)[1] for _ in range(len(self._videos) - _MOST_VIDEOS)]
        for each in surplus:
            each.reader.close()
            shutil.rmtree(each.folder, ignore_errors=True)
        return video.reader

    def _own_folder(self) -> Path:
        """A folder that nobody else may look into. Raises OSError."""
        with self._lock:
            if self._folder is None or not self._folder.is_dir():
                self._folder = Path(tempfile.mkdtemp(prefix=_FOLDER))
                self._claim = Claim.take(self._folder, [_IN_USE])
                weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
            return self._folder


class Pictures:
    """The pictures of one project's rows. Blocks; may be used from several threads at once."""

    def __init__(self, link: Link, project_hash: str, tell: Tell) -> None:
        self._link = link
        self._project_hash = project_hash
        self._tell = tell
        self._videos = Videos(link)
        self._thumbnails = Thumbnails(link, project_hash)
        self._previewed: dict[FramePlace, bytes] = {}
        """The file of the last preview, until its picture is asked for."""

    def picture(self, info: RowInfo, frame: Frame, is_video: bool) -> Picture:
        """The picture under a frame. Raises PictureError."""
        place = self._place(info, frame)
        if is_video:
            reader = self._videos.reader(place, lambda each: self._tell(info, each.received, each.total))
            return reader.frame(frame.number, frame.width, frame.height)
        data = self._previewed.pop(place, None) or self._fetched(place)
        return decode_bytes(data, place.title, frame.width, frame.height)

    def preview(self, info: RowInfo, frame: Frame, side: int) -> Picture | None:
        """A large picture reduced, see `Source.preview`; what is fetched for it serves `picture`."""
        if not worth_preview(frame.width, frame.height):
            return None
        place = self._place(info, frame)
        data = self._fetched(place)
        self._previewed = {place: data}
        return preview_bytes(data, frame.width, frame.height, side)

    def thumbnail(self, info: RowInfo) -> Picture | None:
        """A small picture of a row, None when there is none. Raises ServerError."""
        return self._thumbnails.of(info)

    def close(self) -> None:
        """Remove what was written to the disk."""
        self._videos.close()

    def _place(self, info: RowInfo, frame: Frame) -> FramePlace:
        title = frame.title or info.title
        return FramePlace(self._project_hash, info.label_hash, info.data_hash, frame.data_hash, frame.number, title)

    def _fetched(self, place: FramePlace) -> bytes:
        parts: list[bytes] = []
        try:
            answer = self._link.call("pictures.fetch", place, part=parts.append, seconds=_PICTURE_SECONDS)
        except ServerError as error:
            raise _unreached(error) from error
        if isinstance(answer, NoFile):
            raise _no_file(answer, place.title)
        return b"".join(parts)


class Thumbnails:
    """Small pictures, the last ones kept."""

    def __init__(self, link: Link, project_hash: str) -> None:
        self._link = link
        self._project_hash = project_hash
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Picture | None] = OrderedDict()
        self._bytes = 0
        self._not_before = 0.0
        self._failure: ServerError | None = None

    def of(self, info: RowInfo) -> Picture | None:
        """None when there is none. Raises ServerError; then none is asked for, for a while."""
        with self._lock:
            if info.key in self._kept:
                self._kept.move_to_end(info.key)
                return self._kept[info.key]
        if self._failure is not None and monotonic() < self._not_before:
            raise self._failure.with_traceback(None)
        try:
            found = self._fetched(info)
        except ServerError as error:
            if error.kind is not Kind.CANCELLED:
                self._failure, self._not_before = error, monotonic() + max(_PAUSE_SECONDS, error.retry_after or 0.0)
            raise
        self._keep(info.key, found)
        return found

    def _fetched(self, info: RowInfo) -> Picture | None:
        parts: list[bytes] = []
        arguments = (self._project_hash, info.label_hash, info.data_hash)
        answer = self._link.call("pictures.thumbnail", *arguments, part=parts.append, tries=1)
        return reduced(b"".join(parts), THUMBNAIL_SIDE) if isinstance(answer, Fetched) else None

    def _keep(self, key: str, picture: Picture | None) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = picture
            self._bytes += _bytes_of(picture)
            while self._bytes > MAX_THUMBNAIL_BYTES:
                self._bytes -= _bytes_of(self._kept.popitem(last=False)[1])


def _bytes_of(picture: Picture | None) -> int:
    """What keeping it costs; that there is none is worth knowing too."""
    return picture.pixels.nbytes if picture else 512


def _no_file(answer: NoFile, name: str) -> PictureError:
    """What a person reads when a file did not come."""
    texts = {
        Reason.NONE: tr("The server gives no file for {name}."),
        Reason.FORBIDDEN: tr(
            "{name} was not fetched: the server names an address that is not on the open Internet or not secure."
        ),
        Reason.STALE: tr("{name} is not where the server says ({detail}). It may be deleted or moved."),
        Reason.NO_CONNECTION: tr("{name} could not be fetched: no connection to where it is stored. Try again."),
        Reason.TOO_SLOW: tr("{name} could not be fetched: where it is stored answers too slowly. Try again."),
        Reason.SERVER: tr(
            "{name} could not be fetched: where it is stored, something else than a file came ({detail}). Try again."
        ),
        Reason.TOO_LARGE: tr("{name} is larger than any file that is fetched here."),
        Reason.DISK: tr("{name} could not be stored for reading: {detail}."),
    }
    error = PictureError(texts[answer.reason].format(name=name, detail=answer.detail))
    error.passes = answer.reason in (Reason.NO_CONNECTION, Reason.TOO_SLOW, Reason.SERVER)
    return error


def _unreached(error: ServerError) -> PictureError:
    picture = PictureError(str(error))
    picture.passes = True
    return picture


def _is_video(path: Path) -> bool:
    """Whether a file begins as a video does: a play list would make the decoder ask addresses of its own.

    Sources: ISO 14496-12, Matroska (RFC 8794), RIFF, MPEG (ISO 11172-1, 13818-1), Ogg (RFC 3533), FLV, ASF.
    """
    with path.open("rb") as file:
        head = file.read(12)
    return head.startswith(_VIDEO_STARTS) or head[4:8] in _VIDEO_BOXES


def _sweep() -> None:
    """Remove what killed programs left: folders that nobody has claimed any more, or that are old."""
    for each in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        try:
            left = each.is_dir() and not each.is_symlink() and _is_left(each)
        except OSError:
            continue
        if left:
            shutil.rmtree(each, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    """Whether no program uses a folder any more; one without a claim may be just being made. Raises OSError."""
    if not (folder / lock_name(_IN_USE)).exists():
        return time() - folder.stat().st_mtime > _DAY
    claim = Claim.take(folder, [_IN_USE])
    if claim:
        claim.release()
    return claim is not None
