"""Claims on names, held by one program at a time: the system lets go of them when it ends, however it ends."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

_SUFFIX = ".lock"


class Claim:
    """Locked files, one for each name, until `release`. A frozen program keeps them; one that was killed does not."""

    def __init__(self, held: Iterable[tuple[Path, int]] = ()) -> None:
        self._held = list(held)

    @classmethod
    def take(cls, folder: Path, names: Iterable[str], within: Iterable[str] = ()) -> Claim | None:
        """Claim all of the names, or nothing: None when another claim has one of them.

        `within` are claimed together with others who do the same, not with one who claims such a name for itself (not
        on Windows). Where the folder takes no files nobody is kept out: a full disk must not keep anybody from work.
        """
        wanted = [*((name, False) for name in sorted(set(names))), *((name, True) for name in sorted(set(within)))]
        claim = cls()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for name, shared in wanted:
                path = folder / lock_name(name)
                descriptor = _locked(path, shared)
                if descriptor is None:
                    claim.release()
                    return None
                claim._held.append((path, descriptor))
        except OSError:
            claim.release()
        return claim

    def release(self) -> None:
        """Let go of everything; the files go too, unless others use them."""
        for path, descriptor in self._held:
            with contextlib.suppress(OSError):
                if os.name == "posix" and _lock(descriptor, shared=False):
                    path.unlink()
            with contextlib.suppress(OSError):
                os.close(descriptor)
        self._held.clear()


def lock_name(name: str) -> str:
    """What the file for a name is called."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32] + _SUFFIX


def _locked(path: Path, shared: bool) -> int | None:
    """The file's descriptor, locked; None when another one has it."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        free = _lock(descriptor, shared)
        # Whoever had it may have taken its name away meanwhile: then it locks nothing any more.
        if free and os.fstat(descriptor).st_nlink:
            return descriptor
        os.close(descriptor)
        if not free:
            return None


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, shared: bool) -> bool:
        if shared:
            return True
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int, shared: bool) -> bool:
        """Whether the lock is ours now; systems without locks say yes."""
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True
