from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import numpy as np
import pytest
from encord.objects.bitmask import BitmaskCoordinates

from bitmask_studio.core.errors import InputError
from bitmask_studio.sandbox import Sandbox
from tests.sandbox.connecting import HARBOUR, bitmask_objects, get, mask, opened, row


def test_a_demo_goes_on_after_a_restart(tmp_path: Path) -> None:
    first = Sandbox.start(tmp_path)
    label_row = opened(first, HARBOUR)
    instance = bitmask_objects(label_row)[0]
    pixels = ~mask(instance)
    instance.set_for_frames(BitmaskCoordinates(pixels), 0, overwrite=True)
    label_row.save()
    label_row.workflow_complete()
    key = first.key_path.read_bytes()
    project = first.projects
    first.stop()
    second = Sandbox.start(tmp_path)
    assert (second.key_path.read_bytes(), second.projects) == (key, project)
    again = opened(second, HARBOUR)
    assert again.label_hash == label_row.label_hash
    assert np.array_equal(mask(bitmask_objects(again)[0]), pixels)
    assert again.workflow_graph_node is not None
    assert again.workflow_graph_node.title == "Complete"
    assert len(second.history(str(again.label_hash))) == 2
    second.stop()


def test_an_address_of_a_picture_outlives_a_restart_on_the_same_port(tmp_path: Path) -> None:
    first = Sandbox.start(tmp_path)
    url = str(row(first, HARBOUR).get_storage_item(get_signed_urls=True).get_signed_url())
    port = int(first.url.rpartition(":")[2])
    first.stop()
    second = Sandbox.start(tmp_path, port=port)
    row(second, HARBOUR).get_storage_item(get_signed_urls=True)
    assert get(url).status_code == 200
    second.stop()


def test_the_key_is_its_owners_alone(sandbox: Sandbox) -> None:
    mode = stat.S_IMODE(sandbox.key_path.stat().st_mode)
    assert mode == 0o600 or os.name == "nt"


def test_a_key_that_a_cut_start_left_empty_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "sandbox-key").touch()
    running = Sandbox.start(tmp_path)
    assert row(running, HARBOUR).data_title == HARBOUR
    running.stop()


def test_one_folder_serves_one_sandbox_at_a_time(sandbox: Sandbox) -> None:
    with pytest.raises(InputError, match="Another sandbox"):
        Sandbox.start(sandbox.key_path.parent)
    assert row(sandbox, HARBOUR).data_title == HARBOUR


def test_a_taken_port_is_told_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"port {port}"):
            Sandbox.start(tmp_path, port=port)
    Sandbox.start(tmp_path, port=port).stop()


def test_a_folder_that_is_a_file_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="folder"):
        Sandbox.start(tmp_path / "file")


def test_rows_are_told_without_a_client(sandbox: Sandbox) -> None:
    rows = {each["data_title"]: each for each in sandbox.rows()}
    assert rows[HARBOUR]["label_hash"] == row(sandbox, HARBOUR).label_hash
    assert {each["data_title"] for each in sandbox.rows(sandbox.projects[1][0])} == {"cells.jpg", "Fruit on a conveyor"}


def test_a_stored_row_is_a_copy(sandbox: Sandbox) -> None:
    hash_ = str(row(sandbox, HARBOUR).label_hash)
    sandbox.row(hash_)["object_answers"].clear()
    assert sandbox.row(hash_)["object_answers"]


def test_requests_are_forgotten_when_told(sandbox: Sandbox) -> None:
    row(sandbox, HARBOUR)
    assert sandbox.requests
    sandbox.clear_requests()
    assert sandbox.requests == []
