"""Start the program: `export`, `info`, `upload` and `sandbox` without a screen, anything else in a window."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence

from bitmask_studio.cli.ending import exit_status

_COMMANDS = ("export", "info", "upload", "sandbox")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (without the program's name; None for the process's own) and answer the status."""
    os.environ.setdefault("OPENCV_LOG_LEVEL", "OFF")  # what is wrong with a picture is told in our own words
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # more delay numpy's import, and nothing here uses them
    arguments = sys.argv[1:] if argv is None else list(argv)
    return exit_status(lambda: _run(arguments))


def _run(arguments: list[str]) -> int:
    if arguments and arguments[0] in _COMMANDS:
        command = importlib.import_module(f"bitmask_studio.cli.{arguments[0]}")
        return int(command.run(arguments[1:]))
    from bitmask_studio.cli.window import parse_options

    options = parse_options(arguments)
    gc.disable()  # what is imported is no garbage; the window collects what comes later (ui.garbage)
    from bitmask_studio.app import main as open_window

    return open_window(options)


if __name__ == "__main__":
    sys.exit(main())
