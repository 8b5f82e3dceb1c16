"""Argument parsing in this program's manner: what is wrong is said in one line."""

from __future__ import annotations

import argparse
from typing import NoReturn

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr

PROGRAM = "python -m bitmask_studio"


class Parser(argparse.ArgumentParser):
    """Raises InputError where argparse would print its usage; options have to be written out."""

    def __init__(self, command: str = "", description: str = "", epilog: str = "") -> None:
        super().__init__(
            prog=f"{PROGRAM} {command}".strip(),
            description=description,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
            add_help=False,
        )
        self.add_argument("-h", "--help", action="help", help=tr("show this help and exit"))

    def error(self, message: str) -> NoReturn:
        raise InputError(tr("{message}. See {program} --help").format(message=message, program=self.prog))


def natural(text: str) -> int:
    """A whole number from 0."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise argparse.ArgumentTypeError(tr("{text} is no whole number from 0").format(text=text))
    return int(text)


def path_text(text: str) -> str:
    """A path as typed: neither empty nor with a character that no path can hold."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError(tr("the name of a folder or file is empty or cannot exist"))
    return text
