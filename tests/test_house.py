"""The rules of the house that a program can check."""

from __future__ import annotations

import ast
import importlib
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
