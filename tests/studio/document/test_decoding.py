"""The masks of a frame are decoded on a worker thread, and what is edited or stored meanwhile stands."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from bitmask_studio.core.errors import RleError
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import Bitmask, LabelRow, MaskKey, RowChanges
from bitmask_studio.core.many_masks import masks_of
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.studio.document import decoding
from bitmask_studio.studio.document.decoding import Decoded, Decoding, decode
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.edits import MaskEdit
from bitmask_studio.studio.session import Session
from tests.fakes.film import Cinema, a_film
from tests.fakes.memory_source import a_frame, a_row, an_object, stored
from tests.fakes.screen import FakeStudio

WIDTH, HEIGHT = 40, 30
A, B, BROKEN = (MaskKey(0, name) for name in ("a", "b", "broken"))


def block(left: int, top: int, right: int, bottom: int) -> Mask:
    return Mask(Box(left, top, right, bottom), np.ones((bottom - top, right - left), np.bool_))


def kept(mask: Mask) -> Bitmask:
    return stored(mask.to_array(HEIGHT, WIDTH))


def the_row() -> LabelRow:
    broken = replace(kept(block(0, 0, 5, 5)), rle_string="nonsense")
    objects = (
        an_object("a", kept(block(2, 2, 8, 8))), an_object("shape", None, shape="polygon"),
        an_object("b", kept(block(10, 2, 18, 8))), an_object("broken", broken),
    )  # fmt: skip
    return a_row("row", a_frame(*objects, width=WIDTH, height=HEIGHT))


def decoded(document: Document) -> dict[MaskKey, Decoded]:
    return {key: decode(each) for key, each in document.undecoded(0).items()}


def paint(document: Document, key: MaskKey, mask: Mask) -> None:
    document.commit_patch(MaskEdit("Paint", key, MaskPatch.between(document.mask(key), mask)))


def test_what_is_undecoded_are_the_bitmasks_nobody_asked_for_bottom_first() -> None:
    document = Document(the_row())
    assert list(document.undecoded(0)) == [A, B, BROKEN]
    document.mask(A)
    assert list(document.undecoded(0)) == [B, BROKEN]


def test_masks_decoded_elsewhere_are_those_that_the_document_would_have_decoded() -> None:
    ours, theirs = Document(the_row()), Document(the_row())
    ours.take_decoded(0, decoded(ours))
    assert not ours.undecoded(0)
    for key in (A, B, BROKEN):
        assert ours.mask(key).same_as(theirs.mask(key))
        assert ours.damage(key) == theirs.damage(key)
    assert ours.damage(BROKEN)


def test_a_mask_painted_while_it_was_decoded_stays_as_painted() -> None:
    document = Document(the_row())
    late = decoded(document)
    paint(document, A, painted := block(0, 0, 3, 3))
    document.take_decoded(0, late)
    assert document.mask(A).same_as(painted)
    assert document.changes().edited.keys() == {A}


def test_a_mask_stored_anew_while_it_was_decoded_is_decoded_from_what_is_stored_now() -> None:
    document = Document(the_row())
    late = decoded(document)
    frame = document.row.frames[0]
    theirs = replace(frame.objects[0], bitmask=kept(block(20, 20, 25, 25)))
    document.begin_save()
    document.end_save(replace(document.row, frames=(replace(frame, objects=(theirs, *frame.objects[1:])),)))
    document.take_decoded(0, late)
    assert document.mask(A).box == Box(20, 20, 25, 25)
    assert document.mask(B).box == Box(10, 2, 18, 8)


def test_an_object_removed_while_it_was_decoded_comes_back_whole_by_undo() -> None:
    document = Document(the_row())
    late = decoded(document)
    document.remove(A, "Delete")
    document.take_decoded(0, late)
    document.undo()
    assert document.mask(A).box == Box(2, 2, 8, 8)
    assert not document.changes().edited


def test_masks_are_awaited_until_the_last_who_decodes_them_has_ended() -> None:
    document = Document(the_row())
    told: list[int] = []
    document.decoded.connect(told.append)
    document.mask(A)
    document.await_masks(0)
    document.await_masks(0)
    assert [document.is_awaited(key) for key in (A, B, MaskKey(1, "b"))] == [False, True, False]
    document.end_awaiting(0)
    assert document.is_awaited(B)
    assert not told
    document.end_awaiting(0)
    assert not document.is_awaited(B)
    assert told == [0]


def test_an_awaited_mask_is_not_judged_by_its_looks_but_an_edit_of_a_damaged_one_is_refused() -> None:
    document = Document(the_row())
    document.await_masks(0)
    assert document.damage(BROKEN) is None
    assert document.is_awaited(BROKEN)
    assert "damaged" in (document.refusal(BROKEN) or "")
    assert document.refusal(A) is None
    assert not document.is_awaited(A)


def test_forgotten_masks_are_decoded_again_and_edited_ones_are_never_forgotten() -> None:
    document = Document(the_row())
    document.decode_frame(0)
    paint(document, A, painted := block(0, 0, 3, 3))
    document.forget_masks(0)
    assert list(document.undecoded(0)) == [B, BROKEN]
    assert document.mask(A).same_as(painted)
    assert document.mask(B).box == Box(10, 2, 18, 8)
    assert document.damage(BROKEN)


def test_what_others_made_of_a_mask_that_was_edited_saved_and_left_is_a_step_undo_can_take_back() -> None:
    document = Document(the_row())
    paint(document, A, block(0, 0, 3, 3))
    document.begin_save()
    document.end_save(_with(document, A, kept(document.mask(A))))
    document.forget_masks(0)
    paint(document, B, block(9, 9, 12, 12))
    document.begin_save()
    document.end_save(_with(document, A, kept(block(5, 5, 7, 7))))
    assert document.mask(A).box == Box(5, 5, 7, 7)
    document.undo()
    assert document.mask(A).box == Box(0, 0, 3, 3)


def _with(document: Document, key: MaskKey, bitmask: Bitmask) -> LabelRow:
    """The row as it would be stored, but for one mask."""
    row, changes = document.row_now(), document.changes()
    assert isinstance(changes, RowChanges)
    frame = row.frames[0]
    objects = (
        replace(each, bitmask=bitmask) if each.object_hash == key.object_hash else each for each in frame.objects
    )
    return replace(row, frames=(replace(frame, objects=tuple(objects)),))


class House:
    """A session on films; `threads` are those on which masks were decoded."""

    def __init__(self, folder: Path, rows: list[LabelRow], patch: pytest.MonkeyPatch) -> None:
        self.studio, self.held = FakeStudio(folder), threading.Event()
        self.held.set()
        self.session = Session(self.studio)
        source = Cinema(rows)
        self.studio.workspace.use(source, source.rows())
        self.threads: list[str] = []
        patch.setattr(decoding, "masks_of", self._masks_of)

    @property
    def document(self) -> Document:
        assert self.studio.document is not None
        return self.studio.document

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not holds():
                await asyncio.sleep(0.002)

    def _masks_of(self, stored: Sequence[Bitmask], wanted: Callable[[], bool]) -> list[Mask | RleError]:
        """One mask after the other, each when it may."""
        name, found = threading.current_thread().name, list[Mask | RleError]()
        for each in stored:
            if wanted():
                self.threads.append(name)
                assert name == threading.main_thread().name or self.held.wait(30)
                found += masks_of([each])
        return found


Scenario = Callable[[House], Coroutine[Any, Any, None]]


def in_house(folder: Path, patch: pytest.MonkeyPatch, scenario: Scenario, *films: LabelRow) -> House:
    """A house after a scenario, which begins with the first film's first frame shown."""
    houses: list[House] = []

    async def main() -> None:
        house = House(folder, list(films), patch)
        houses.append(house)
        await house.session.open_row(films[0].info.key)
        await house.studio.jobs.settle()
        await scenario(house)
        house.held.set()
        await house.studio.jobs.settle()

    asyncio.run(main())
    return houses[0]


