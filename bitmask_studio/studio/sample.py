"""The sample project, copied to where the user may paint on it."""

from __future__ import annotations

from pathlib import Path

from bitmask_studio.core import files
from bitmask_studio.core.errors import InputError, SaveError
from bitmask_studio.core.resources import resource
from bitmask_studio.core.state import data_folder
from bitmask_studio.core.text import tr

_LABELS = "labels.json"


def sample_copy(folder: Path | None = None) -> Path:
    """The folder of the user's own copy of the sample project, made at the first call; edits in it stay.

    Raises InputError when the copy cannot be made.
    """
    target = folder or data_folder() / "sample"
    labels = target / _LABELS
    if not labels.is_file():
        try:
            _copy(resource("sample"), target)
        except (OSError, SaveError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            text = tr("The sample project could not be copied to {folder}: {reason}")
            raise InputError(text.format(folder=target, reason=reason)) from error
    return labels


def _copy(origin: Path, target: Path) -> None:
    """Copy file by file, the labels last: where they are, all is there. The copies may be written, as new files may."""
    for path in sorted(origin.rglob("*"), key=lambda path: path.name == _LABELS):
        if path.is_file():
            place = target / path.relative_to(origin)
            place.parent.mkdir(parents=True, exist_ok=True)
            with path.open("rb") as file:
                files.write(place, files.Slice(file, 0, path.stat().st_size))
