from __future__ import annotations

import json
from pathlib import Path

import pytest
from encord.constants.enums import DataType
from encord.objects import LabelRowV2

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.resources import resource
from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sandbox.wire import Json
from tests.sandbox.connecting import client, places


def sample() -> list[Json]:
    rows: list[Json] = json.loads((resource("sample") / "labels.json").read_bytes())
    return rows


def listed(sandbox: Sandbox) -> list[LabelRowV2]:
    """The rows of an export, their labels read by the SDK."""
    rows = client(sandbox).get_project(sandbox.project_hash).list_label_rows_v2()
    for row in rows:
        if row.label_hash:
            row.initialise_labels(include_archived=True)
    return rows


def served(tmp_path: Path, content: object, images: Path | None = None, ontology: Path | None = None) -> Sandbox:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return Sandbox.start(tmp_path / "state", labels=path, images=images, ontology=ontology)


def test_a_single_row_is_served_and_its_ontology_is_made_from_it(tmp_path: Path) -> None:
    sandbox = served(tmp_path, sample()[0], images=resource("sample"))
    (row,) = listed(sandbox)
    assert len(row.get_object_instances()) == 46
    structure = client(sandbox).get_project(sandbox.project_hash).ontology_structure
    assert {each.title for each in structure.objects} >= {"Water", "Boat"}
    assert sandbox.project_title == "export"
    sandbox.stop()


def test_an_ontology_is_given_or_lies_beside(tmp_path: Path) -> None:
    ontology = resource("sample") / "ontology.json"
    given = served(tmp_path, sample()[0], ontology=ontology)
    assert len(client(given).get_project(given.project_hash).ontology_structure.objects) == 18
    given.stop()
    (tmp_path / "My-Ontology.json").write_bytes(ontology.read_bytes())
    beside = Sandbox.start(tmp_path / "other", labels=tmp_path / "export.json")
    assert len(client(beside).get_project(beside.project_hash).ontology_structure.objects) == 18
    beside.stop()


def test_labels_keyed_by_frame_become_flat(tmp_path: Path) -> None:
    row = sample()[0]
    unit = next(iter(row["data_units"].values()))
    unit["labels"] = {"0": unit["labels"]}
    sandbox = served(tmp_path, row)
    assert len(listed(sandbox)[0].get_object_instances()) == 46
    sandbox.stop()


def test_what_old_exports_leave_out_is_filled_in(tmp_path: Path) -> None:
    row = sample()[3]
    for name in ("branch_name", "created_at", "last_edited_at", "object_actions", "spaces", "data_hash", "is_valid"):
        del row[name]
    row["object_answers"] = {}
    sandbox = served(tmp_path, row)
    (found,) = listed(sandbox)
    assert (found.data_type, found.branch_name, found.number_of_frames) == (DataType.IMG_GROUP, "main", 5)
    assert len(found.get_object_instances()) == 18
    found.save()
    sandbox.stop()


def test_a_video_without_a_speed_has_25_frames_a_second(tmp_path: Path) -> None:
    rows = json.loads((resource("sandbox") / "labels.json").read_bytes())
    video = next(iter(rows[0]["data_units"].values()))
    del video["data_fps"], video["data_duration"]
    space = list(rows[1]["spaces"].values())[1]
    del space["data_fps"], space["data_duration"], space["number_of_frames"]
    sandbox = served(tmp_path, rows[:2], ontology=resource("sandbox") / "ontology.json")
    film, group = listed(sandbox)
    assert (film.fps, film.number_of_frames) == (25.0, 20)
    assert group.get_space(layout_key="regatta", type_="video").get_object_instances()
    sandbox.stop()


def test_a_row_without_a_label_hash_is_not_opened_yet(tmp_path: Path) -> None:
    sandbox = served(tmp_path, [sample()[0] | {"label_hash": None}, sample()[1]])
    assert [row.label_hash is None for row in listed(sandbox)] == [True, False]
    sandbox.stop()


def test_a_hash_that_is_no_uuid_is_stood_for_by_one(tmp_path: Path) -> None:
    row = sample()[0]
    unit = next(iter(row["data_units"].values()))
    row["data_hash"] = unit["data_hash"] = "my-picture"
    row["data_units"] = {"my-picture": unit}
    sandbox = served(tmp_path, row)
    found = client(sandbox).get_project(sandbox.project_hash)
    (task,) = found.workflow.stages[0].get_tasks()
    assert str(task.data_hash) == listed(sandbox)[0].data_hash
    sandbox.stop()


def test_the_same_row_twice_is_two_rows(tmp_path: Path) -> None:
    row = sample()[0]
    sandbox = served(tmp_path, [row, row | {"label_hash": "0d7b26a0-1111-4222-8333-944445555666"}])
    first, second = listed(sandbox)
    assert first.data_hash != second.data_hash
    assert len(first.get_object_instances()) == len(second.get_object_instances()) == 46
    sandbox.stop()


def test_an_export_goes_on_after_a_restart_although_the_file_is_gone(tmp_path: Path) -> None:
    sandbox = served(tmp_path, sample()[0])
    row = listed(sandbox)[0]
    gone = row.get_object_instances()[0].object_hash
    sandbox.colleague.deletes(str(row.label_hash), gone)
    sandbox.stop()
    again = Sandbox.start(tmp_path / "state", labels=tmp_path / "export.json")
    assert gone not in {each.object_hash for each in listed(again)[0].get_object_instances()}
    again.stop()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not JSON"),
        ("[]", "no label row"),
        ("[1]", "Entry 1"),
        ('{"images": []}', "Entry 1"),
        ('[{"data_units": {"a": {}}}]', "Label row 1"),
        ('[{"data_units": {"a": 5}}]', "Label row 1"),
    ],
)
def test_what_is_no_export_is_told_in_words(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content)
    with pytest.raises(InputError, match=words):
        Sandbox.start(tmp_path / "state", labels=path)
    path.write_text(json.dumps(sample()[0]))
    Sandbox.start(tmp_path / "state", labels=path).stop()


def test_a_missing_file_or_folder_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        Sandbox.start(tmp_path / "state", labels=tmp_path / "none.json")
    with pytest.raises(InputError, match="no ontology"):
        served(tmp_path, sample()[0], ontology=resource("sample") / "labels.json")
    with pytest.raises(InputError, match="folder of pictures"):
        served(tmp_path, sample()[0], images=tmp_path / "none")


@pytest.mark.parametrize("name", ["encord_export/LABELS_LIST.json", "nuclei", "encord_export/other_rows"])
def test_real_exports_open_and_are_saved_with_every_mask(real_data: Path, tmp_path: Path, name: str) -> None:
    path = real_data / name
    files = [path] if path.is_file() else sorted(each for each in path.glob("*.json") if "label" in each.name)
    assert files
    for number, file in enumerate(files):
        sandbox = Sandbox.start(tmp_path / str(number), labels=file)
        for row in listed(sandbox):
            before = places(sandbox.row(str(row.label_hash)))
            row.save()
            after = places(sandbox.row(str(row.label_hash)))
            assert before.keys() == after.keys()
            assert [each.get("bitmask") for each in before.values()] == [after[key].get("bitmask") for key in before]
        sandbox.stop()
