"""How every run ends: with an exit status and at most one line, never with a traceback."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path

from bitmask_studio.cli.console import tell
from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.text import tr

UNUSABLE = 2
INTERRUPTED = 128 + 2
"""As a shell reports a program ended by SIGINT."""
NO_READER = 128 + 13
"""As a shell reports a program ended by SIGPIPE."""
_DEBUG = "BITMASK_STUDIO_DEBUG"


def exit_status(program: Callable[[], int]) -> int:
    """Run `program` and answer its exit status, whatever happens in it."""
    _write_any_character()
    try:
        status = _status_of(program)
        _flush()
    except BrokenPipeError:
        _drop_output()
        return NO_READER
    except OSError as error:
        _drop_output()
        return _refuse(str(error))
    return status


def _status_of(program: Callable[[], int]) -> int:
    try:
        return program()
    except SystemExit as asked:
        return asked.code if isinstance(asked.code, int) else int(asked.code is not None)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except StudioError as error:
        return _refuse(str(error))
    except Exception as error:  # noqa: BLE001 the last net: a traceback helps nobody who did not write this
        return _unexpected(error)


def _refuse(text: str) -> int:
    with contextlib.suppress(OSError):
        tell(f"bitmask_studio: {text}")
    return UNUSABLE


def _unexpected(error: Exception) -> int:
    if os.environ.get(_DEBUG) == "1":
        import traceback

        traceback.print_exception(error)
    kind = type(error).__name__
    return _refuse(
        tr("something unexpected went wrong ({kind}: {error}); {debug}=1 shows where.").format(
            kind=kind, error=error, debug=_DEBUG
        )
    )


def _write_any_character() -> None:
    """Escape what the terminal's encoding does not have instead of failing on it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream:
            stream.flush()


def _drop_output() -> None:
    """Let what nobody reads go nowhere: Python flushes once more when it ends, and would complain then."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        output = sys.stdout.fileno()
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), output)
