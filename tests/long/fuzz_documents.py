"""A hundred thousand spoiled documents: labels, COCO, ontologies, settings, lists; the suite opens a hundredth of them.

Each opens, or one sentence says why not; a mask that can be edited is edited and saved, and then nothing else has
changed. No other exception, no hang, no more memory than allowed. All of it, from the checkout:
`python -m tests.long.fuzz_documents [--seed N] [--count N] [--seconds S] [--megabytes N]`.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.files import write
from bitmask_studio.core.labels import LabelRow, RowInfo
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.settings import Setting, SettingsStore
from bitmask_studio.sources.local import open_local
from bitmask_studio.sources.local.classes import read_ontology
from bitmask_studio.sources.local.source import LocalSource
from bitmask_studio.studio import preferences
from bitmask_studio.studio.account import list_cache
from tests.long.hostile import DEEP, STRANGE, cap_memory, fuzzing_arguments, garbled, peak, spoiled, within
from tests.sources import twins

SEED = 20261123
COUNT = 100_000
SECONDS = 1.0
MEGABYTES = 256
_FEW_FRAMES = 50
_EDITED = 0.3
"""How many of the documents that open are edited and saved."""

Tally = Counter[str]


def _ontology() -> dict[str, Any]:
    option = {"id": "1.1.1", "label": "Red", "value": "red", "featureNodeHash": "c"}
    nested = {
        "id": "1.1",
        "name": "Hue",
        "type": "radio",
        "featureNodeHash": "b",
        "required": False,
        "options": [option],
    }
    entry = {"id": "1", "name": "Leaf", "color": "#D33115", "shape": "bitmask", "featureNodeHash": "a"}
    return {"objects": [entry | {"attributes": [nested]}], "classifications": []}


def _results() -> list[dict[str, Any]]:
    return [{"image_id": 1, "category_id": 7, "segmentation": {"size": [30, 40], "counts": "0" * 6}, "score": 0.5}]


def _settings() -> dict[str, Any]:
    return {each.key: each.default for each in _all_settings()} | {"recent_files": ["/a.json"], "window_state": "AAAA"}


def _all_settings() -> list[Setting[Any]]:
    return [each for each in vars(preferences).values() if isinstance(each, Setting)]


def _written(dice: random.Random, value: Any) -> bytes:  # noqa: ANN401 any JSON
    """Some JSON in one of the ways in which people write it, now and then with bytes changed, or deep beyond belief."""
    text = dice.choice(list(twins.STYLES.values()))(value)
    luck = dice.random()
    if luck < 0.25:
        return garbled(dice, text)
    if luck < 0.28:
        at = dice.choice([place for place in range(len(text)) if text[place] in b"[{:,"] or [0])
        return text[: at + 1] + dice.choice((b"[", b'{"a":')) * DEEP + text[at + 1 :]
    return text


def labels(dice: random.Random, folder: Path, tally: Tally) -> None:
    """An Encord or a COCO file."""
    made: Any
    if dice.random() < 0.6:
        rows = [make() for make in dice.sample(list(twins.ROWS.values()), dice.choice((1, 1, 2)))]
        made = rows if dice.random() < 0.8 else rows[0]
    else:
        made = twins.coco() if dice.random() < 0.7 else _results()
    path = folder / "labels.json"
    path.write_bytes(_written(dice, spoiled(dice, made)))
    source = open_local([path])
    opened = [_loaded(source, info, tally) for info in source.rows()]
    for row in opened:
        if row is not None and not row.info.read_only and dice.random() < _EDITED:
            _edited(dice, path, source, row, tally)


def _loaded(source: LocalSource, info: RowInfo, tally: Tally) -> LabelRow | None:
    try:
        row = source.load(info)
    except StudioError as error:
        _check_words(error)
        tally["rows refused"] += 1
        return None
    tally["rows opened"] += 1
    for frame in row.frames[:_FEW_FRAMES]:
        for each in frame.objects:
            if each.bitmask and not each.damage:
                stored = each.bitmask
                Mask.from_rle(stored.rle_string, stored.height, stored.width, stored.top, stored.left)
                tally["masks decoded"] += 1
            tally["objects damaged"] += bool(each.damage)
            assert source.file_stem(info, frame, each)
    return row


def _edited(dice: random.Random, path: Path, source: LocalSource, row: LabelRow, tally: Tally) -> None:
    """Paint one mask and save: afterwards it is as painted, and every other mask as it was."""
    editable = [
        key
        for key in twins.masks_of(row)
        for each in row.frames[key.frame].objects
        if each.object_hash == key.object_hash and each.read_only is None and not each.damage
    ]
    if not editable:
        return
    chosen, before = dice.choice(editable), path.read_bytes()
    frame = row.frames[chosen.frame]
    painted = twins.block(1, 1, min(3, max(1, frame.width - 2)), 1)
    try:
        source.save([twins.edit(row, painted, chosen)])
    except StudioError as error:
        _check_words(error)
        assert path.read_bytes() == before, "refused, and written all the same"
        tally["saves refused"] += 1
        return
    tally["saved"] += 1
    again = open_local([path])
    stored = next(each for each in map(again.load, again.rows()) if each.info.key == row.info.key)
    expected = {key: mask for key, mask in twins.masks_of(row).items() if key != chosen}
    found = twins.masks_of(stored)
    assert found.pop(chosen).same_as(painted)
    assert found.keys() == expected.keys()
    assert all(found[key].same_as(mask) for key, mask in expected.items())


def ontology(dice: random.Random, folder: Path, tally: Tally) -> None:
    """A file of classes."""
    path = folder / "ontology.json"
    path.write_bytes(_written(dice, spoiled(dice, _ontology())))
    tally["classes"] += len(read_ontology(path).classes)


def settings(dice: random.Random, folder: Path, tally: Tally) -> None:
    """What the program keeps of its user's wishes: damage means defaults, and text that can be shown and stored."""
    path = folder / "settings.json"
    value = _settings()
    for key in dice.sample(sorted(value), 3):
        value[key] = dice.choice(STRANGE)
    path.write_bytes(_written(dice, spoiled(dice, value) if dice.random() < 0.5 else value))
    store = SettingsStore(path, _write)
    for each in _all_settings():
        found = store.get(each)
        assert type(found) is type(each.default)
        assert each.valid(found)
        str(found).encode(errors="surrogatepass")
    store.set(preferences.OPACITY, 46 if store.get(preferences.OPACITY) == 45 else 45)
    store.flush()
    tally["settings"] += 1


