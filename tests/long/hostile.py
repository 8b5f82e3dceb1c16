"""What every fuzzing stands on: its command line, a watch over time, a cap on memory, ways to spoil what is sound."""

from __future__ import annotations

import copy
import random
import resource
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

DEEP = 5000
STRANGE: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    1 << 31,
    1 << 63,
    10**300,
    10**399,
    0.5,
    -0.0,
    1e308,
    float("nan"),
    float("inf"),
    float("-inf"),
    "",
    " ",
    "0",
    "x" * 1000,
    "\0",
    "../../x",
    "<img src='file:///etc/passwd'>",
    "\ud800",
    "é\u202e\u2028",
    "NaN",
    "https://169.254.169.254/latest",
    [],
    {},
    [[]],
    [None],
    {"": None},
    [0] * 100,
    ["x", 1, None, {}],
)
"""Values that stand where others are expected."""


def fuzzing_arguments(description: str | None, seed: int, count: int, seconds: float, megabytes: int) -> Namespace:
    """What the command line says of a fuzzing, whose usual numbers are given; `first` is the number to begin with."""
    parser = ArgumentParser(description=description)
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=count)
    parser.add_argument("--seconds", type=float, default=seconds)
    parser.add_argument("--megabytes", type=int, default=megabytes)
    return parser.parse_args()


class HangError(AssertionError):
    """Something took longer than it may."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise HangError in what takes longer, in seconds of this process's own time: the machine has other work too."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise HangError(f"took more than {seconds} s")

    former = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, former)


def cap_memory(more: int) -> None:
    """Let this process take `more` bytes beyond what it has now, and not one further."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def peak() -> int:
    """Bytes of memory this process had at its largest."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


class Appetite:
    """Measures how much memory one deed takes at its largest, on Linux; elsewhere nothing is known of it."""

    def __init__(self) -> None:
        self._before = 0

    def begin(self) -> None:
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")  # proc(5): sets the largest size back to the size now
        self._before = self._largest()

    def taken(self) -> int:
        """Bytes more than at `begin`."""
        return self._largest() - self._before

    def _largest(self) -> int:
        try:
            lines = Path("/proc/self/status").read_text().splitlines()
        except OSError:
            return 0
        return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:")), 0)


def spoiled(dice: random.Random, value: Any) -> Any:  # noqa: ANN401 any JSON
    """A copy of some JSON with one to three of its values replaced, lost, doubled, moved, renamed or buried deep."""
    whole = [copy.deepcopy(value)]
    for _ in range(dice.randint(1, 3)):
        place = dice.choice(_places(whole))
        dice.choice(_CHANGES)(dice, whole, *place)
    return whole[0] if whole else None


def garbled(dice: random.Random, content: bytes) -> bytes:
    """Bytes with a few of them changed, lost, added, doubled or cut off."""
    data = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        at, span = dice.randint(0, len(data)), dice.choice((1, 1, 2, 4, 30))
        deed = dice.randrange(6)
        if deed == 0:
            data[at : at + span] = dice.randbytes(span)
        elif deed == 1:
            del data[at : at + span]
        elif deed == 2:
            data[at:at] = dice.choice((b"{", b"}", b"[", b"]", b'"', b"\\", b",", b":", b"\0", b"\xff", b"9" * 400))
        elif deed == 3:
            data[at:at] = data[max(0, at - span) : at]
        elif deed == 4 and data:
            data[min(at, len(data) - 1)] ^= 1 << dice.randrange(8)
        elif deed == 5 and dice.random() < 0.3:
            del data[at:]
    return bytes(data)


def _places(whole: list[Any]) -> list[tuple[Any, Any]]:
    """Every container within, with each key or position in it."""
    found, waiting = [], [whole]
    while waiting:
        each: Any = waiting.pop()
        keys = list(each) if isinstance(each, dict) else list(range(len(each)))
        found += [(each, key) for key in keys]
        waiting += [each[key] for key in keys if isinstance(each[key], dict | list)]
    return found


def _replace(dice: random.Random, whole: list[Any], box: Any, key: Any) -> None:  # noqa: ANN401 any JSON
    box[key] = copy.deepcopy(dice.choice(STRANGE))


def _lose(dice: random.Random, whole: list[Any], box: Any, key: Any) -> None:  # noqa: ANN401
    if box is not whole:
        del box[key]


def _double(dice: random.Random, whole: list[Any], box: Any, key: Any) -> None:  # noqa: ANN401
    if isinstance(box, list) and box is not whole:
        box.extend(copy.deepcopy(box[key]) for _ in range(dice.choice((1, 3))))
    elif isinstance(box, dict):
        box[f"{key}2"] = copy.deepcopy(box[key])


def _move(dice: random.Random, whole: list[Any], box: Any, key: Any) -> None:  # noqa: ANN401
    other, place = dice.choice(_places(whole))
    box[key] = copy.deepcopy(other[place])


def _rename(dice: random.Random, whole: list[Any], box: Any, key: Any) -> None:  # noqa: ANN401
    if isinstance(box, dict):
        box[dice.choice(("", "0", "objects", "data_units", "annotations", "bitmask", "size"))] = box.pop(key)


def _bury(dice: random.Random, whole: list[Any], box: Any, key: Any) -> None:  # noqa: ANN401
    for _ in range(dice.choice((1, 20, 100))):
        box[key] = [box[key]] if dice.random() < 0.5 else {"objects": box[key]}


_CHANGES: tuple[Callable[[random.Random, list[Any], Any, Any], None], ...] = (
    _replace,
    _replace,
    _replace,
    _lose,
    _double,
    _move,
    _rename,
    _bury,
)
