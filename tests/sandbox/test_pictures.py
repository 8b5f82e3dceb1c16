from __future__ import annotations

import time
from pathlib import Path

import cv2
import numpy as np
import pytest
import requests

from bitmask_studio.core.resources import resource
from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sandbox.pictures import Pictures
from bitmask_studio.sandbox.rows import Unit
from tests.sandbox.connecting import CONVEYOR, GROUP, HARBOUR, VIDEO, get, opened, row


def address(sandbox: Sandbox, title: str = HARBOUR) -> str:
    return str(row(sandbox, title).get_storage_item(get_signed_urls=True).get_signed_url())


def test_an_address_leads_to_the_picture(sandbox: Sandbox) -> None:
    answer = get(address(sandbox))
    assert answer.content == (resource("sample") / HARBOUR).read_bytes()
    assert answer.headers["Content-Type"] == "image/jpeg"


def test_a_video_has_as_many_frames_as_its_row_says(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(get(address(sandbox, VIDEO)).content)
    film = cv2.VideoCapture(str(path))
    frames = 0
    while film.read()[0]:
        frames += 1
    film.release()
    assert frames == row(sandbox, VIDEO).number_of_frames


def test_every_picture_of_a_group_has_an_address(sandbox: Sandbox) -> None:
    label_row = opened(sandbox, CONVEYOR, include_signed_url=True)
    for view in label_row.get_frame_views():
        pixels = cv2.imdecode(np.frombuffer(get(str(view.data_link)).content, np.uint8), cv2.IMREAD_COLOR)
        assert pixels is not None
        assert pixels.shape[:2] == (view.height, view.width)


def test_the_spaces_of_a_data_group_have_addresses(sandbox: Sandbox) -> None:
    (answer,) = opened(sandbox, GROUP)._project_client.get_label_rows(
        [str(row(sandbox, GROUP).label_hash)], get_signed_url=True
    )
    for info in answer["spaces"].values():
        found = get(info["child_info"]["data_link"])
        assert found.content == (resource("sandbox") / info["child_info"]["file_name"]).read_bytes()


def test_an_address_expires(sandbox: Sandbox) -> None:
    sandbox.url_seconds = -1
    answer = get(address(sandbox))
    assert answer.status_code == 403
    assert b"<Code>ExpiredToken</Code>" in answer.content
    assert answer.headers["Content-Type"] == "application/xml"


def test_an_address_holds_seven_days_unless_told(sandbox: Sandbox) -> None:
    expires = int(address(sandbox).partition("expires=")[2].partition("&")[0])
    assert abs(expires - time.time() - 7 * 24 * 3600) < 10


@pytest.mark.parametrize("change", [("expires=1", "expires=9"), ("signature=", "signature=0"), ("/files/", "/files/0")])
def test_an_address_that_was_changed_is_refused(sandbox: Sandbox, change: tuple[str, str]) -> None:
    answer = get(address(sandbox).replace(*change))
    assert answer.status_code == 403
    assert b"SignatureDoesNotMatch" in answer.content


def test_a_range_is_served(sandbox: Sandbox) -> None:
    url = address(sandbox)
    whole = get(url).content
    part = get(url, Range="bytes=10-19")
    assert (part.status_code, part.content) == (206, whole[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert get(url, Range="bytes=-5").content == whole[-5:]
    assert get(url, Range=f"bytes={len(whole) - 3}-").content == whole[-3:]
    assert get(url, Range=f"bytes={len(whole)}-").status_code == 416


def test_head_tells_the_size_alone(sandbox: Sandbox) -> None:
    answer = requests.head(address(sandbox), timeout=5)
    assert answer.content == b""
    assert int(answer.headers["Content-Length"]) == (resource("sample") / HARBOUR).stat().st_size


def test_a_missing_picture_is_told_as_object_stores_do(sandbox: Sandbox) -> None:
    (answer,) = opened(sandbox, "Chest CT")._project_client.get_label_rows(
        [str(row(sandbox, "Chest CT").label_hash)], get_signed_url=True
    )
    assert "data_link" not in next(iter(answer["data_units"].values()))


def test_a_file_is_found_by_link_title_or_hash(tmp_path: Path) -> None:
    for name in ("below/By Link.png", "by title.png", "hash.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    pictures = Pictures([tmp_path], b"secret")
    units = (Unit("x", "y", "bucket/by link.png", ""), Unit("x", "By Title.png", "", ""), Unit("hash", "z", "w", ""))
    assert [path and path.name for path in map(pictures.file_of, units)] == ["By Link.png", "by title.png", "hash.png"]
    missing = pictures.url_of(Unit("a", "b", "c", "image/png"))
    assert pictures.answer(missing, {}).status == 404
