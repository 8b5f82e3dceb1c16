"""`export`, `info`, `upload` and `sandbox` against a server that speaks Encord's protocol."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from bitmask_studio.sandbox import Fault, FaultKind, Sandbox
from bitmask_studio.sources.local import open_local
from tests.cli.conftest import Run, environment
from tests.fakes.sdk import sdk_mask, sdk_project, sdk_row

Encord = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    sandbox = Sandbox.start(tmp_path_factory.mktemp("sandbox"))
    yield sandbox
    sandbox.stop()


@pytest.fixture
def encord(run: Run, served: Sandbox) -> Encord:
    """Runs a command with the key and the domain of the server."""
    served.faults.clear()
    served.clear_requests()
    return lambda *arguments: run(*arguments, "--key", served.key_path, "--domain", served.url)


def labelled(served: Sandbox) -> list[dict[str, Any]]:
    return [row for row in served.rows() if row["label_hash"]]


def image_row(served: Sandbox) -> dict[str, Any]:
    """A labelled image of the project."""
    return next(row for row in labelled(served) if row["data_type"] == "IMAGE")


def mask_file(folder: Path, row: dict[str, Any], name: str = "mask.png") -> tuple[Path, np.ndarray[Any, Any]]:
    pixels = np.zeros((row["height"], row["width"]), np.uint8)
    pixels[10:40, 20:90] = 7
    cv2.imwrite(str(folder / name), pixels)
    return folder / name, pixels > 0


def test_info_lists_the_rows_of_a_project_and_writes_nothing(encord: Encord, served: Sandbox) -> None:
    done = encord("info", f"encord:{served.project_hash}", "--json")
    rows = json.loads(done.stdout)["rows"]
    assert [row["data_hash"] for row in rows] == [row["data_hash"] for row in served.rows()]
    assert sum(len(row["bitmasks"]) for row in rows) > 10
    assert all(row["bitmasks"] == [] for row in rows if row["label_hash"] is None)
    assert not any(each.writes for each in served.requests)


def test_one_row_is_chosen_by_hash_or_title(encord: Encord, served: Sandbox) -> None:
    row = image_row(served)
    for name in (row["label_hash"], row["data_hash"], row["data_title"]):
        (found,) = json.loads(encord("info", f"encord:{served.project_hash}/{name}", "--json").stdout)["rows"]
        assert found["label_hash"] == row["label_hash"]
    assert encord("info", f"encord:{served.project_hash}/nobody").returncode == 2


def test_export_writes_the_sdks_masks_and_skips_rows_without_labels(
    encord: Encord, served: Sandbox, tmp_path: Path
) -> None:
    row = image_row(served)
    done = encord("export", f"encord:{served.project_hash}", "--to", "png", "--out", "masks")
    assert done.returncode == 0, done.stderr
    assert re.search(rf"exported \d+ masks of {len(served.rows())} rows to masks$", done.stdout.strip())
    assert "rows without labels, skipped" in done.stderr
    stored = [cv2.imread(str(path), cv2.IMREAD_UNCHANGED) for path in (tmp_path / "masks").glob("mask_00000_*.png")]
    labels = sdk_row(served, row["data_hash"])
    bitmasks = [each for each in labels.get_object_instances() if each.ontology_item.shape.value == "bitmask"]
    assert bitmasks
    for each in bitmasks:
        pixels = sdk_mask(labels, each.object_hash)
        assert any(found is not None and np.array_equal(found > 0, pixels) for found in stored)
    assert not any(each.writes for each in served.requests)


def test_files_and_projects_are_exported_together(encord: Encord, served: Sandbox, tmp_path: Path) -> None:
    from bitmask_studio.core.resources import resource

    local = resource("sample") / "labels.json"
    masks = sum(info.bitmasks or 0 for info in open_local([local]).rows())
    row = image_row(served)
    done = encord("info", local, f"encord:{served.project_hash}/{row['data_hash']}", "--json")
    rows = json.loads(done.stdout)["rows"]
    assert sum(len(each["bitmasks"]) for each in rows[:-1]) == masks
    assert rows[-1]["data_hash"] == row["data_hash"]


def test_a_mask_file_becomes_an_object_equal_to_the_pixel(encord: Encord, served: Sandbox, tmp_path: Path) -> None:
    row = image_row(served)
    path, pixels = mask_file(tmp_path, row)
    np.save(tmp_path / "other.npy", ~pixels)
    name = open_class(served)
    done = encord(
        "upload", path, tmp_path / "other.npy", "--project", served.project_hash, "--row", row["label_hash"],
        "--class", name,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    one, other = done.stdout.split()
    labels = sdk_row(served, row["data_hash"])
    assert np.array_equal(sdk_mask(labels, one), pixels)
    assert np.array_equal(sdk_mask(labels, other), ~pixels)
    assert {name} == {each.object_name for each in labels.get_object_instances() if each.object_hash in (one, other)}


def open_class(served: Sandbox) -> str:
    """The title of a bitmask class that no other class shares."""
    titles = [each.title for each in sdk_project(served).ontology_structure.objects if each.shape.value == "bitmask"]
    return next(title for title in titles if titles.count(title) == 1)


def test_upload_makes_the_label_row_of_a_row_without_labels_and_says_so(
    encord: Encord, served: Sandbox, tmp_path: Path
) -> None:
    row = next(row for row in served.rows() if row["label_hash"] is None and row["data_type"] == "IMAGE")
    path, _ = mask_file(tmp_path, row)
    done = encord(
        "upload", path, "--project", served.project_hash, "--row", row["data_hash"], "--class", open_class(served)
    )
    assert done.returncode == 0, done.stderr
    assert "label row is made on the server" in done.stderr
    assert len(list(sdk_row(served, row["data_hash"]).get_object_instances())) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"--class": "Nobody"}, "Bitmask classes:"),
        ({"--row": "nobody"}, "nobody"),
        ({"--frame": "7"}, "no frame 7"),
        ({"--project": "00000000-0000-0000-0000-000000000000"}, ""),
    ],
)
def test_what_cannot_be_uploaded_is_said_and_nothing_is_sent(
    encord: Encord, served: Sandbox, tmp_path: Path, change: dict[str, str], words: str
) -> None:
    row = image_row(served)
    path, _ = mask_file(tmp_path, row)
    options = {"--project": served.project_hash, "--row": row["label_hash"], "--class": open_class(served)} | change
    done = encord("upload", path, *(each for pair in options.items() for each in pair))
    assert done.returncode in (1, 2) and words in done.stderr
    assert not any(each.writes for each in served.requests)


def test_a_mask_of_another_size_is_refused_with_both_sizes(encord: Encord, served: Sandbox, tmp_path: Path) -> None:
    row = image_row(served)
    path, _ = mask_file(tmp_path, {"width": 120, "height": 90})
    done = encord(
        "upload", path, "--project", served.project_hash, "--row", row["label_hash"], "--class", open_class(served)
    )
    assert done.returncode == 2
    assert "120 x 90" in done.stderr and f"{row['width']} x {row['height']}" in done.stderr
    assert not any(each.writes for each in served.requests)


def test_a_server_that_refuses_is_status_1(encord: Encord, served: Sandbox, tmp_path: Path) -> None:
    row = image_row(served)
    path, _ = mask_file(tmp_path, row)
    served.faults.add(Fault(FaultKind.FORBIDDEN, "labelrow", "POST"))
    done = encord(
        "upload", path, "--project", served.project_hash, "--row", row["label_hash"], "--class", open_class(served)
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("command", [("info",), ("export", "--to", "png", "--out", "masks")])
def test_a_project_needs_a_key_that_was_named(run: Run, served: Sandbox, command: tuple[str, ...]) -> None:
    done = run(*command, f"encord:{served.project_hash}", "--domain", served.url)
    assert done.returncode == 2 and "--key" in done.stderr


def test_the_environments_key_is_used_only_when_allowed(served: Sandbox, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bitmask_studio", "info", f"encord:{served.project_hash}", "--domain", served.url]
    env = environment() | {"ENCORD_SSH_KEY_FILE": str(served.key_path)}
    refused = subprocess.run(command, cwd=tmp_path, env=env, text=True, capture_output=True, check=False)
    command = [*command, "--use-env-key"]
    allowed = subprocess.run(command, cwd=tmp_path, env=env, text=True, capture_output=True, check=False)
    assert (refused.returncode, allowed.returncode) == (2, 0), allowed.stderr


def test_the_sandbox_command_serves_until_it_is_ended(run: Run, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bitmask_studio", "sandbox", "--state", str(tmp_path / "state")]
    with subprocess.Popen(command, env=environment(), text=True, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().split(maxsplit=1) for _ in range(3)]
        told = {name: value.strip() for name, value in lines}
        login = ("--key", told["key"], "--domain", told["url"])
        listed = run("info", f"encord:{told['project']}", "--json", *login)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    assert listed.returncode == 0, listed.stderr
    assert len(json.loads(listed.stdout)["rows"]) > 3
    assert Path(told["key"]).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("wrong", [("--port", "99999"), ("--ontology", "any.json"), ("--images", ".")])
def test_a_sandbox_that_cannot_be_is_one_line(run: Run, wrong: tuple[str, ...]) -> None:
    done = run("sandbox", *wrong)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert wrong[0] in done.stderr
