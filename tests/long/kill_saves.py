"""Kills a program in the middle of saving a file, again and again; the suite runs a hundredth of it.

All of it, from the checkout: `python -m tests.long.kill_saves [--seed N] [--kills N]`.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bitmask_studio.sources.local import open_local
from tests.sources.twins import block, edit, image_row, masks_of, write_json

SEED = 20261122
KILLS = 300
ROOT = Path(__file__).parents[2]
_PADDING = 4_000_000


def run(folder: Path, seed: int, kills: int) -> int:
    """Kill savers of one file; AssertionError where it was torn or lost. Answers how many of its states were seen."""
    path = write_json(folder / "labels.json", [image_row() | {"padding": "x" * _PADDING}])
    dice = random.Random(seed)
    seen: set[int] = set()
    for _ in range(kills):
        _kill_a_saver(path, dice.uniform(0, 0.3))
        seen.add(_position(path))
        assert [each.name for each in folder.iterdir()] == ["labels.json"], "a temporary file was left"
    return len(seen)


def save_for_ever(path: Path) -> Iterator[int]:
    """Move the mask of the file from place to place."""
    source = open_local([path])
    row = source.load(source.rows()[0])
    place = _position(path)
    while True:
        place = (place + 1) % 30
        (row,) = source.save([edit(row, block(place, 3))])
        yield place


def _kill_a_saver(path: Path, after: float) -> None:
    command = [sys.executable, "-m", "tests.long.kill_saves", "--save", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as saver:
        assert saver.stdout
        saver.stdout.readline()
        time.sleep(after)
        saver.kill()


def _position(path: Path) -> int:
    """Where the mask is; opening the file sweeps what the killed one left."""
    row = json.loads(path.read_bytes())[0]
    assert len(row["padding"]) == _PADDING
    source = open_local([path])
    (mask,) = masks_of(source.load(source.rows()[0])).values()
    assert mask.area == block(0, 0).area
    return mask.box.x0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--save", type=Path, help="be the program that is killed")
    options = parser.parse_args()
    if options.save:
        for place in save_for_ever(options.save):
            print(place, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        places = run(Path(folder), options.seed, options.kills)
    print(f"{options.kills} kills, seed {options.seed}: 0 torn, 0 missing; the mask was seen at {places} places")


if __name__ == "__main__":
    main()
