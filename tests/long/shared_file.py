"""A label file that a foreign program changes too, beside what it should hold as plain arrays."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Bits, Mask
from bitmask_studio.core.ontology import BITMASK
from tests.long.conflict_twin import Place, State, alike
from tests.sources.twins import (
    HEIGHT,
    STYLES,
    WIDTH,
    Json,
    a_mask_object,
    bitmask,
    keyed_image_row,
    video_row,
    write_json,
)

FRAME = Box.of_size(WIDTH, HEIGHT)


class SharedFile:
    """The file and its twin; what a foreign program does to it, which knows nothing of ours."""

    def __init__(self, folder: Path, dice: random.Random) -> None:
        self.dice = dice
        self.path = write_json(folder / "labels.json", [keyed_image_row(), video_row()])
        self.rest = _rest(self._rows())
        self.state = self.read()
        self.made = 0

    def read(self) -> State:
        return {
            Place(row, frame, each["objectHash"]): _bits(each["bitmask"]["rleString"])
            for row, labels in enumerate(self._rows())
            for frame, objects in _frames(labels)
            for each in objects
            if each["shape"] == BITMASK
        }

    def check(self) -> None:
        """The file is what its twin is, and what nobody touched is as it was."""
        found = self.read()
        assert found.keys() == self.state.keys()
        assert all(alike(found[place], self.state[place]) for place in found)
        assert _rest(self._rows()) == self.rest

    def meddle(self, *, in_place: bool = False) -> None:
        """Change one mask, take one out or put one in, the file being written anew in another style."""
        rows = self._rows()
        row, (frame, objects) = self.dice.choice([(row, each) for row in (0, 1) for each in _frames(rows[row])])
        masks = [each for each in objects if each["shape"] == BITMASK]
        deed = self.dice.choice(["paint", "paint", "paint", "delete", "add"])
        if deed == "add" or not masks:
            self._add(row, frame, objects, rows[row])
        elif deed == "delete":
            gone = self.dice.choice(masks)
            objects.remove(gone)
            del self.state[Place(row, frame, gone["objectHash"])]
        else:
            each = self.dice.choice(masks)
            bits = scribbled(_bits(each["bitmask"]["rleString"]), self.dice)
            each["bitmask"]["rleString"] = _string(bits)
            self.state[Place(row, frame, each["objectHash"])] = bits
        self._write(self.dice.choice(list(STYLES.values()))(rows), in_place)

    @contextlib.contextmanager
    def broken(self) -> Iterator[None]:
        """Somebody has written half of it so far."""
        whole = self.path.read_bytes()
        self.path.write_bytes(whole[: len(whole) // 3])
        yield
        self.path.write_bytes(whole)

    def _add(self, row: int, frame: int, objects: list[Json], labels: Json) -> None:
        self.made += 1
        bits = scribbled(np.zeros((HEIGHT, WIDTH), bool), self.dice)
        made = a_mask_object(f"foreign{self.made}") | {"bitmask": bitmask(Mask.of(FRAME, bits))}
        objects.append(made)
        labels["object_answers"][made["objectHash"]] = {"objectHash": made["objectHash"], "classifications": []}
        self.state[Place(row, frame, made["objectHash"])] = bits

    def _write(self, data: bytes, in_place: bool) -> None:
        if not in_place:
            (self.path.parent / "other.tmp").write_bytes(data)
            (self.path.parent / "other.tmp").replace(self.path)
        else:
            self.path.write_bytes(data)

    def _rows(self) -> list[Json]:
        rows: list[Json] = json.loads(self.path.read_text("utf-8-sig"))
        return rows


def scribbled(bits: Bits, dice: random.Random) -> Bits:
    """The pixels with a small rectangle set or cleared."""
    x, y = dice.randrange(WIDTH - 4), dice.randrange(HEIGHT - 4)
    after = bits.copy()
    after[y : y + dice.randint(1, 6), x : x + dice.randint(1, 6)] = dice.random() < 0.7
    return after


def _frames(labels: Json) -> list[tuple[int, list[Json]]]:
    (unit,) = labels["data_units"].values()
    return [(int(frame), each["objects"]) for frame, each in unit["labels"].items()]


def _rest(rows: list[Json]) -> list[object]:
    """What of the rows is none of the masks'."""
    rest: list[object] = []
    for row in rows:
        objects = [each for _, found in _frames(row) for each in found]
        assert {each["objectHash"] for each in objects} <= row["object_answers"].keys()
        rest.append([each for each in objects if each["shape"] != BITMASK])
        rest.append({key: row[key] for key in row if key not in ("data_units", "object_answers", "object_actions")})
    return rest


def _bits(string: str) -> Bits:
    return Mask.from_rle(string, HEIGHT, WIDTH).to_array(HEIGHT, WIDTH)


def _string(bits: Bits) -> str:
    return Mask.of(FRAME, bits).to_rle(HEIGHT, WIDTH)
