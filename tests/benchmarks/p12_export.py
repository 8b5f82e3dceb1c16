"""P12: the real masks to PNG files by the command line, against the script of the SDK's documentation.

Takes the masks from the folder that BITMASK_STUDIO_REAL_DATA names.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from encord.objects.bitmask import BitmaskCoordinates

from bitmask_studio.cli import export
from tests.benchmarks.base import CannotMeasureError, Result, interleaved

SETS = ("coco_rle", "lvis", "nuclei")
MASKS = 1836
SCRIPT_TAKES_EVERY = 12
"""The script takes minutes for all masks; every twelfth are of all sizes."""


def run() -> list[Result]:
    data = os.environ.get("BITMASK_STUDIO_REAL_DATA")
    if not data:
        raise CannotMeasureError("needs the real export: name its folder in BITMASK_STUDIO_REAL_DATA")
    labels = [path for name in SETS for path in sorted((Path(data) / name).glob("*.labels.json"))]
    with tempfile.TemporaryDirectory() as folder:
        folders = (Path(folder) / str(number) for number in itertools.count())
        timing = interleaved(
            lambda: _command(labels, next(folders)),
            lambda: _script(labels, next(folders)),
            share=len(range(0, MASKS, SCRIPT_TAKES_EVERY)) / MASKS,
        )
    return [Result("P12", f"export {MASKS:,} masks to PNG", timing.speedup, 20, at_least=True, note=timing.note)]


def _command(labels: Sequence[Path], folder: Path) -> None:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        status = export.run([*map(str, labels), "--to", "png", "--out", str(folder)])
    if status or len(list(folder.iterdir())) != MASKS:
        raise RuntimeError(f"exit status {status}: {said.getvalue()}")


def _script(labels: Sequence[Path], folder: Path) -> None:
    """As documented: each object's mask to an array of the whole frame, and that to a picture."""
    folder.mkdir()
    objects = [each for path in labels for each in _objects(json.loads(path.read_text("utf-8")))]
    for each in objects[::SCRIPT_TAKES_EVERY]:
        mask = np.array(BitmaskCoordinates.from_dict(each))
        cv2.imwrite(str(folder / f"{each['objectHash'].replace('/', '_')}.png"), mask.astype(np.uint8) * 255)


def _objects(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        for unit in row["data_units"].values():
            yield from unit["labels"]["objects"]
