"""Single frames of a video: always the one asked for, whichever way, and plain words where there is none."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.core.errors import PictureError
from bitmask_studio.sources.pictures import video
from bitmask_studio.sources.pictures.video import VideoReader
from bitmask_studio.sources.pictures.video_decoder import Decoder, Stopped, StoppedError
from bitmask_studio.sources.pictures.video_opencv import OpencvDecoder
from tests.sources.pictures.videos import (
    HAS_PYAV,
    HEIGHT,
    WIDTH,
    Pixels,
    number_in,
    numbered,
    turn,
    write_irregular,
    write_video,
)

FRAME_BYTES = WIDTH * HEIGHT * 3
DECODERS: list[Callable[[Path], Decoder]] = [OpencvDecoder]
if HAS_PYAV:
    from bitmask_studio.sources.pictures.video_av import AvDecoder

    DECODERS.append(AvDecoder)


@pytest.fixture(params=DECODERS, ids=lambda each: each.__name__)
def decoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type[Decoder]:
    """Each library that is installed, in force for the test."""
    monkeypatch.setattr(video, "open_decoder", request.param)
    chosen: type[Decoder] = request.param
    return chosen


def shown(reader: VideoReader, number: int) -> int:
    return number_in(reader.frame(number, WIDTH, HEIGHT).pixels)


@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp4", "mp4v"), ("a.avi", "MJPG"), ("a.webm", "VP80"), ("b.avi", "XVID")]
)
def test_frames_asked_for_in_any_order_are_the_ones_asked_for(
    tmp_path: Path, decoder: type[Decoder], name: str, codec: str
) -> None:
    reader = VideoReader(write_video(tmp_path / name, 120, codec), 8 * FRAME_BYTES)
    order = [0, 1, 2, 119, 118, 5, 60, 59, 58, 90, 0, *random.Random(3).sample(range(120), 25)]
    assert [shown(reader, number) for number in order] == order


def test_a_frame_looks_as_it_was_made(tmp_path: Path, decoder: type[Decoder]) -> None:
    picture = VideoReader(write_video(tmp_path / "a.mp4", 3)).frame(2, WIDTH, HEIGHT)
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.shape == (HEIGHT, WIDTH, 3)
    assert np.abs(picture.pixels.astype(int) - numbered(2)).mean() < 12


@pytest.mark.parametrize("number", [-1, 10, 11, 5000])
def test_a_frame_that_is_not_there_is_said_to_be_missing(tmp_path: Path, decoder: type[Decoder], number: int) -> None:
    reader = VideoReader(write_video(tmp_path / "a.mp4", 10))
    with pytest.raises(PictureError, match=f"a.mp4 has no frame {number}"):
        reader.frame(number, WIDTH, HEIGHT)
    assert shown(reader, 9) == 9


def test_a_label_row_that_says_another_size_is_told_both(tmp_path: Path, decoder: type[Decoder]) -> None:
    reader = VideoReader(write_video(tmp_path / "a.mp4", 3))
    with pytest.raises(PictureError, match="64 x 48 px, but its label row says 640 x 480 px"):
        reader.frame(0, 640, 480)
    with pytest.raises(PictureError, match="says 48 x 64 px"):
        reader.frame(0, HEIGHT, WIDTH)


def test_a_turned_video_is_shown_as_its_label_row_counts_it(tmp_path: Path, decoder: type[Decoder]) -> None:
    reader = VideoReader(turn(write_video(tmp_path / "a.mp4", 6)))
    upright = reader.frame(5, HEIGHT, WIDTH).pixels
    assert upright.shape == (WIDTH, HEIGHT, 3)
    assert number_in(np.rot90(upright)) == 5
    assert shown(reader, 5) == 5


def test_a_video_that_is_gone_is_told_in_words(tmp_path: Path, decoder: type[Decoder]) -> None:
    with pytest.raises(PictureError, match=r"gone.mp4 cannot be read"):
        VideoReader(tmp_path / "gone.mp4").frame(0, WIDTH, HEIGHT)


@pytest.mark.parametrize("content", [b"", b"\x00\x00\x00\x18ftypmp42", b"no video at all\n" * 100])
def test_a_file_that_is_no_video_is_told_in_words(tmp_path: Path, decoder: type[Decoder], content: bytes) -> None:
    path = tmp_path / "odd.mp4"
    path.write_bytes(content)
    with pytest.raises(PictureError, match=r"odd.mp4 is damaged, or no video"):
        VideoReader(path).frame(0, WIDTH, HEIGHT)


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "mp4v"), ("a.avi", "MJPG"), ("a.webm", "VP80")])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_video_that_is_cut_short_gives_what_it_has(
    tmp_path: Path, decoder: type[Decoder], name: str, codec: str, part: float
) -> None:
    path = write_video(tmp_path / name, 60, codec)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    reader = VideoReader(path)
    for number in (59, 0, 30, 1):
        try:
            found = shown(reader, number)
        except PictureError as error:
            assert "damaged" in str(error) or f"has no frame {number}" in str(error)
        else:
            assert found == number


def test_noise_inside_a_video_crashes_nothing(tmp_path: Path, decoder: type[Decoder]) -> None:
    whole = write_video(tmp_path / "a.mp4", 40).read_bytes()
    for seed in range(25):
        chance = random.Random(seed)
        data = bytearray(whole)
        for _ in range(30):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path = tmp_path / f"{seed}.mp4"
        path.write_bytes(data)
        reader = VideoReader(path)
        for number in (0, 39, 20):
            try:
                assert reader.frame(number, WIDTH, HEIGHT).pixels.shape == (HEIGHT, WIDTH, 3)
            except PictureError as error:
                assert path.name in str(error)


class Counting:
    """A decoder of `count` black frames that counts its work."""

    frames = quarter_turns = 0
    size = (WIDTH, HEIGHT)

    def __init__(self, count: int) -> None:
        self.count, self.next, self.decoded, self.closed = count, 0, 0, 0
        self.hold = threading.Event()
        self.hold.set()

    def seek(self, number: int, stopped: Stopped) -> int:
        self.next = self.next if number >= self.next else 0
        return self.next

    def skip(self) -> bool:
        self.hold.wait(10)
        self.decoded += 1
        self.next += 1
        return self.next <= self.count

    def read(self) -> Pixels | None:
        return np.full((HEIGHT, WIDTH, 3), (self.next - 1) % 256, np.uint8) if self.skip() else None

    def close(self) -> None:
        self.closed += 1


def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, room: int) -> tuple[VideoReader, Counting]:
    """A reader over a counting decoder that has room for so many frames."""
    path = tmp_path / "a.mp4"
    path.touch()
    decoder = Counting(count)
    monkeypatch.setattr(video, "open_decoder", lambda path: decoder)
    return VideoReader(path, room * FRAME_BYTES), decoder


def test_going_back_frame_by_frame_decodes_from_the_start_once_in_many_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, decoder = counted(tmp_path, monkeypatch, 1000, 100)
    for number in range(1000, 900, -1):
        assert reader.frame(number - 1, WIDTH, HEIGHT).pixels[0, 0, 0] == (number - 1) % 256
    assert decoder.decoded < 4 * 1000


def test_no_more_frames_are_kept_than_there_is_room_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, _ = counted(tmp_path, monkeypatch, 500, 10)
    for number in (*range(50), 400, 399, 398, 10):
        reader.frame(number, WIDTH, HEIGHT)
        assert reader.cached(number)
    assert sum(reader.cached(number) for number in range(500)) == 10


def test_a_frame_at_hand_does_not_wait_for_the_decoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, decoder = counted(tmp_path, monkeypatch, 500, 10)
    reader.frame(0, WIDTH, HEIGHT)
    decoder.hold.clear()
    job = threading.Thread(target=lambda: reader.frame(300, WIDTH, HEIGHT))
    job.start()
    reader.frame(0, WIDTH, HEIGHT)
    assert job.is_alive()
    decoder.hold.set()
    job.join(10)
    assert reader.cached(300)


@pytest.mark.parametrize(("number", "given_up"), [(20, False), (400, True)])
def test_closing_never_waits_and_gives_up_what_is_far_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, given_up: bool
) -> None:
    reader, decoder = counted(tmp_path, monkeypatch, 500, 10)
    reader.frame(0, WIDTH, HEIGHT)
    decoder.hold.clear()
    failures: list[str] = []

    def read() -> None:
        try:
            reader.frame(number, WIDTH, HEIGHT)
        except PictureError as error:
            failures.append(str(error))

    job = threading.Thread(target=read)
    job.start()
    while not reader._lock.locked():
        pass
    reader.close()
    decoder.hold.set()
    job.join(10)
    assert bool(failures) == given_up
    assert decoder.closed == 1
    assert reader.frame(3, WIDTH, HEIGHT).pixels[0, 0, 0] == 3


def test_opencv_is_there_where_pyav_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "bitmask_studio.sources.pictures.video_av", None)
    assert isinstance(video.open_decoder(write_video(tmp_path / "a.mp4", 2)), OpencvDecoder)


if HAS_PYAV:
    TIMES = sorted(random.Random(5).sample(range(4000), 120))

    @pytest.mark.parametrize(
        "options",
        [
            {"bf": "0", "g": "10"},
            {"bf": "3", "g": "24"},
            {"bf": "3", "g": "12", "x264-params": "open-gop=1"},
            {"g": "500"},
        ],
        ids=str,
    )
    @pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts", "a.mov"])
    def test_frames_at_irregular_times_are_exact(
        tmp_path: Path, decoder: type[Decoder], name: str, options: dict[str, str]
    ) -> None:
        reader = VideoReader(write_irregular(tmp_path / name, TIMES, **options), 8 * FRAME_BYTES)
        order = [119, 0, 60, 59, 61, 12, 11, 24, 23, *random.Random(3).sample(range(120), 25)]
        assert [shown(reader, number) for number in order] == order

    def test_a_jump_decodes_from_the_keyframe_before_it_alone(tmp_path: Path) -> None:
        decoder = AvDecoder(write_irregular(tmp_path / "a.mp4", TIMES, bf="2", g="10"))
        starts = [decoder.seek(number, lambda: False) for number in (115, 50, 90)]
        assert all(0 <= number - start <= 10 for number, start in zip((115, 50, 90), starts, strict=True))

    def test_making_the_index_can_be_given_up_and_done_later(tmp_path: Path) -> None:
        decoder = AvDecoder(write_irregular(tmp_path / "a.mp4", TIMES, bf="2", g="10"))
        with pytest.raises(StoppedError):
            decoder.seek(100, lambda: True)
        assert decoder.seek(100, lambda: False) >= 90

    def test_both_libraries_give_the_same_pixels(tmp_path: Path) -> None:
        path = write_irregular(tmp_path / "a.mp4", TIMES[:20], bf="2")
        one, other = AvDecoder(path), OpencvDecoder(path)
        for _ in range(20):
            pixels, same = one.read(), other.read()
            assert pixels is not None
            assert same is not None
            assert np.abs(pixels.astype(int) - same).max() <= 2

    def test_an_index_that_does_not_fit_what_is_decoded_is_not_believed(tmp_path: Path) -> None:
        reader = VideoReader(write_irregular(tmp_path / "a.mp4", TIMES, bf="0", g="10"))
        assert shown(reader, 100) == 100
        decoder = reader._decoder
        assert isinstance(decoder, AvDecoder)
        assert decoder._index is not None
        times = list(decoder._index.times)
        times[25] += 1
        monkey = type(decoder._index)(times, decoder._index.starts, decoder._index.seek_times)
        decoder._index = monkey
        reader._cache.clear()
        assert [shown(reader, number) for number in (27, 70, 3, 26)] == [27, 70, 3, 26]
        assert decoder._index is None
