"""Kills an export again and again and lets it be run once more; the suite runs a hundredth of it.

All of it, from the checkout: `python -m tests.long.kill_exports [--seed N] [--kills N]`.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Mask
from bitmask_studio.sources.local import open_local
from bitmask_studio.studio.exporting.exporting import ExportOrder, export, formats
from tests.sources.twins import Json, a_row, a_unit, an_object, bitmask, frame_labels, write_json

SEED = 20261123
KILLS = 300
ROOT = Path(__file__).parents[2]
WIDTH, HEIGHT = 900, 700
_ROWS, _MASKS = 3, 5
_PATIENCE = 60.0
_WRITING = 0.15
"""Seconds at most between the first file of a run and its end by force."""


class Exports:
    """A label file, and what a whole export of it comes to."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.kind, self.out = kind, folder / kind
        self.labels = write_json(folder / "labels.json", [_row(name) for name in range(_ROWS)])
        self.whole = self._finished(folder / "whole" / kind)

    def kill_one(self, dice: random.Random) -> int:
        """Run an export, kill it, look at what is there, let another finish; answers how many files the first made."""
        for each in self.out.glob("*"):
            each.unlink()
        with subprocess.Popen(self._command(self.out), cwd=ROOT, stderr=subprocess.DEVNULL) as killed:
            self._await_the_first_file(killed)
            time.sleep(dice.uniform(0, _WRITING))
            killed.kill()
        done = {path.name: path.stat() for path in self.out.glob("[!.]*")}
        for name in done:
            assert (self.out / name).read_bytes() == self.whole[name], f"{name} is not whole"
        assert self._finished(self.out) == self.whole
        for name, state in done.items():
            now = (self.out / name).stat()
            assert (now.st_ino, now.st_mtime_ns) == (state.st_ino, state.st_mtime_ns), f"{name} was written again"
        return len(done)

    def _await_the_first_file(self, program: subprocess.Popen[bytes]) -> None:
        """Any sign of one will do."""
        deadline = time.monotonic() + _PATIENCE
        while (
            program.poll() is None
            and time.monotonic() < deadline
            and not (self.out.is_dir() and any(self.out.iterdir()))
        ):
            time.sleep(0.002)

    def _finished(self, out: Path) -> Mapping[str, bytes]:
        """The files of a whole export into `out`, on the road that the command line takes."""
        source = open_local([self.labels])
        report = export(source, source.rows(), ExportOrder(formats()[self.kind], out))
        assert report.complete
        assert report.masks == _ROWS * _MASKS
        return {path.name: path.read_bytes() for path in out.iterdir()}

    def _command(self, out: Path) -> list[str]:
        program = [sys.executable, "-m", "bitmask_studio", "export", str(self.labels)]
        return [*program, "--to", self.kind, "--out", str(out)]


def run(folder: Path, seed: int, kills: int) -> tuple[int, int]:
    """Kill exports of two kinds; answers how many files they had made, and how many exports were really broken off."""
    dice = random.Random(seed)
    both = [Exports(folder, kind) for kind in ("png", "npz")]
    made = broken = 0
    for number in range(kills):
        exports = both[number % 2]
        count = exports.kill_one(dice)
        made += count
        broken += count < len(exports.whole)
    return made, broken


def _row(number: int) -> Json:
    dice = np.random.default_rng(number)
    objects = [an_object(f"mask-{number}-{n}", bitmask=bitmask(_noise(dice), WIDTH, HEIGHT)) for n in range(_MASKS)]
    return a_row(f"row{number}", "image", [a_unit(f"unit{number}", frame_labels(*objects), width=WIDTH, height=HEIGHT)])


def _noise(dice: np.random.Generator) -> Mask:
    """Pixels that take a while to be packed."""
    return Mask.of(Box.of_size(WIDTH, HEIGHT), dice.random((HEIGHT, WIDTH)) < 0.3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--kills", type=int, default=KILLS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made, broken = run(Path(folder), options.seed, options.kills)
    print(
        f"{options.kills} kills, seed {options.seed}: {broken} exports broken off, {made} files there, "
        "none partial, none written again; each was finished by running it once more"
    )


if __name__ == "__main__":
    main()
