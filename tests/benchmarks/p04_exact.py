"""P4: strings and pixels equal to the SDK's; hostile strings refused at once, in little memory.

Takes a hundredth of the tries; `python -m tests.long.fuzz_rle` makes all of them.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from bitmask_studio.core import rle
from bitmask_studio.core.errors import RleError
from tests.benchmarks.base import Call, Result, peak_bytes, seconds
from tests.core.test_rle_hostile import LONG, costly
from tests.long import fuzz_rle

SIDES = (3, 1 << 14, 30_000)


def run() -> list[Result]:
    return [
        Result("P4", "round trips that differ from the SDK", _different_round_trips(), 0, at_least=False, unit=""),
        Result("P4", "hostile strings crashing or wrongly accepted", _wrong_claims(), 0, at_least=False, unit=""),
        Result("P4", "refusing 64 KB, the slowest string and size", _slowest(), 10, at_least=False, unit="ms"),
        Result("P4", "refusing 64 KB, the most memory", _most_memory(), 50, at_least=False, unit="MB"),
    ]


def _different_round_trips() -> int:
    return int(_fails(partial(fuzz_rle.round_trips, fuzz_rle.SEED, fuzz_rle.ROUND_TRIPS // 100)))


def _wrong_claims() -> int:
    tally = fuzz_rle.Tally()
    claims = fuzz_rle.claims(fuzz_rle.SEED, fuzz_rle.HOSTILE // 100)
    return sum(_fails(partial(fuzz_rle.check, claim, tally)) for claim in claims)


def _fails(check: Call) -> bool:
    try:
        check()
    except AssertionError:
        return True
    return False


def _slowest() -> float:
    return max(map(seconds, _costly_calls())) * 1e3


def _most_memory() -> float:
    return max(map(peak_bytes, _costly_calls())) / 1e6


def _costly_calls() -> list[Call]:
    return [partial(_read, each, side) for each in costly(LONG).values() for side in SIDES]


def _read(rle_string: str, side: int) -> None:
    with suppress(RleError):
        rle.parse(rle_string, side, side)
