"""A label row by what a user or a script calls it."""

from __future__ import annotations

from collections.abc import Sequence

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.text import tr


def find_row(rows: Sequence[RowInfo], name: str) -> RowInfo:
    """The one row with that label hash, data hash or title.

    Raises InputError when there is none, or several: then it lists them.
    """
    found = [row for row in rows if name in (row.label_hash, row.data_hash, row.title)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError(tr("No row is called {name}.").format(name=name))
    candidates = ", ".join(row.label_hash or row.data_hash for row in found)
    raise InputError(tr("{count} rows are called {name}: {rows}").format(count=len(found), name=name, rows=candidates))
