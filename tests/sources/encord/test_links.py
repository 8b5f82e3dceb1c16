"""Signed addresses are found wherever a label row has them, and none is left in what is sent on."""

from __future__ import annotations

import json
from typing import Any

from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.worker.here import Here
from bitmask_studio.sources.encord.worker.links import KeptLinks, find, links_in, without_links
from tests.sources.twins import data_group_row, dicom_row, group_row, image_row

Json = dict[str, Any]
SECRET = "https://store.example/file?signature=secret"


def signed(row: Json) -> Json:
    for unit in row["data_units"].values():
        unit["data_link"] = f"{SECRET}-{unit['data_hash']}"
    for name, space in row["spaces"].items():
        space["child_info"]["data_link"] = f"{SECRET}-{name}"
    return row


def test_each_unit_and_each_space_has_its_own() -> None:
    assert find(links_in(signed(group_row("g"))), "unit-g-b", 1) == f"{SECRET}-unit-g-b"
    assert find(links_in(signed(data_group_row())), "space-2", 0) == f"{SECRET}-space-2"


def test_each_frame_of_an_image_sequence_has_its_own() -> None:
    row = data_group_row()
    frames = [{"data_sequence": number, "data_link": f"{SECRET}-{number}"} for number in range(3)]
    row["spaces"]["space-1"] |= {"space_type": "image_sequence", "frames": frames}
    assert find(links_in(row), "space-1", 2) == f"{SECRET}-2"


def test_a_path_in_the_storage_is_no_address() -> None:
    assert not links_in(image_row())
    assert find({}, "unit-image", 0) == ""


def test_none_is_left_in_what_is_sent_and_nothing_else_is_changed() -> None:
    for row in (image_row(), group_row(), data_group_row(), dicom_row()):
        plain = json.dumps(without_links(json.loads(json.dumps(row))))
        assert json.loads(plain) == row
        loaded = signed(json.loads(json.dumps(row)))
        for unit in loaded["data_units"].values():
            unit["data_links"] = [SECRET, SECRET]
            for labels in unit["labels"].values():
                if isinstance(labels, dict):
                    labels["metadata"] = {"file_uri": SECRET, "width": 3}
        loaded["scene"] = {"files": [{"uri": SECRET}]}
        assert "secret" not in json.dumps(without_links(loaded))


def test_a_title_that_is_an_address_is_the_users_own() -> None:
    row = image_row() | {"data_title": "https://example.org/a.png"}
    assert without_links(row)["data_title"] == "https://example.org/a.png"


def test_the_addresses_of_few_rows_are_kept_and_of_each_sign_in_its_own() -> None:
    kept, here, other = KeptLinks(), Here(Login()), Here(Login())
    for number in range(100):
        kept.keep(here, f"label-{number}", {("unit", None): SECRET})
    assert kept.of(here, "label-99") and not kept.of(here, "label-0")
    assert kept.of(other, "label-99") is None
