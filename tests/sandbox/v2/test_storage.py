from __future__ import annotations

from uuid import UUID

import pytest
from encord.exceptions import AuthorisationError, ResourceNotFoundError
from encord.orm.storage import StorageItemType

from bitmask_studio.core.resources import resource
from bitmask_studio.sandbox import Sandbox
from tests.sandbox.connecting import CONVEYOR, GROUP, HARBOUR, UNOPENED, VIDEO, client, get, project, row, writes


def test_a_thumbnail_needs_no_label_row(sandbox: Sandbox) -> None:
    item = row(sandbox, UNOPENED).get_storage_item(get_signed_urls=True)
    assert get(str(item.get_signed_url())).content == (resource("sandbox") / UNOPENED).read_bytes()
    assert writes(sandbox) == []
    assert row(sandbox, UNOPENED).label_hash is None


def test_an_item_tells_size_type_and_length(sandbox: Sandbox) -> None:
    item = row(sandbox, VIDEO).get_storage_item()
    assert item.item_type is StorageItemType.VIDEO
    assert (item.width, item.height, item.frame_count, item.fps) == (480, 270, 24, 12.0)
    assert item.file_size == (resource("sandbox") / VIDEO).stat().st_size
    assert row(sandbox, HARBOUR).get_storage_item().client_metadata == {"site": "harbour"}


def test_many_items_come_at_once(sandbox: Sandbox) -> None:
    found = project(sandbox)
    rows = found.list_label_rows_v2()
    with found.create_bundle() as bundle:
        for each in rows:
            each.initialise_storage_item(get_signed_url=True, bundle=bundle)
    assert [each.what for each in sandbox.requests].count("storage/items/get-bulk") == 1
    assert get(str(rows[0].get_storage_item().get_signed_url())).status_code == 200
    assert writes(sandbox) == []


@pytest.mark.parametrize(("title", "count"), [(CONVEYOR, 5), (GROUP, 2), (HARBOUR, 0)])
def test_the_files_of_groups_are_children(sandbox: Sandbox, title: str, count: int) -> None:
    children = list(row(sandbox, title).get_storage_item().get_child_items(get_signed_urls=True))
    assert len(children) == count
    for each in children:
        assert len(get(str(each.get_signed_url())).content) == each.file_size
        assert client(sandbox).get_storage_item(each.uuid).name == each.name


def test_strangers_see_no_item(sandbox: Sandbox) -> None:
    item = row(sandbox, HARBOUR).get_storage_item()
    with pytest.raises(AuthorisationError):
        client(sandbox, "outsider").get_storage_item(item.uuid)
    with pytest.raises(ResourceNotFoundError):
        client(sandbox).get_storage_item(UUID(int=5))
