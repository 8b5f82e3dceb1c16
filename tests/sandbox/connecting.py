"""Connects the real SDK to a sandbox, as one of its people, with no retries and no patience."""

from __future__ import annotations

import numpy as np
import requests
from encord import EncordUserClient, Project
from encord.http.constants import RequestsSettings
from encord.objects import LabelRowV2
from encord.objects.bitmask import BitmaskCoordinates
from encord.objects.ontology_object_instance import ObjectInstance
from numpy.typing import NDArray

from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sandbox.wire import Json

HARBOUR = "harbour-at-dusk.jpg"
CONVEYOR = "Fruit on a conveyor"
VIDEO = "regatta.mp4"
GROUP = "Pier cameras"
UNOPENED = "regatta-morning.jpg"

AT_ONCE = RequestsSettings(
    max_retries=0, backoff_factor=0, connection_retries=0, connect_timeout=2, read_timeout=1, write_timeout=1
)


def client(sandbox: Sandbox, name: str = "you", settings: RequestsSettings = AT_ONCE) -> EncordUserClient:
    """A fresh client with the key of one of the people."""
    path = sandbox.key_path if name == "you" else sandbox.key_path_of(name)
    return EncordUserClient.create_with_ssh_private_key(
        ssh_private_key_path=str(path), domain=sandbox.url, requests_settings=settings
    )


def project(sandbox: Sandbox, name: str = "you") -> Project:
    """The sandbox's first project as a fresh client of one of the people sees it."""
    return client(sandbox, name).get_project(sandbox.project_hash)


def row(sandbox: Sandbox, title: str, name: str = "you") -> LabelRowV2:
    """A row of the first project, listed by a fresh client; its labels are not read yet."""
    (found,) = project(sandbox, name).list_label_rows_v2(data_title_eq=title)
    return found


def opened(sandbox: Sandbox, title: str, name: str = "you", **wanted: object) -> LabelRowV2:
    """A row of the first project with its labels, read by a fresh client."""
    found = row(sandbox, title, name)
    found.initialise_labels(**{"include_archived": True, **wanted})  # type: ignore[arg-type]
    return found


def bitmask_objects(label_row: LabelRowV2) -> list[ObjectInstance]:
    """The objects of a row, those of spaces aside, that are bitmasks."""
    return [each for each in label_row.get_object_instances() if each.ontology_item.shape.value == "bitmask"]


def mask(instance: ObjectInstance, frame: int = 0) -> NDArray[np.bool_]:
    """The mask of an object on a frame, bool (height, width)."""
    coordinates = instance.get_annotation(frame).coordinates
    assert isinstance(coordinates, BitmaskCoordinates)
    return np.array(coordinates)


def get(url: str, **headers: str) -> requests.Response:
    """The answer to a plain GET, as a picture is fetched."""
    return requests.get(url, headers=headers, timeout=5)


def writes(sandbox: Sandbox) -> list[str]:
    """What was asked that changes something."""
    return [f"{each.method} {each.what}" for each in sandbox.requests if each.writes]


def places(wire: Json) -> dict[str, Json]:
    """Every object by place, frame and hash: all that is told of it, but for times that a save rewrites."""
    found: dict[str, Json] = {}
    for name, place in {**wire["data_units"], **wire["spaces"]}.items():
        labels = place["labels"]
        for frame, content in ({"flat": labels} if "objects" in labels else labels).items():
            for each in content["objects"]:
                shown = {key: value for key, value in each.items() if key not in ("polygons", "confidence")}
                found[f"{name} {frame} {each['objectHash']}"] = shown
    return found