def _packed(value: Any) -> bytes:  # noqa: ANN401 any JSON
    try:
        return msgspec.msgpack.encode(value)
    except (ValueError, OverflowError):  # what this form cannot say
        return b"\xc1"


def _write(path: Path, data: bytes) -> None:
    write(path, data)


def row_list(dice: random.Random, folder: Path, tally: Tally) -> None:
    """The list of a project's rows, as last seen."""
    path = folder / "list.rows"
    infos = [
        RowInfo(f"row-{number}", f"label-{number}", f"data-{number}", "title", "image", 1, 40, 30, 1, 1)
        for number in range(3)
    ]
    list_cache.store(path, infos)
    content = path.read_bytes()
    if dice.random() < 0.3:
        piece = _packed(spoiled(dice, msgspec.to_builtins(infos)))
        content = content[: content.index(b"\n") + 1] + len(piece).to_bytes(4, "little") + piece
    if dice.random() < 0.05:
        content = content[: content.index(b"\n") + 1] + (DEEP * 20).to_bytes(4, "little") + b"\x91" * DEEP * 20
    path.write_bytes(garbled(dice, content) if dice.random() < 0.7 else content)
    tally["rows listed"] += len(list_cache.load(path))


MAKERS: tuple[Callable[[random.Random, Path, Tally], None], ...] = (labels,) * 7 + (ontology, settings, row_list)


def run(seed: int, first: int, count: int, seconds: float, folder: Path) -> Tally:
    """Documents number `first` and on; a failure tells the number, with which it can be made again."""
    tally: Tally = Counter()
    for number in range(first, first + count):
        dice = random.Random(f"{seed}:{number}")
        maker = dice.choice(MAKERS)
        try:
            with within(seconds):
                maker(dice, folder, tally)
            tally["opened"] += 1
        except StudioError as error:
            _check_words(error)
            tally["refused"] += 1
        except BaseException as error:
            raise AssertionError(f"document {number} of seed {seed} ({maker.__name__}): {error!r}") from error
    return tally


def _check_words(error: StudioError) -> None:
    text = str(error)
    assert text.strip(), "a refusal without words"
    assert "Traceback" not in text
    assert len(text) < 5000, "a refusal as long as a page"


def main() -> None:
    arguments = fuzzing_arguments(__doc__, SEED, COUNT, SECONDS, MEGABYTES)
    with tempfile.TemporaryDirectory() as name:
        run(arguments.seed, 0, 20, 60.0, Path(name))  # imports take long and memory, once
        before = peak()
        cap_memory(arguments.megabytes << 20)
        tally = run(arguments.seed, arguments.first, arguments.count, arguments.seconds, Path(name))
    told = ", ".join(f"{count} {name}" for name, count in sorted(tally.items()))
    print(f"seed {arguments.seed}: {arguments.count} documents, none worse than refused: {told}")
    more = (peak() - before) >> 20
    print(f"none took {arguments.seconds} s; {more} MB more than at the start, capped at {arguments.megabytes}")


if __name__ == "__main__":
    main()
