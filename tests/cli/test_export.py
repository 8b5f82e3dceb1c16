"""`export`, end to end, against the SDK's own decoding."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from encord.objects.bitmask import BitmaskCoordinates
from numpy.typing import NDArray
from pycocotools import mask as coco_mask

from tests.cli.conftest import Run, environment
from tests.fakes.encord_json import Bits, bitmask, label_row, mask_object

Picture = NDArray[np.uint8]
SIZES = [(1, 1), (1, 40), (40, 1), (3, 5), (480, 640)]
SMALL = np.ones((4, 6), bool)
FILLS = ["empty", "full", "random", "holes", "dot"]


def drawn(height: int, width: int, fill: str) -> Bits:
    random = np.random.default_rng(height * width)
    bits = np.full((height, width), fill in ("full", "holes"))
    if fill == "random":
        return random.random((height, width)) < 0.5
    if fill == "holes":
        bits[height // 4 : height // 2, width // 4 : width // 2] = False
    if fill == "dot":
        bits[random.integers(height), random.integers(width)] = True
    return bits


def reference(entry: dict[str, Any]) -> Picture:
    """The SDK's pixels of an object, 0 and 255."""
    decoded = BitmaskCoordinates.from_dict(entry).to_numpy_array()  # type: ignore[no-untyped-call]
    return np.where(decoded, 255, 0).astype(np.uint8)


def read(path: Path) -> Picture:
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert picture is not None and picture.dtype == np.uint8 and picture.ndim == 2
    return picture.astype(np.uint8)


def save(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content))
    return path


