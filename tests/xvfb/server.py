"""A server with rows whose pictures tell their own coordinates, and what it has stored, asked for with the real SDK."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from bitmask_studio.sandbox import Request, Sandbox
from tests.fakes.encord_json import bitmask, label_row, mask_object
from tests.fakes.sdk import sdk_mask, sdk_row
from tests.xvfb.drawing import Bits
from tests.xvfb.screen import telling_picture

CELL, LEAF = "cell0000", "leaf0000"
"""The ontology's bitmask classes, in its order."""
TITLE = "Harvest"
"""What the project with these rows is called."""


@dataclass(frozen=True)
class Server:
    """A sandbox; rows are called by their titles."""

    sandbox: Sandbox

    @classmethod
    def start(cls, folder: Path, rows: Mapping[str, Mapping[str, Bits] | None], size: tuple[int, int]) -> Server:
        """Serve rows with these masks by object hash, all of the first class, on pictures of (width, height) px.

        None makes a row that has no labels yet.
        """
        files = folder / "export"
        files.mkdir()
        for name in rows:
            cv2.imwrite(str(files / f"{name}-0.png"), telling_picture(*size))
        (files / f"{TITLE}.json").write_text(json.dumps([_row(name, size, masks) for name, masks in rows.items()]))
        (files / "ontology.json").write_text(json.dumps(_ONTOLOGY))
        return cls(Sandbox.start(folder / "server", labels=files / f"{TITLE}.json"))

    @property
    def arguments(self) -> Sequence[object]:
        """How to name this server and its first project on the program's command line."""
        return "--domain", self.sandbox.url, "--key", self.sandbox.key_path, "--project", self.sandbox.project_hash

    @property
    def title(self) -> str:
        """What its first project is called."""
        return self.sandbox.project_title

    @property
    def writes(self) -> list[Request]:
        """The requests that were to change something, in their order."""
        return [each for each in self.sandbox.requests if each.writes]

    def listed(self, title: str) -> dict[str, Any]:
        """A row of the project's list."""
        (row,) = (each for each in self.sandbox.rows() if each["data_title"] == title)
        return row

    def label_hash(self, title: str) -> str:
        return str(self.listed(title)["label_hash"])

    def mask(self, title: str, object_hash: str) -> Bits:
        """An object's mask on the first frame, as another client reads it now, bool (height, width)."""
        return sdk_mask(sdk_row(self.sandbox, self.listed(title)["data_hash"]), object_hash)

    def classes(self, title: str) -> dict[str, str]:
        """The class's feature hash of each object, by object hash, as another client reads them now."""
        row = sdk_row(self.sandbox, self.listed(title)["data_hash"])
        return {each.object_hash: each.feature_hash for each in row.get_object_instances()}


def _row(name: str, size: tuple[int, int], masks: Mapping[str, Bits] | None) -> dict[str, object]:
    if masks is None:
        return label_row(name, size, [[]]) | {"label_hash": None}
    objects = [mask_object(key, bitmask(bits), feature_hash=CELL) for key, bits in masks.items()]
    answers = {key: {"objectHash": key, "classifications": []} for key in masks}
    return label_row(name, size, [objects]) | {"object_answers": answers}


def _class(number: int, name: str, color: str, feature_hash: str) -> dict[str, object]:
    fixed = {"shape": "bitmask", "required": False, "attributes": []}
    return {"id": str(number), "name": name, "color": color, "featureNodeHash": feature_hash, **fixed}


_ONTOLOGY = {
    "objects": [_class(1, "Cell", "#D33115", CELL), _class(2, "Leaf", "#68CCCA", LEAF)],
    "classifications": [],
}
