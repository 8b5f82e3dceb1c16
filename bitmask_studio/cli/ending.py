"""How every run ends: with an exit status and at most one line, never with a traceback."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from io import BufferedWriter, FileIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bitmask_studio.cli.console import tell
from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.text import tr

if TYPE_CHECKING:
    from typing_extensions import Buffer

UNTOLD = 1
"""The work is done, but its answer could not be written."""
UNUSABLE = 2
INTERRUPTED = 128 + 2
"""As a shell reports a program ended by SIGINT."""
NO_READER = 128 + 13
"""As a shell reports a program ended by SIGPIPE."""
_DEBUG = "BITMASK_STUDIO_DEBUG"
_LAST_STREAM = 2
"""The file numbers 0 to 2 are the standard streams'."""


def exit_status(program: Callable[[], int]) -> int:
    """Run `program` and answer its exit status, whatever happens in it."""
    _fill_closed_streams()
    _write_any_character()
    with _held_output():
        status = _status_of_all(program)
    try:
        _flush(sys.stderr)
    except OSError:
        _drop(sys.stderr)
    return status


def _status_of_all(program: Callable[[], int]) -> int:
    """The status of the program and of the writing of its answer."""
    try:
        status = _status_of(program)
        _flush(sys.stdout)
    except BrokenPipeError:
        _drop(sys.stdout)
        return NO_READER
    except OSError as error:
        _drop(sys.stdout)
        return _refuse(_unwritten(error), UNTOLD)
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
        return INTERRUPTED if _was_interrupted(error) else _refuse(str(error))
    except Exception as error:  # the last net: a traceback helps nobody who did not write this
        if _was_interrupted(error):
            return INTERRUPTED
        if failure := _failure(sys.stdout):
            raise failure from error
        return _unexpected(error)


def _was_interrupted(error: BaseException | None) -> bool:
    """Whether it was raised by what cleaned up after Ctrl+C, such as an archive that was being written."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__context__
    return False


def _refuse(text: str, status: int = UNUSABLE) -> int:
    tell(f"bitmask_studio: {text}")
    return status


def _unwritten(error: OSError) -> str:
    text = tr("the answer could not be written to standard output: {reason}.")
    return text.format(reason=error.strerror or error)


def _unexpected(error: Exception) -> int:
    from bitmask_studio.core.secrets import without_secrets  # its patterns take 3 ms of each start
    from bitmask_studio.studio.log import trace_of

    if os.environ.get(_DEBUG) == "1":
        sys.stderr.write(trace_of(error))
    text = tr("something unexpected went wrong ({kind}: {error}); {debug}=1 shows where.")
    return _refuse(text.format(kind=type(error).__name__, error=without_secrets(str(error)), debug=_DEBUG))


def _write_any_character() -> None:
    """Escape what the terminal's encoding does not have instead of failing on it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


class _Output(FileIO):
    """Standard output that remembers why it could not be written to: what was held back may be gone then."""

    failure: OSError | None = None

    def write(self, data: Buffer, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            self.failure = error
            raise


@contextlib.contextmanager
def _held_output() -> Iterator[None]:
    """Put such an output, and a buffer if there is none (PYTHONUNBUFFERED), in the place of stdout."""
    output = sys.stdout
    raw = getattr(output, "buffer", None)
    raw = getattr(raw, "raw", raw)
    if not (isinstance(output, TextIOWrapper) and isinstance(raw, FileIO)):
        yield
        return
    own = BufferedWriter(_Output(output.fileno(), "w", closefd=False))
    with TextIOWrapper(own, output.encoding, output.errors, line_buffering=output.isatty()) as held:
        sys.stdout = held
        try:
            yield
        finally:
            sys.stdout = output


def _failure(stream: TextIO | None) -> OSError | None:
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    return raw.failure if isinstance(raw, _Output) else None


def _fill_closed_streams() -> None:
    """Let no file that is written get the number of a closed stream, where libraries print their warnings."""
    with contextlib.suppress(OSError):
        while (number := os.open(os.devnull, os.O_RDWR)) <= _LAST_STREAM:
            os.set_inheritable(number, True)
        os.close(number)


def _flush(stream: TextIO | None) -> None:
    if stream:
        stream.flush()


def _drop(stream: TextIO | None) -> None:
    """Let what nobody takes go nowhere: Python flushes once more when it ends, and would complain then."""
    if stream:
        with contextlib.suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), stream.fileno())
