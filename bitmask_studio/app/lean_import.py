"""Imports asyncio and prepares numpy's import without what this program never uses and each start would pay for."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

_NUMPY_DOCS = ("numpy._core._add_newdocs", "numpy._core._add_newdocs_scalars")
"""They put docstrings into numpy's compiled functions and nothing else: 6 ms."""


def import_asyncio() -> None:
    """Have asyncio imported without TLS, which it does without where Python was built so; nothing here uses its own.

    The ssl module itself can be imported afterwards. To be called while nobody else imports anything.
    """
    if "asyncio" in sys.modules or "ssl" in sys.modules:
        return
    sys.modules["ssl"] = None  # type: ignore[assignment]  # what makes an import fail, says Python's reference
    try:
        importlib.import_module("asyncio")
    finally:
        del sys.modules["ssl"]


def leave_out_numpy_docs() -> None:
    """Have numpy imported without its docstrings; to be called before it is."""
    if "numpy" not in sys.modules:
        for name in _NUMPY_DOCS:
            sys.modules.setdefault(name, ModuleType(name))
