"""The virtual environment `.venv`: made once, stamped when whole, made again when it is not."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
from pathlib import Path
from typing import Iterator, Sequence

from steps import do, say

STAMP = "bitmask-studio.stamp"


def interpreter(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def python_line(folder: Path) -> str:
    """Name the Python that the environment was made with; raise OSError when that Python or the folder is gone."""
    settings = (folder / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    version = next((line for line in settings if line.startswith("version")), "")
    return f"python {version} {interpreter(folder).resolve(strict=True)}"


def stamp_lines(folder: Path, locks: Sequence[Path]) -> set[str]:
    """Return what the stamp must say when these lock files are installed; raise OSError when something is gone."""
    digests = {f"{lock.name} {hashlib.sha256(lock.read_bytes()).hexdigest()}" for lock in locks}
    return {python_line(folder)} | digests


def read_stamp(folder: Path) -> set[str]:
    """Return the stamp's lines: none when the environment was never finished."""
    try:
        return set((folder / STAMP).read_text(encoding="utf-8").splitlines())
    except OSError:
        return set()


def is_ready(folder: Path, locks: Sequence[Path]) -> bool:
    """Tell whether everything in the lock files is installed, by the stamp alone."""
    try:
        return stamp_lines(folder, locks) <= read_stamp(folder)
    except OSError:
        return False


def is_usable(folder: Path) -> bool:
    """Tell whether packages can be added in place: a set-up that was stopped half-way leaves no stamp."""
    return is_ready(folder, [])


def write_stamp(folder: Path, locks: Sequence[Path]) -> None:
    draft = folder / f"{STAMP}.new"
    draft.write_text("\n".join(sorted(stamp_lines(folder, locks))) + "\n", encoding="utf-8")
    draft.replace(folder / STAMP)


def pip_command(folder: Path, locks: Sequence[Path]) -> list[str]:
    """Return the command that installs exactly what the lock files name; -I keeps a stray PYTHONPATH out of it."""
    pip = [str(interpreter(folder)), "-I", "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
    files = [word for lock in locks for word in ("-r", str(lock))]
    return [*pip, "install", "--no-user", "--progress-bar=off", "--require-hashes", "--no-deps", *files]


def link_project(folder: Path, root: Path) -> None:
    """Make the checkout importable; the path is relative, so that the project's folder may be moved or renamed."""
    question = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = do([str(interpreter(folder)), "-I", "-c", question], "the new environment does not start").strip()
    Path(packages, "bitmask-studio.pth").write_text(os.path.relpath(root, packages) + "\n", encoding="utf-8")


def make(python: str, folder: Path) -> None:
    if folder.exists():
        say("the environment in .venv is not whole; making it again ...")
        shutil.rmtree(folder)
    do([python, "-I", "-m", "venv", str(folder)], "the Python environment .venv could not be made")


def build(python: str, folder: Path, root: Path, locks: Sequence[Path]) -> None:
    """Bring the environment to what the lock files say; stopped at any moment, the next call mends it."""
    if not is_usable(folder):
        make(python, folder)
    (folder / STAMP).unlink(missing_ok=True)
    say("installing Python packages into .venv (only this once, about a minute) ...")
    do(pip_command(folder, locks), "the Python packages could not be installed; check the network and start again")
    link_project(folder, root)
    write_stamp(folder, locks)


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold the set-up's lock, so that two set-ups of one checkout never work at once; children inherit it."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with (root / ".venv.lock").open("w") as handle:
        os.set_inheritable(handle.fileno(), True)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up is at work here; waiting for it ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
