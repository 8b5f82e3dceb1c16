"""The program's log: a few files of bounded size in the state folder, for its user alone, nothing secret in them."""

from __future__ import annotations

import logging
import os
import traceback
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

import bitmask_studio
from bitmask_studio.core.secrets import GONE, without_secrets

FILES, BYTES = 5, 1_000_000
"""How many files are kept, the newest included, and how long one gets."""
_LONGEST = 16_000
"""Letters of one entry; a failure that calls itself makes more."""
_NAME = "bitmask-studio.log"
_FORM = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"
_PROGRAM = "bitmask_studio"
_HERE = f"{Path(bitmask_studio.__file__).parent.parent}{os.sep}"


class LogFile(RotatingFileHandler):
    """Writes what the program notes, and warnings of others; what cannot be written is let go of in silence.

    Nothing is made in `folder` before there is something to write.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / _NAME, maxBytes=BYTES, backupCount=FILES - 1, encoding="utf-8", delay=True)
        self.setFormatter(_Plain(_FORM))

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(number, "a", encoding=self.encoding, errors="backslashreplace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 the name of the base class
        """A log that cannot be written is no reason to disturb anybody."""


class _Plain(logging.Formatter):
    """One line for what is said, the lines of a traceback behind it; no secrets in either."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 the name of the base class
        line = super().formatMessage(record)
        return "".join(each if each.isprintable() else " " for each in line)

    def format(self, record: logging.LogRecord) -> str:
        return shortened(super().format(record))


def start_log(folder: Path) -> LogFile:
    """Keep a log in `folder` from now on, until the answer is closed and taken off again by `stop_log`."""
    handler = LogFile(folder)
    handler.addFilter(lambda record: record.levelno >= logging.WARNING or record.name.startswith(_PROGRAM))
    logging.getLogger().addHandler(handler)
    logging.getLogger(_PROGRAM).setLevel(logging.INFO)
    return handler


def stop_log(handler: LogFile) -> None:
    logging.getLogger().removeHandler(handler)
    handler.close()


def trace_of(error: BaseException) -> str:
    """Where and why something failed, as Python tells it, fit to be shown."""
    return fit_to_show("".join(traceback.format_exception(error)))


def fit_to_show(trace: str) -> str:
    """A traceback without secrets and without the folders of its user, its middle left out where it is long."""
    return shortened(trace.replace(_HERE, "").replace(str(Path.home()), "~"))


def shortened(text: str) -> str:
    """`text` without secrets, its middle left out where it is long."""
    plain = without_secrets(text)
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST // 4]}\n{GONE}\n{plain[-_LONGEST // 4 * 3 :]}"
