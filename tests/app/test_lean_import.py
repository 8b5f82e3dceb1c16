"""What is left out of asyncio and numpy, and that they work without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def told_by(program: str) -> list[str]:
    """What a fresh Python prints."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()


def test_asyncio_comes_without_tls_and_tls_can_be_had_afterwards() -> None:
    program = """
import sys
from bitmask_studio.app.lean_import import import_asyncio
import_asyncio()
print("asyncio" in sys.modules, "ssl" in sys.modules)
import asyncio, ssl, urllib.request
async def one(): return 1
print(asyncio.run(one()), ssl.create_default_context().check_hostname)
"""
    assert told_by(program) == ["True False", "1 True"]


def test_an_ssl_that_is_there_already_stays() -> None:
    program = """
import ssl, sys
from bitmask_studio.app.lean_import import import_asyncio
import_asyncio()
print(sys.modules["ssl"] is ssl)
"""
    assert told_by(program) == ["True"]


def test_numpy_calculates_without_its_docstrings() -> None:
    program = """
from bitmask_studio.app.lean_import import leave_out_numpy_docs
leave_out_numpy_docs()
import numpy, numpy.linalg
print(numpy.arange(4).reshape(2, 2).sum(axis=0).tolist(), bool(numpy.ndarray.sum.__doc__))
leave_out_numpy_docs()
"""
    assert told_by(program) == ["[2, 4] False"]
