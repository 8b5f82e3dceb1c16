"""Two windows and a colleague at the same masks of one server, in any order, over a network that fails.

Every version that the server ever stored is looked at: whoever changed a pixel there must have painted it or have been
asked about it, or it has to be back in the end. The suite runs a hundredth of the tries.
All of them, from the checkout: `python -m tests.long.encord_conflicts [--seed N] [--tries N]`.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.labels import LabelRow, MaskKey, RowChanges
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.sandbox import Fault, FaultKind, Sandbox, v1
from bitmask_studio.sandbox.people import Person
from bitmask_studio.sandbox.pictures import Pictures
from bitmask_studio.sandbox.rows import Row
from bitmask_studio.sandbox.world import World
from bitmask_studio.sources.base import Conflict, ConflictError, Keep
from bitmask_studio.sources.encord.account import connect
from bitmask_studio.sources.encord.link import Link
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.source import EncordSource
from bitmask_studio.sources.label_rows.pixels import apart
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.edits import MaskEdit
from tests.sources.encord import saves
from tests.sources.twins import HEIGHT, WIDTH, Json, bitmask, block, frame_labels

SEED = 20261123
TRIES = 1000
LABEL_HASH = "label-image"
_FAULTS = (
    FaultKind.RESET_AFTER,
    FaultKind.RESET_BEFORE,
    FaultKind.CUT_JSON,
    FaultKind.FALSE,
    FaultKind.UNAVAILABLE,
    FaultKind.HTML,
    FaultKind.CONFLICT,
)
_NAMES = ("one00000", "two00000", "three000")

Deed = Callable[[], object]
Pixels = NDArray[np.bool_]
Shown = Mapping[str, Pixels]
"""The pixels of each object that is there."""


def _array(mask: Mask | None) -> Pixels:
    return (mask or EMPTY_MASK).to_array(HEIGHT, WIDTH)


class Ledger:
    """What the server ought to hold, kept by looking at every version when it is stored.

    Encord has no way to save only if nobody else did: what arrives while a save is on its way is written over unseen.
    What a window did comes back then, because it reads back later than such a save takes. What the colleague's editor
    did in that moment is gone; it is counted, and nothing else is let pass.
    """

    def __init__(self, sandbox: Sandbox, patch: pytest.MonkeyPatch) -> None:
        self.now: dict[str, Pixels] = dict(_shown(sandbox.row(LABEL_HASH)))
        self.meant: dict[str, Pixels] = dict(self.now)
        self.meanings: dict[str, Meaning] = {}
        """By whose save it is, what that may change."""
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self._versions: list[tuple[str, Shown]] = [("", self.now)]
        self._read: dict[str, int] = {}
        """The number of versions that there were when somebody read the row last."""
        self._world, respond = sandbox._world, v1.respond
        self._put = self._world.put

        def responded(world: World, pictures: Pictures, person: Person, call: v1.V1Call) -> object:
            if (call.query_type, call.method) == ("labelrow", "GET"):
                self._read[person.email] = len(self._versions)
            return respond(world, pictures, person, call)

        patch.setattr(v1, "respond", responded)
        patch.setattr(self._world, "put", self._noted)

    def _noted(self, rows: Sequence[Row], who: str | None = None) -> None:
        self._put(rows, who)
        for row in rows:
            if row.label_hash == LABEL_HASH and row.wire:
                self._take(who or "", _shown(json.loads(row.wire)))

    def _take(self, who: str, after: Shown) -> None:
        meaning = self.meanings.get(who)
        since = self._read[who] if meaning else len(self._versions)
        unseen = self._versions[since:]
        for name in {*self.now, *after}:
            before = self.now.get(name)
            if not self._take_object(name, before, after.get(name), meaning):
                self._forgive(name, after.get(name), since)
                if not unseen:
                    self.faults.append(f"{name} was written over by {who}, who had read it")
        self.counts["crossed"] += bool(unseen)
        self.now = dict(after)
        self._versions.append((who, after))

    def _take_object(self, name: str, old: Pixels | None, new: Pixels | None, meaning: Meaning | None) -> bool:
        """Note what was meant of a change; answers whether all of it was."""
        known = meaning is None or meaning.covers(name, old, new)
        if old is None or new is None:
            if (old is not new) and known:
                self._mean(name, new)
            return known or old is new
        changed = old ^ new
        wanted = changed if known or meaning is None else changed & meaning.painted(name)
        if name in self.meant:
            self.meant[name] = np.where(wanted, new, self.meant[name])
        return not bool((changed & ~wanted).any())

    def _forgive(self, name: str, new: Pixels | None, since: int) -> None:
        """What only the colleague did to an object in the moment of a save is gone, and known to be."""
        gone, lost = np.zeros((HEIGHT, WIDTH), np.bool_), False
        for (_, before), (who, after) in pairwise(self._versions[since - 1 :]):
            old, now, is_colleague = before.get(name), after.get(name), who not in self.meanings
            if old is not None and now is not None:
                gone = gone | (old ^ now) if is_colleague else gone & ~(old ^ now)
            elif old is not now:
                lost = is_colleague
        if lost or (new is None and gone.any()):
            self._mean(name, new)
        elif new is not None and name in self.meant:
            self.meant[name] = np.where(gone, new, self.meant[name])
        self.counts["gone unseen"] += lost or bool(gone.any())

    def _mean(self, name: str, pixels: Pixels | None) -> None:
        if pixels is None:
            self.meant.pop(name, None)
        else:
            self.meant[name] = pixels

    def give_up(self, conflict: Conflict, keep: Keep = Keep.THEIRS) -> None:
        """Somebody knows that theirs stays: their own may have been stored, and be gone, before they were asked.

        "Both" keeps what they painted themselves, and no longer takes back what the others did.
        """
        name = conflict.key.object_hash
        with self._world.lock:
            now = self.now.get(name)
            if now is None or name not in self.meant or conflict.mine is None:
                self._mean(name, now)
            else:
                where = _array(conflict.mine) ^ now
                if keep is Keep.BOTH:
                    where &= ~(_array(conflict.mine) ^ _array(conflict.base))
                self.meant[name] = np.where(where, now, self.meant[name])

    @property
    def kept(self) -> bool:
        """Whether the server holds exactly what everybody meant it to hold."""
        return set(self.now) == set(self.meant) and all(np.array_equal(self.now[n], self.meant[n]) for n in self.now)


class Meaning:
    """What one save of a window may change: what was painted there, and what its user was asked about."""

    def __init__(self, changes: RowChanges) -> None:
        self.changes = changes
        self.choices: dict[Conflict, Keep] = {}

    def painted(self, name: str) -> Pixels:
        """Where a version of here was wanted: "mine" takes back what the others did that was shown, too."""
        found = np.zeros((HEIGHT, WIDTH), np.bool_)
        for key, mask in self.changes.edited.items():
            if key.object_hash == name:
                found |= _array(mask) ^ _base(self.changes.base, key)
        asked = [each for each in self.choices if each.key.object_hash == name][-1:]
        for each in asked:
            if self.choices[each] is Keep.MINE and each.mine is not None and each.theirs is not None:
                found |= _array(each.mine) ^ _array(each.theirs)
        return found

    def covers(self, name: str, old: Pixels | None, new: Pixels | None) -> bool:
        """Whether all of a change was asked about with just what went away, or is an object made or taken here."""
        asked = [each for each in self.choices if each.key.object_hash == name]
        if any(self._is_answer(each, old) for each in asked):
            return True
        if old is None:
            return any(each.key.object_hash == name for each in self.changes.added)
        removed = any(key.object_hash == name for key in self.changes.removed)
        return new is None and removed and np.array_equal(old, _base(self.changes.base, MaskKey(0, name)))

    def _is_answer(self, conflict: Conflict, old: Pixels | None) -> bool:
        """Two may bring back at once what a third has deleted: both were asked, and either version will do."""
        same = conflict.theirs is None or (old is not None and np.array_equal(_array(conflict.theirs), old))
        return same and self.choices[conflict] is not Keep.THEIRS


class Window:
    """One program: a way to the server of its own, and the row as it is open there."""

    def __init__(self, name: str, sandbox: Sandbox, key: Path, ledger: Ledger, dice: random.Random) -> None:
        self.email = f"{name}@bitmask-studio.invalid"
        self.account = connect(Login(sandbox.url, key), link=lambda login: Link(login, 5.0, 30.0, (0.01,)))
        self.source: EncordSource = self.account.project(sandbox.project_hash)
        self.info = next(each for each in self.source.rows() if each.label_hash == LABEL_HASH)
        self.ledger, self.dice = ledger, dice
        self.counts: Counter[str] = Counter()
        self.open()

    def open(self) -> None:
        """Show the row as it is stored now; what was not saved here is gone, as its user knows."""
        self.document = Document(self.source.load(self.info))

    def paint(self) -> None:
        keys = [MaskKey(0, each.object_hash) for each in self.document.objects(0) if each.is_bitmask]
        if not keys or self.dice.random() < 0.05:
            self.document.add(0, saves.LEAF_CLASS, self._block(), "Add")
            return
        key = self.dice.choice(keys)
        if self.dice.random() < 0.08 and len(keys) > 1:
            self.document.remove(key, "Remove")
            return
        mask = self.document.mask(key)
        patch = MaskPatch.of((corner, self._block().tile(corner)) for corner in [(0, 0)])
        self.document.commit_patch(MaskEdit("Brush", key, patch), patch.apply(mask))

    def step(self) -> None:
        """One thing that a user does without saving."""
        deed = self.dice.choices((self.paint, self.document.undo, self.document.redo), (6, 2, 1))[0]
        deed()

    def save(self) -> None:
        """As the window does it: what is in conflict is decided by the dice, and saved again."""
        changes = self.document.begin_save()
        meaning = self.ledger.meanings[self.email] = Meaning(changes)
        stored: LabelRow | None = None
        try:
            stored = self._stored(changes, meaning)
        except SaveError as error:
            self.counts["not saved"] += 1
            assert "kept" in str(error) or "are on the server" in str(error), str(error)
        before = {key: self.document.mask(key) for key in changes.edited}
        self.document.end_save(stored)
        if stored is None:
            assert all(self.document.mask(key).same_as(mask) for key, mask in before.items()), "edits are lost"
        elif not changes.empty:
            self.counts["saved"] += 1
            self._check_saved(changes, meaning, stored)

    def look_again(self) -> bool:
        """A few seconds later: was something written over?"""
        saved = self.source._saved

        def stored_again(changes: Sequence[RowChanges], choices: Mapping[Conflict, Keep]) -> Sequence[LabelRow]:
            self.ledger.meanings[self.email] = Meaning(changes[0])
            return saved(changes, choices)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.source, "_saved", stored_again)
            look = self.source.look_again()
        assert not look.failed, look.failed
        self.counts["told of"] += len(look.lost)
        for each in look.lost:
            self.ledger.give_up(each)
        self.counts["restored"] += bool(look.restored)
        return bool(look.restored or look.lost)

    def _stored(self, changes: RowChanges, meaning: Meaning) -> LabelRow | None:
        if changes.empty:
            return changes.base
        while True:
            try:
                return save_rows(self.source, changes, meaning.choices)
            except ConflictError as asked:
                for each in asked.conflicts:
                    assert each not in meaning.choices, "the same conflict is asked about twice"
                    assert _is_real(each), "there is nothing to ask about"
                    self.counts["conflicts"] += 1
                    meaning.choices[each] = keep = self.dice.choice((Keep.MINE, Keep.THEIRS, Keep.BOTH))
                    if keep is not Keep.MINE and not (keep is Keep.BOTH and each.theirs is None):
                        self.ledger.give_up(each, keep)

    def _check_saved(self, changes: RowChanges, meaning: Meaning, stored: LabelRow) -> None:
        """Saved is only what was read back."""
        for key, mask in changes.edited.items():
            if any(each.key == key for each in meaning.choices):
                continue
            held, flips = _base(stored, key), _array(mask) ^ _base(changes.base, key)
            assert np.array_equal(held & flips, _array(mask) & flips), "Saved, and not there"

    def _block(self) -> Mask:
        size = self.dice.randint(1, 9), self.dice.randint(1, 9)
        return block(self.dice.randint(0, WIDTH - 9), self.dice.randint(0, HEIGHT - 9), *size)


def save_rows(source: EncordSource, changes: RowChanges, choices: Mapping[Conflict, Keep]) -> LabelRow:
    (row,) = source.save([changes], choices)
    return row


class Colleague:
    """Somebody in Encord's own editor: reads and writes in one moment."""

    def __init__(self, sandbox: Sandbox, dice: random.Random) -> None:
        self.sandbox, self.dice, self.moment = sandbox, dice, 0

    def act(self) -> None:
        self.sandbox.colleague.change(LABEL_HASH, self._changed)

    def _changed(self, wire: Json) -> Json:
        (unit,) = wire["data_units"].values()
        objects = [each for each in unit["labels"]["objects"] if "bitmask" in each]
        if len(objects) < 2:
            self._add(wire, unit["labels"]["objects"])
        elif self.dice.random() < 0.1 and len(objects) > 3:
            gone = self.dice.choice(objects)
            unit["labels"]["objects"].remove(gone)
            wire["object_answers"].pop(gone["objectHash"], None)
        else:
            self._repaint(self.dice.choice(objects))
        return wire

    def _repaint(self, each: Json) -> None:
        old = Mask.from_rle(each["bitmask"]["rleString"], HEIGHT, WIDTH)
        x, y = self.dice.randint(0, WIDTH - 9), self.dice.randint(0, HEIGHT - 9)
        patch = MaskPatch.of([((0, 0), block(x, y, self.dice.randint(1, 9), self.dice.randint(1, 9)).tile((0, 0)))])
        each["bitmask"] = bitmask(patch.apply(old))
        self.moment += 1
        minutes, seconds = divmod(self.moment % 3600, 60)
        each |= {"lastEditedAt": f"Mon, 05 Jan 2026 10:{minutes:02}:{seconds:02} UTC", "lastEditedBy": "c@example.org"}

    def _add(self, wire: Json, objects: list[Json]) -> None:
        name = f"new{self.dice.randint(0, 99999):05}"
        objects.append(saves.leaf(name))
        wire["object_answers"][name] = {"objectHash": name, "classifications": []}


