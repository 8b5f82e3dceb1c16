"""Rows are found as a plain loop over them would find them, whatever is typed, ticked and sorted."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.studio.rows import row_text
from bitmask_studio.studio.rows.row_list import Facet, RowFilter, RowList
from bitmask_studio.studio.rows.row_order import Order, SortBy, ranks
from tests.fakes.memory_server import server_row

ROWS = [server_row(number) for number in range(40)]
LETTERS = st.text("aAbß1 _-\nİ\ud800é\U0001d7d9", max_size=8)


def keys(rows: RowList, wanted: RowFilter, order: Order | None = None) -> list[str]:
    return [rows.rows[number].key for number in (rows.find(wanted, order) if order else rows.find(wanted))]


def expected(rows: Sequence[RowInfo], text: str) -> list[str]:
    """The rule as it reads: every word in title or type, longer words also in the hashes."""
    found = []
    for row in rows:
        here, hashes = f"{row.title} {row.data_type}".casefold(), f"{row.label_hash} {row.data_hash}".casefold()
        if all(word in here or (len(word) >= 4 and word in hashes) for word in text.casefold().split()):
            found.append(row.key)
    return found


def row(number: int, title: str, label_hash: str = "L", data_hash: str = "D") -> RowInfo:
    return server_row(number, key=str(number), title=title, label_hash=label_hash, data_hash=data_hash)


@given(
    st.lists(st.tuples(LETTERS, LETTERS), max_size=12), st.lists(LETTERS, min_size=1, max_size=4), st.integers(0, 12)
)
def test_typing_finds_what_a_loop_over_the_rows_finds(
    rows: list[tuple[str, str]], typed: list[str], first: int
) -> None:
    infos = [row(number, title, hash_) for number, (title, hash_) in enumerate(rows)]
    listed = RowList(infos[:first])
    listed.find(RowFilter(typed[0]))
    listed.extend(infos[first:])
    for text in typed:
        for end in range(len(text) + 1):
            assert keys(listed, RowFilter(text[:end])) == expected(infos, text[:end])


@pytest.mark.parametrize("count", [0, 1, 499, 500, 1201])
def test_a_list_made_in_portions_is_the_one_made_at_once(count: int) -> None:
    rows = [server_row(number) for number in range(count)]
    aside, once = RowList.made_aside(rows), RowList(rows)
    assert aside.rows == once.rows
    assert all(aside.counts(facet) == once.counts(facet) for facet in Facet)
    assert keys(aside, RowFilter("1")) == keys(once, RowFilter("1"))
    assert all(aside.number(each.key) == at for at, each in enumerate(rows))


def test_words_shorter_than_four_letters_are_not_looked_for_in_hashes() -> None:
    listed = RowList([row(0, "one", "abcdef"), row(1, "abc")])
    assert keys(listed, RowFilter("ABC")) == ["1"]
    assert keys(listed, RowFilter("abcd")) == ["0"]


def test_a_word_is_never_found_across_two_rows_or_across_title_and_hash() -> None:
    listed = RowList([row(0, "left"), row(1, "right", "label")])
    assert keys(listed, RowFilter("leftright")) == []
    assert keys(listed, RowFilter("rightlabel")) == []


def test_a_word_that_repeats_its_own_beginning_is_found() -> None:
    listed = RowList([row(0, "aaaaaab")])
    for end in range(1, 6):
        assert keys(listed, RowFilter("aaaab"[:end])) == ["0"]


def test_values_of_one_facet_add_up_and_facets_narrow_each_other_down() -> None:
    listed = RowList(ROWS)
    both = frozenset({(Facet.STAGE, "Annotate 1"), (Facet.STAGE, "Complete")})
    assert keys(listed, RowFilter(chosen=both)) == [r.key for r in ROWS if r.stage in ("Annotate 1", "Complete")]
    narrowed = both | {(Facet.TYPE, "video")}
    assert keys(listed, RowFilter(chosen=narrowed)) == [r.key for r in ROWS if r.data_type == "video"]
    assert keys(listed, RowFilter(chosen=frozenset({(Facet.STATUS, "nobody has it")}))) == []


def test_mine_are_the_rows_assigned_to_the_users_address_however_it_is_spelt() -> None:
    listed = RowList(ROWS, "Anna@Example.com")
    assert keys(listed, RowFilter(mine=True)) == [r.key for r in ROWS if r.assignee == "anna@example.com"]
    assert keys(RowList(ROWS), RowFilter(mine=True)) == []


def test_values_are_counted_over_all_rows() -> None:
    assert RowList(ROWS).counts(Facet.TYPE) == {"image": 14, "img_group": 13, "video": 13}
    assert RowList().counts(Facet.TYPE) == {}


def test_sorting_goes_both_ways_and_keeps_equal_rows_as_listed() -> None:
    titles = ["b10", "a", "B9", "a"]
    listed = RowList([row(number, title) for number, title in enumerate(titles)])
    assert keys(listed, RowFilter(), Order(SortBy.TITLE)) == ["1", "3", "2", "0"]
    assert keys(listed, RowFilter(), Order(SortBy.TITLE, descending=True)) == ["0", "2", "1", "3"]
    assert keys(listed, RowFilter("b"), Order(SortBy.TITLE)) == ["2", "0"]
    assert keys(listed, RowFilter(), Order(SortBy.LISTED, descending=True)) == ["3", "2", "1", "0"]


def test_added_rows_are_found_sorted_and_known_by_their_keys() -> None:
    listed = RowList(ROWS[:3])
    assert listed.number(ROWS[5].key) is None
    assert len(listed.find(RowFilter("scan"), Order(SortBy.TITLE, True))) == 3
    listed.extend(ROWS[3:])
    assert listed.number(ROWS[5].key) == 5
    assert keys(listed, RowFilter("scan_39")) == ["data-39"]
    assert keys(listed, RowFilter(), Order(SortBy.TITLE, True))[0] == "data-39"


def test_an_order_that_was_worked_out_elsewhere_is_taken_until_rows_are_added() -> None:
    listed = RowList(ROWS)
    assert not listed.knows(SortBy.TITLE)
    listed.keep(SortBy.TITLE, -ranks(ROWS, SortBy.LISTED))
    assert listed.knows(SortBy.TITLE)
    assert keys(listed, RowFilter(), Order(SortBy.TITLE))[0] == "data-39"
    listed.extend([server_row(40)])
    assert not listed.knows(SortBy.TITLE)
    assert keys(listed, RowFilter(), Order(SortBy.TITLE))[0] == "data-0"


@pytest.mark.parametrize("block", [1, 2, 5, 13])
def test_words_are_found_at_the_seams_of_the_blocks_that_are_looked_through(
    monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(row_text, "_BLOCK", block)
    infos = [row(number, f"some title {number}") for number in range(12)]
    listed = RowList(infos)
    for text in ("t", "it", "titl", "title", "le 1", "title 11", "image"):
        assert keys(listed, RowFilter(text)) == expected(infos, text)


def test_a_list_without_rows_finds_nothing() -> None:
    for wanted in (RowFilter(), RowFilter("word"), RowFilter(mine=True)):
        assert keys(RowList(), wanted, Order(SortBy.EDITED)) == []
