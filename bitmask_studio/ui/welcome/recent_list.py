"""The files and projects opened last, to be opened again with one click or with Enter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtWidgets import QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.login import is_loopback
from bitmask_studio.studio.session import PROJECT
from bitmask_studio.ui.widgets.choice_list import Choice, ChoiceList

_LABELS = frozenset((".json",))
_LEFT_TO_RIGHT = "\u2066{}\u2069"
"""Keeps the slashes of a path in their places among letters that run from right to left."""


class RecentList(ChoiceList):
    """One line for each; emits `chosen` with an entry."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Recent files and projects"), parent)

    def set_entries(self, entries: Sequence[str]) -> None:
        """Show these, the first on top."""
        self.set_choices([_choice(each) for each in entries])


def short_folder(path: str) -> str:
    """The folder of a path, with `~` for the user's own."""
    folder = Path(path).parent
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(folder)


def place_of(path: str) -> str:
    """The same for the screen."""
    return _LEFT_TO_RIGHT.format(short_folder(path))


def host_of(entry: str) -> str:
    """Whose server a project is on, for the screen: an entry is encord:DOMAIN|PROJECT_HASH|TITLE."""
    host = _host(entry.removeprefix(PROJECT).partition("|")[0])
    return tr("Server on this computer") if is_loopback(host) else host


def _choice(entry: str) -> Choice:
    """An entry is a path, or that of a project."""
    domain, bar, rest = entry.removeprefix(PROJECT).partition("|")
    if entry.startswith(PROJECT) and bar:
        project, _, title = rest.partition("|")
        return Choice(entry, title or project, host_of(entry), "cloud", f"{title or project}\n{domain}")
    icon = "open-file" if Path(entry).suffix.lower() in _LABELS else "images-folder"
    return Choice(entry, Path(entry).name or entry, place_of(entry), icon, entry, entry)


def _host(domain: str) -> str:
    """Whose server it is; what is no address stands for itself."""
    try:
        return urlsplit(domain).hostname or domain
    except ValueError:
        return domain
