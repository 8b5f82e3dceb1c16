"""The rules of the house that a program can check."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

import bitmask_studio
from bitmask_studio.actions.base import Action
from bitmask_studio.actions.registry import all_actions
from bitmask_studio.core.discovery import module_names, offered
from bitmask_studio.formats.base import Format
from bitmask_studio.tools.base import Tool

PACKAGE = Path(bitmask_studio.__file__).parent
TESTS = Path(__file__).parent
REGISTRIES: dict[str, type] = {"tools": Tool, "formats": Format, "actions": Action}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "_resources" not in path.parts)


def offers(package: str, name: str) -> bool:
    """Whether a module of a registry binds something that the registry finds."""
    values = vars(importlib.import_module(f"bitmask_studio.{package}.{name}")).values()
    each_of = (each for value in values for each in (value if isinstance(value, tuple) else (value,)))
    return any(isinstance(each, REGISTRIES[package]) for each in each_of)


FILE_WRITERS = {
    "core/files.py": "it is the atomic writer",
    "formats/npz.py": "into the file that the atomic writer gives it",
    "studio/journal/opening.py": "SQLite writes a journal, into a file that is made for nobody else to read",
    "studio/journal/salvage.py": "SQLite writes a journal, into a file that is made for nobody else to read",
    "core/locks.py": "a lock has no content",
    "studio/log.py": "a log is added to",
    "app/last_run.py": "what a dying program writes to is open before it dies",
    "cli/ending.py": "to where nothing is kept",
    "sources/encord/worker/__main__.py": "to where nothing is kept",
    "sources/encord/worker/pictures.py": "a video that is fetched, in a folder that goes with the program",
    "ui/rehearsal_copy.py": "what a rehearsal works on, in a folder that was made for it",
}
"""Those that write files, and why each may do so by itself; what is kept goes through `core.files`."""

_WRITING_CALLS = {
    *("write_bytes", "write_text", "copyfile", "copy2", "copytree", "copyfileobj", "imwrite", "savez", "tofile"),
    *("savez_compressed", "mkstemp", "NamedTemporaryFile"),
}

THINGS = [
    (package, name)
    for package in REGISTRIES
    for name in module_names(f"bitmask_studio.{package}")
    if offers(package, name)
]


@pytest.mark.parametrize("package", REGISTRIES)
def test_every_registry_finds_something(package: str) -> None:
    assert [name for where, name in THINGS if where == package]


@pytest.mark.parametrize("package", ["core", "cli"])
def test_a_registry_that_finds_nothing_fails(package: str) -> None:
    with pytest.raises(LookupError):
        offered(f"bitmask_studio.{package}", Tool)


@pytest.mark.parametrize(("package", "name"), THINGS)
def test_every_tool_format_and_action_file_has_a_test_file(package: str, name: str) -> None:
    assert (TESTS / package / f"test_{name}.py").is_file()


def test_ids_and_keys_do_not_clash() -> None:
    actions = all_actions()
    tools = offered("bitmask_studio.tools", Tool)
    formats = offered("bitmask_studio.formats", Format)  # type: ignore[type-abstract]
    for names in ([each.id for each in actions], [each.id for each in tools], [each.name for each in formats]):
        assert len(names) == len(set(names))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_opens_with_the_sentence_that_says_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_bytes())) or ""
    first = docstring.split("\n\n")[0]
    assert first
    assert first[0].isupper() or first[0] == "`"
    assert first.endswith((".", ":"))


def test_no_package_is_a_drawer() -> None:
    names = {path.stem for path in MODULES}
    assert not names & {"utils", "util", "helpers", "helper", "manager", "common", "misc"}


def writes_files(path: Path) -> bool:
    """Whether a module has a call that writes files by itself."""
    return any(_writes(each) for each in ast.walk(ast.parse(path.read_bytes())) if isinstance(each, ast.Call))


def _writes(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name != "open":
        return name in _WRITING_CALLS
    told = [*call.args[:2], *(each.value for each in call.keywords)]
    modes = [each.value for each in told if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    flags = {each.attr for each in ast.walk(call) if isinstance(each, ast.Attribute)}
    is_mode = any(set(mode) <= set("rwxabt+") and set(mode) & set("wxa+") for mode in modes)
    return is_mode or bool(flags & {"O_WRONLY", "O_RDWR", "O_CREAT"})


def test_files_are_written_by_the_one_writer_and_by_those_that_have_a_reason() -> None:
    assert {path.relative_to(PACKAGE).as_posix() for path in MODULES if writes_files(path)} == FILE_WRITERS.keys()


def test_every_promise_is_proved_by_files_that_are_there() -> None:
    named = re.findall(r"`([\w/]+\.py)`", (TESTS / "README.md").read_text("utf-8"))
    assert named
    assert [each for each in named if not (TESTS / each).is_file()] == []
