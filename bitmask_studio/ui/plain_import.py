"""Gives Python its own import back after PySide has put a slower one in its place."""

from __future__ import annotations

import builtins


def restore_import() -> None:
    """Take PySide's hook off `import`; to be called once PySide is there.

    The hook serves `from __feature__ import ...`, which nothing here uses, and reads the source of each module that is
    imported after PySide to find out whether it concerns it: 60 ms until all of the program is there.
    """
    original = getattr(builtins, "__orig_import__", None)
    if original is not None:
        builtins.__import__ = original
