"""The real SDK as a second, independent client of a sandbox: what others see of what was saved."""

from __future__ import annotations

import numpy as np
from encord import EncordUserClient
from encord.http.constants import RequestsSettings
from encord.objects import LabelRowV2
from encord.objects.bitmask import BitmaskCoordinates
from encord.project import Project
from numpy.typing import NDArray

from bitmask_studio.sandbox import Sandbox

_QUICK = RequestsSettings(max_retries=0, connection_retries=0, connect_timeout=10, read_timeout=10, write_timeout=10)


def sdk_project(sandbox: Sandbox) -> Project:
    """The sandbox's first project, asked for with a client of its own."""
    client = EncordUserClient.create_with_ssh_private_key(
        ssh_private_key_path=sandbox.key_path, domain=sandbox.url, requests_settings=_QUICK
    )
    return client.get_project(sandbox.project_hash)


def sdk_row(sandbox: Sandbox, data_hash: str) -> LabelRowV2:
    """A row as it is stored now, its labels read."""
    (row,) = sdk_project(sandbox).list_label_rows_v2(data_hashes=[data_hash])
    row.initialise_labels(include_archived=True)
    return row


def sdk_mask(row: LabelRowV2, object_hash: str, frame: int = 0) -> NDArray[np.bool_]:
    """An object's pixels on a frame, as the SDK decodes them."""
    instance = next(each for each in row.get_object_instances() if each.object_hash == object_hash)
    coordinates = instance.get_annotation(frame).coordinates
    assert isinstance(coordinates, BitmaskCoordinates)
    pixels: NDArray[np.bool_] = coordinates.to_numpy_array()  # type: ignore[no-untyped-call] # the SDK's own
    return pixels
