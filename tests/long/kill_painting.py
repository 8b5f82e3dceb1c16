"""Kills the program while somebody paints, undoes, saves and changes rows; the suite runs a hundredth of it.

All of it, from the checkout: `python -m tests.long.kill_painting [--seed N] [--kills N]`. The program tells what every
row is like after each deed, and up to which deed its mark said that edits are kept. Started again it must show one of
the states from there on, with the whole way back and forth: no acknowledged edit is lost, and nothing is there that
nobody made.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import random
import selectors
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from bitmask_studio.app import build_window
from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.state import VARIABLE
from bitmask_studio.studio import preferences
from bitmask_studio.studio.ask import Emptied
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.edits import DocumentEdit, MaskEdit, ObjectEdit, singles
from bitmask_studio.studio.session import OpenWish
from bitmask_studio.tools.base import Phase, PointerEvent
from bitmask_studio.ui.main_window import MainWindow
from tests.fakes.screen import FakeAsk
from tests.studio.label_files import HEIGHT, WIDTH, write_labels

SEED = 20261123
KILLS = 200
ROOT = Path(__file__).parents[2]
MOST_SECONDS = 1.5
"""After which a program is killed at the latest, once it has begun to work."""
_PATIENCE = 60.0

State = dict[str, str]
"""What each row is like: its masks, what can be undone and redone, in which order."""


@dataclass(slots=True)
class Told:
    """What a program told until it was killed."""

    first: State
    states: list[State] = field(default_factory=list)
    kept: int = 0
    """How many deeds the mark said to be kept."""
    doing: int = 0
    """How many were begun."""
    waits: list[float] = field(default_factory=list)
    """Seconds from a deed to its being kept."""


@dataclass(slots=True)
class Tally:
    kills: int = 0
    deeds: int = 0
    kept: int = 0
    behind: int = 0
    """Deeds that were done and not kept yet, and came back all the same."""
    under_way: int = 0
    """Programs that were killed in a deed, and came back with it."""
    waits: list[float] = field(default_factory=list)


def run(folder: Path, seed: int, kills: int) -> Tally:
    """Kill painters of one file; AssertionError where an acknowledged edit was lost."""
    path, dice, tally = write_labels(folder), random.Random(seed), Tally()
    before: Told | None = None
    for number in range(kills + 1):
        told = _work_and_die(path, folder / "state", dice.randrange(1 << 30), dice.uniform(0, MOST_SECONDS))
        if before is not None:
            _compare(before, told.first, tally, f"kill {number} of seed {seed}")
        tally.deeds += len(told.states)
        tally.waits += told.waits
        before, tally.kills = told, number
        if number and number % 10 == 0:
            print(f"{number} kills, {tally.kept} acknowledged deeds, none lost", file=sys.stderr, flush=True)
    return tally


def _compare(before: Told, now: State, tally: Tally, when: str) -> None:
    states = [before.first, *before.states]
    found = [number for number, state in enumerate(states) if state == now and number >= before.kept]
    tally.kept += before.kept
    if found:
        tally.behind += found[0] - before.kept
    elif before.doing > len(before.states) and (now not in states or _is_a_step_away(now, states[-1])):
        tally.under_way += 1
    else:
        lost = [number for number, state in enumerate(states) if state == now]
        text = f"{when}: {before.kept} deeds were kept, it came back as after {lost}: {now}, after {states}"
        raise AssertionError(text)


def _is_a_step_away(now: State, last: State) -> bool:
    """Whether an undo or a redo leads there, which may look like what was there before."""
    others = [key for key in now if now[key] != last[key]]
    if len(others) != 1:
        return False
    (here, *steps), (there, *same) = (each[others[0]].split()[:4] for each in (now, last))
    return steps == same and abs(int(here) - int(there)) == 1


def _work_and_die(path: Path, state: Path, seed: int, after: float) -> Told:
    """Let a program work, kill it, and answer what it told."""
    command = [sys.executable, "-m", "tests.long.kill_painting", "--paint", str(path), "--seed", str(seed)]
    own = {**os.environ, VARIABLE: str(state), "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0, cwd=ROOT, env=own) as painter:
        assert painter.stdout
        first = json.loads(painter.stdout.readline() or b"null")
        assert first is not None, "the program has ended by itself"
        told, deadline = Told(first["state"]), time.monotonic() + after
        data = b""
        with selectors.DefaultSelector() as selector:
            selector.register(painter.stdout, selectors.EVENT_READ)
            while (left := deadline - time.monotonic()) > 0:
                if selector.select(left):
                    data += os.read(painter.stdout.fileno(), 1 << 20)
        painter.kill()
        data += painter.stdout.read()
    for line in data.split(b"\n")[:-1]:
        _take(told, json.loads(line))
    return told


def _take(told: Told, news: dict[str, Any]) -> None:
    assert "failure" not in news, news
    if "doing" in news:
        told.doing = news["doing"]
    elif "state" in news:
        told.states.append(news["state"])
    else:
        told.kept = news["kept"]
        told.waits.append(news["after"])


async def paint_for_ever(window: MainWindow, path: Path, seed: int) -> None:
    """Work as fast as the journal keeps up with, and tell of every deed."""
    worker = _Worker(window, random.Random(seed))
    await worker.begin(path)
    while True:
        await worker.do_something()


class _Worker:
    def __init__(self, window: MainWindow, dice: random.Random) -> None:
        self.window, self.studio, self.dice = window, window.studio, dice
        self.done = 0
        self.at = time.monotonic()
        self.saving: asyncio.Task[bool] | None = None
        self.studio.ask = FakeAsk(when_emptied=Emptied.KEEP_EMPTY)
        self.studio.settings.set(preferences.BRUSH_SIZE, 5)

    async def begin(self, path: Path) -> None:
        """Open every row, so that what was kept of it comes back, and tell how it is."""
        await self.window.session.open(OpenWish((path,)))
        for row in self.studio.workspace.rows:
            await self.window.session.open_row(row.key)
        await self.studio.jobs.settle()  # a first journal is made when the picture is there
        keeper = self.studio.workspace.keeper
        assert keeper
        assert keeper.journal
        self.journal = keeper.journal
        self.journal.changed.connect(self._acknowledge)
        for document in self.studio.workspace.documents.values():
            assert document.unsaved or document.changes().empty, "what is not stored counts as saved"
        _say(state=self.state())

    async def do_something(self) -> None:
        deeds = (self._stroke,) * 6 + (
            self._undo,
            self._undo,
            self._redo,
            self._other_row,
            self._save,
            self._new,
            self._delete,
        )
        deed = self.dice.choice(deeds)
        _say(doing=self.done + 1)
        await deed()
        self.done += 1
        self.at = time.monotonic()
        _say(state=self.state())
        self._acknowledge()
        await asyncio.sleep(self.dice.choice((0, 0, 0.005, 0.03)))

    def state(self) -> State:
        documents = self.studio.workspace.documents
        return {key: _digest(documents[key]) for key in sorted(documents)}

    def _acknowledge(self) -> None:
        if self.journal.kept:
            _say(kept=self.done, after=time.monotonic() - self.at)

    async def _stroke(self) -> None:
        places = [Point(self.dice.uniform(0, WIDTH), self.dice.uniform(0, HEIGHT)) for _ in range(3)]
        self.studio.show(tool=self.dice.choice(("brush", "brush", "eraser")))
        if self.studio.objects:
            self.studio.show(object_hash=self.dice.choice(self.studio.objects).object_hash)
        self.studio.point(PointerEvent(Phase.PRESS, places[0]))
        self.studio.point(PointerEvent(Phase.MOVE, places[1]))
        await asyncio.sleep(self.dice.choice((0, 0.01)))
        self.studio.point(PointerEvent(Phase.RELEASE, places[2]))

    async def _undo(self) -> None:
        self.studio.undo()

    async def _redo(self) -> None:
        self.studio.redo()

    async def _other_row(self) -> None:
        await self.window.session.open_row(self.dice.choice(self.studio.workspace.rows).key)

    async def _new(self) -> None:
        self.studio.start_object()
        self.studio.point(PointerEvent(Phase.PRESS, Point(self.dice.uniform(0, WIDTH), self.dice.uniform(0, HEIGHT))))
        self.studio.gestures.finish()

    async def _delete(self) -> None:
        if len(self.studio.objects) > 2:
            self.studio.delete_chosen()

    async def _save(self) -> None:
        """Sometimes it is waited for, sometimes work goes on meanwhile."""
        if self.saving is None or self.saving.done():
            self.saving = asyncio.get_running_loop().create_task(self.window.session.save())
        if self.dice.random() < 0.5:
            await self.saving


def _digest(document: Document) -> str:
    """How many steps are done, every step that undo and redo lead to, and the masks of a row as they are."""
    history = document.history
    names = repr(history.states).encode()  # the same edit made anew is another one
    steps = _hash((names, *(part for edit in history.edits for part in _named(edit))))
    return f"{history.states.index(history.place)} of {len(history.edits)} {steps} {_hash(_masks(document))}"


def _masks(document: Document) -> Iterator[bytes]:
    for position, frame in enumerate(document.frames):
        for each in sorted(document.objects(position), key=lambda each: each.object_hash):  # a save may order them anew
            mask = document.mask(MaskKey(position, each.object_hash))
            yield f"{position} {each.object_hash} {mask.to_rle(frame.height, frame.width)}".encode()


def _hash(parts: Iterable[bytes]) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


def _named(edit: DocumentEdit) -> Iterator[bytes]:
    for each in singles(edit):
        yield f"{each.title} {each.key}".encode()
        if isinstance(each, MaskEdit):
            yield each.patch.packed
        elif isinstance(each, ObjectEdit):
            yield f"{each.place} {each.adds} {each.mask.to_rle(HEIGHT, WIDTH)}".encode()


def _say(**news: object) -> None:
    sys.stdout.write(json.dumps(news) + "\n")
    sys.stdout.flush()


def _paint(path: Path, seed: int) -> None:
    from qasync import QEventLoop  # wants PySide6 imported before

    app = QApplication(sys.argv[:1])
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        window = build_window(app)
        window.show()
        try:
            runner.run(paint_for_ever(window, path, seed))
        except Exception as error:
            _say(failure=repr(error))
            raise


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--paint", type=Path, help="be the program that is killed")
    options = parser.parse_args()
    if options.paint:
        _paint(options.paint, options.seed)
    with tempfile.TemporaryDirectory() as folder:
        tally = run(Path(folder), options.seed, options.kills)
    waits = sorted(tally.waits)
    print(
        f"{tally.kills} kills, seed {options.seed}: 0 acknowledged edits lost of {tally.kept} in {tally.deeds} deeds; "
        f"{tally.behind} more came back that were not acknowledged, {tally.under_way} kills in the middle of a deed; "
        f"kept after {1e3 * statistics.median(waits):.1f} ms (median), "
        f"{1e3 * waits[int(len(waits) * 0.99)]:.1f} ms (99 %)"
    )


if __name__ == "__main__":
    main()
