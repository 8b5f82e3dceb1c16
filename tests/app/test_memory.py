"""Large blocks do not stay with the process when they are free."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import numpy as np
import psutil
from bitmask_studio.app.memory import give_back_large_blocks

give_back_large_blocks()
MIB = 1 << 20
np.ones(24 * MIB, np.uint8)  # once freed, it would be the size below which room is kept
before = psutil.Process().memory_info().rss
large, small = [], []
for _ in range(10):
    large.append(np.ones(8 * MIB, np.uint8))
    small.append(np.ones(100_000, np.uint8))
del large
print((psutil.Process().memory_info().rss - before) / MIB)
"""
"""Large blocks among small ones that stay; prints how many MiB more are held once the large ones are gone."""


@pytest.mark.skipif(sys.platform != "linux", reason="the switch is glibc's")
def test_large_blocks_between_small_ones_are_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 8
