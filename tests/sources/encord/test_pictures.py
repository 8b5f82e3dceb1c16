"""Pictures, videos and thumbnails come from signed addresses, and when they do not, the words say why."""

from __future__ import annotations

import os
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.core.errors import PictureError
from bitmask_studio.core.labels import Frame, RowInfo
from bitmask_studio.core.locks import lock_name
from bitmask_studio.sandbox import Fault, FaultKind, Sandbox
from bitmask_studio.sources.encord.account import Account
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.pictures import Videos
from bitmask_studio.sources.encord.sent import Fetched, FramePlace, NoFile, Reason
from bitmask_studio.sources.encord.source import EncordSource
from bitmask_studio.sources.encord.worker.here import Here
from bitmask_studio.sources.encord.worker.links import KEPT
from bitmask_studio.sources.encord.worker.pictures import fetch, fetch_video
from bitmask_studio.sources.pictures import preview
from bitmask_studio.sources.pictures.decode import decode
from tests.sources.encord.restored import me, sandbox, serving, signed_in, source
from tests.sources.twins import all_rows, write_json, write_picture

__all__ = ["me", "sandbox", "source"]
RESOURCES = Path(__file__).parents[3] / "resources"


def first(source: EncordSource, data_type: str) -> tuple[RowInfo, Frame]:
    info = next(each for each in source.rows() if each.data_type == data_type and each.label_hash)
    return info, source.load(info).frames[0]


def refused(source: EncordSource, info: RowInfo, frame: Frame) -> str:
    with pytest.raises(PictureError) as error:
        source.picture(info, frame)
    return str(error.value)


def test_every_picture_is_the_file_that_the_server_has(source: EncordSource) -> None:
    files = {path.name: path for path in RESOURCES.rglob("*.jpg")}
    compared = 0
    for info in source.rows():
        for frame in source.load(info).frames if info.label_hash and info.data_type in ("image", "img_group") else ():
            expected = decode(files[frame.title], frame.width, frame.height)
            assert np.array_equal(source.picture(info, frame).pixels, expected.pixels)
            compared += 1
    assert compared > 5


def test_each_space_of_a_data_group_has_its_own_picture(source: EncordSource) -> None:
    info, front = first(source, "group")
    row = source.load(info)
    files = {path.name: path for path in RESOURCES.rglob("*.jpg")}
    assert np.array_equal(
        source.picture(info, front).pixels, decode(files[front.title], front.width, front.height).pixels
    )
    frames = [source.picture(info, frame).pixels for frame in row.frames[1:4]]
    assert not np.array_equal(frames[0], frames[2])


def test_a_preview_and_its_picture_are_fetched_once(
    sandbox: Sandbox, source: EncordSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    info, frame = first(source, "image")
    assert source.preview(info, frame, 100) is None
    monkeypatch.setattr(preview, "_LEAST_PIXELS", 1)
    sandbox.clear_requests()
    for _ in range(2):
        small = source.preview(info, frame, 100)
        assert small is not None
        assert 100 <= max(small.pixels.shape) < max(frame.width, frame.height)
        assert source.picture(info, frame).pixels.shape == (frame.height, frame.width, 3)
    assert [each.protocol for each in sandbox.requests].count("files") == 2
    assert source.preview(*first(source, "video"), 100) is None


def test_an_address_that_expired_is_asked_for_again(sandbox: Sandbox, source: EncordSource) -> None:
    sandbox.url_seconds = -5
    info, frame = first(source, "image")
    sandbox.url_seconds = 60
    assert source.picture(info, frame).pixels.size
    assert [each.status for each in sandbox.requests if each.protocol == "files"][-2:] == [403, 200]


def test_addresses_that_never_hold_are_asked_for_once_more_and_no_oftener(
    sandbox: Sandbox, source: EncordSource
) -> None:
    sandbox.url_seconds = -5
    info, frame = first(source, "image")
    sandbox.clear_requests()
    assert "HTTP 403" in refused(source, info, frame)
    assert [each.what for each in sandbox.requests].count("labelrow") == 1
    assert [each.protocol for each in sandbox.requests].count("files") == 2


def test_a_failure_that_passes_is_not_noticed(sandbox: Sandbox, source: EncordSource) -> None:
    info, frame = first(source, "image")
    sandbox.faults.add(Fault(FaultKind.RESET_BEFORE, "files"))
    assert source.picture(info, frame).pixels.size


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (FaultKind.SERVER_ERROR, "HTTP 500"),
        (FaultKind.NOT_FOUND, "deleted or moved"),
        (FaultKind.RESET_BEFORE, "no connection"),
        (FaultKind.HANG, "too slowly"),
    ],
)
def test_a_picture_that_does_not_come_is_said_in_words(
    sandbox: Sandbox, source: EncordSource, kind: FaultKind, words: str
) -> None:
    info, frame = first(source, "image")
    sandbox.faults.add(Fault(kind, "files", times=9))
    text = refused(source, info, frame)
    assert words in text and frame.title in text
    assert "signature" not in text and "http:" not in text