@pytest.fixture(params=["flat", "keyed"])
def labels(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Rows of many sizes and fills, a group of three frames among them."""
    keyed = request.param == "keyed"
    rows = [
        label_row(
            f"row-{height}-{width}",
            (width, height),
            [[mask_object(f"{fill}+{height}x{width}", bitmask(drawn(height, width, fill))) for fill in FILLS]],
            keyed,
        )
        for height, width in SIZES
    ]
    group = [[mask_object("track", bitmask(drawn(4, 6, fill)))] for fill in ("random", "full", "dot")]
    return save(tmp_path / "labels.json", [*rows, label_row("group", (6, 4), group, keyed)])


def objects(rows: list[dict[str, Any]]) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Every bitmask object with its row's hash and its frame, as Encord's documentation walks an export."""
    for row in rows:
        for unit in row["data_units"].values():
            found = unit["labels"]
            by_key = {str(unit["data_sequence"]): found} if "objects" in found else found
            whole = unit["data_type"].startswith(("video/", "application/"))
            for key, frame in by_key.items():
                number = int(key) if whole else int(unit["data_sequence"])
                yield from ((row["label_hash"], number, each) for each in frame["objects"] if "bitmask" in each)


def expected(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {f"mask_{frame:05d}_{each['objectHash'].replace('/', '_')}": each for _, frame, each in objects(rows)}


def test_pngs_are_the_pixels_of_the_sdk(run: Run, labels: Path, tmp_path: Path) -> None:
    done = run("export", labels, "--to", "png", "--out", "out")
    rows = json.loads(labels.read_text())
    wanted = expected(rows)
    assert done.returncode == 0
    assert done.stdout == f"exported {len(wanted)} masks of {len(rows)} rows to out\n"
    assert {each.name for each in (tmp_path / "out").iterdir()} == {f"{stem}.png" for stem in wanted}
    for stem, each in wanted.items():
        assert np.array_equal(read(tmp_path / "out" / f"{stem}.png"), reference(each)), stem


def test_arrays_are_the_pixels_of_the_sdk(run: Run, labels: Path, tmp_path: Path) -> None:
    assert run("export", labels, "--to", "npy", "--out", "a").returncode == 0
    assert run("export", labels, "--to", "npz", "--out", "z").returncode == 0
    archives = {}
    for stem, each in expected(json.loads(labels.read_text())).items():
        array = np.load(tmp_path / "a" / f"{stem}.npy", allow_pickle=False)
        assert array.dtype == np.uint8 and np.array_equal(array * 255, reference(each)), stem
        archives[stem] = array
    keys: dict[str, Picture] = {}
    for path in (tmp_path / "z").iterdir():
        with np.load(path, allow_pickle=False) as archive:
            keys |= {key: archive[key] for key in archive.files}
    assert keys.keys() == archives.keys()
    assert all(np.array_equal(keys[stem], archives[stem]) for stem in archives)
    assert {each.stem for each in (tmp_path / "z").iterdir()} == {
        row["label_hash"] for row in json.loads(labels.read_text())
    }


@pytest.mark.parametrize("to", ["png", "npy", "npz"])
def test_a_second_run_skips_everything_and_counts_it(run: Run, labels: Path, to: str) -> None:
    first = run("export", labels, "--to", to, "--out", "out")
    second = run("export", labels, "--to", to, "--out", "out")
    assert (first.returncode, second.returncode, second.stdout) == (0, 0, first.stdout)


def test_another_file_in_the_way_is_listed_and_kept_until_forced(run: Run, tmp_path: Path) -> None:
    labels = save(tmp_path / "l.json", label_row("r", (6, 4), [[mask_object("one", bitmask(drawn(4, 6, "dot")))]]))
    (tmp_path / "out").mkdir()
    mine = tmp_path / "out" / "mask_00000_one.png"
    mine.write_text("mine")
    done = run("export", labels, "--to", "png", "--out", "out")
    assert (done.returncode, done.stdout) == (1, "exported 0 masks of 1 rows to out\n")
    assert mine.name in done.stderr and mine.read_text() == "mine"
    forced = run("export", labels, "--to", "png", "--out", "out", "--force")
    assert (forced.returncode, forced.stdout) == (0, "exported 1 masks of 1 rows to out\n")


def test_inputs_may_stand_before_and_after_options_and_repeat(run: Run, tmp_path: Path) -> None:
    for name in "ab":
        row = label_row(name, (6, 4), [[mask_object(name, bitmask(drawn(4, 6, "dot")))]])
        save(tmp_path / f"{name}.json", row)
    done = run("export", "a.json", "--to", "png", "b.json", "--out", "out")
    assert done.stdout == "exported 2 masks of 2 rows to out\n"


def test_classes_are_chosen_by_title_and_by_feature_hash(run: Run, tmp_path: Path) -> None:
    dot = bitmask(drawn(4, 6, "dot"))
    found = [mask_object(name, dot, name, f"hash{name}") for name in ("Car", "Tree", "Dog")]
    save(tmp_path / "l.json", label_row("r", (6, 4), [found]))
    done = run("export", "l.json", "--to", "png", "--out", "out", "--class", "Car", "--class", "hashDog")
    assert done.stdout == "exported 2 masks of 1 rows to out\n"
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["mask_00000_Car.png", "mask_00000_Dog.png"]
    wrong = run("export", "l.json", "--to", "png", "--out", "other", "--class", "car")
    assert wrong.returncode == 2 and "Car, Dog, Tree" in wrong.stderr
    assert not (tmp_path / "other").exists()


def test_damage_is_listed_and_the_rest_exported(run: Run, tmp_path: Path) -> None:
    good = bitmask(drawn(4, 6, "dot"))
    bad = good | {"rleString": "99999"}
    huge = {"top": 0, "left": 0, "height": 30_000, "width": 30_000, "rleString": ""}
    found = [mask_object("good", good), mask_object("bad", bad), mask_object("huge", huge)]
    save(tmp_path / "l.json", label_row("r", (6, 4), [found]))
    done = run("export", "l.json", "--to", "png", "--out", "out")
    assert (done.returncode, done.stdout) == (1, "exported 1 masks of 1 rows to out\n")
    assert "object bad" in done.stderr and "object huge" in done.stderr


def test_a_mask_of_another_size_is_a_note_and_no_error(run: Run, tmp_path: Path) -> None:
    save(tmp_path / "l.json", label_row("r", (60, 40), [[mask_object("one", bitmask(drawn(4, 6, "full")))]]))
    done = run("export", "l.json", "--to", "png", "--out", "out")
    assert done.returncode == 0 and "6 x 4 px" in done.stderr
    assert read(tmp_path / "out" / "mask_00000_one.png").shape == (4, 6)


def test_hostile_hashes_stay_in_the_folder(run: Run, tmp_path: Path) -> None:
    hashes = ["../../x", "a/b", "a_b", "A_B", "n\0l", "x" * 300, "CON"]
    dot = bitmask(drawn(4, 6, "dot"))
    save(tmp_path / "l.json", label_row("../../r", (6, 4), [[mask_object(each, dot) for each in hashes]]))
    for to in ("png", "npy", "npz"):
        done = run("export", "l.json", "--to", to, "--out", "out")
        assert (done.returncode, done.stdout) == (0, f"exported {len(hashes)} masks of 1 rows to out\n")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["l.json", "out"]
    assert len(list((tmp_path / "out").iterdir())) == 2 * len(hashes) + 1


@pytest.mark.parametrize(
    "argv",
    [
        ["missing.json", "--to", "png", "--out", "out"],
        ["l.json", "missing.json", "--to", "png", "--out", "out"],
        ["broken.json", "--to", "png", "--out", "out"],
        ["l.json", "broken.json", "--to", "png", "--out", "out"],
        ["deep.json", "--to", "png", "--out", "out"],
        ["encord:project/row", "--to", "png", "--out", "out"],
        ["l.json", "--to", "gif", "--out", "out"],
        ["l.json", "--to", "png"],
        ["l.json", "--out", "out"],
        ["--to", "png", "--out", "out"],
        ["l.json", "--to", "png", "--out", ""],
        ["l.json", "--to", "png", "--out", "l.json"],
        ["l.json", "--to", "png", "--out", "l.json/below"],
        ["l.json", "--to", "png", "--out", "/proc/nowhere"],
        ["l.json", "--to", "png", "--out", "out", "--images", "missing"],
        ["l.json", "--to", "png", "--out", "out", "--class", "missing"],
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_before_anything_is_written(
    run: Run, tmp_path: Path, argv: list[str]
) -> None:
    labels = save(tmp_path / "l.json", label_row("r", (6, 4), [[mask_object("one", bitmask(drawn(4, 6, "dot")))]]))
    before = labels.read_bytes()
    (tmp_path / "broken.json").write_text('{"data_units": ')
    (tmp_path / "deep.json").write_text("[" * 100_000)
    done = run("export", *argv)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == ["broken.json", "deep.json", "l.json"]
    assert labels.read_bytes() == before


def test_no_masks_at_all_is_fine(run: Run, tmp_path: Path) -> None:
    save(tmp_path / "l.json", [label_row("r", (6, 4), [[]])])
    done = run("export", "l.json", "--to", "npz", "--out", "out")
    assert (done.returncode, done.stdout) == (0, "exported 0 masks of 1 rows to out\n")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_coco_masks_and_polygons_are_exported_and_the_rest_passes_by(run: Run, tmp_path: Path) -> None:
    bits = drawn(5, 7, "random")
    column_major = bits.T.ravel()
    changes = np.flatnonzero(np.diff(column_major.astype(np.int8))) + 1
    counts = np.diff([0, *changes, bits.size]).tolist()
    counts = counts if not column_major[0] else [0, *counts]
    common = {"image_id": 3, "category_id": 1}
    content = {
        "images": [{"id": 3, "width": 7, "height": 5, "file_name": "a.png"}],
        "categories": [{"id": 1, "name": "Cell"}],
        "annotations": [
            common | {"id": 10, "segmentation": {"size": [5, 7], "counts": counts}},
            common | {"id": 11, "segmentation": [[0, 0, 5, 0, 5, 4]], "bbox": [0, 0, 5, 4]},
            common | {"id": 12, "bbox": [0, 0, 5, 4]},
        ],
    }
    save(tmp_path / "coco.json", content)
    done = run("export", "coco.json", "--to", "png", "--out", "out")
    assert (done.returncode, done.stdout) == (0, "exported 2 masks of 1 rows to out\n")
    assert np.array_equal(read(tmp_path / "out" / "mask_3_10.png"), bits * np.uint8(255))
    polygon = coco_mask.decode(coco_mask.merge(coco_mask.frPyObjects([[0, 0, 5, 0, 5, 4]], 5, 7)))
    assert np.array_equal(read(tmp_path / "out" / "mask_3_11.png"), polygon * np.uint8(255))
    assert "without a mask" in done.stderr and "bounding_box 1" in done.stderr


def test_export_needs_neither_a_screen_nor_the_sdk(import_log: Callable[..., set[str]], labels: Path) -> None:
    used = import_log("export", str(labels), "--to", "png", "--out", "out")
    assert not used & {"PySide6", "encord", "qasync"}


def test_the_help_explains_files_and_exit_status(run: Run) -> None:
    done = run("export", "--help")
    assert done.returncode == 0
    for word in ("png", "npy", "npz", "--force", "--class", "exit status", "examples"):
        assert word in done.stdout


def test_a_reader_that_goes_away_ends_the_run_quietly(tmp_path: Path, labels: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "bitmask_studio", "export", str(labels), "--to", "png", "--out", "out"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(), stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert done.returncode == 141
    assert "Error" not in done.stderr and "Exception" not in done.stderr
    assert len(list((tmp_path / "out").iterdir())) == 28


def test_a_full_stdout_is_said_in_one_line(tmp_path: Path, labels: Path) -> None:
    command = [sys.executable, "-m", "bitmask_studio", "info", str(labels)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command, cwd=tmp_path, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1 and done.stderr.count("\n") == 1


def test_ctrl_c_stops_with_whole_files_and_a_second_run_finishes(run: Run, tmp_path: Path) -> None:
    mask = bitmask(drawn(900, 900, "random"))
    many = [mask_object(f"m{number}", mask) for number in range(200)]  # some seconds: the signal comes in time
    save(tmp_path / "l.json", label_row("r", (900, 900), [many]))
    command = [sys.executable, "-m", "bitmask_studio", "export", "l.json", "--to", "png", "--out", "out"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True)
    out = tmp_path / "out"
    while not (out / "mask_00000_m3.png").exists():
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopped at 0 of 1 rows" in told and "Traceback" not in told
    assert all(each.suffix == ".png" for each in out.iterdir())
    done = run("export", "l.json", "--to", "png", "--out", "out")
    assert done.stdout == "exported 200 masks of 1 rows to out\n"


def test_the_real_export_has_the_pixels_of_the_sdk(run: Run, real_data: Path, tmp_path: Path) -> None:
    labels = real_data / "encord_export" / "LABELS_LIST.json"
    done = run("export", labels, "--to", "png", "--out", "out")
    wanted = expected(json.loads(labels.read_text()))
    assert (done.returncode, done.stdout) == (0, "exported 9 masks of 6 rows to out\n")
    assert {each.name for each in (tmp_path / "out").iterdir()} == {f"{stem}.png" for stem in wanted}
    for stem, each in wanted.items():
        assert np.array_equal(read(tmp_path / "out" / f"{stem}.png"), reference(each)), stem


def test_every_mask_of_the_manifest_is_exported_with_its_pixels(run: Run, real_data: Path, tmp_path: Path) -> None:
    import hashlib

    files = sorted(real_data.glob("*/*.labels.json"))
    assert run("export", *files, "--to", "npz", "--out", "out").returncode == 0
    lines = (real_data / "manifest.jsonl").read_text().splitlines()
    for line in map(json.loads, lines):
        with np.load(tmp_path / "out" / f"{line['label_hash']}.npz") as archive:
            stem = f"mask_{line['frame']:05d}_{line['objectHash'].replace('/', '_')}"
            array = archive[stem]
        assert array.shape == (line["height"], line["width"])
        assert hashlib.sha256(np.packbits(array, bitorder="big").tobytes()).hexdigest() == line["sha256_packed"]
    assert len(lines) == 1836


def test_two_objects_of_one_hash_are_both_exported(run: Run, tmp_path: Path) -> None:
    one, other = drawn(4, 6, "random"), drawn(4, 6, "full")
    objects = [mask_object("same/one", bitmask(one)), mask_object("same/one", bitmask(other))]
    save(tmp_path / "l.json", [label_row("r", (6, 4), [objects])])
    done = run("export", "l.json", "--to", "png", "--out", "out")
    assert (done.returncode, done.stdout) == (0, "exported 2 masks of 1 rows to out\n")
    assert np.array_equal(read(tmp_path / "out" / "mask_00000_same_one.png"), one * np.uint8(255))
    assert np.array_equal(read(tmp_path / "out" / "mask_00000_same_one_2.png"), other * np.uint8(255))


def video(labels: object) -> dict[str, object]:
    return units({"a": {"data_hash": "a", "width": 6, "height": 4, "labels": labels}}) | {"data_type": "video"}


def image(labels: object) -> dict[str, object]:
    return video(labels) | {"data_type": "image"}


def units(value: object) -> dict[str, object]:
    return label_row("v", (6, 4), [[]]) | {"data_units": value}


def spaces(value: object) -> dict[str, object]:
    return image({"objects": []}) | {"spaces": value}


def frame() -> dict[str, object]:
    return {"objects": [mask_object("lost", bitmask(SMALL))], "classifications": []}


def partly_readable() -> Iterator[dict[str, object]]:
    others: tuple[object, ...] = ([], None, "x", 5, [1])
    for key in ("01", "007", "abc", "1.5", "-1", "1" * 30):
        yield video({"0": {"objects": []}, key: frame()})
        yield image({key: frame()})
    for value in others:
        yield video(value)
        yield image(value)
        yield video({"0": value})
        yield units(value)
        yield units({"a": value})
        yield spaces({"a": value})
    for value in ({}, None, "x", {"a": 1}):
        yield video({"0": {"objects": value}})
        yield image({"objects": value})
    yield spaces([1])
    yield spaces({"a": {"labels": {"0": frame()}}})
    yield image({"objects": [5]})
    yield image({"objects": [], "0": frame()})
    yield video([]) | {"label_hash": None}


def test_every_row_that_is_partly_unreadable_is_listed_and_everything_else_exported(run: Run, tmp_path: Path) -> None:
    bad = [row | {"data_title": f"row-{number}."} for number, row in enumerate(partly_readable())]
    rows = [*bad, label_row("r", (6, 4), [[mask_object("one", bitmask(SMALL))]])]
    (tmp_path / "l.json").write_text(json.dumps(rows))
    done = run("export", "l.json", "--to", "png", "--out", "out")
    assert done.returncode == 1
    unlisted = [row for row in bad if f"damaged: {row['data_title']}" not in done.stderr]
    assert unlisted == []
    assert f"damaged: {len(bad)}\n" in done.stderr
    assert done.stdout == f"exported 1 masks of {len(rows)} rows to out\n"
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["mask_00000_one.png"]


def test_the_readable_frames_of_a_partly_unreadable_video_are_exported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "l.json").write_text(json.dumps(video({"2": frame(), "x": frame()})))
    done = run("export", "l.json", "--to", "png", "--out", "out")
    assert (done.returncode, done.stdout) == (1, "exported 1 masks of 1 rows to out\n")
    assert "key that is no number" in done.stderr


def test_coco_lists_of_another_type_are_listed(run: Run, tmp_path: Path) -> None:
    values: tuple[object, ...] = ({}, None, "x", 5, {"a": 1})
    for number, value in enumerate(values):
        mask = {"id": 1, "image_id": number, "category_id": 1, "segmentation": {"size": [4, 6], "counts": [9, 15]}}
        whole = {"images": [{"id": number, "file_name": f"p{number}.png"}], "annotations": [mask]}
        for name in whole:
            (tmp_path / f"{name}-{number}.json").write_text(json.dumps(whole | {name: value}))
        (tmp_path / f"both-{number}.json").write_text(json.dumps(dict.fromkeys(whole, value)))
    done = run("export", *sorted(tmp_path.glob("*.json")), "--to", "png", "--out", "out")
    assert (done.returncode, done.stdout) == (1, "exported 5 masks of 15 rows to out\n")
    for number in range(len(values)):
        assert f"damaged: {number}: The images of its file are no JSON list." in done.stderr
        assert f"damaged: p{number}.png: The annotations of its file are no JSON list." in done.stderr
        assert f"damaged: both-{number}.json: The images of its file are no JSON list. The annot" in done.stderr
