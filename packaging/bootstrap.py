"""Start Bitmask Studio, its tests or its benchmarks from a checkout, first installing what they need.

Needs only a Python, and starts on an old one to say which is needed. Everything lands in `.venv` beside
`pyproject.toml`. Exit status: that of what was started; 2 for a wrong command, 3 when the set-up cannot go on.
"""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, Sequence

import environment
import libraries
from steps import SetupError, say

ROOT = Path(__file__).resolve().parent.parent
MINORS = (13, 12, 11)
USAGE = """usage: python3 packaging/bootstrap.py run|test|bench [ARGS]
  run [ARGS]    start the program; with no ARGS it opens the sample project
  test [ARGS]   run the tests; ARGS go to pytest
  bench [ARGS]  run the benchmarks"""


def python_version(python: str) -> tuple[int, int]:
    """Ask an interpreter for its version; (0, 0) when it does not start."""
    question = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-I", "-c", question], capture_output=True, text=True, check=True).stdout
        major, minor = answer.split()
        return int(major), int(minor)
    except (OSError, subprocess.CalledProcessError, ValueError):
        return 0, 0


def choose_python(
    own: str,
    own_version: tuple[int, int],
    which: Callable[[str], str | None] = shutil.which,
    version_of: Callable[[str], tuple[int, int]] = python_version,
) -> str:
    """Return this Python if it will do, else the newest on the path that does; raise SetupError when there is none."""
    supported = [(3, minor) for minor in MINORS]
    if own_version in supported:
        return own
    found = [path for path in map(which, [*(f"python3.{minor}" for minor in MINORS), "python3"]) if path]
    for path in found:
        if version_of(path) in supported:
            return path
    raise SetupError(
        f"Python 3.11, 3.12 or 3.13 is needed, and this is Python {own_version[0]}.{own_version[1]}. "
        "Install one of them and start again."
    )


def locks_for(command: str, root: Path) -> list[Path]:
    names = ["requirements.lock"] if command == "run" else ["requirements.lock", "requirements-dev.lock"]
    return [root / "packaging" / name for name in names]


def program(command: str, args: Sequence[str]) -> list[str]:
    """Return what the environment's Python is told; -P because the folder the user stands in may hold any module."""
    if command == "run":
        return ["-P", "-m", "bitmask_studio", *(args or ["--sample"])]
    return ["-m", "pytest" if command == "test" else "tests.benchmarks", *args]


def missing_packages(python: str, folder: Path) -> list[str]:
    """Name the Debian packages to install: Qt's libraries, and the venv module that Debian packs by itself."""
    missing = libraries.missing_packages(libraries.needed_libraries(os.environ))
    if not environment.is_usable(folder) and not can_make_environments(python):
        missing.append("python{}.{}-venv".format(*python_version(python)))
    return missing


def can_make_environments(python: str) -> bool:
    question = [python, "-I", "-c", "import ensurepip, venv"]
    return subprocess.run(question, capture_output=True, check=False).returncode == 0


def set_up(root: Path, locks: Sequence[Path]) -> None:
    """Install what is missing; at once done when nothing is."""
    folder = root / ".venv"
    if environment.is_ready(folder, locks) and not libraries.missing_packages(libraries.needed_libraries(os.environ)):
        return
    own = getattr(sys, "_base_executable", sys.executable)  # never the Python inside the folder about to be remade
    python = choose_python(own, sys.version_info[:2])
    with environment.alone(root):
        missing = missing_packages(python, folder)
        if missing:
            libraries.install_packages(missing)
            missing = missing_packages(python, folder)
        if missing:
            raise SetupError(libraries.missing_line(missing))
        if not environment.is_ready(folder, locks):
            environment.build(python, folder, root, locks)


def compile_sources(python: Path, root: Path) -> None:
    """Write the package's byte code where it is missing or old, so that every start is a fast one.

    A start does not do it where the environment forbids Python to write any. Nothing is said of a folder that cannot be
    written to. With nothing to do it takes 10 ms in this process, if this is the Python that will read it.
    """
    package = str(root / "bitmask_studio")
    if python_tag(python.parent.parent) == f"{sys.version_info[0]}.{sys.version_info[1]}":
        compileall.compile_dir(package, quiet=2)
    else:
        subprocess.run([str(python), "-I", "-m", "compileall", "-qq", package], check=False)


def python_tag(folder: Path) -> str:
    """Return the version of an environment's Python as 3.11, "" where that cannot be told."""
    try:
        words = environment.python_line(folder).split()
    except OSError:
        return ""
    version = next((word for word in words if word[:1].isdigit()), "")
    return ".".join(version.split(".")[:2])


def become(command: list[str]) -> int:
    """Replace this process: same process id, same exit status. Windows cannot, so there it waits for the child."""
    sys.stdout.flush()
    if os.name == "nt":
        return subprocess.run(command, check=False).returncode
    os.execv(command[0], command)


def start(command: str, args: Sequence[str]) -> int:
    if command != "run":
        os.chdir(ROOT)
        if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
    set_up(ROOT, locks_for(command, ROOT))
    python = environment.interpreter(ROOT / ".venv")
    compile_sources(python, ROOT)
    return become([str(python), *program(command, args)])


def main(argv: Sequence[str]) -> int:
    if not argv or argv[0] not in ("run", "test", "bench"):
        asked = bool(argv) and argv[0] in ("-h", "--help")
        print(USAGE, file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    try:
        return start(argv[0], argv[1:])
    except SetupError as error:
        say(str(error))
    except OSError as error:
        say(f"the set-up stopped: {error.strerror or error}: {error.filename or ROOT}")
    except KeyboardInterrupt:
        say("stopped; the same command takes it up again.")
        return 130
    return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