def test_a_file_that_is_no_picture_is_said_in_words(sandbox: Sandbox, source: EncordSource) -> None:
    info, frame = first(source, "image")
    sandbox.faults.add(Fault(FaultKind.NOT_JSON, "files", times=9))
    assert "no picture" in refused(source, info, frame)


def test_waiting_for_a_picture_can_be_cancelled_and_the_next_one_comes(sandbox: Sandbox, me: Account) -> None:
    source = me.project(sandbox.project_hash)
    info, frame = first(source, "image")
    sandbox.faults.add(Fault(FaultKind.HANG, "files"))
    said: list[str] = []
    waiting = threading.Thread(target=lambda: said.append(refused(source, info, frame)))
    waiting.start()
    while not any(each.protocol == "v1" for each in sandbox.requests):
        time.sleep(0.01)
    time.sleep(0.2)
    begun = time.monotonic()
    source.cancel()
    waiting.join(5)
    assert said and time.monotonic() - begun < 0.5
    assert source.picture(info, frame).pixels.size


def test_pictures_of_dicom_rows_are_not_asked_for(sandbox: Sandbox, source: EncordSource) -> None:
    info, frame = first(source, "dicom")
    sandbox.clear_requests()
    assert "DICOM" in refused(source, info, frame)
    assert not sandbox.requests


def test_frames_of_a_video_come_in_any_order_from_one_download(sandbox: Sandbox, source: EncordSource) -> None:
    info, _ = first(source, "video")
    frames = source.load(info).frames
    sandbox.clear_requests()
    pixels = {number: source.picture(info, frames[number]).pixels for number in (0, 7, 3, 23)}
    assert [each.protocol for each in sandbox.requests].count("files") == 1
    assert len({each.tobytes() for each in pixels.values()}) == 4


def test_two_frames_of_a_video_at_once_are_one_download(sandbox: Sandbox, source: EncordSource) -> None:
    info, _ = first(source, "video")
    frames = source.load(info).frames
    sandbox.clear_requests()
    threads = [threading.Thread(target=source.picture, args=(info, frame)) for frame in frames[:6]]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [each.protocol for each in sandbox.requests].count("files") == 1


