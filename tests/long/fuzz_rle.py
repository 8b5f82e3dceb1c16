"""A million hostile strings and a hundred thousand round trips; the suite runs a hundredth of each.

All of it, from the checkout: `python -m tests.long.fuzz_rle [--seed N] [--hostile N] [--round-trips N]`.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from bitmask_studio.core import rle
from bitmask_studio.core.errors import RleError
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import Bitmask
from bitmask_studio.core.many_masks import mask_of, masks_of
from bitmask_studio.core.mask import Mask
from tests.core import references
from tests.core.references import Bits, RefusedError, number_string

SEED = 20261122
HOSTILE = 1_000_000
ROUND_TRIPS = 100_000

ALPHABET = "".join(map(chr, range(48, 112)))
STRANGE = '/p\x00\x7f\n "\u00e9\u2212\U0001d7d8\ud800'
COMPARED_PIXELS = 1 << 14
"""Larger masks are compared by their runs: hostile sizes go up to 2**28."""
TOGETHER = 8
"""Strings that stand side by side."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A string and the size it is said to have."""

    rle_string: str
    height: int
    width: int


@dataclass(slots=True)
class Tally:
    """What a run of hostile strings came to."""

    accepted: int = 0
    refused: int = 0
    slowest_refusal: float = 0.0
    """In seconds of the processor: the machine has other work too."""


def claims(seed: int, count: int) -> Iterator[Claim]:
    """Hostile claims: about one in four is sound."""
    dice = random.Random(seed)
    for _ in range(count):
        yield dice.choice(_MAKERS)(dice)


def batches(seed: int, count: int) -> Iterator[list[Claim]]:
    """The same, a few at a time."""
    found = claims(seed, count)
    while many := list(islice(found, TOGETHER)):
        yield many


def check(claim: Claim, tally: Tally) -> None:
    """Refused by both the program and the reference, or the same pixels of both; else AssertionError."""
    began = time.thread_time()
    try:
        runs = rle.parse(claim.rle_string, claim.height, claim.width)
    except RleError:
        tally.refused += 1
        tally.slowest_refusal = max(tally.slowest_refusal, time.thread_time() - began)
        assert not _reference_accepts(claim), f"refused although sound: {claim}"
    else:
        tally.accepted += 1
        _check_accepted(claim, runs)


def check_together(many: Sequence[Claim]) -> None:
    """The sound ones decoded in one go, and each other one among them, come to what each comes to alone."""
    small = [each for each in many if each.height * each.width <= COMPARED_PIXELS]
    stored = [Bitmask(each.height, each.width, 0, 0, each.rle_string) for each in small]
    alone = [mask_of(each) for each in stored]
    sound = [at for at, found in enumerate(alone) if not isinstance(found, RleError)]
    groups = [sound, *([*sound[:2], at, *sound[2:4]] for at in range(len(small)) if at not in sound)]
    for group in groups:
        for at, found in zip(group, masks_of([stored[at] for at in group]), strict=True):
            assert _is_same(found, alone[at]), f"other beside others: {small[at]}"


def round_trips(seed: int, count: int) -> None:
    """Compare strings and pixels of random masks with the SDK, pycocotools and the reference."""
    random_numbers = np.random.default_rng(seed)
    for _ in range(count):
        check_round_trip(_mask(random_numbers))


def check_round_trip(bits: Bits) -> None:
    """Every string is byte-equal and every array pixel-equal, whoever makes it."""
    height, width = bits.shape
    rle_string = rle.encode(Box.of_size(width, height), bits, height, width)
    assert rle_string == references.sdk_string(bits) == references.coco_string(bits)
    assert rle_string == references.encoded(bits.tobytes())
    mask = Mask.from_rle(rle_string, height, width)
    assert np.array_equal(mask.to_array(height, width), bits)
    assert mask.to_rle(height, width) == rle_string
    assert mask.same_as(Mask.of(Box.of_size(width, height), bits))
    assert np.array_equal(references.sdk_array(rle_string, height, width), bits)


def _is_same(one: Mask | RleError, other: Mask | RleError) -> bool:
    if isinstance(one, RleError) or isinstance(other, RleError):
        return str(one) == str(other)
    return one.box == other.box and one.same_as(other)


def _reference_accepts(claim: Claim) -> bool:
    try:
        counts = references.counts_of(claim.rle_string)
    except RefusedError:
        return False
    size = claim.height * claim.width
    usable = min(claim.height, claim.width) > 0 and size <= references.LARGEST
    return usable and min(counts) >= 0 and sum(counts) == size


def _check_accepted(claim: Claim, runs: rle.Runs) -> None:
    assert _reference_accepts(claim), f"accepted although unsound: {claim}"
    assert (np.diff(runs.edges) > 0).all(), f"runs are empty or touch: {claim}"
    assert runs.area == sum(references.counts_of(claim.rle_string)[1::2])
    if claim.height * claim.width > COMPARED_PIXELS:
        return
    box, bits = rle.decode(claim.rle_string, claim.height, claim.width)
    assert bits.shape == (box.height, box.width)
    whole = Mask(box, bits).to_array(claim.height, claim.width)
    assert whole.tobytes() == references.decoded(claim.rle_string, claim.height, claim.width), f"other pixels: {claim}"
    assert Mask(box, bits).same_as(Mask.of(box, bits)), f"the box is not tight: {claim}"


