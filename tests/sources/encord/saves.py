"""A small project to save in: rows of every kind with attributes, a sandbox that serves them, a colleague."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from encord import EncordUserClient
from encord.objects import LabelRowV2
from encord.objects.bitmask import BitmaskCoordinates

from bitmask_studio.core.labels import LabelRow, MaskKey, RowChanges, RowInfo
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.sandbox import Request, Sandbox
from bitmask_studio.sources.encord.account import connect
from bitmask_studio.sources.encord.link import Link
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.source import EncordSource
from tests.sources.twins import (
    HEIGHT,
    WIDTH,
    Json,
    a_box,
    a_row,
    a_unit,
    an_object,
    bitmask,
    block,
    frame_labels,
    objects_of,
)

LEAF, ROCK, WEED = "leaf0000", "rock0000", "weed0000"
"""Of classes; weed is an archived one."""
KIND, NOTE, PARTS, TEXT, NUMBER, POSE = "kind0000", "note0000", "part0000", "text0000", "numb0000", "pose0000"
OAK, ELM, VEIN, STEM, HERE, THERE = "oak00000", "elm00000", "vein0000", "stem0000", "here0000", "ther0000"
SPACE_SIZE = (32, 20)
PAINTED = block(11, 4, 9, 7)
"""What an edit makes of a mask."""


def _option(title: str, feature_hash: str, *nested: Json) -> Json:
    return {
        "id": feature_hash,
        "label": title,
        "value": title.lower(),
        "featureNodeHash": feature_hash,
        "options": list(nested),
    }


def _attribute(name: str, kind: str, feature_hash: str, *options: Json, dynamic: bool = False) -> Json:
    choices = {"options": list(options)} if options else {}
    return {
        "id": feature_hash,
        "name": name,
        "type": kind,
        "featureNodeHash": feature_hash,
        "required": False,
        "dynamic": dynamic,
        **choices,
    }


def _class(number: int, name: str, shape: str, feature_hash: str, *attributes: Json) -> Json:
    return {
        "id": str(number),
        "name": name,
        "color": "#FCDC00",
        "shape": shape,
        "featureNodeHash": feature_hash,
        "attributes": [each | {"id": f"{number}.{at}"} for at, each in enumerate(attributes, 1)],
    }


def _numbered(structure: Json) -> Json:
    """Give options the ids that the SDK wants: the attribute's with one number more."""
    for each in structure["objects"]:
        for attribute in each["attributes"]:
            _number(attribute)
    for each in structure["classifications"]:
        for attribute in each["attributes"]:
            _number(attribute)
    return structure


def _number(attribute: Json) -> None:
    for at, option in enumerate(attribute.get("options", []), 1):
        option["id"] = f"{attribute['id']}.{at}"
        for place, nested in enumerate(option["options"], 1):
            nested["id"] = f"{option['id']}.{place}"
            _number(nested)


ONTOLOGY: Json = _numbered(
    {
        "objects": [
            _class(
                1,
                "Leaf",
                "bitmask",
                LEAF,
                _attribute(
                    "Kind",
                    "radio",
                    KIND,
                    _option("Oak", OAK, _attribute("Note", "text", NOTE)),
                    _option("Elm", ELM),
                ),
                _attribute("Parts", "checklist", PARTS, _option("Vein", VEIN), _option("Stem", STEM)),
                _attribute("Remark", "text", TEXT),
                _attribute("Count", "numeric", NUMBER),
                _attribute("Pose", "radio", POSE, _option("Here", HERE), _option("There", THERE), dynamic=True),
            ),
            _class(2, "Rock", "bitmask", ROCK),
            _class(3, "a bounding_box", "bounding_box", "f-bounding_box"),
            _class(5, "Weed", "bitmask", WEED) | {"archived": True},
        ],
        "classifications": [
            {
                "id": "4",
                "featureNodeHash": "scen0000",
                "attributes": [_attribute("Scene", "text", "scet0000") | {"id": "4.1"}],
            }
        ],
    }
)
LEAF_CLASS = ObjectClass(LEAF, "Leaf", "#FCDC00", "bitmask")
ROCK_CLASS = ObjectClass(ROCK, "Rock", "#FCDC00", "bitmask")


