"""The scanner finds the values that a JSON reader finds; the skeleton leaves out mask strings and nothing else."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.sources.jsontext import scan, skeleton
from bitmask_studio.sources.jsontext.scan import ScanError, Span, Unreadable, parse, value_at

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
INDENTS = st.sampled_from([None, 1, "\t"])


def dumped(value: object, indent: int | str | None, ascii_only: bool) -> bytes:
    return json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")


@given(VALUES, INDENTS, st.booleans())
def test_parsing_agrees_with_the_standard_reader(value: object, indent: int | str | None, ascii_only: bool) -> None:
    text = dumped(value, indent, ascii_only)
    span = value_at(text, 0)
    assert span == Span(0, len(text))
    assert parse(text, span) == json.loads(text)


@given(st.dictionaries(st.text(max_size=4), VALUES, max_size=5), INDENTS)
def test_members_are_where_their_bytes_are(value: dict[str, object], indent: int | str | None) -> None:
    text = b" \n" + dumped(value, indent, True) + b" "
    found = list(scan.members(text, value_at(text, 0)))
    assert {each.key: json.loads(text[each.value.start : each.value.end]) for each in found} == value
    assert all(json.loads(b"{" + text[each.span.start : each.span.end] + b"}") for each in found)


@pytest.mark.parametrize(
    "text", ["", "{", "[", '"', '"\\', "[1,]", "[,]", "[1 2]", '{"a"}', '{"a":}', '{"a":1,}', "{1:2}", "[}"]
)
def test_broken_texts_are_scan_errors_or_unreadable(text: str) -> None:
    raw = text.encode()
    try:
        assert isinstance(parse(raw, value_at(raw, 0)), Unreadable)
    except ScanError as error:
        assert 0 <= error.position <= len(raw)


def test_what_strict_readers_refuse_is_read() -> None:
    text = rb'{"a": NaN, "b": [-Infinity, 1e999], "c": "\ud800", "d": "' + b'\xff\x01", "a": 2}'
    found = parse(text, value_at(text, 0))
    assert found == {"a": 2, "b": [-math.inf, math.inf], "c": "\ufffd", "d": "\ufffd\x01"}


def test_what_is_too_deep_is_unreadable_and_the_rest_is_there() -> None:
    text = b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b', "b": 1, "c": [{x}, 2]}'
    found = parse(text, value_at(text, 0), depth=3)
    assert found == {"a": [[Unreadable("deep")]], "b": 1, "c": [Unreadable("broken"), 2]}


STRINGS = st.text(st.sampled_from('0o\\"x'), max_size=40)


@given(st.lists(st.tuples(STRINGS, STRINGS), max_size=6), INDENTS, st.integers(1, 70), st.booleans())
def test_a_skeleton_leaves_out_mask_strings_and_knows_where_all_else_is(
    pairs: list[tuple[str, str]], indent: int | str | None, chunk: int, unfinished: bool
) -> None:
    value = [
        {"name": name, "bitmask": {"rleString": string, "top": number}} for number, (name, string) in enumerate(pairs)
    ]
    text = dumped(value, indent, True)
    text = text[:-7] if unfinished else text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(skeleton, "_CHUNK", chunk)
        patch.setattr(skeleton, "_SHORT", 0)
        found = carve(text)
    if not unfinished:
        emptied = [each | {"bitmask": {"rleString": "", "top": number}} for number, each in enumerate(value)]
        assert found.text == dumped(emptied, indent, True)
        spans = list(scan.elements(found.text, value_at(found.text, 0)))
        places = [found.span(*span) for span in spans]
        assert [json.loads(text[place.start : place.end]) for place in places] == value
    assert all(text[found.position(at)] == byte for at, byte in enumerate(found.text))


def carve(text: bytes) -> skeleton.Skeleton:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.json"
        path.write_bytes(text)
        with path.open("rb", buffering=0) as file:
            return skeleton.Carving(file).whole()


def test_a_name_that_looks_like_a_mask_is_kept() -> None:
    gone = "gone" * 20
    value = {"name": 'x "rleString": "kept', "rleString": gone, "counts": gone, "rleStrings": "kept"}
    found = carve(json.dumps(value).encode())
    assert json.loads(found.text) == value | {"rleString": "", "counts": ""}


def test_a_short_mask_stays_in_the_skeleton_unless_its_end_is_not_plain_to_see() -> None:
    value = [{"rleString": "short"}, {"rleString": 'a"b'}, {"rleString": "x" * 63}, {"rleString": "x" * 64}]
    found = carve(json.dumps(value).encode())
    assert [each["rleString"] for each in json.loads(found.text)] == ["short", "", "x" * 63, ""]


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 4097, 9000])
def test_the_end_of_a_text_is_where_its_last_white_space_begins(size: int) -> None:
    for text in (b"", b"x", b"x" * size + b"y", b" x"):
        assert scan.end_of_text(text + b" \n" * size) == len(text)
