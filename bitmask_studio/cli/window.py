"""The command line of the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bitmask_studio.studio.options import Options


def parse_options(argv: Sequence[str]) -> Options:
    """The window's options. Raises InputError, and SystemExit after `--help` and `--version`."""
    if all(_is_file(each) for each in argv):
        return Options(files=tuple(Path(each) for each in argv))
    from bitmask_studio.cli.window_options import parse  # argparse and its parser would delay most starts by 15 ms

    return parse(argv)


def _is_file(argument: str) -> bool:
    """Whether it can be nothing but the name of a file or folder."""
    return bool(argument) and "\0" not in argument and not argument.startswith(("-", "encord:"))
