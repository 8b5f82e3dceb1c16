"""Claims on names, held by one program at a time: the system lets go of them when it ends, however it ends."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

_SUFFIX = ".lock"


class Claim:
    """Locked files, one for each name, until `release`. A frozen program keeps them; one that was killed does not."""

    def __init__(self) -> None:
        self._held: dict[Path, int] = {}

    @classmethod
    def take(cls, folder: Path, names: Iterable[str], within: Iterable[str] = ()) -> Claim | None:
        """Claim all of the names, or nothing: None when another claim has one of them.

        `within` are claimed together with others who do the same, not with one who claims such a name for itself (not
        on Windows). Where the folder takes no files nobody is kept out: a full disk must not keep anybody from work.
        """
        claim = cls()
        return claim if claim.add(folder, names, within) else None

    def add(self, folder: Path, names: Iterable[str], within: Iterable[str] = ()) -> bool:
        """Claim these too, as `take` does, or none of them; what is claimed already stays so, as it is."""
        wanted = [*((name, False) for name in sorted(set(names))), *((name, True) for name in sorted(set(within)))]
        added: dict[Path, int] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for name, shared in wanted:
                path = folder / lock_name(name)
                if path in self._held:
                    continue
                descriptor = _locked(path, shared)
                if descriptor is None:
                    _let_go(added)
                    return False
                added[path] = descriptor
        except OSError:
            _let_go(added)
            return True
        self._held |= added
        return True

    def narrow(self, folder: Path, names: Iterable[str], within: Iterable[str] = ()) -> None:
        """Let go of all but these; `within` are shared with others from now on."""
        shared = {folder / lock_name(name) for name in within}
        kept = shared | {folder / lock_name(name) for name in names}
        gone = {path: descriptor for path, descriptor in self._held.items() if path not in kept}
        self._held = {path: descriptor for path, descriptor in self._held.items() if path in kept}
        _let_go(gone)
        for path in shared & self._held.keys():
            _lock(self._held[path], shared=True)

    def release(self) -> None:
        """Let go of everything; the files go too, unless others use them."""
        held, self._held = self._held, {}
        _let_go(held)


def _let_go(held: Mapping[Path, int]) -> None:
    for path, descriptor in held.items():
        with contextlib.suppress(OSError):
            if os.name == "posix" and _lock(descriptor, shared=False):
                path.unlink()
        with contextlib.suppress(OSError):
            os.close(descriptor)


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
