"""What a file is, and where it breaks, is the same whether it is read at once or list by list."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.core.errors import InputError
from bitmask_studio.sources.jsontext import items, scan
from bitmask_studio.sources.jsontext.scan import Span
from bitmask_studio.sources.local import kinds
from bitmask_studio.sources.local.kinds import Kind, WholeContent, read_content

VALUES = st.sampled_from([1, "x", [], {}, [1, {"id": 2}], [{"id": 1}, {"id": 2}, "}"], {"images": [1]}, None])
TABLES = st.dictionaries(
    st.sampled_from(["images", "annotations", "info", "data_units", "objects"]), VALUES, max_size=4
)
BREAKS = st.sampled_from([b"", b",", b"]", b"}", b"x", b'"', b"[", b"{", b"NaN", b" "])

Told = tuple[Kind, Span, dict[str, Span], dict[str, list[Span]]]


def told(text: bytes, beginning: int) -> Told | None:
    """What is found in a file of that text, None where it is refused; `beginning` 0 reads every object list by list."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "a.json"
        path.write_bytes(text)
        patch.setattr(kinds, "_BEGINNING", beginning)
        patch.setattr(items, "_PIECE", 8)
        try:
            content = read_content(path)
        except InputError:
            return None
        assert isinstance(content, WholeContent)
        lists = {key: value for key, value in content.members.items() if scan.is_list(text, value)}
        (root,) = next(content.portions())
        return content.kind, root.span, content.members, {key: list(content.items(lists[key])) for key in lists}


@given(TABLES, st.sampled_from([None, 1]), st.integers(0, 1000), BREAKS, st.booleans())
def test_an_object_is_the_same_read_at_once_or_list_by_list(
    table: dict[str, object], indent: int | None, at: int, put: bytes, cut: bool
) -> None:
    whole = json.dumps({"data_units": 0} | table, indent=indent).encode()
    at = 1 + at % len(whole)
    text = whole[:at] + put + (b"" if cut else whole[at:])
    assert told(text, 0) == told(text, 1 << 16)


def test_an_object_of_lists_is_found_out_without_a_break_for_others(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"images": [{"id": 1}], "annotations": [{"id": 2}] * 9}))
    sizes: list[int] = []
    assert read_content(tmp_path / "a.json", sizes.append).kind is Kind.COCO
    assert sizes.count(0) >= 2
