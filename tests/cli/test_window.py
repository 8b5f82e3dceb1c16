"""The window's command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bitmask_studio import __version__
from bitmask_studio.cli.window import parse_options
from bitmask_studio.core.errors import InputError
from bitmask_studio.studio.options import Options
from tests.cli.conftest import Run


def test_nothing_asks_for_the_welcome_page() -> None:
    assert parse_options([]) == Options()


def test_everything_that_can_be_asked_for_arrives() -> None:
    asked = ["a.json", "--images", "p", "b.json", "--ontology", "o.json", "--row", "r", "--frame", "3"]
    assert parse_options(asked) == Options(
        (Path("a.json"), Path("b.json")), Path("p"), Path("o.json"), row="r", frame=3, sample=False
    )
    assert parse_options(["--sample"]).sample


@pytest.mark.parametrize(
    "argv",
    [["--frame", "-1"], ["--frame", "x"], ["--frame", "\u0663"], ["--fra", "1"], ["--row"], ["encord:1/2"], [""]],
)
def test_what_cannot_be_understood_is_refused(argv: list[str]) -> None:
    with pytest.raises(InputError):
        parse_options(argv)


def test_the_version_and_the_help_come_without_a_screen_numpy_opencv_or_the_sdk(
    import_log: Callable[..., set[str]],
) -> None:
    for asked in ("--version", "--help"):
        assert not import_log(asked) & {"PySide6", "numpy", "cv2", "encord"}


def test_the_version_is_told(run: Run) -> None:
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"Bitmask Studio {__version__}\n", "")


def test_the_help_names_the_commands_and_explains_the_exit_status(run: Run) -> None:
    help_text = run("--help").stdout
    for word in ("export", "info", "--sample", "examples", "exit status", "130"):
        assert word in help_text


@pytest.mark.parametrize("argv", [["--no-such"], ["--frame", "x"], ["encord:project"]])
def test_a_wrong_option_is_one_line_and_status_2(run: Run, argv: list[str]) -> None:
    done = run(*argv)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
