"""The sample project, copied to where the user may paint on it."""

from __future__ import annotations

import shutil
from pathlib import Path

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.resources import resource
from bitmask_studio.core.state import data_folder
from bitmask_studio.core.text import tr


def sample_copy(folder: Path | None = None) -> Path:
    """The folder of the user's own copy of the sample project, made at the first call; edits in it stay.

    Raises InputError when the copy cannot be made.
    """
    target = folder or data_folder() / "sample"
    if not (target / "labels.json").is_file():
        try:
            shutil.copytree(resource("sample"), target, dirs_exist_ok=True)
        except OSError as error:
            text = tr("The sample project could not be copied to {folder}: {reason}")
            raise InputError(text.format(folder=target, reason=error.strerror or error)) from error
    return target / "labels.json"
