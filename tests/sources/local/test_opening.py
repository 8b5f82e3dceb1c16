"""What opens is told by content, and the classes on offer by the ontology that belongs to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bitmask_studio.core.errors import InputError
from bitmask_studio.sources.local import open_local
from tests.sources import twins
from tests.sources.twins import write_json

ONTOLOGY = {"objects": [{"id": "1", "name": "Wheel", "color": "#123456", "shape": "bitmask", "featureNodeHash": "w"}]}


def names(*paths: Path, ontology: Path | None = None) -> list[str]:
    return [each.name for each in open_local(paths, ontology=ontology).ontology.classes]


def test_classes_are_those_of_the_file_given_else_beside_else_of_the_objects(tmp_path: Path) -> None:
    labels = write_json(tmp_path / "labels.json", twins.image_row())
    assert names(labels) == ["a bitmask", "a bounding_box"]
    write_json(tmp_path / "My-Ontology.json", ONTOLOGY)
    assert names(labels) == ["Wheel"]
    assert names(tmp_path) == ["Wheel"]
    (tmp_path / "sub").mkdir()
    given = write_json(tmp_path / "sub" / "o.json", {"structure": ONTOLOGY | {"objects": []}})
    assert names(labels, ontology=given) == []
    write_json(tmp_path / "ontology2.json", ONTOLOGY)
    assert names(labels) == ["a bitmask", "a bounding_box"]
    assert "several ontologies" in open_local([labels]).warnings[0]


def test_an_ontology_that_is_none_is_refused(tmp_path: Path) -> None:
    labels = write_json(tmp_path / "labels.json", twins.image_row())
    for text in (b"", b"[]", b'{"objects": 3}', b"{"):
        (tmp_path / "o.json").write_bytes(text)
        with pytest.raises(InputError, match=r"o\.json"):
            open_local([labels], ontology=tmp_path / "o.json")
    with pytest.raises(InputError, match=r"p\.json"):
        open_local([labels], ontology=tmp_path / "p.json")
    with pytest.raises(InputError, match="no folder"):
        open_local([labels], images=labels)


def test_the_name_of_a_file_says_nothing(tmp_path: Path) -> None:
    path = write_json(tmp_path / "picture.png", twins.all_rows())
    assert len(open_local([path]).rows()) == len(twins.ROWS)


def test_a_file_named_twice_is_opened_once(tmp_path: Path) -> None:
    path = write_json(tmp_path / "labels.json", twins.image_row())
    assert len(open_local([path, path, tmp_path]).rows()) == 1


def test_equal_rows_of_two_files_have_keys_of_their_own(tmp_path: Path) -> None:
    for name in "abc":
        write_json(tmp_path / f"{name}.json", twins.image_row())
    keys = [info.key for info in open_local([tmp_path]).rows()]
    assert keys == ["data-image", "label-image", "image title"]
    assert [info.key for info in open_local([tmp_path]).rows()] == keys


def test_titles_and_stems(tmp_path: Path) -> None:
    path = write_json(tmp_path / "labels.json", twins.all_rows())
    source = open_local([path])
    video = next(info for info in source.rows() if info.data_type == "video")
    frame = source.load(video).frames[3]
    assert source.file_stem(video, frame, frame.objects[0]) == "mask_00003_video-1"
    assert source.title == "labels.json"
    assert open_local([path, write_json(tmp_path / "b.json", twins.coco())]).title == "labels.json and 1 more"


def test_listing_changes_no_file(tmp_path: Path) -> None:
    path = write_json(tmp_path / "labels.json", twins.all_rows())
    path.chmod(0o444)
    before = {each.name: each.stat().st_mtime_ns for each in tmp_path.iterdir()}
    source = open_local([tmp_path])
    for info in source.rows():
        source.load(info)
    assert {each.name: each.stat().st_mtime_ns for each in tmp_path.iterdir()} == before
    assert json.loads(path.read_bytes()) == twins.all_rows()


def test_a_file_that_breaks_at_its_end_is_passed_by_and_takes_no_keys(tmp_path: Path) -> None:
    whole = write_json(tmp_path / "b.json", [twins.image_row()])
    (tmp_path / "a.json").write_bytes(whole.read_bytes()[:-1] + b"}")
    source = open_local([tmp_path])
    assert [each.key for each in source.rows()] == [each.key for each in open_local([whole]).rows()]
    assert [text for text in source.warnings if "a.json" in text and "breaks at line" in text]