def test_going_to_a_frame_reading_ahead_undoing_there_and_playing_decode_nothing_on_the_loops_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(house: House) -> None:
        studio = house.studio
        await house.session.open_frame(5)
        assert not house.document.undecoded(5)
        paint(house.document, MaskKey(5, "a"), block(0, 0, 3, 3))
        await house.session.open_frame(1)
        house.document.forget_masks(5)
        studio.undo()
        await studio.jobs.settle()
        assert studio.view.frame == 5
        house.session.playing.start()
        await house.until(lambda: not house.session.playing.is_on)
        await house.session.open_row("other", 3)

    films = a_film(["ab"] * 12, 60.0), a_film(["abc"] * 4, key="other")
    house = in_house(tmp_path, monkeypatch, scenario, *films)
    assert house.threads
    assert threading.main_thread().name not in house.threads
    assert not house.document.undecoded(3)


def test_the_neighbours_of_a_frame_are_decoded_before_anybody_goes_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(house: House) -> None:
        await house.session.open_frame(3)
        await house.studio.jobs.settle()

    house = in_house(tmp_path, monkeypatch, scenario, a_film(["ab"] * 8))
    assert [position for position in range(8) if not house.document.undecoded(position)] == [0, 1, 2, 3, 4]


def test_a_frame_whose_masks_take_long_is_shown_and_its_masks_come_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    awaited: list[bool] = []

    async def scenario(house: House) -> None:
        house.document.decoded.connect(told.append)
        house.held.clear()
        await house.session.open_frame(5)
        assert house.studio.view.frame == 5
        assert house.studio.picture is not None
        told.clear()
        awaited.extend(house.document.is_awaited(MaskKey(5, name)) for name in "ab")
        house.held.set()
        await house.until(lambda: 5 in told)

    monkeypatch.setattr(decoding, "PATIENCE", 0.01)
    house = in_house(tmp_path, monkeypatch, scenario, a_film(["ab"] * 8))
    assert awaited == [False, True]  # the first is the chosen one: whether it may be painted on had to be known
    assert house.studio.view.object_hash == "a"
    assert not house.document.is_awaited(MaskKey(5, "b"))


