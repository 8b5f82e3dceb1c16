"""Opening a large file takes memory for its rows, not for the file: it is never held whole."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import environment
from tests.fakes.encord_json import bitmask, label_row, mask_object

ROWS = 12_000
SHARE = 0.6
"""Of the file's size: what listing its rows may take at the most."""
_OPEN = """
import sys
from pathlib import Path
from bitmask_studio.sources.local import open_local
def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
path, small = map(Path, sys.argv[1:])
open_local([small]).rows()
before = peak()
rows = open_local([path]).rows()
print(len(rows), peak() - before)
"""


@pytest.mark.parametrize("masks", [9, 1], ids=["many small masks", "one mask of many runs"])
def test_a_large_file_is_never_held_whole(tmp_path: Path, masks: int) -> None:
    pixels = np.ones((64, 96), np.bool_)
    if masks == 1:
        pixels = np.random.default_rng(16).random(pixels.shape) < 0.5
    objects = [mask_object(f"obj{number:05d}", bitmask(pixels)) for number in range(masks)]
    text = json.dumps(label_row("ROW", (96, 64), [objects]))
    small, path = tmp_path / "small.json", tmp_path / "large.json"
    small.write_text(f"[{text}]")
    path.write_text(f"[{', '.join(text.replace('ROW', f'row {number}') for number in range(ROWS))}]")
    command = [sys.executable, "-c", _OPEN, str(path), str(small)]
    done = subprocess.run(command, env=environment(), text=True, capture_output=True, check=True)
    rows, grown = map(int, done.stdout.split())
    size = path.stat().st_size >> 10
    print(f"{size >> 10} MB of JSON, {rows} rows: {grown >> 10} MB more")
    assert rows == ROWS
    assert grown < SHARE * size
