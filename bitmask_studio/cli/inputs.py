"""Open what the command line names as INPUT."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr

if TYPE_CHECKING:
    from bitmask_studio.sources.base import Source

_SERVER = "encord:"


def refuse_servers(inputs: Iterable[str]) -> None:
    """Raise InputError when one of them is a project on a server."""
    for each in inputs:
        if each.startswith(_SERVER):
            raise InputError(
                tr("{input}: only files and folders can be opened; export the labels as JSON first.").format(input=each)
            )


def open_inputs(inputs: Sequence[str], images: str | None = None) -> Source:
    """One source of all inputs, in the order given. Raises InputError before anything is opened if one is not there."""
    refuse_servers(inputs)
    paths = [_existing(each) for each in inputs]
    folder = None if images is None else Path(images)
    if folder is not None and not folder.is_dir():
        raise InputError(tr("{path} is not a folder.").format(path=images))
    from bitmask_studio.sources.local import open_local

    return open_local(paths, images=folder)


def _existing(given: str) -> Path:
    path = Path(given)
    try:
        path.stat()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(tr("{path} cannot be opened: {reason}.").format(path=given, reason=reason)) from error
    return path
