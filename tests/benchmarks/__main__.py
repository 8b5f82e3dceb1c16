"""Runs the measurements and prints what each target asks for and what came out: `python -m tests.benchmarks P1 P2`."""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from tests import benchmarks
from tests.benchmarks.base import Result

MODULE = re.compile(r"p(\d\d)_\w+")


def modules(wanted: set[str]) -> Iterator[str]:
    """Names of the modules that measure the wanted targets, all for none, in order."""
    for name in sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__)):
        number = MODULE.fullmatch(name)
        if number and (not wanted or f"P{int(number[1])}" in wanted):
            yield name


def line(result: Result) -> str:
    verdict = "met" if result.met else "MISSED"
    measured = f"{result.measured:,.3g}" if result.measured < 100 else f"{result.measured:,.0f}"
    return f"{result.id:4} {result.what:58} {result.target:>14} {measured:>8} {result.unit:4} {verdict:7} {result.note}"


def written(results: list[Result]) -> str:
    """The results as JSON, for keeping."""
    return json.dumps([{**asdict(each), "met": each.met} for each in results], indent=2) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here too")
    parser.add_argument("--only", default="", metavar="P1,P2", help="targets to measure")
    parser.add_argument("ids", nargs="*", metavar="ID", help="targets to measure")
    arguments = parser.parse_args()
    wanted = {each.upper() for each in [*arguments.only.split(","), *arguments.ids] if each}
    results: list[Result] = []
    for name in modules(wanted):
        for result in importlib.import_module(f"{benchmarks.__name__}.{name}").run():
            print(line(result), flush=True)
            results.append(result)
    if arguments.json:
        arguments.json.write_text(written(results), "utf-8")
    return 0 if results and all(each.met for each in results) else 1


if __name__ == "__main__":
    sys.exit(main())
