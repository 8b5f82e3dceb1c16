"""How a journal file is closed that is not as it was left: somebody took it away, or wrote to it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from bitmask_studio.studio.journal.opening import opened
from bitmask_studio.studio.journal.salvage import ASIDE, copy
from bitmask_studio.studio.journal.schema import make_lasting

_FOUND = f"{ASIDE}0"
"""Is swept with other damaged ones, where a program was killed before it had its place."""


def move_back(db: sqlite3.Connection, path: Path) -> None:
    """Make the file again where it was, out of what the system still holds of it, and close it.

    Raises sqlite3.Error, OSError when that cannot be; then it is held as before.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    with opened(path) as there:
        make_lasting(there)
        db.backup(there)
        there.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    close(db)


def leave_as_found(db: sqlite3.Connection, path: Path) -> None:
    """Close the file so that it is as somebody left it: closing would mix what SQLite remembers with what is there.

    Raises OSError, SaveError when that cannot be; then it is held as before.
    """
    found = Path(f"{path}{_FOUND}")
    copy(path, found)
    close(db)
    for suffix in ("-wal", ""):  # without its file what was written ahead means nothing
        with contextlib.suppress(FileNotFoundError):
            Path(f"{found}{suffix}").replace(f"{path}{suffix}")


def close(db: sqlite3.Connection) -> None:
    """Close it, whatever state it is in."""
    with contextlib.suppress(sqlite3.Error):
        db.close()
