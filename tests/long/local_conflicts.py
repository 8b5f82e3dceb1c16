"""Two programs and a foreign one change one file in every order; the suite runs a hundredth of it.

All of it, from the checkout: `python -m tests.long.local_conflicts [--seed N] [--runs N] [--deeds N]`.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from unittest import mock

import numpy as np

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.labels import LabelRow, MaskKey, RowChanges
from bitmask_studio.core.mask import Bits, Mask
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.core.ontology import BITMASK, ObjectClass
from bitmask_studio.sources.base import Conflict, ConflictError, Keep
from bitmask_studio.sources.jsontext.skeleton import Stamp
from bitmask_studio.sources.local import open_local
from bitmask_studio.sources.local.encord_json import saving
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.edits import DocumentEdit, MaskEdit
from tests.long.conflict_twin import Choices, Desk, Place, State, UndecidedError, alike, merged, version
from tests.long.shared_file import FRAME, SharedFile, scribbled
from tests.sources.twins import HEIGHT, WIDTH

SEED = 20261123
RUNS = 1000
DEEDS = 40
LEAF = ObjectClass("f-bitmask", "a bitmask", "#FCDC00", BITMASK)


class Window:
    """One of our programs with the file open, and what its person should see."""

    def __init__(self, file: SharedFile, counts: Counter[str]) -> None:
        self.file, self.dice, self.counts = file, file.dice, counts
        self.source = open_local([file.path])
        self.documents = [Document(self.source.load(info)) for info in self.source.rows()]
        self.desk = Desk(dict(file.state), dict(file.state))

    def check(self) -> None:
        for row, document in enumerate(self.documents):
            wanted = {place: bits for place, bits in self.desk.mine.items() if place.row == row}
            shown = self._shown(row)
            assert shown.keys() == wanted.keys()
            assert all(alike(shown[place], wanted[place]) for place in shown)
            if not document.unsaved:
                base = {place: bits for place, bits in self.desk.base.items() if place.row == row}
                assert base.keys() == wanted.keys(), "said to be saved"
                assert all(alike(base[place], wanted[place]) for place in base), "said to be saved"

    def work(self) -> None:
        """One deed of the person who sits here."""
        deed: Callable[[], None] = self.dice.choice(
            [self._paint] * 5 + [self._delete, self._add, self._undo, self._redo]
        )
        deed()

    def go_away_and_back(self) -> None:
        """Rows without edits are read again."""
        for row, document in enumerate(self.documents):
            if not document.unsaved:
                self.documents[row] = Document(self.source.load(document.row.info))
                for state in (self.desk.base, self.desk.mine):
                    for place in [each for each in state if each.row == row]:
                        del state[place]
                    state |= {place: bits for place, bits in self.file.state.items() if place.row == row}

    def save(self, meanwhile: Callable[[], None]) -> None:
        """Save as the window does, asked about conflicts; `meanwhile` happens while the file is being written."""
        documents = [each for each in self.documents if each.unsaved]
        if not documents:
            return
        changes = [each.begin_save() for each in documents]
        self.desk.begin()
        if self.dice.random() < 0.4:
            self.work()
        rows = [row for row, each in enumerate(self.documents) if each in documents]
        taken = {each.base.info.key: row for each, row in zip(changes, rows, strict=True) if not each.empty}
        stored = self._stored([each for each in changes if not each.empty], taken, meanwhile) if taken else {}
        if self.dice.random() < 0.4:
            self.work()
        for document in documents:
            document.end_save(None if stored is None else stored.get(document.row.info.key, document.row))
        if stored is None:
            self.desk.end([], None)
            return
        self.desk.end(list(taken.values()), self.file.state)

    def save_unreadable(self) -> None:
        """Save while the file cannot be read: refused, and everything is as unsaved as before."""
        documents = [each for each in self.documents if each.unsaved]
        changes = [each.begin_save() for each in documents]
        real = [each for each in changes if not each.empty]
        with self.file.broken():
            try:
                self.source.save(real)
            except SaveError as error:
                assert "Your edits are kept" in str(error) or "your edits are kept" in str(error)
            else:
                assert not real
        for document in documents:
            document.end_save(None)

    def _stored(
        self, changes: Sequence[RowChanges], taken: Mapping[str, int], meanwhile: Callable[[], None]
    ) -> dict[str, LabelRow] | None:
        """The rows as stored; None when the person gave up."""
        choices: dict[Conflict, Keep] = {}
        decided: dict[tuple[Place, bytes], Keep] = {}
        while True:
            try:
                with _meddling(meanwhile):
                    rows = self.source.save(changes, choices)
            except ConflictError as error:
                self._check_question(error.conflicts, taken, decided)
                if self.dice.random() < 0.2:
                    return None
                for each in error.conflicts:
                    place, choices[each] = _place(each, taken), self.dice.choice(list(Keep))
                    decided[place, version(self.file.state.get(place))] = choices[each]
                self.dice.choice([_nothing, _nothing, meanwhile])()
            else:
                self.file.state = self._merge(taken, decided)
                self.counts["saves"] += 1
                return {each.info.key: each for each in rows}

    def _check_question(self, conflicts: Sequence[Conflict], taken: Mapping[str, int], decided: Choices) -> None:
        """What is asked about is what has to be asked about, and each thing once."""
        found = [_place(each, taken) for each in conflicts]
        assert len(set(found)) == len(found), "asked twice about the same"
        try:
            self._merge(taken, decided)
        except UndecidedError as wanted:
            assert wanted.places == set(found), "asked about the wrong ones"
        else:
            raise AssertionError("asked without need")
        self.counts["conflicts"] += len(found)

    def _merge(self, taken: Mapping[str, int], choices: Choices) -> State:
        """What the file has to hold after a save."""
        assert self.desk.sent is not None
        base, sent, theirs = (
            {place: bits for place, bits in each.items() if place.row in taken.values()}
            for each in (self.desk.base, self.desk.sent, self.file.state)
        )
        rest = {place: bits for place, bits in self.file.state.items() if place.row not in taken.values()}
        return rest | merged(base, sent, theirs, choices)

    def _shown(self, row: int) -> State:
        document = self.documents[row]
        return {
            Place(row, frame, each.object_hash): document.mask(MaskKey(frame, each.object_hash)).to_array(HEIGHT, WIDTH)
            for frame in range(len(document.frames))
            for each in document.objects(frame)
            if each.is_bitmask
        }

    def _some_place(self) -> Place | None:
        return self.dice.choice(list(self.desk.mine)) if self.desk.mine else None

    def _paint(self) -> None:
        if place := self._some_place():
            document, key = self.documents[place.row], MaskKey(place.frame, place.object_hash)
            bits = scribbled(self.desk.mine[place], self.dice)
            patch = MaskPatch.between(document.mask(key), Mask.of(FRAME, bits))
            document.commit_patch(MaskEdit("Brush", key, patch))
            if not patch.empty:
                self._note(place, bits)

    def _delete(self) -> None:
        if place := self._some_place():
            self.documents[place.row].remove(MaskKey(place.frame, place.object_hash), "Delete")
            self._note(place, None)

    def _add(self) -> None:
        row, frame = self.dice.choice([(0, 0), (1, 1), (1, 2), (1, 3)])
        bits = scribbled(np.zeros((HEIGHT, WIDTH), bool), self.dice)
        key = self.documents[row].add(frame, LEAF, Mask.of(FRAME, bits), "Brush")
        self._note(Place(row, frame, key.object_hash), bits)

    def _undo(self) -> None:
        self._step(Document.undo)

    def _redo(self) -> None:
        self._step(Document.redo)

    def _step(self, step: Callable[[Document], DocumentEdit | None]) -> None:
        row = self.dice.choice([0, 1])
        if edit := step(self.documents[row]):
            place = Place(row, edit.key.frame, edit.key.object_hash)
            self._note(place, self._shown(row).get(place))

    def _note(self, place: Place, bits: Bits | None) -> None:
        self.desk.touched.add(place)
        if bits is None:
            self.desk.mine.pop(place, None)
        else:
            self.desk.mine[place] = bits


def run(folder: Path, seed: int, deeds: int = DEEDS) -> Counter[str]:
    """One interleaving; AssertionError where an edit was lost, overwritten unasked, or asked about twice."""
    dice = random.Random(seed)
    file, counts = SharedFile(folder, dice), Counter[str]()
    windows = [Window(file, counts), Window(file, counts)]
    for _ in range(deeds):
        window = dice.choice(windows)
        deed = dice.choice(["work"] * 6 + ["save"] * 3 + ["meddle", "leave", "broken"])
        if deed == "work":
            window.work()
        elif deed == "save":
            window.save(dice.choice([_nothing, _nothing, file.meddle]))
        elif deed == "meddle":
            file.meddle(in_place=dice.random() < 0.3)
        elif deed == "leave":
            window.go_away_and_back()
        else:
            window.save_unreadable()
        file.check()
        for each in windows:
            each.check()
    counts["deeds"] += deeds
    return counts


@contextlib.contextmanager
def _meddling(meanwhile: Callable[[], None]) -> Iterator[None]:
    """Let something happen just before the written file takes the old one's place, once."""
    deeds, real = [meanwhile], saving.must_be_unchanged

    def late(path: Path, stamp: Stamp) -> None:
        if deeds:
            deeds.pop()()
        real(path, stamp)

    with mock.patch.object(saving, "must_be_unchanged", late):
        yield


def _place(conflict: Conflict, rows: Mapping[str, int]) -> Place:
    return Place(rows[conflict.row], conflict.key.frame, conflict.key.object_hash)


def _nothing() -> None:
    """Nobody else is at it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--deeds", type=int, default=DEEDS)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    for seed in range(options.seed, options.seed + options.runs):
        with tempfile.TemporaryDirectory() as folder:
            try:
                counts += run(Path(folder), seed, options.deeds)
            except Exception as error:
                error.add_note(f"in the run of seed {seed}")
                raise
    said = ", ".join(f"{n} {name}" for name, n in sorted(counts.items()))
    print(f"{options.runs} interleavings from seed {options.seed}: {said}; nothing lost, overwritten or asked twice")


if __name__ == "__main__":
    main()
