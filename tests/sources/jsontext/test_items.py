from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.sources.jsontext import items, scan, skeleton
from bitmask_studio.sources.jsontext.items import Item, list_at, portions, strict_members
from bitmask_studio.sources.jsontext.scan import ScanError, value_at
from bitmask_studio.sources.jsontext.skeleton import Carving, Told

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99999) | st.text(st.sampled_from('ab"\\],[{}:x'), max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=3),
    max_leaves=8,
)
ROWS = st.lists(st.fixed_dictionaries({"a": VALUES, "rleString": st.text("0x", max_size=9)}) | VALUES, max_size=8)
BREAKS = st.sampled_from([b"", b",", b"]", b"x", b'"', b"}", b"[", b" ]", b",]", b"NaN", b"\\"])


def read(text: bytes, chunk: int, told: Told = lambda size: None) -> list[list[Item]]:
    """What `portions` answers for a file of that text, read `chunk` bytes at a time."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "a.json"
        path.write_bytes(text)
        patch.setattr(skeleton, "_CHUNK", chunk)
        patch.setattr(skeleton, "_SHORT", 3)
        patch.setattr(items, "_WALKED", chunk)
        with path.open("rb", buffering=0) as file:
            carving = Carving(file, told)
            while not carving.text and carving.more():
                pass
            return list(portions(carving))


@given(ROWS, st.sampled_from([None, 0, 2, "\t"]), st.integers(1, 80), st.sampled_from(["", " ", "\n\r\n "]))
def test_the_items_of_a_list_are_found_however_it_is_cut(
    rows: list[object], indent: int | str | None, chunk: int, end: str
) -> None:
    text = (json.dumps(rows, indent=indent) + end).encode()
    found = [each for portion in read(text, chunk) for each in portion]
    assert [json.loads(text[each.span.start : each.span.end]) for each in found] == rows
    assert len([json.loads(each.text) for each in found]) == len(rows)


@given(ROWS, st.integers(1, 80), st.integers(0, 10_000), BREAKS, st.booleans())
def test_a_broken_list_breaks_where_a_reader_of_the_whole_says(
    rows: list[object], chunk: int, at: int, put: bytes, cut: bool
) -> None:
    whole = json.dumps(rows).encode()
    at = 1 + at % len(whole)
    text = whole[:at] + put + (b"" if cut else whole[at:])
    expected = by_walking(text)
    try:
        found: object = [each.span for portion in read(text, chunk) for each in portion]
    except ScanError:
        found = None
    assert found == expected


def by_walking(text: bytes) -> list[scan.Span] | None:
    """The items of the list that a text is, None where it is broken."""
    try:
        spans = list(scan.elements(text, value_at(text, 0)))
        return spans if scan.skip_space(text, value_at(text, 0).end) == len(text) else None
    except ScanError:
        return None


def test_a_long_list_comes_in_portions_that_are_forgotten_again() -> None:
    rows = [{"label_hash": f"row {number}", "more": "x" * 100} for number in range(2_000)]
    text = json.dumps(rows).encode()
    sizes: list[int] = []
    found = read(text, 4096, sizes.append)
    assert [json.loads(each.text) for portion in found for each in portion] == rows
    assert max(map(len, found)) < 100
    assert sum(sizes) == len(text)


def test_items_that_a_strict_reader_refuses_come_in_portions_too() -> None:
    text = b"[" + b", ".join([b'{"label_hash": NaN, "more": [1,, 2]}'] * 2_000) + b"]"
    found = read(text, 4096)
    assert sum(map(len, found)) == 2_000
    assert max(map(len, found)) < 500


TABLES = st.dictionaries(st.sampled_from(["a", "b", 'q"', "\\", "é", ""]), VALUES, max_size=4)


@given(TABLES, st.sampled_from([None, 0, 2]), st.sampled_from(["", " ", "\n"]), st.booleans())
def test_the_members_of_an_object_are_found_at_the_speed_of_a_strict_reader(
    table: dict[str, object], indent: int | None, space: str, ascii_only: bool
) -> None:
    text = (space + json.dumps(table, indent=indent, ensure_ascii=ascii_only) + space).encode()
    found = strict_members(text, len(space))
    assert found == ({each.key: each.value for each in scan.members(text, value_at(text, 0))} or None)


@pytest.mark.parametrize(
    "text", [b'{"a": 1, "a": 22}', b'{"a": NaN}', b'{"a": 1} x', b'{"a": 1}}', b"[]", b"{", b"", b'{"a": "x, "a": 1"']
)
def test_members_that_are_not_plain_are_left_to_the_walk(text: bytes) -> None:
    assert strict_members(text, 0) is None


@given(ROWS, st.sampled_from([None, 0, 2]), st.integers(1, 40), st.integers(0, 10_000), BREAKS)
def test_a_list_within_a_text_is_found_piece_by_piece(
    rows: list[object], indent: int | None, piece: int, at: int, put: bytes
) -> None:
    whole = json.dumps({"before": [1], "rows": rows, "after": [{"a": 1}] * 9}, indent=indent).encode()
    start = whole.index(b"[", whole.index(b'"rows"'))
    at = start + 1 + at % (len(whole) - start)
    text = whole[:at] + put + whole[at:]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(items, "_PIECE", piece)
        try:
            found: object = list_at(text, start)
        except ScanError:
            found = None
    try:
        spans = list(scan.elements(text, value_at(text, start)))
        end = scan.skip_space(text, spans[-1].end if spans else start + 1) + 1
    except ScanError:
        assert found is None
    else:
        assert found == (spans, end)
