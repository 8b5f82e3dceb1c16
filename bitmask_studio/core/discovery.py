"""Import every module of a package and collect what it offers: how one new file is all that a new tool takes."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import TypeVar

Offer = TypeVar("Offer")


def module_names(package: str) -> tuple[str, ...]:
    """The modules and packages directly inside `package`, sorted; imports nothing but the package itself."""
    paths = importlib.import_module(package).__path__
    return tuple(sorted(module.name for module in pkgutil.iter_modules(paths)))


def offered(package: str, kind: type[Offer]) -> tuple[Offer, ...]:
    """Every instance of `kind` that a module of `package` binds at its top level, alone or inside a tuple.

    In the order of the modules' names, then of the lines; each once. Raises LookupError when there is none, because a
    registry that finds nothing is a broken installation.
    """
    found: dict[int, Offer] = {}
    for name in module_names(package):
        for each in _instances(importlib.import_module(f"{package}.{name}"), kind):
            found.setdefault(id(each), each)
    if not found:
        raise LookupError(f"no module of {package} offers a {kind.__name__}")
    return tuple(found.values())


def _instances(module: ModuleType, kind: type[Offer]) -> Iterator[Offer]:
    for value in vars(module).values():
        many = isinstance(value, tuple) and not isinstance(value, kind)
        for each in value if many else (value,):
            if isinstance(each, kind):
                yield each
