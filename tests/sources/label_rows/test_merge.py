"""Three-way merges of masks and answers: nobody's change is lost, and what meets is asked about."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from msgspec.structs import replace
from numpy.typing import NDArray

from bitmask_studio.core.attributes import Answers
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import Bitmask, Frame, LabelRow, MaskKey, NewObject, ObjectInfo, RowChanges, RowInfo
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.sources.base import Conflict, Keep
from bitmask_studio.sources.label_rows.finding import as_read
from bitmask_studio.sources.label_rows.merge import MisfitError, Orders, merge
from tests.sources.twins import block, image_row

WIDTH, HEIGHT = 16, 12
LEAF = ObjectClass("leaf", "Leaf", "#FCDC00", "bitmask")
A, B = MaskKey(0, "A"), MaskKey(0, "B")
Bits = NDArray[np.bool_]
Masks = Mapping[MaskKey, Mask]


def row(masks: Masks, answers: Mapping[str, Answers] | None = None, frames: int = 2) -> LabelRow:
    """A row that holds these masks; origin as a server's row has it."""
    found = []
    for at in range(frames):
        objects = tuple(_info(key, mask) for key, mask in masks.items() if key.frame == at)
        found.append(Frame(at, at, "", "unit", WIDTH, HEIGHT, objects))
    info = RowInfo("row", "label", "data", "title", "video", frames, WIDTH, HEIGHT, None, None)
    return LabelRow(info, tuple(found), answers or {}, origin=b"{}")


def _info(key: MaskKey, mask: Mask) -> ObjectInfo:
    bitmask = Bitmask(HEIGHT, WIDTH, 0, 0, mask.to_rle(HEIGHT, WIDTH))
    return ObjectInfo(key.object_hash, "leaf", "Leaf", "#FCDC00", "bitmask", bitmask)


def mask_of(bits: Bits) -> Mask:
    return Mask.of(Box.of_size(WIDTH, HEIGHT), bits)


def bits_of(mask: Mask) -> Bits:
    return mask.to_array(HEIGHT, WIDTH)


def stored(now: Masks, orders: Orders) -> dict[MaskKey, Mask]:
    """The masks once the orders are carried out."""
    after = {key: mask for key, mask in now.items() if key not in orders.removed}
    return after | orders.edited | {key: each.mask for key, each in orders.added.items()}


def decided(changes: RowChanges, now: LabelRow, keep: Keep) -> tuple[Orders, tuple[Conflict, ...]]:
    """The orders once every conflict is decided the same way, and the conflicts there were."""
    asked = merge(changes, now, {})
    return merge(changes, now, dict.fromkeys(asked.conflicts, keep)), tuple(asked.conflicts)


pictures = arrays.arrays(np.bool_, (HEIGHT, WIDTH))


@st.composite
def blots(draw: st.DrawFn) -> Bits:
    """Pixels set within a small box only, or none."""
    x, y = draw(st.integers(0, WIDTH - 1)), draw(st.integers(0, HEIGHT - 1))
    bits = np.zeros((HEIGHT, WIDTH), bool)
    bits[y : y + draw(st.integers(0, 4)), x : x + draw(st.integers(0, 4))] = True
    return bits


def box_of(bits: Bits) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(bits.any(1)), np.flatnonzero(bits.any(0))
    if not len(rows):
        return slice(0, 0), slice(0, 0)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def meet(one: Bits, other: Bits) -> bool:
    """Whether the boxes of two sets of pixels have a pixel in common, drawn out in full."""
    first, second = np.zeros_like(one), np.zeros_like(one)
    first[box_of(one)] = True
    second[box_of(other)] = True
    return bool((first & second).any())


