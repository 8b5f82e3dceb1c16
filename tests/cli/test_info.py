"""`info`, end to end."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Run
from tests.fakes.encord_json import bitmask, label_row, mask_object

BITS = np.zeros((4, 6), bool)
BITS[1:3, 2:5] = True


def save(path: Path, content: object) -> None:
    path.write_text(json.dumps(content))


def test_json_is_as_the_contract_says(run: Run, tmp_path: Path) -> None:
    box = mask_object("box", {}) | {"shape": "bounding_box", "boundingBox": {"x": 0, "y": 0, "w": 0.5, "h": 0.5}}
    del box["bitmask"]
    save(tmp_path / "l.json", [label_row("r", (6, 4), [[mask_object("one", bitmask(BITS)), box]])])
    done = run("info", "l.json", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "rows": [
            {
                "label_hash": "r",
                "data_hash": "r-data",
                "title": "r.png",
                "data_type": "image",
                "frames": 1,
                "bitmasks": [
                    {
                        "frame": 0,
                        "objectHash": "one",
                        "class": "Cell",
                        "width": 6,
                        "height": 4,
                        "area": 6,
                        "bbox": [2, 1, 3, 2],
                        "damage": None,
                    }
                ],
                "other": {"bounding_box": 1},
            }
        ]
    }


def test_no_rows_are_json_too(run: Run, tmp_path: Path) -> None:
    save(tmp_path / "l.json", [])
    done = run("info", "l.json", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"rows": []})
    assert run("info", "l.json").returncode == 0


def test_damage_is_status_1_and_a_reason(run: Run, tmp_path: Path) -> None:
    broken = bitmask(BITS) | {"rleString": "1"}
    save(
        tmp_path / "l.json", label_row("r", (6, 4), [[mask_object("one", broken)], [mask_object("one", bitmask(BITS))]])
    )
    done = run("info", "l.json", "--json")
    first, second = json.loads(done.stdout)["rows"][0]["bitmasks"]
    assert done.returncode == 1
    assert "add up" in first["damage"] and first["area"] is None and first["bbox"] is None
    assert second["damage"] is None
    table = run("info", "l.json")
    assert table.returncode == 1 and "object one" in table.stderr


def test_the_table_is_aligned_and_counts(run: Run, tmp_path: Path) -> None:
    long = label_row("r" * 80, (600, 400), [[]]) | {"data_title": "a title \x1b[2J" + "x" * 80}
    save(tmp_path / "l.json", [label_row("r", (6, 4), [[mask_object("one", bitmask(BITS))]]), long])
    done = run("info", "l.json")
    *table, total = done.stdout.splitlines()
    assert table[0].split() == ["TITLE", "TYPE", "SIZE", "FRAMES", "MASKS", "OTHER", "DAMAGED"]
    assert len({len(line) for line in table}) == 1
    assert table[1].split() == ["r.png", "image", "6", "x", "4", "1", "1", "0", "0"]
    assert total == "2 rows, 1 masks, 0 damaged"
    assert "\x1b" not in done.stdout


def test_the_manifest_and_info_agree_on_every_real_mask(run: Run, real_data: Path) -> None:
    done = run("info", *sorted(real_data.glob("*/*.labels.json")), "--json")
    told = {
        (row["label_hash"], each["frame"], each["objectHash"]): each
        for row in json.loads(done.stdout)["rows"]
        for each in row["bitmasks"]
    }
    lines = [json.loads(line) for line in (real_data / "manifest.jsonl").read_text().splitlines()]
    assert done.returncode == 0 and len(told) == len(lines)
    for line in lines:
        each = told[line["label_hash"], line["frame"], line["objectHash"]]
        assert {key: each[key] for key in ("class", "width", "height", "area", "bbox")} == {
            key: line[key] for key in ("class", "width", "height", "area", "bbox")
        }


@pytest.mark.parametrize("form", [(), ("--json",)])
@pytest.mark.parametrize(
    "labels",
    [{"007": {"objects": []}}, {"0": {"objects": {}}}, [], None, {"0": []}, {"0": {"objects": [5]}}],
    ids=str,
)
def test_a_row_that_is_partly_unreadable_is_status_1_and_a_reason(
    labels: object, form: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    row = label_row("v", (6, 4), [[]]) | {"data_type": "video"}
    row["data_units"]["v-unit-0"]["labels"] = labels  # type: ignore[index]
    save(tmp_path / "l.json", row)
    done = run("info", "l.json", *form)
    assert done.returncode == 1
    assert "damaged: v.png" in done.stderr


def test_coco_images_of_another_type_are_status_1_and_a_reason(run: Run, tmp_path: Path) -> None:
    save(tmp_path / "l.json", {"images": {}, "annotations": []})
    done = run("info", "l.json")
    assert done.returncode == 1
    assert "damaged: l.json: The images of its file are no JSON list." in done.stderr
