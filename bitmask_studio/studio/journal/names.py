"""What workspaces and their journals are called: known before anything of SQLite is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from bitmask_studio.core.state import state_folder

SUFFIX = ".sqlite"


def journals_folder() -> Path:
    """Where the journals of all workspaces are."""
    return state_folder() / "journals"


def journal_path(folder: Path, identity: str) -> Path:
    """The journal of a workspace among those of `folder`."""
    return folder / f"{name_of(identity)}{SUFFIX}"


def has_others(folder: Path, own: Path) -> bool:
    """Whether there is a journal beside this one."""
    try:
        return any(each.suffix == SUFFIX and each.name != own.name for each in folder.iterdir())
    except OSError:
        return False


def identity_of_files(paths: Iterable[Path]) -> str:
    """What tells files that are opened together from others."""
    return "files:" + "\n".join(sorted(str(resolved(path)) for path in paths))


def resolved(path: Path) -> Path:
    """The one name of a path; of one that cannot be, the absolute one."""
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):
        return path.absolute()


def is_there(path: Path) -> bool:
    """Whether there is anything at a path."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def identity_of_project(domain: str, project_hash: str) -> str:
    """What tells a project on a server from others."""
    return f"encord:{domain}/{project_hash}"


def name_of(identity: str) -> str:
    """32 hexadecimal digits that stand for a workspace in names of files."""
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32]