@given(pictures, blots(), blots())
def test_two_edits_of_one_mask_are_merged_by_pixel_or_asked_about(base: Bits, mine: Bits, theirs: Bits) -> None:
    wanted, now = base ^ mine, base ^ theirs
    changes = RowChanges(row({A: mask_of(base)}), {A: mask_of(wanted)})
    orders = merge(changes, row({A: mask_of(now)}), {})
    by_pixel = np.where(mine, wanted, np.where(theirs, now, base))
    if np.array_equal(wanted, now) or not mine.any():
        assert orders.empty
        assert not orders.conflicts
    elif meet(mine, theirs):
        assert orders.empty
        assert [each.key for each in orders.conflicts] == [A]
    else:
        assert np.array_equal(bits_of(stored({A: mask_of(now)}, orders)[A]), by_pixel)
        assert not orders.conflicts


@given(pictures, pictures, pictures, st.sampled_from(Keep))
def test_each_choice_gives_the_pixels_that_it_says(base: Bits, mine: Bits, theirs: Bits, keep: Keep) -> None:
    changes = RowChanges(row({A: mask_of(base)}), {A: mask_of(mine)})
    now = {A: mask_of(theirs)}
    orders, conflicts = decided(changes, row(now), keep)
    after = bits_of(stored(now, orders)[A])
    both = np.where(mine != base, mine, theirs)
    if conflicts:
        assert np.array_equal(after, {Keep.MINE: mine, Keep.THEIRS: theirs, Keep.BOTH: both}[keep])
    else:
        assert np.array_equal(after, both)


@st.composite
def histories(draw: st.DrawFn) -> tuple[dict[MaskKey, Mask], RowChanges, dict[MaskKey, Mask]]:
    """A row, what I did to it and what it is by now: each object kept, painted, deleted or new on either side."""
    keys = [MaskKey(frame, name) for frame in (0, 1) for name in "ABC"]
    base = {key: mask_of(draw(blots())) for key in keys if draw(st.booleans())}
    edited, added, removed, theirs = {}, [], set(), dict(base)
    for key in keys:
        mine, other = draw(st.sampled_from("kpd")), draw(st.sampled_from("kpd"))
        if key in base:
            if mine == "p":
                edited[key] = mask_of(draw(blots()))
            elif mine == "d":
                removed.add(key)
        elif mine == "p":
            added.append(NewObject(key, LEAF, mask_of(draw(blots()))))
        if other == "p":
            theirs[key] = mask_of(draw(blots()))
        elif other == "d":
            theirs.pop(key, None)
    changes = RowChanges(row(base), edited, tuple(added), frozenset(removed))
    return base, changes, theirs


def _versions(key: MaskKey, base: Masks, changes: RowChanges, theirs: Masks) -> tuple[Bits | None, ...]:
    """Base, mine and theirs of one object; None where it is not."""
    new = {each.key: each.mask for each in changes.added}
    mine = None if key in changes.removed else changes.edited.get(key, new.get(key, base.get(key)))
    return tuple(bits_of(each) if each is not None else None for each in (base.get(key), mine, theirs.get(key)))


def _same(one: Bits | None, other: Bits | None) -> bool:
    return one is other or (one is not None and other is not None and np.array_equal(one, other))


@given(histories(), st.sampled_from(Keep))
def test_nobodys_change_is_lost_without_being_asked_about(
    history: tuple[dict[MaskKey, Mask], RowChanges, dict[MaskKey, Mask]], keep: Keep
) -> None:
    base, changes, theirs = history
    orders, conflicts = decided(changes, row(theirs), keep)
    after = stored(theirs, orders)
    asked = {each.key for each in conflicts}
    for key in {*base, *theirs, *changes.edited, *(each.key for each in changes.added)}:
        first, mine, other = _versions(key, base, changes, theirs)
        result = bits_of(after[key]) if key in after else None
        if _same(mine, first) or _same(mine, other):
            assert _same(result, other)
            assert key not in asked
        elif _same(other, first):
            assert _same(result, mine)
            assert key not in asked
        elif key not in asked:
            assert first is not None
            assert mine is not None
            assert other is not None
            assert result is not None
            assert not meet(mine ^ first, other ^ first)
            assert np.array_equal(result, np.where(mine != first, mine, other))
        else:
            kept = other if mine is None or keep is Keep.THEIRS else mine
            if keep is Keep.MINE:
                kept = mine
            elif keep is Keep.BOTH and mine is not None and other is not None:
                before = first if first is not None else np.zeros_like(mine)
                kept = np.where(mine != before, mine, other)
            assert _same(result, kept)


