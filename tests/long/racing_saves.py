"""Several programs save into one mask at the same moments; the suite does a little of it.

All of it, from the checkout: `python -m tests.long.racing_saves [--programs N] [--saves N]`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import LabelRow, MaskKey, RowChanges
from bitmask_studio.core.mask import Bits, Mask
from bitmask_studio.sources.base import Conflict, ConflictError, Keep, Source
from bitmask_studio.sources.local import open_local
from tests.sources.twins import HEIGHT, WIDTH, image_row, masks_of, write_json

PROGRAMS = 4
SAVES = 250
KEY = MaskKey(0, "image-1")
ROOT = Path(__file__).parents[2]


def run(folder: Path, programs: int, saves: int) -> tuple[int, int]:
    """Let programs race; AssertionError where a save that was answered is not in the file. Answers (done, refused)."""
    path = write_json(folder / "labels.json", [image_row()])
    command = [sys.executable, "-m", "tests.long.racing_saves", "--saves", str(saves), "--file", str(path), "--stripe"]
    racers = [
        subprocess.Popen([*command, str(stripe)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for stripe in range(programs)
    ]
    told = [racer.communicate()[0].split() for racer in racers]
    bits, refused = _bits(path), 0
    for stripe, (last, failed) in enumerate(told):
        assert _read(bits, stripe) == int(last), f"a save of program {stripe} is gone"
        refused += int(failed)
    return programs * saves - refused, refused


def save_for_long(path: Path, stripe: int, saves: int) -> tuple[int, int]:
    """Write the numbers up to `saves` into a column of the mask; answers the last one stored and how many were not."""
    source = open_local([path])
    row = source.load(source.rows()[0])
    last = failed = 0
    for number in range(1, saves + 1):
        bits = masks_of(row)[KEY].to_array(HEIGHT, WIDTH)
        _put(bits, stripe, number)
        try:
            row = _saved(source, RowChanges(row, {KEY: Mask.of(Box.of_size(WIDTH, HEIGHT), bits)}))
            last = number
        except SaveError:
            failed += 1
    return last, failed


def _saved(source: Source, changes: RowChanges) -> LabelRow:
    """The row as stored; where the columns of others lie on both sides of the own ones, both versions are kept."""
    choices: dict[Conflict, Keep] = {}
    while True:
        try:
            return source.save([changes], choices)[0]
        except ConflictError as error:
            choices |= dict.fromkeys(error.conflicts, Keep.BOTH)


def _put(bits: Bits, stripe: int, number: int) -> None:
    """A number as pixels of the program's own column."""
    for bit in range(12):
        bits[10 + bit, stripe * 4] = bool(number >> bit & 1)


def _read(bits: Bits, stripe: int) -> int:
    return sum(int(bits[10 + bit, stripe * 4]) << bit for bit in range(12))


def _bits(path: Path) -> Bits:
    source = open_local([path])
    return masks_of(source.load(source.rows()[0]))[KEY].to_array(HEIGHT, WIDTH)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=int, default=PROGRAMS)
    parser.add_argument("--saves", type=int, default=SAVES)
    parser.add_argument("--file", type=Path, help="be one of the programs")
    parser.add_argument("--stripe", type=int, default=0)
    options = parser.parse_args()
    if options.file:
        print(*save_for_long(options.file, options.stripe, options.saves))
        return
    with tempfile.TemporaryDirectory() as folder:
        done, refused = run(Path(folder), options.programs, options.saves)
    print(
        f"{options.programs} programs: {done} saves answered, none gone; {refused} refused, as the file kept changing"
    )


if __name__ == "__main__":
    main()
