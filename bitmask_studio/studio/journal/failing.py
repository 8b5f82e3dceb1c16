"""Why a journal cannot be written just now, in words for the user."""

from __future__ import annotations

import errno
import sqlite3

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.text import tr

_OF_SQLITE = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "the folder for it may not be written to",
    "SQLITE_CANTOPEN": "the folder for it cannot be used",
    "SQLITE_IOERR": "the disk reports an error",
    "SQLITE_BUSY": "another program is using it",
    "SQLITE_LOCKED": "another program is using it",
    "SQLITE_NOMEM": "there is not enough memory",
    "SQLITE_CORRUPT": "it is damaged",
    "SQLITE_NOTADB": "it is damaged",
}
_OF_THE_FILE = ("SQLITE_READONLY_DBMOVED", "SQLITE_IOERR_SHORT_READ", "SQLITE_IOERR_DATA")
_OF_SYSTEM = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "the folder for it may not be written to",
    errno.EPERM: "the folder for it may not be written to",
    errno.ENOTDIR: "the folder for it is not a folder",
    errno.EEXIST: "the folder for it is not a folder",
    errno.EIO: "the disk reports an error",
}

_ODD = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError)
"""What a table with anything anywhere in it may end with: the thread that writes goes on."""
Failure = (sqlite3.Error, OSError, StudioError, MemoryError, *_ODD)
"""What opening, reading and writing may end with."""


def reason(error: BaseException) -> str:
    """The words, such as "the disk is full"."""
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", "")
        found = next((words for start, words in _OF_SQLITE.items() if name.startswith(start)), None)
        return tr(found) if found else tr("the system says: {error}").format(error=error)
    if isinstance(error, OSError) and error.errno in _OF_SYSTEM:
        return tr(_OF_SYSTEM[error.errno])
    return str(error) if isinstance(error, StudioError) else tr("the system says: {error}").format(error=error)


def is_in_use(error: BaseException) -> bool:
    """Whether somebody else has the file, and did not let go of it for seconds."""
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def is_damage(error: BaseException) -> bool:
    """Whether the file itself is the trouble, or its connection: opening it anew takes over what is whole."""
    if isinstance(error, sqlite3.ProgrammingError):  # it was closed, and then the disk failed
        return True
    name = getattr(error, "sqlite_errorname", "")
    return name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR", *_OF_THE_FILE))
