"""A log put together: ten thousand strokes are as one before they are applied."""

from __future__ import annotations

from collections.abc import Iterable

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.studio.document.edits import MaskEdit
from bitmask_studio.studio.journal.kept import Applied


def joined(log: Iterable[Applied]) -> tuple[Applied, ...]:
    """What does the same as the log: strokes on one mask are one patch, up to where its object comes or goes.

    Patches flip pixels, so that it makes no difference which comes first, nor whether they are done or taken back.
    """
    done: list[Applied] = []
    strokes: dict[MaskKey, list[MaskEdit]] = {}
    for each in log:
        if isinstance(each.edit, MaskEdit):
            strokes.setdefault(each.edit.key, []).append(each.edit)
        else:
            done += _as_one(strokes)
            strokes = {}
            done.append(each)
    return (*done, *_as_one(strokes))


def _as_one(strokes: dict[MaskKey, list[MaskEdit]]) -> Iterable[Applied]:
    for key, edits in strokes.items():
        patch = edits[0].patch if len(edits) == 1 else MaskPatch.joined([each.patch for each in edits])
        if not patch.empty:
            yield Applied(MaskEdit(edits[-1].title, key, patch), forwards=True)