@given(histories())
def test_an_untouched_object_is_never_in_the_orders(
    history: tuple[dict[MaskKey, Mask], RowChanges, dict[MaskKey, Mask]],
) -> None:
    _, changes, theirs = history
    orders = merge(changes, row(theirs), {})
    touched = {*changes.edited, *changes.removed, *(each.key for each in changes.added)}
    assert {*orders.edited, *orders.added, *orders.removed} <= touched
    for key, mask in orders.edited.items():
        assert not mask.same_as(theirs[key])


def test_a_conflict_shows_all_three_versions() -> None:
    base, mine, theirs = block(1, 1), block(2, 2), block(3, 2)
    (conflict,) = merge(RowChanges(row({A: base}), {A: mine}), row({A: theirs}), {}).conflicts
    for shown, expected in ((conflict.base, base), (conflict.mine, mine), (conflict.theirs, theirs)):
        assert shown
        assert shown.same_as(expected)


def test_what_was_deleted_on_one_side_is_shown_as_none() -> None:
    base, painted = row({A: block(1, 1)}), block(2, 2)
    (there,) = merge(RowChanges(base, {A: painted}), row({}), {}).conflicts
    (here,) = merge(RowChanges(base, removed=frozenset([A])), row({A: painted}), {}).conflicts
    assert (there.theirs, here.mine) == (None, None)


def test_an_object_that_comes_back_knows_where_it_was() -> None:
    text, key = json.dumps(image_row()).encode(), MaskKey(0, "image-1")
    base = replace(as_read(text), origin=text)
    orders, _ = decided(RowChanges(base, {key: block(9, 9)}), without_objects(base), Keep.MINE)
    held = orders.added[key].held
    assert held
    assert (held.text, held.key) == (text, key)
    assert not held.holds(block(9, 9))
    assert held.holds(block(3, 2))


def test_an_object_that_the_bytes_of_its_row_lack_comes_back_as_a_new_one() -> None:
    base = as_read(json.dumps(image_row()).encode())
    emptied = image_row()
    emptied["data_units"]["unit-image"]["labels"]["objects"] = []
    mended = replace(base, origin=json.dumps(emptied).encode())
    orders, _ = decided(RowChanges(mended, {MaskKey(0, "image-1"): block(9, 9)}), without_objects(base), Keep.MINE)
    (added,) = orders.added.values()
    assert added.held is None


def without_objects(row: LabelRow) -> LabelRow:
    return replace(row, frames=tuple(replace(frame, objects=()) for frame in row.frames))


def test_an_object_of_another_shape_by_now_takes_no_mask() -> None:
    now = row({A: block(1, 1)})
    box = replace(now.frames[0].objects[0], shape="bounding_box", bitmask=None)
    now = replace(now, frames=(replace(now.frames[0], objects=(box,)), now.frames[1]))
    changes = RowChanges(row({A: block(1, 1)}), {A: block(2, 2)})
    (conflict,) = merge(changes, now, {}).conflicts
    with pytest.raises(MisfitError, match="no bitmask"):
        merge(changes, now, {conflict: Keep.MINE})
    assert merge(changes, now, {conflict: Keep.THEIRS}).empty


def test_a_class_that_was_changed_is_not_deleted_unasked() -> None:
    now = row({A: block(1, 1)})
    other = replace(now.frames[0].objects[0], feature_hash="rock")
    now = replace(now, frames=(replace(now.frames[0], objects=(other,)), now.frames[1]))
    changes = RowChanges(row({A: block(1, 1)}), removed=frozenset([A]))
    assert [each.key for each in merge(changes, now, {}).conflicts] == [A]