def _size(dice: random.Random) -> tuple[int, int]:
    return dice.choice([1, 2, 3, 5, 8, 13, 64, 65]), dice.choice([1, 2, 3, 7, 8, 9, 63, 64])


def _sound_counts(dice: random.Random, size: int) -> list[int]:
    """Run lengths that add up, zeros among them."""
    cuts = sorted(dice.randint(0, size) for _ in range(dice.randint(0, 12)))
    return [end - begin for begin, end in zip([0, *cuts], [*cuts, size], strict=True)]


def _sound(dice: random.Random) -> Claim:
    """Sound, though often not as anybody would write it: empty runs, numbers longer than they need to be."""
    height, width = _size(dice)
    if dice.random() < 0.1:
        height, width = dice.choice([(16384, 16384), (1, 1 << 28), (1 << 28, 1), (30000, 8947)])
    counts = _sound_counts(dice, height * width)
    longest = dice.choice([1, 1, 3, 7])
    differences = [count - counts[place - 2] if place > 2 else count for place, count in enumerate(counts)]
    return Claim("".join(number_string(each, dice.randint(1, longest)) for each in differences), height, width)


def _damaged(dice: random.Random) -> Claim:
    """A sound claim with a few characters changed, lost, doubled or added."""
    sound = _sound(dice)
    characters = list(sound.rle_string)
    for _ in range(dice.randint(1, 3)):
        place = dice.randint(0, len(characters))
        characters[place : place + dice.randint(0, 2)] = dice.choices(ALPHABET, k=dice.randint(0, 2))
    return Claim("".join(characters), sound.height, sound.width)


def _truncated(dice: random.Random) -> Claim:
    sound = _sound(dice)
    return Claim(sound.rle_string[: dice.randint(0, len(sound.rle_string))], sound.height, sound.width)


def _resized(dice: random.Random) -> Claim:
    """A sound string for another size, often with the same number of pixels."""
    sound = _sound(dice)
    sizes = [(sound.width, sound.height), (sound.height + 1, sound.width), (30000, 30000), (0, 0), (-1, -sound.width)]
    return Claim(sound.rle_string, *dice.choice(sizes))


def _strange(dice: random.Random) -> Claim:
    """A character that no mask string has."""
    sound = _sound(dice)
    place = dice.randint(0, len(sound.rle_string))
    return Claim(sound.rle_string[:place] + dice.choice(STRANGE) + sound.rle_string[place:], sound.height, sound.width)


def _noise(dice: random.Random) -> Claim:
    return Claim("".join(dice.choices(ALPHABET, k=dice.choice([0, 1, 3, 10, 100]))), *_size(dice))


def _wrapping(dice: random.Random) -> Claim:
    """Counts whose sum, or whose chain of differences, meets the size only modulo a power of two."""
    height, width = _size(dice)
    counts = _sound_counts(dice, height * width)
    place = dice.randrange(len(counts))
    excess = dice.choice([1 << 28, 1 << 29, 1 << 30, 1 << 31, 1 << 32, 1 << 34, -(1 << 29), -(1 << 32), -(1 << 34)])
    counts[place] += excess
    if dice.random() < 0.5:
        counts.insert(place, -excess)
    return Claim(references.written(counts), height, width)


def _repeated(dice: random.Random) -> Claim:
    """The same few numbers over and over."""
    part = "".join(dice.choices(ALPHABET[:32], k=dice.randint(1, 3)))
    times = dice.choice([2, 50, 500])
    return Claim(part * times, 1, len(part) * times)


_MAKERS: list[Callable[[random.Random], Claim]] = [
    _sound,
    _sound,
    _damaged,
    _truncated,
    _resized,
    _strange,
    _noise,
    _wrapping,
    _repeated,
]


def _mask(random_numbers: np.random.Generator) -> Bits:
    """A mask of up to 70 x 70 px: noise, stripes or an ellipse, now and then everything or nothing."""
    height, width = (int(side) for side in random_numbers.integers(1, 71 if random_numbers.random() < 0.2 else 20, 2))
    rows, columns = np.mgrid[:height, :width]
    kind = random_numbers.integers(4)
    if kind == 0:
        return np.asarray(random_numbers.random((height, width)) < random_numbers.choice([0.02, 0.5, 0.98]))
    if kind == 1:
        return np.asarray((columns + random_numbers.integers(3) * rows) % random_numbers.integers(2, 9) == 0)
    if kind == 2:
        across, down = random_numbers.random(2) * (width, height)
        return np.asarray(((columns - across) / width) ** 2 + ((rows - down) / height) ** 2 < random_numbers.random())
    return np.full((height, width), bool(random_numbers.integers(2)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--hostile", type=int, default=HOSTILE)
    parser.add_argument("--round-trips", type=int, default=ROUND_TRIPS)
    arguments = parser.parse_args()
    tally = Tally()
    for many in batches(arguments.seed, arguments.hostile):
        for claim in many:
            check(claim, tally)
        check_together(many)
    print(
        f"seed {arguments.seed}: {tally.accepted} accepted and right, {tally.refused} refused, "
        f"slowest refusal {tally.slowest_refusal * 1e3:.1f} ms"
    )
    round_trips(arguments.seed, arguments.round_trips)
    print(f"seed {arguments.seed}: {arguments.round_trips} round trips, none different")


if __name__ == "__main__":
    main()