def test_what_is_awaited_can_be_painted_on_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = MaskKey(5, "b")

    async def scenario(house: House) -> None:
        house.held.clear()
        await house.session.open_frame(5)
        assert house.document.is_awaited(key)
        paint(house.document, key, block(1, 1, 3, 3))

    monkeypatch.setattr(decoding, "PATIENCE", 0.01)
    document = in_house(tmp_path, monkeypatch, scenario, a_film(["ab"] * 8)).document
    assert document.mask(key).box == Box(1, 1, 3, 3)
    document.undo()
    assert document.mask(key).box == Box(10, 10, 20, 20)
    assert not document.changes().edited


def test_masks_of_a_frame_that_is_not_wanted_any_more_are_left_alone(tmp_path: Path) -> None:
    document = Document(the_row())

    async def main() -> None:
        studio = FakeStudio(tmp_path)
        Decoding(studio.jobs).begin(document, 0, wanted=lambda: False)
        await studio.jobs.settle()

    asyncio.run(main())
    assert list(document.undecoded(0)) == [A, B, BROKEN]
    assert not document.is_awaited(A)


def test_a_long_film_keeps_the_masks_of_its_last_frames_and_of_edited_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = Document(a_film(["ab"] * 50))

    async def main() -> None:
        studio = FakeStudio(tmp_path)
        frames = Decoding(studio.jobs)
        for position in range(50):
            frames.begin(document, position, wanted=lambda: True)
            await studio.jobs.settle()
            if position == 3:
                paint(document, MaskKey(3, "a"), EMPTY_MASK)

    asyncio.run(main())
    assert [position for position in range(50) if not document.undecoded(position)] == list(range(18, 50))
    assert list(document.undecoded(3)) == [MaskKey(3, "b")]
    assert document.mask(MaskKey(3, "a")).empty


def test_the_rows_of_a_source_that_is_left_go_at_once_with_all_their_masks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[weakref.ref[Document]] = []

    async def scenario(house: House) -> None:
        document = house.document
        document.painted.connect(lambda frame, box: document.frames)  # as the canvas listens
        left.append(weakref.ref(document))
        house.studio.take_source(None, ())

    was_enabled = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        in_house(tmp_path, monkeypatch, scenario, a_film(["ab"] * 4))
        assert left[0]() is None
    finally:
        if was_enabled:
            gc.enable()
