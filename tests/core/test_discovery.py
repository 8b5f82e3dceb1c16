"""A new file in a package is found; a package that offers nothing is an error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bitmask_studio.core.discovery import module_names, offered


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the importable package `offers`."""
    folder = tmp_path / "offers"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for name in [each for each in sys.modules if each.partition(".")[0] == "offers"]:
        del sys.modules[name]


def test_instances_are_found_in_the_order_of_modules_and_lines(package: Path) -> None:
    (package / "b.py").write_text("LAST = complex(3)\n")
    (package / "a.py").write_text("FIRST = complex(1)\nOTHER = 'no number'\nSECOND = complex(2)\n")
    assert offered("offers", complex) == (1, 2, 3)


def test_a_tuple_of_instances_counts_as_many(package: Path) -> None:
    (package / "a.py").write_text("ALL = (complex(1), complex(2))\n")
    assert offered("offers", complex) == (1, 2)


def test_what_one_module_takes_from_another_counts_once(package: Path) -> None:
    (package / "a.py").write_text("ONE = complex(1)\n")
    (package / "b.py").write_text("from offers.a import ONE\n")
    assert offered("offers", complex) == (1,)


def test_finding_nothing_is_an_error(package: Path) -> None:
    (package / "a.py").write_text("")
    with pytest.raises(LookupError, match="no module of offers offers a complex"):
        offered("offers", complex)


def test_a_module_that_fails_is_not_passed_over(package: Path) -> None:
    (package / "a.py").write_text("ONE = complex(1)\n")
    (package / "b.py").write_text("raise ValueError('broken')\n")
    with pytest.raises(ValueError, match="broken"):
        offered("offers", complex)


def test_names_are_listed_without_importing_the_modules(package: Path) -> None:
    (package / "b.py").write_text("raise ValueError\n")
    (package / "a.py").write_text("raise ValueError\n")
    assert module_names("offers") == ("a", "b")
