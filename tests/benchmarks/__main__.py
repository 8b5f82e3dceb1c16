"""Runs the measurements and prints what each target asks for and what came out: `python -m tests.benchmarks P7 P9`.

Exit status: 0 when all that was measured is met, 1 when anything is missed or fails, or nothing could be measured, 2
for a wrong command. What cannot be measured here, for want of a screen or of data, is listed with the reason.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import re
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from tests import benchmarks
from tests.benchmarks.base import CannotMeasureError, Result, failed, unmeasured

MODULE = re.compile(r"p(\d\d)_\w+")
WIDTH = 57
"""Characters that say what is measured."""
HEADER = f"{'':4} {'what':{WIDTH}} {'target':>12} {'measured':>11}  {'verdict':12} note"


def modules() -> dict[str, list[str]]:
    """Names of the modules that measure a target, by target, in order."""
    found: dict[str, list[str]] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__)):
        if number := MODULE.fullmatch(name):
            found.setdefault(f"P{int(number[1])}", []).append(name)
    return found


def line(result: Result) -> str:
    """A line of the table."""
    measured = "" if result.measured is None else f"{_figure(result.measured)} {result.unit}"
    columns = (
        f"{result.id:4} {result.what:{WIDTH}} {result.target:>12} {measured:>11}  {result.verdict:12} {result.note}"
    )
    return columns.rstrip()


def summary(results: Iterable[Result]) -> str:
    """How many of the figures are met, missed and not measured."""
    counts = Counter(each.verdict for each in results)
    return ", ".join(f"{counts[each]} {each}" for each in ("met", "MISSED", "FAILED", "not measured") if counts[each])


def written(results: Iterable[Result]) -> str:
    """The results as JSON, for keeping."""
    return json.dumps([{**asdict(each), "verdict": each.verdict} for each in results], indent=2) + "\n"


def status(results: Sequence[Result]) -> int:
    verdicts = {each.verdict for each in results}
    return 0 if "met" in verdicts and not verdicts & {"MISSED", "FAILED"} else 1


def measured(wanted: Sequence[str], peers: str | None) -> Iterator[Result]:
    """The results of some targets one after another, in the order of the targets; then those of the peers."""
    for target, names in modules().items():
        if target in wanted:
            for name in names:
                yield from _measured(target, name)
    if peers:
        from tests.benchmarks.peers import compared

        yield from compared(wanted, peers)


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parsed(argv)
    results: list[Result] = []
    print(HEADER, flush=True)
    for result in measured(arguments.ids, arguments.peers):
        print(line(result), flush=True)
        results.append(result)
    print(summary(results))
    if arguments.json:
        arguments.json.write_text(written(results), "utf-8")
    return status(results)


def _measured(target: str, name: str) -> Iterator[Result]:
    """What a module measures. Where it fails, that is a line of the table, and the other targets are measured still."""
    module = importlib.import_module(f"{benchmarks.__name__}.{name}")
    what = _short((module.__doc__ or "").partition("\n")[0].removeprefix(f"{target}: "))
    try:
        yield from module.run()
    except CannotMeasureError as reason:
        yield unmeasured(target, what, str(reason))
    except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
        yield failed(target, what, error)


def _short(text: str) -> str:
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 2]} …"


def _parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    known = list(modules())
    parser = argparse.ArgumentParser(
        prog="packaging/bootstrap.py bench", description="Measure the program against its targets."
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here too")
    parser.add_argument("--only", default="", metavar="P1,P2", help="targets to measure, as IDs")
    parser.add_argument(
        "--peers",
        nargs="?",
        const=sys.executable,
        metavar="PYTHON",
        help="measure napari and labelme too (P5 to P7), where this PYTHON, else ours, has them; goes after the IDs",
    )
    parser.add_argument("ids", nargs="*", metavar="ID", help="targets to measure, P1 to P17; all for none")
    arguments = parser.parse_args(argv)
    ids = [each.upper() for each in [*arguments.only.split(","), *arguments.ids] if each]
    if unknown := [each for each in ids if each not in known]:
        parser.error(f"nothing measures {', '.join(unknown)}; there are {', '.join(known)}")
    arguments.ids = ids or known
    return arguments


def _figure(value: float) -> str:
    return f"{value:,.4g}" if abs(value) < 100 else f"{value:,.0f}"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, stack: sys.exit(128 + number))  # screens and windows end with it
    sys.exit(main())