def run(folder: Path, seed: int, tries: int, at_once: bool = True) -> Counter[str]:
    """So many interleavings; AssertionError at the first edit that is lost. Answers what happened in them.

    `at_once`: some saves are under way at the same time; without them the same seed always does the same.
    """
    sandbox = _served(folder)
    dice = random.Random(seed)
    patch = pytest.MonkeyPatch()
    ledger, windows = Ledger(sandbox, patch), list[Window]()
    try:
        for name in ("you", "annotator"):
            windows.append(Window(name, sandbox, sandbox.key_path_of(name), ledger, random.Random(dice.random())))
        colleague = Colleague(sandbox, random.Random(dice.random()))
        for number in range(tries):
            _interleave(sandbox, windows, colleague, dice, at_once)
            assert not ledger.faults, f"seed {seed}, try {number}: {ledger.faults}"
            assert ledger.kept, f"seed {seed}, try {number}: an edit is gone that nobody was asked about"
        return sum((each.counts for each in windows), ledger.counts + Counter(tries=tries))
    finally:
        patch.undo()
        for each in windows:
            each.account.close()
        sandbox.stop()


def _interleave(
    sandbox: Sandbox, windows: list[Window], colleague: Colleague, dice: random.Random, at_once: bool
) -> None:
    """A few deeds in any order, saves of both at once among them; then everybody saves."""
    for window in windows:
        window.open()
    for _ in range(dice.randint(2, 5)):
        for window in windows:
            for _ in range(dice.randint(0, 3)):
                window.step()
        if dice.random() < 0.3:
            sandbox.faults.add(Fault(dice.choice(_FAULTS), "labelrow", "POST"))
        if not at_once or dice.random() < 0.5:
            dice.choice((windows[0].save, windows[1].save, colleague.act))()
        else:
            _at_once(dice, windows, colleague)
    sandbox.faults.clear()
    for window in windows:
        while not window.document.changes().empty:
            window.save()
    while windows[0].look_again() or windows[1].look_again():
        pass


