"""`export`: masks of files and folders as PNG or NumPy files."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from bitmask_studio.cli.console import ProgressLine, say, tell
from bitmask_studio.cli.encord_login import add_login_options
from bitmask_studio.cli.ending import UNUSABLE
from bitmask_studio.cli.inputs import opened
from bitmask_studio.cli.parser import Parser, path_text
from bitmask_studio.core.text import tr
from bitmask_studio.formats.base import Format
from bitmask_studio.sources.base import Source
from bitmask_studio.studio.exporting.exporting import ExportOrder, ExportReport, class_filter, export, formats
from bitmask_studio.studio.exporting.placing import make_folder

_DESCRIPTION = """\
Write every bitmask of Encord or COCO labels as a file. Polygons of COCO files are exported as masks too; all other
shapes pass by.

  png   one picture a mask, 8-bit gray: 0 and 255
  npy   one array a mask, uint8 (H, W): 0 and 1
  npz   one compressed file a label row, its keys the names that the PNGs would have

Encord masks are named mask_{frame:05d}_{objectHash}, COCO masks mask_{image_id}_{annotation id}; npz files after their
label row's hash. A character outside A-Z a-z 0-9 + = _ . - becomes _, and names that collide get _2, _3, ..
"""
_EPILOG = """\
examples:
  python -m bitmask_studio export labels.json --to png --out masks
  python -m bitmask_studio export labels.json more.json --to npz --out arrays --class Car --class "Traffic light"

A file that is there with the same pixels is left as it is and counted, so running a command again finishes what was
stopped. A file with other content is never overwritten, but listed; --force replaces it.
stdout ends with: exported N masks of M rows to DIR. Lists and progress go to stderr.

exit status:
  0    every mask wanted is in DIR (there may be none); masks of another size than their picture are only noted
  1    the rest was exported: a mask or a part of a row is damaged, or a file was there with other content
  2    an input or option cannot be used, or DIR cannot be written
  130  ended by Ctrl+C
"""

_INPUT = "an Encord JSON, a COCO JSON, a folder of either, or encord:PROJECT[/ROW]"


def run(argv: Sequence[str]) -> int:
    """The exit status. Raises InputError, or SaveError for DIR, before anything is written."""
    kinds = formats()
    given = _parser(list(kinds)).parse_intermixed_args(list(argv))
    with opened(given) as source:
        return _export(source, kinds[given.to], given)


def _export(source: Source, kind: Format, given: argparse.Namespace) -> int:
    classes = class_filter(source, given.classes) if given.classes else None
    order = ExportOrder(kind, Path(given.out), classes, given.force)
    make_folder(order.folder)
    for warning in source.warnings:
        tell(tr("note: {text}").format(text=warning))
    line = _ExportLine()
    try:
        report = export(source, source.rows(), order, line)
    except KeyboardInterrupt:
        line.interrupted()
        raise
    line.clear()
    return _finish(report, given)


def _parser(kinds: list[str]) -> Parser:
    parser = Parser("export", tr(_DESCRIPTION), tr(_EPILOG))
    parser.add_argument("inputs", metavar="INPUT", nargs="+", type=path_text, help=tr(_INPUT))
    parser.add_argument("--to", required=True, choices=kinds, help=tr("the kind of file"))
    parser.add_argument(
        "--out", metavar="DIR", required=True, type=path_text, help=tr("the folder for the files; made when missing")
    )
    parser.add_argument("--images", metavar="DIR", type=path_text, help=tr("where the pictures lie"))
    parser.add_argument(
        "--class",
        metavar="C",
        dest="classes",
        action="append",
        help=tr("only this class: exact title or feature hash; may be given more than once"),
    )
    add_login_options(parser)
    parser.add_argument("--force", action="store_true", help=tr("replace files that are there with other content"))
    return parser


def _finish(report: ExportReport, given: argparse.Namespace) -> int:
    for text in _lists(report):
        tell(text)
    if report.stopped:
        tell(_stopped(report, report.stopped))
        return UNUSABLE
    # Scripts read this line: it is the same in every language.
    say(f"exported {report.masks} masks of {report.rows} rows to {given.out}")
    return 0 if report.complete else 1


def _lists(report: ExportReport) -> Iterator[str]:
    for remark in report.remarks:
        yield tr("note: {text}").format(text=remark)
    for remark in report.damaged:
        yield tr("damaged: {text}").format(text=remark)
    for name in report.refused:
        yield tr("not overwritten: {name} is there with other content").format(name=name)
    counts = (
        (report.same, tr("masks were there already, with the same pixels: {n}")),
        (report.rows_without_labels, tr("rows without labels, skipped: {n}")),
        (report.passed_by.total(), tr("labels without a mask, passed by: {n} ({shapes})")),
        (len(report.damaged), tr("damaged: {n}")),
        (len(report.refused), tr("not overwritten: {n}; --force replaces them")),
    )
    shapes = ", ".join(f"{shape} {count}" for shape, count in sorted(report.passed_by.items()))
    for count, text in counts:
        if count:
            yield text.format(n=count, shapes=shapes)


def _stopped(report: ExportReport, reason: str) -> str:
    return tr(
        "stopped at {done} of {rows} rows, {masks} masks are there: {reason} The same command finishes it."
    ).format(done=report.rows_done, rows=report.rows, masks=report.masks, reason=reason)


class _ExportLine:
    """Shows how far an export is."""

    def __init__(self) -> None:
        self._line = ProgressLine()
        self._report: ExportReport | None = None

    def __call__(self, report: ExportReport) -> None:
        self._report = report
        if self._line.due or report.rows_done == report.rows:
            text = tr("{done} of {rows} rows, {masks} masks")
            self._line.show(text.format(done=report.rows_done, rows=report.rows, masks=report.masks))

    def clear(self) -> None:
        self._line.clear()

    def interrupted(self) -> None:
        self.clear()
        if self._report:
            tell(_stopped(self._report, tr("ended by Ctrl+C.")))
