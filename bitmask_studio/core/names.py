"""Safe, unique file names from titles and hashes that anybody may have written."""

from __future__ import annotations

import re

MAX_STEM = 120
"""Longest stem in characters, a suffix against collisions included."""

_UNSAFE = re.compile(r"[^A-Za-z0-9+=_.-]")
# Windows keeps these for devices, whatever the case and whatever follows the first dot.
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(\.|$)", re.IGNORECASE)


def safe_stem(text: str) -> str:
    """`text` as a file name without its ending: 1 to 120 characters of `A-Za-z0-9+=_.-`, no device of Windows."""
    stem = _UNSAFE.sub("_", text) or "_"
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return stem[:MAX_STEM]


def is_label_file(name: str) -> bool:
    """Whether a file is called as the one that is made for the labels of a folder's pictures."""
    return re.fullmatch(r"labels(_\d+)?\.json", name) is not None


class UniqueNames:
    """Gives each stem once, upper and lower case being the same: the second `a` becomes `a_2`, the third `a_3`."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def take(self, text: str) -> str:
        """The safe stem of `text`, or that with the first free number behind it."""
        stem = safe_stem(text)
        wanted = stem
        number = self._next.get(wanted.lower(), 1)
        while stem.lower() in self._next:
            number += 1
            ending = f"_{number}"
            stem = wanted[: MAX_STEM - len(ending)] + ending
        self._next[wanted.lower()] = number
        self._next.setdefault(stem.lower(), 1)
        return stem