def _at_once(dice: random.Random, windows: list[Window], colleague: Colleague) -> None:
    """Both windows save, and the colleague does something meanwhile."""
    failures: list[BaseException] = []

    def do(deed: Deed, after: float) -> None:
        time.sleep(after)
        try:
            deed()
        except BaseException as error:  # noqa: BLE001 raised again by whoever waits
            failures.append(error)

    deeds = [each.save for each in windows] + [colleague.act] * dice.randint(0, 2)
    threads = [threading.Thread(target=do, args=(deed, dice.uniform(0, 0.15))) for deed in deeds]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if failures:
        raise failures[0]


def _served(folder: Path) -> Sandbox:
    row = saves.image_row()
    (unit,) = row["data_units"].values()
    unit["labels"] = frame_labels(*(saves.leaf(name, 3 + 9 * at, 2 + 5 * at) for at, name in enumerate(_NAMES)))
    row["object_answers"] = {name: {"objectHash": name, "classifications": []} for name in _NAMES}
    labels, ontology = folder / "labels.json", folder / "ontology.json"
    labels.write_text(json.dumps([row]), "utf-8")
    ontology.write_text(json.dumps(saves.ONTOLOGY), "utf-8")
    return Sandbox.start(folder / "state", labels=labels, ontology=ontology)


def _shown(wire: Json) -> Shown:
    found = {}
    for _, each in saves.objects_in(wire):
        if "bitmask" in each:
            found[each["objectHash"]] = _array(Mask.from_rle(each["bitmask"]["rleString"], HEIGHT, WIDTH))
    return found


def _base(row: LabelRow, key: MaskKey) -> Pixels:
    stored = row.bitmask(key)
    return _array(Mask.from_rle(stored.rle_string, stored.height, stored.width) if stored else None)


def _is_real(conflict: Conflict) -> bool:
    """Whether somebody else changed the same object, and the two cannot simply be put together."""
    base, mine, theirs = conflict.base, conflict.mine, conflict.theirs
    if base is None or mine is None or theirs is None:
        return True
    return not theirs.same_as(base) and not apart(base, mine, theirs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--tries", type=int, default=TRIES)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        counts = run(Path(folder), given.seed, given.tries)
        print(f"seed {given.seed}: {dict(counts)}; nothing lost, in {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