def test_a_video_lies_in_a_private_folder_until_the_source_is_closed(
    source: EncordSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    info, frame = first(source, "video")
    source.picture(info, frame)
    (folder,) = tmp_path.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"] == ["regatta.mp4"]
    source.close()
    assert not list(tmp_path.iterdir())


def test_what_nobody_ever_claimed_is_removed_a_day_later(
    me: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, new, other = (tmp_path / name for name in ("bitmask-studio-video-a", "bitmask-studio-video-b", "other"))
    for each in (old, new, other):
        each.mkdir()
        (each / "file").touch()
    for each in (old, other):
        os.utime(each, (time.time() - 90_000,) * 2)
    Videos(me.link).close()
    assert not old.exists() and new.exists() and other.exists()


def test_what_a_killed_program_left_is_removed_by_the_next_and_nothing_that_is_in_use(
    sandbox: Sandbox, me: Account, source: EncordSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed = tmp_path / "bitmask-studio-video-killed"
    killed.mkdir()
    (killed / lock_name("in use")).touch()
    source.picture(*first(source, "video"))
    (used,) = set(tmp_path.iterdir()) - {killed}
    Videos(me.link).close()
    assert list(tmp_path.iterdir()) == [used]


def test_thumbnails_are_small_and_touch_no_labels(sandbox: Sandbox, source: EncordSource) -> None:
    source.rows()
    sandbox.clear_requests()
    for info in source.rows():
        picture = source.thumbnail(info)
        if info.data_type in ("image", "img_group"):
            assert picture is not None and max(picture.pixels.shape[:2]) == 160
        if info.data_type in ("video", "dicom"):
            assert picture is None
    assert not any(each.writes or each.what == "labelrow" for each in sandbox.requests)
    sandbox.clear_requests()
    for info in source.rows():
        source.thumbnail(info)
    assert not sandbox.requests


def test_after_a_failure_thumbnails_leave_the_server_alone(sandbox: Sandbox, source: EncordSource) -> None:
    infos = source.rows()[:3]
    sandbox.faults.add(Fault(FaultKind.TOO_MANY, "v2", retry_after=1))
    sandbox.clear_requests()
    for info in infos:
        with pytest.raises(ServerError) as error:
            source.thumbnail(info)
        assert error.value.kind is Kind.TOO_MANY_REQUESTS
    assert [each.status for each in sandbox.requests if each.protocol == "v2"] == [429]


class TestRowsOfOnesOwn:
    """A sandbox over made-up rows and the files in a folder."""

    @pytest.fixture
    def images(self, tmp_path: Path) -> Path:
        folder = tmp_path / "images"
        folder.mkdir()
        return folder

    @pytest.fixture
    def source(self, tmp_path: Path, images: Path) -> Iterator[EncordSource]:
        write_picture(images / "unit-image.png")
        with (images / "unit-image.png").open("ab") as file:
            file.write(bytes(range(256)) * 40_000)
        (images / "unit-video.png").write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/secret.ts\n")
        labels = write_json(tmp_path / "labels.json", all_rows())
        with serving(tmp_path / "state", labels, images) as sandbox, signed_in(sandbox) as account:
            opened = account.project(sandbox.project_hash)
            yield opened
            opened.close()

    def test_a_large_file_comes_in_parts_and_whole(self, source: EncordSource, tmp_path: Path) -> None:
        info, frame = first(source, "image")
        expected = decode(write_picture(tmp_path / "same.png"), frame.width, frame.height)
        assert np.array_equal(source.picture(info, frame).pixels, expected.pixels)

    def test_a_play_list_is_no_video(self, source: EncordSource) -> None:
        assert "no video" in refused(source, *first(source, "video"))


def place_of(sandbox: Sandbox, data_type: str) -> FramePlace:
    row = next(each for each in sandbox.rows() if each["data_type"] == data_type.upper() and each["label_hash"])
    unit = next(iter(sandbox.row(row["label_hash"])["data_units"].values()))
    return FramePlace(
        sandbox.project_hash, row["label_hash"], row["data_hash"], unit["data_hash"], 0, unit["data_title"]
    )


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest", "https://10.0.0.1/a", "file:///etc/passwd"])
def test_an_address_within_somebodys_network_is_not_asked(sandbox: Sandbox, tmp_path: Path, url: str) -> None:
    here, place = Here(Login(sandbox.url, sandbox.key_path)), place_of(sandbox, "image")
    KEPT.keep(here, str(place.label_hash), {(place.data_hash, None): url})
    sandbox.clear_requests()
    assert fetch(here, place) == NoFile(Reason.FORBIDDEN)
    assert fetch_video(here, place, str(tmp_path / "video")) == NoFile(Reason.FORBIDDEN)
    assert not list(tmp_path.glob("video*"))
    assert not sandbox.requests


def test_a_platform_elsewhere_cannot_have_this_computer_asked(sandbox: Sandbox) -> None:
    here, place = Here(Login("https://encord.invalid", sandbox.key_path)), place_of(sandbox, "image")
    KEPT.keep(here, str(place.label_hash), {(place.data_hash, None): f"{sandbox.url}/files/x"})
    sandbox.clear_requests()
    assert fetch(here, place) == NoFile(Reason.FORBIDDEN)
    assert not sandbox.requests


def test_where_the_labels_name_no_address_the_storage_is_asked(sandbox: Sandbox) -> None:
    for data_type in ("image", "img_group"):
        parts: list[bytes] = []
        here, place = Here(Login(sandbox.url, sandbox.key_path), send=parts.append), place_of(sandbox, data_type)
        KEPT.keep(here, str(place.label_hash), {})
        assert fetch(here, place) == Fetched(sum(map(len, parts)))
        assert b"".join(parts).startswith(b"\xff\xd8\xff")


def test_a_video_that_the_disk_does_not_take_leaves_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    here, place = Here(Login(sandbox.url, sandbox.key_path)), place_of(sandbox, "video")
    answer = fetch_video(here, place, str(tmp_path / "no-such-folder" / "video"))
    assert isinstance(answer, NoFile) and answer.reason is Reason.DISK
