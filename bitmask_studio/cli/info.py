"""`info`: what files and folders hold, as a table or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence

from bitmask_studio.cli.console import ProgressLine, plain, say, tell
from bitmask_studio.cli.encord_login import add_login_options
from bitmask_studio.cli.inputs import opened
from bitmask_studio.cli.parser import Parser, path_text
from bitmask_studio.core.text import tr
from bitmask_studio.studio.summary import RowSummary, summaries

_DESCRIPTION = """\
List the label rows of Encord or COCO files, their bitmasks and what is damaged in them. Nothing is written.
"""
_EPILOG = """\
examples:
  python -m bitmask_studio info labels.json
  python -m bitmask_studio info labels.json --json | jq '.rows[].bitmasks[].area'

--json prints {"rows": [{"label_hash", "data_hash", "title", "data_type", "frames",
  "bitmasks": [{"frame", "objectHash", "class", "width", "height", "area", "bbox": [x, y, w, h], "damage"}],
  "other": {shape: count}}]}; a damaged mask has a text under "damage", and null for area and bbox.

exit status:
  0    all is well
  1    a mask or a row is damaged, or a part of a row cannot be read
  2    an input or option cannot be used
"""
_INPUT = "an Encord JSON, a COCO JSON, a folder of either, or encord:PROJECT[/ROW]"
_TITLE_WIDTH = 60
_WORDS = 2
"""How many of the columns hold words."""


def run(argv: Sequence[str]) -> int:
    """The exit status. Raises InputError."""
    given = _parser().parse_intermixed_args(list(argv))
    with opened(given) as source:
        for warning in source.warnings:
            tell(tr("note: {text}").format(text=warning))
        rows = _counted(summaries(source), len(source.rows()), shown=given.json and sys.stdout.isatty())
        return _print_json(rows) if given.json else _print_table(list(rows))


def _parser() -> Parser:
    parser = Parser("info", tr(_DESCRIPTION), tr(_EPILOG))
    parser.add_argument("inputs", metavar="INPUT", nargs="+", type=path_text, help=tr(_INPUT))
    add_login_options(parser)
    parser.add_argument("--json", action="store_true", help=tr("print JSON instead of a table"))
    return parser


def _counted(rows: Iterable[RowSummary], total: int, shown: bool) -> Iterator[RowSummary]:
    """The rows, and beside them how many there were, unless they are `shown` on the terminal themselves."""
    line = ProgressLine()
    try:
        for done, row in enumerate(rows):
            if line.due and not shown:
                line.show(tr("{done} of {rows} rows").format(done=done, rows=total))
            yield row
    finally:
        line.clear()


def _print_json(rows: Iterable[RowSummary]) -> int:
    """Row by row: a large project is never held as one text."""
    status = 0
    before = '{"rows": ['
    for row in rows:
        print(f"{before}\n{json.dumps(row.to_json())}", end="")
        before = ","
        status = max(status, _tell_damage(row))
    print("\n]}" if before == "," else f"{before}]}}")
    return status


def _print_table(rows: Sequence[RowSummary]) -> int:
    head = (tr("TITLE"), tr("TYPE"), tr("SIZE"), tr("FRAMES"), tr("MASKS"), tr("OTHER"), tr("DAMAGED"))
    for line in _aligned([head, *map(_cells, rows)]):
        say(line)
    say(
        tr("{rows} rows, {masks} masks, {damaged} damaged").format(
            rows=len(rows),
            masks=sum(len(row.bitmasks) for row in rows),
            damaged=sum(len(row.damaged) for row in rows),
        )
    )
    return max(map(_tell_damage, rows), default=0)


def _cells(row: RowSummary) -> tuple[str, ...]:
    info = row.info
    name = plain(info.name)
    counts = (info.frames, len(row.bitmasks), sum(row.other.values()), len(row.damaged))
    damage = tr("unreadable") if row.unreadable else tr("in part") if row.damage else str(counts[-1])
    return (
        name if len(name) <= _TITLE_WIDTH else f"{name[: _TITLE_WIDTH - 2]}..",
        info.data_type,
        f"{info.width} x {info.height}",
        *map(str, counts[:-1]),
        damage,
    )


def _aligned(table: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Words to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for cells in table:
        words = [cell.ljust(width) for cell, width in zip(cells[:_WORDS], widths, strict=False)]
        numbers = [cell.rjust(width) for cell, width in zip(cells[_WORDS:], widths[_WORDS:], strict=True)]
        yield "  ".join(words + numbers)


def _tell_damage(row: RowSummary) -> int:
    """List what is damaged in a row on stderr; answer the exit status that it asks for."""
    if row.damage:
        tell(tr("damaged: {row}: {reason}").format(row=row.info.name, reason=row.damage))
    for each in row.damaged:
        tell(
            tr("damaged: {row}, frame {frame}, object {object_hash}: {reason}").format(
                row=row.info.name, frame=each.frame, object_hash=each.object_hash, reason=each.damage
            )
        )
    return int(bool(row.damage or row.damaged))
