"""P15: list a 220 MiB export of 10,000 bitmasks, open one row of it, save one edit in it."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from bitmask_studio.core import rle
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import LabelRow, MaskKey, RowChanges
from bitmask_studio.core.mask import Mask
from bitmask_studio.sources.local import open_local
from tests.benchmarks.base import Result

ROWS, MASKS_PER_ROW, SIZE = 100, 100, 1000
_RUNS = 5
_OBJECT = (
    '{"featureHash": "hN0/lF+8", "objectHash": "%s", "name": "leaf", "value": "leaf", "color": "#FCDC00", '
    '"shape": "bitmask", "confidence": 1, "createdBy": "a@example.invalid", '
    '"createdAt": "Fri, 01 Dec 2023 10:45:50 GMT", '
    '"bitmask": {"rleString": "%s", "top": 0, "left": 0, "width": %d, "height": %d}, "manualAnnotation": true}'
)
_ROW = (
    '{"label_hash": "label-%d", "data_hash": "data-%d", "data_title": "%d.png", "data_type": "image", "data_units": '
    '{"unit-%d": {"data_hash": "unit-%d", "data_title": "%d.png", "data_sequence": 0, "width": %d, "height": %d, '
    '"labels": {"objects": [%s], "classifications": []}}}, "object_answers": {}, "label_status": "LABELLED"}'
)


def run() -> list[Result]:
    """Interleaved: each round reads, lists, opens, copies and saves."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.json"
        _write_export(path)
        rounds = [_round(path, number) for number in range(_RUNS)]
        size = f"{path.stat().st_size >> 20} MiB"
    opening = statistics.median(each["open"] for each in rounds) * 1000
    return [
        _against(rounds, f"list {size} of {ROWS * MASKS_PER_ROW} bitmasks / read into memory", "list", "read", 1),
        Result("P15", f"open one row of {MASKS_PER_ROW} bitmasks", opening, 10, at_least=False, unit="ms"),
        _against(rounds, "save one edit / copy the file durably", "save", "copy", 1.2),
    ]


def _against(rounds: Sequence[Mapping[str, float]], what: str, subject: str, floor: str, limit: float) -> Result:
    """How many times what a floor takes a subject does, both as `_round` calls them."""
    ratio = statistics.median(each[subject] / each[floor] for each in rounds)
    took, floor_took = (statistics.median(each[name] for each in rounds) * 1000 for name in (subject, floor))
    note = f"{took:.3g} ms against {floor_took:.3g} ms"
    return Result("P15", what, ratio, limit, at_least=False, note=note)


def _round(path: Path, number: int) -> dict[str, float]:
    seconds: dict[str, float] = {}
    clock = time.perf_counter
    began = clock()
    path.read_bytes()
    seconds["read"] = clock() - began
    began = clock()
    source = open_local([path])
    infos = source.rows()
    seconds["list"] = clock() - began
    began = clock()
    row = source.load(infos[ROWS // 2])
    seconds["open"] = clock() - began
    began = clock()
    _copy(path, path.parent / "copy.json")
    seconds["copy"] = clock() - began
    began = clock()
    source.save([_one_edit(row, number)])
    seconds["save"] = clock() - began
    return seconds


def _one_edit(row: LabelRow, number: int) -> RowChanges:
    mask = Mask(Box(number, 0, number + 40, 30), np.ones((30, 40), bool))
    return RowChanges(row, {MaskKey(0, row.frames[0].objects[7].object_hash): mask})


def _copy(path: Path, target: Path) -> None:
    """What any program has to do that puts a changed copy in the place of a file: write it, and see it on the disk."""
    new = target.with_suffix(".new")
    shutil.copyfile(path, new)
    with new.open("rb+") as file:
        os.fsync(file.fileno())
    new.replace(target)


def _write_export(path: Path) -> None:
    dice = np.random.default_rng(15)
    strings = [_string(dice).replace("\\", "\\\\") for _ in range(20)]
    with path.open("w") as file:
        for row in range(ROWS):
            objects = (
                _OBJECT % (f"o{row:04d}{each:03d}", strings[(row + each) % len(strings)], SIZE, SIZE)
                for each in range(MASKS_PER_ROW)
            )
            file.write("[" if row == 0 else ", ")
            file.write(_ROW % (row, row, row, row, row, row, SIZE, SIZE, ", ".join(objects)))
        file.write("]")


def _string(dice: np.random.Generator) -> str:
    """A mask of scattered pixels whose string is about 23,000 characters long."""
    return rle.encode(Box(0, 0, SIZE, SIZE), dice.random((SIZE, SIZE)) < 0.0077, SIZE, SIZE)
