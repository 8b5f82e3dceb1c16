"""What is opened, and what of it is kept in memory."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.core.brush_shape import BrushShape
from bitmask_studio.core.errors import InputError, SaveError, StudioError
from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.ontology import Ontology
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.edits import MaskEdit
from bitmask_studio.studio.jobs import Jobs
from bitmask_studio.studio.workspace import Saved, Workspace
from tests.studio.label_files import HEIGHT, WIDTH, write_labels


def never(error: Exception) -> None:
    raise AssertionError from error


async def opened(path: Path, budget: int = 1 << 30) -> Workspace:
    workspace = Workspace(Jobs(never), lambda: budget)
    workspace.use(*await workspace.read((path,)))
    return workspace


def edit(document: Document) -> None:
    key = MaskKey(0, document.objects(0)[0].object_hash)
    painter = document.begin(key)
    painter.draw_segment(Point(40.5, 30.5), Point(41.5, 30.5), 3, BrushShape.ROUND, True)
    document.commit_patch(MaskEdit("Brush", key, painter.patch()))


def test_nothing_open_has_no_rows_no_classes_and_cannot_be_saved() -> None:
    async def main() -> None:
        workspace = Workspace(Jobs(never), lambda: 0)
        assert (workspace.title, workspace.rows, workspace.ontology) == ("", (), Ontology())
        assert workspace.row(None) is None
        with pytest.raises(StudioError):
            await workspace.save({})

    asyncio.run(main())


def test_a_row_is_read_once_and_its_document_stays(tmp_path: Path) -> None:
    async def main() -> None:
        workspace = await opened(write_labels(tmp_path))
        key = workspace.rows[0].key
        one, other = await asyncio.gather(workspace.document(key, 0), workspace.document(key, 0))
        assert one is other is workspace.documents[key]
        edit(one)
        assert workspace.is_unsaved(key)
        assert not workspace.is_unsaved(workspace.rows[1].key)
        assert workspace.unsaved == [one]

    asyncio.run(main())


def test_a_failed_save_leaves_every_row_unsaved(tmp_path: Path) -> None:
    async def main() -> None:
        path = write_labels(tmp_path)
        workspace = await opened(path)
        documents = [await workspace.document(row.key, 0) for row in workspace.rows]
        for document in documents:
            edit(document)
        path.write_bytes(b"{")
        with pytest.raises(SaveError):
            await workspace.save({})
        assert workspace.unsaved == documents
        assert all(document.changes().edited for document in documents)

    asyncio.run(main())


def test_the_rows_of_a_source_that_was_left_during_its_save_do_not_come_back(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()

    async def main() -> None:
        workspace = await opened(write_labels(tmp_path))
        edit(await workspace.document(workspace.rows[0].key, 0))
        saving = asyncio.ensure_future(workspace.save({}))
        await asyncio.sleep(0)
        other = await workspace.read((write_labels(tmp_path / "other"),))
        workspace.use(other[0], other[1][:1])
        assert await saving == Saved(rows=1, others=0)
        assert len(workspace.rows) == 1

    asyncio.run(main())


def test_pictures_are_kept_within_a_budget_the_last_one_always(tmp_path: Path) -> None:
    async def main() -> None:
        workspace = await opened(write_labels(tmp_path), WIDTH * HEIGHT * 3)
        key = workspace.rows[1].key
        await workspace.document(key, 0)
        first = await workspace.picture(key, 0)
        assert await workspace.picture(key, 0) is first
        second = await workspace.picture(key, 1)
        assert await workspace.picture(key, 1) is second
        again = await workspace.picture(key, 0)
        assert again is not first
        assert np.array_equal(again.pixels, first.pixels)

    asyncio.run(main())


def test_what_cannot_be_opened_changes_nothing(tmp_path: Path) -> None:
    async def main() -> None:
        workspace = await opened(write_labels(tmp_path))
        source = workspace.source
        with pytest.raises(InputError):
            await workspace.read((tmp_path / "nothing.json",))
        assert workspace.source is source
        assert len(workspace.rows) == 2

    asyncio.run(main())
