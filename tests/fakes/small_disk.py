"""A disk that gets full: a small file system of its own where one may be mounted, else a limit on the size of files."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

FULL = "the disk is full|the disk takes no file of this size"
"""What a message says of it, as a pattern; the second where nothing may be mounted."""

_LIMIT = 8


class SmallDisk:
    """A folder; `fill` leaves no room in it, `free` gives it back."""

    def __init__(self, folder: Path, mounted: bool) -> None:
        self.folder = folder
        self._mounted = mounted
        self._limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        self._refusal = mock.patch.object(os, "open", side_effect=OSError(errno.EROFS, "read-only"))

    def fill(self) -> None:
        if not self._mounted:
            resource.setrlimit(resource.RLIMIT_FSIZE, (_LIMIT, self._limits[1]))
            return
        with contextlib.suppress(OSError), self._rest.open("wb", buffering=0) as rest:
            while True:
                rest.write(bytes(4096))

    def free(self) -> None:
        self._refusal.stop()
        resource.setrlimit(resource.RLIMIT_FSIZE, self._limits)
        self._rest.unlink(missing_ok=True)

    def forbid_writing(self) -> None:
        if self._mounted:
            subprocess.run(["mount", "-o", "remount,ro", str(self.folder)], check=True)
        else:
            self._refusal.start()

    @property
    def _rest(self) -> Path:
        return self.folder / "the.rest"


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """A disk of 1 MiB at `folder`, which is made."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "small", str(folder)]
    disk = SmallDisk(folder, _runs(mount))
    try:
        yield disk
    finally:
        _runs(["umount", "-l", str(folder)])
        disk.free()


def _runs(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