def leaf(object_hash: str, x: int = 3, y: int = 2, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Json:
    """A leaf of 6 x 5 px on a frame of `size`, width first."""
    return an_object(object_hash, bitmask=bitmask(block(x, y), *size)) | {
        "featureHash": LEAF,
        "name": "Leaf",
        "value": "leaf",
        "createdAt": "Fri, 01 Dec 2023 10:45:50 UTC",
        "lastEditedBy": "annotator@example.invalid",
        "lastEditedAt": "Sat, 02 Dec 2023 10:45:50 UTC",
        "confidence": 0.5,
    }


def answer(name: str, feature_hash: str, answers: object, **more: object) -> Json:
    return {
        "name": name,
        "value": name.lower(),
        "featureHash": feature_hash,
        "answers": answers,
        "manualAnnotation": True,
        **more,
    }


def chosen(*options: tuple[str, str]) -> list[Json]:
    return [{"name": title, "value": title.lower(), "featureHash": each} for title, each in options]


def image_row() -> Json:
    unit = a_unit(
        "unit-image",
        frame_labels(leaf("imageAA1"), leaf("image+/2", 20, 12), leaf("imageCC3", 30, 2), a_box("imageBox")),
    )
    row = a_row("image", "image", [unit])
    row["object_answers"]["imageAA1"]["classifications"] = [
        answer("Note", NOTE, "an old one"),
        answer("Kind", KIND, chosen(("Oak", OAK))),
        answer("Remark", TEXT, "ragged"),
    ]
    row["classification_answers"] = {
        "sceneAA1": {
            "classificationHash": "sceneAA1",
            "featureHash": "scen0000",
            "range": [[0, 0]],
            "spaces": {},
            "classifications": [answer("Scene", "scet0000", "a wood")],
            "createdBy": "annotator@example.invalid",
            "createdAt": "Fri, 01 Dec 2023 10:45:50 UTC",
            "lastEditedBy": "annotator@example.invalid",
            "lastEditedAt": "Fri, 01 Dec 2023 10:45:50 UTC",
            "confidence": 1.0,
            "manualAnnotation": True,
        }
    }
    return row | {"object_actions": {}}


def group_row() -> Json:
    """Two pictures of different sizes, the second one first in the file."""
    small = {"width": SPACE_SIZE[0], "height": SPACE_SIZE[1]}
    units = [
        a_unit("unit-group-b", frame_labels(leaf("groupBB1", size=SPACE_SIZE)), data_sequence="1", **small),
        a_unit("unit-group-a", frame_labels(leaf("groupAA1")), data_sequence="0"),
    ]
    return a_row("group", "img_group", units) | {"object_actions": {}}


def video_row() -> Json:
    labels = {
        "1": frame_labels(leaf("videoAA1"), leaf("videoBB2", 20, 9)),
        "3": frame_labels(leaf("videoAA1", 9, 9)),
    }
    unit = a_unit("unit-video", labels, data_type="video/mp4", data_fps=25.0, data_duration=0.4)
    row = a_row("video", "video", [unit])
    here = answer("Pose", POSE, chosen(("Here", HERE)), dynamic=True, range=[[1, 1], [3, 3]], shouldPropagate=False)
    return row | {"object_actions": {"videoAA1": {"objectHash": "videoAA1", "actions": [here]}}}


def spaces_row() -> Json:
    """A data group: a picture and a video of 5 frames, one object in both."""
    size = {"width": SPACE_SIZE[0], "height": SPACE_SIZE[1]}
    of_video = {"number_of_frames": 5, "data_fps": 25.0, "data_duration": 0.2}
    spaces = {
        "space-picture": size
        | {
            "space_type": "image",
            "child_info": {"layout_key": "front", "file_name": "front.png"},
            "labels": {"0": frame_labels(leaf("spaceAA1", size=SPACE_SIZE), leaf("spaceBB2", 20, 9, SPACE_SIZE))},
        },
        "space-video": size
        | of_video
        | {
            "space_type": "video",
            "child_info": {"layout_key": "side", "file_name": "side.mp4"},
            "labels": {
                "1": frame_labels(leaf("spaceVV1", size=SPACE_SIZE)),
                "2": frame_labels(leaf("spaceVV1", 9, 9, SPACE_SIZE), leaf("spaceAA1", 1, 1, SPACE_SIZE)),
            },
        },
    }
    unit = {"data_hash": "unit-spaces", "data_title": "", "data_type": "group", "data_sequence": 0}
    row = a_row("spaces", "group", [unit | {"labels": frame_labels()}], spaces=spaces)
    answers = {
        each["objectHash"]: {"objectHash": each["objectHash"], "classifications": []} for each in objects_of(row)
    }
    there = answer("Pose", POSE, chosen(("There", THERE)), dynamic=True, range=[[1, 2]], shouldPropagate=False)
    actions = {"spaceVV1": {"objectHash": "spaceVV1", "actions": [there]}}
    return row | {"object_answers": answers, "object_actions": actions}


ROWS = {"image": image_row, "group": group_row, "video": video_row, "spaces": spaces_row}


def start(folder: Path) -> Sandbox:
    labels, ontology = folder / "labels.json", folder / "ontology.json"
    labels.write_text(json.dumps([make() for make in ROWS.values()]), "utf-8")
    ontology.write_text(json.dumps(ONTOLOGY), "utf-8")
    return Sandbox.start(folder / "state", labels=labels, ontology=ontology)


def desk_of(sandbox: Sandbox, link: Callable[[Login], Link]) -> Iterator[Desk]:
    """The user's desk; everything is closed afterwards."""
    account = connect(Login(sandbox.url, sandbox.key_path), link=link)
    yield Desk(sandbox, account.project(sandbox.project_hash))
    account.close()
    sandbox.stop()


class Desk:
    """Where one user and a colleague work on the same rows; every row is as on its first day."""

    def __init__(self, sandbox: Sandbox, source: EncordSource) -> None:
        self.sandbox, self.source = sandbox, source
        self._first = {each.label_hash: sandbox.row(each.label_hash) for each in source.rows() if each.label_hash}

    def restore(self) -> None:
        self.sandbox.faults.clear()
        for label_hash, wire in self._first.items():
            if self.sandbox.row(label_hash) != wire:
                self.sandbox.colleague.change(label_hash, partial(_instead, wire))
        self.sandbox.clear_requests()

    def info(self, name: str) -> RowInfo:
        return next(each for each in self.source.rows() if each.title == f"{name} title")

    def open(self, name: str) -> LabelRow:
        row = self.source.load(self.info(name))
        self.sandbox.clear_requests()
        return row

    def wire(self, name: str) -> Json:
        return self.sandbox.row(_label_hash(self.info(name)))

    def theirs(self, name: str, change: Callable[[Json], object]) -> None:
        """A colleague saves the row after `change` was done to it."""

        def changed(wire: Json) -> Json:
            change(wire)
            return wire

        self.sandbox.colleague.change(_label_hash(self.info(name)), changed)

    def put(self, row: str, object_hash: str, /, **facts: object) -> None:
        """A colleague's program gives an object other facts, on every frame, which no SDK needs to understand."""

        def change(wire: Json) -> None:
            for _, each in objects_in(wire):
                if each["objectHash"] == object_hash:
                    each.update(facts)

        self.theirs(row, change)

    def repaint(self, name: str, object_hash: str, mask: Mask, frame: int | None = None) -> None:
        """A colleague gives an object other pixels, on every frame or on one."""

        def change(wire: Json) -> None:
            for number, each in objects_in(wire):
                if each["objectHash"] == object_hash and frame in (None, number):
                    width, height = each["bitmask"]["width"], each["bitmask"]["height"]
                    each["bitmask"] = bitmask(mask, width, height)
                    each |= {
                        "lastEditedBy": self.sandbox.colleague.email,
                        "lastEditedAt": "Mon, 05 Jan 2026 10:00:00 UTC",
                    }

        self.theirs(name, change)

    @property
    def writes(self) -> list[Request]:
        return [each for each in self.sandbox.requests if each.writes]

    def fresh(self, name: str) -> LabelRowV2:
        """The row as a new client of the SDK reads it."""
        client = EncordUserClient.create_with_ssh_private_key(
            self.sandbox.key_path_of("colleague").read_text(), domain=self.sandbox.url
        )
        project = client.get_project(self.sandbox.project_hash)
        (row,) = project.list_label_rows_v2(label_hashes=[_label_hash(self.info(name))])
        row.initialise_labels(include_archived=True)
        return row

    def pixels(self, name: str) -> dict[tuple[str, int, str], Any]:
        """Every bitmask as a new client of the SDK decodes it, by space ("" for none), frame number and object."""
        row, found = self.fresh(name), {}
        places: list[tuple[str, Any]] = [("", row), *((each.space_id, each) for each in row.get_spaces())]
        for space, place in places:
            for each in place.get_object_instances():
                for note in each.get_annotations():
                    if isinstance(note.coordinates, BitmaskCoordinates) and (not space or note.space.space_id == space):
                        found[space, note.frame, each.object_hash] = np.array(note.coordinates)
        return found


def _instead(wire: Json, _: Json) -> Json:
    return copy.deepcopy(wire)


def key_of(row: LabelRow, number: int, object_hash: str, data_hash: str | None = None) -> MaskKey:
    """The key of an object, by the frame's number and, among several spaces, its data hash."""
    frame = next(each for each in row.frames if each.number == number and data_hash in (None, each.data_hash))
    return MaskKey(frame.position, object_hash)


def edit(row: LabelRow, key: MaskKey, mask: Mask = PAINTED) -> RowChanges:
    return RowChanges(row, {key: mask})


def strings(wire: Json) -> dict[tuple[str, str], list[str]]:
    """Every mask's string, by object."""
    found: dict[tuple[str, str], list[str]] = {}
    for number, each in objects_in(wire):
        if "bitmask" in each:
            found.setdefault((str(number), each["objectHash"]), []).append(each["bitmask"]["rleString"])
    return found


def objects_in(wire: Json) -> Iterator[tuple[int, Json]]:
    for place in (*wire["data_units"].values(), *wire["spaces"].values()):
        labels = place["labels"]
        frames = (
            [(int(place["data_sequence"]), labels)] if "objects" in labels else [(int(k), v) for k, v in labels.items()]
        )
        for number, content in frames:
            yield from ((number, each) for each in content["objects"])


def _label_hash(info: RowInfo) -> str:
    assert info.label_hash
    return info.label_hash