Said = dict[str, str | float | tuple[str, ...]]
values = st.one_of(st.just("one"), st.just("two"), st.just(1.0), st.just(("x",)), st.just(("x", "y")))
said = st.dictionaries(st.sampled_from(["p", "q", "r"]), values)


@given(said, said, said, st.sampled_from(Keep))
def test_answers_are_merged_attribute_by_attribute(base: Said, mine: Said, theirs: Said, keep: Keep) -> None:
    masks = {A: block(1, 1)}
    changes = RowChanges(row(masks, {"A": base}), answers={"A": mine})
    now = row(masks, {"A": theirs})
    orders, conflicts = decided(changes, now, keep)
    after = orders.answers.get("A", theirs)
    asked = {each.attribute for each in conflicts}
    for attribute in {*base, *mine, *theirs}:
        first, my, other = (each.get(attribute) for each in (base, mine, theirs))
        if my in (first, other):
            assert after.get(attribute) == other
        elif other == first:
            assert after.get(attribute) == my
        else:
            assert attribute in asked
            assert after.get(attribute) == (other if keep is Keep.THEIRS else my)
    assert orders.answers.get("A") != theirs
    assert (orders.edited, orders.added, orders.removed) == ({}, {}, set())


def test_the_order_in_which_options_are_named_says_nothing() -> None:
    masks = {A: block(1, 1)}
    changes = RowChanges(row(masks, {"A": {"p": ("x", "y")}}), answers={"A": {"p": ("y", "x")}})
    assert merge(changes, row(masks, {"A": {"p": ("x", "y")}}), {}).empty


def test_no_option_chosen_is_no_answer() -> None:
    masks = {A: block(1, 1)}
    changes = RowChanges(row(masks, {"A": {"p": ("x",)}}), answers={"A": {"p": ()}})
    assert merge(changes, row(masks, {"A": {"p": ("x",)}}), {}).answers == {"A": {}}
    assert merge(changes, row(masks), {}).empty


def test_answers_of_a_new_object_go_with_it() -> None:
    made = NewObject(A, LEAF, block(1, 1))
    orders = merge(RowChanges(row({}), added=(made,), answers={"A": {"p": "x"}}), row({}), {})
    assert orders.answers == {"A": {"p": "x"}}


@pytest.mark.parametrize("keep", list(Keep))
def test_an_object_answered_here_and_deleted_there_is_asked_about(keep: Keep) -> None:
    both = {A: block(1, 1), MaskKey(1, "A"): block(2, 2)}
    changes = RowChanges(row(both, {"A": {"p": "old"}}), answers={"A": {"p": "new"}})
    orders, conflicts = decided(changes, row({}), keep)
    assert [(each.key, each.attribute, each.theirs) for each in conflicts] == [(A, "p", None)]
    if keep is Keep.THEIRS:
        assert orders.empty
    else:
        assert {key: each.mask for key, each in orders.added.items()}.keys() == both.keys()
        assert orders.answers == {"A": {"p": "new"}}


def test_deleting_the_last_of_an_object_that_got_other_answers_is_asked_about() -> None:
    both = {A: block(1, 1), MaskKey(1, "A"): block(2, 2)}
    base, now = row(both, {"A": {"p": "old"}}), row(both, {"A": {"p": "new"}})
    one = merge(RowChanges(base, removed=frozenset([A])), now, {})
    all_of_it = merge(RowChanges(base, removed=frozenset(both)), now, {})
    assert (one.removed, one.conflicts) == ({A}, [])
    assert {each.key for each in all_of_it.conflicts} == set(both)


def test_other_peoples_answers_are_left_alone() -> None:
    masks = {A: block(1, 1), B: block(5, 5)}
    changes = RowChanges(row(masks), {A: EMPTY_MASK}, answers={"A": {"p": "x"}})
    orders = merge(changes, row(masks, {"B": {"p": "theirs"}}), {})
    assert set(orders.answers) == {"A"}
