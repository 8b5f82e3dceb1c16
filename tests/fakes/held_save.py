"""A save that hangs until it is let go, as on a slow disk."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

import pytest

from bitmask_studio.core.labels import LabelRow, RowChanges
from bitmask_studio.sources.base import Conflict, Keep, Source

PATIENCE = 20.0


class HeldSave:
    """Stands before the save of a source: sets `begun`, and goes on with it once `goes_on` is set."""

    def __init__(self, source: Source | None, monkeypatch: pytest.MonkeyPatch) -> None:
        assert source is not None
        self.begun, self.goes_on = threading.Event(), threading.Event()
        self._save = source.save
        monkeypatch.setattr(source, "save", self._wait_and_save)

    def _wait_and_save(
        self, changes: Sequence[RowChanges], choices: Mapping[Conflict, Keep] | None = None
    ) -> Sequence[LabelRow]:
        self.begun.set()
        assert self.goes_on.wait(PATIENCE), "nobody let the save go on"
        return self._save(changes, choices)
