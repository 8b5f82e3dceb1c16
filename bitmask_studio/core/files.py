"""The one way a file gets its final name: whole, checked and on the disk, or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.text import tr

_PREFIX = ".bitmask-studio-"
_SUFFIX = ".tmp"
_CHUNK = 1 << 20
_STEP = 1 << 24
_SHOWN = 120
"""Characters of a name that a message shows."""
_NO_COPY_IN_KERNEL = (errno.ENOSYS, errno.EXDEV, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM, errno.ETXTBSY)
_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EFBIG: "the disk takes no file of this size",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "its folder may not be written to",
    errno.EPERM: "the system does not permit it",
    errno.ENOENT: "its folder is gone",
    errno.ENOTDIR: "its folder is not a folder",
    errno.ENAMETOOLONG: "its name is too long",
    errno.EISDIR: "a folder has that name",
    errno.EEXIST: "another file has that name by now",
    errno.ELOOP: "its links lead in a circle",
    errno.EIO: "the disk reports an error",
}


class Slice(Struct, frozen=True):
    """The bytes from `start` to `end` of an open file, copied without passing through Python where the system can."""

    file: BinaryIO
    start: int
    end: int


Part = bytes | Slice
Check = Callable[[BinaryIO], None]


class NameTakenError(SaveError):
    """There is a file of that name by now, and it was left as it is."""


def write(path: Path, *parts: Part, check: Check | None = None, fresh: bool = False) -> os.stat_result:
    """Give `path` the content of all parts, atomically and durably; answer what `stat` says of the new file.

    Links are followed, an existing file's mode is kept. `check` may read the finished file before it takes the name;
    what it raises leaves the old file in place. `fresh` takes the place of nothing: NameTakenError where there is a
    file. Raises SaveError, the old file being as it was.
    """
    try:
        target = path.resolve()
        with _temporary(target, _old_mode(target)) as (temporary, file):
            for part in parts:
                _append(file, part)
            file.flush()
            os.fsync(file.fileno())
            if check:
                file.seek(0)
                check(file)
            state = os.fstat(file.fileno())
            _take_name(temporary, target, file, fresh)
        sync_folder(target.parent)
    except FileExistsError as error:
        raise NameTakenError(_words(path, error)) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise SaveError(_words(path, error)) from error
    return state


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that gets the name `path` when the block ends, whole or not at all; a link there is replaced itself.

    For files that can be made again: nothing waits for the disk. Raises SaveError, what was there being as it was.
    """
    try:
        with _temporary(path, None) as (temporary, file):
            yield file
            file.flush()
            _take_name(temporary, path, file)
    except OSError as error:
        raise SaveError(_words(path, error)) from error


def sweep(folder: Path) -> int:
    """Delete the temporary files that ended programs left in `folder`; answer how many. Never raises OSError."""
    swept = 0
    with contextlib.suppress(OSError):
        for each in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
            swept += _removed(each)
    return swept


def _old_mode(target: Path) -> int | None:
    """The permission bits of the file that is replaced, None where there is none; raises SaveError if it is guarded."""
    try:
        state = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(state.st_mode):
        raise IsADirectoryError(errno.EISDIR, "not a file")
    effective = os.access in os.supports_effective_ids
    if not state.st_mode & 0o222 or not os.access(target, os.W_OK, effective_ids=effective):
        raise SaveError(tr("{name} is read-only and was left as it was.").format(name=target.name))
    return stat.S_IMODE(state.st_mode)


@contextlib.contextmanager
def _temporary(target: Path, mode: int | None) -> Iterator[tuple[Path, BinaryIO]]:
    """A new locked file beside `target`, gone again unless it was renamed."""
    temporary, file = _create(target.parent)
    try:
        with file:
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(file.fileno(), mode)
                _keep_owner(file, target)
            yield temporary, file
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _create(folder: Path) -> tuple[Path, BinaryIO]:
    while True:
        path = folder / f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666), "w+b")
        # A sweep between creation and lock may have taken it: then it has no name any more.
        if locked(file) and os.fstat(file.fileno()).st_nlink:
            return path, file
        file.close()


def locked(file: BinaryIO) -> bool:
    """Mark an open file as in use; False when another one has it. Windows knows no such mark and says yes.

    There a temporary file needs none: the system refuses to delete it while it is open.
    """
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _removed(path: Path) -> bool:
    """Whether `path`, a temporary file, belonged to nobody and is gone now."""
    with contextlib.suppress(OSError):
        file = path.open("r+b")
        unused = locked(file)
        if os.name != "posix":
            file.close()
        if unused:
            path.unlink()
        file.close()
        return unused
    return False


def _keep_owner(file: BinaryIO, target: Path) -> None:
    with contextlib.suppress(OSError):
        old = target.stat()
        os.fchown(file.fileno(), old.st_uid, old.st_gid)


def _append(file: BinaryIO, part: Part) -> None:
    if isinstance(part, bytes):
        view = memoryview(part)
        while view:
            view = view[file.write(view) :]
    else:
        _copy(file, part)


def _copy(file: BinaryIO, part: Slice) -> None:
    file.flush()
    at = _copy_in_kernel(file, part)
    file.seek(0, os.SEEK_END)
    part.file.seek(at)
    while at < part.end:
        data = part.file.read(min(_CHUNK, part.end - at))
        if not data:
            raise OSError(errno.EIO, "the file that is copied became shorter")
        _append(file, data)
        at += len(data)


def _copy_in_kernel(file: BinaryIO, part: Slice) -> int:
    """Copy as much of `part` as the system copies by itself; answer how far it came."""
    at = part.start
    if not hasattr(os, "copy_file_range"):
        return at
    try:
        while at < part.end:
            count = os.copy_file_range(part.file.fileno(), file.fileno(), min(_STEP, part.end - at), at)
            if not count:
                break
            at += count
            _start_writing(file, count)
    except OSError as error:
        if error.errno not in _NO_COPY_IN_KERNEL:
            raise
    return at


def _start_writing(file: BinaryIO, count: int) -> None:
    """Send the last `count` bytes on to the disk while the next are being copied; the final sync then waits less."""
    if count == _STEP and hasattr(os, "posix_fadvise"):
        end = os.lseek(file.fileno(), 0, os.SEEK_CUR)
        os.posix_fadvise(file.fileno(), end - count, count, os.POSIX_FADV_DONTNEED)


def _take_name(temporary: Path, target: Path, file: BinaryIO, fresh: bool = False) -> None:
    if os.name != "posix":
        file.close()
    if not fresh:
        temporary.replace(target)
    elif os.name == "posix":
        _take_free_name(temporary, target)
    else:
        temporary.rename(target)  # there it raises FileExistsError


def _take_free_name(temporary: Path, target: Path) -> None:
    """Raises FileExistsError; where files cannot have two names, somebody very fast may be missed."""
    try:
        target.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:
        if target.exists():
            raise FileExistsError(errno.EEXIST, "another file has that name") from None
        temporary.replace(target)


def sync_folder(folder: Path) -> None:
    """Put the new name itself on the disk; some systems cannot, and then the name is as safe as they make it."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _words(path: Path, error: Exception) -> str:
    code = error.errno if isinstance(error, OSError) else None
    reason = tr(_REASONS[code]) if code in _REASONS else tr("the system says: {error}").format(error=error)
    name = path.name if len(path.name) <= _SHOWN else f"{path.name[:_SHOWN]}…"
    return tr("{name} could not be written: {reason}. What was there before is unchanged.").format(
        name=name, reason=reason
    )
