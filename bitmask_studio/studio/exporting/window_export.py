"""The export that the window offers: asks what and where, then takes the same road as the command line."""

from __future__ import annotations

import asyncio
import threading

from bitmask_studio.core.labels import LabelRow, RowInfo
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Source
from bitmask_studio.studio import preferences
from bitmask_studio.studio.ask import ExportWish
from bitmask_studio.studio.exporting.exporting import ExportOrder, ExportReport, export, formats
from bitmask_studio.studio.notices import Level
from bitmask_studio.studio.session import Session


async def export_masks(session: Session) -> None:
    """Ask what to export and write it in a job, with the edits as they stand now."""
    studio = session.studio
    studio.gestures.finish()
    source, wish = studio.workspace.source, await studio.ask.export()
    if source is None or wish is None:
        return
    studio.set(preferences.EXPORT_FOLDER, str(wish.folder))
    rows = await _all_rows(session) if wish.all_rows else _open_row(session)
    report = await _run(session, source, rows, wish)
    studio.say(_summary(report, wish), Level.INFO if report.complete else Level.WARNING)


async def _run(session: Session, source: Source, rows: tuple[RowInfo, ...], wish: ExportWish) -> ExportReport:
    studio, loop, stop = session.studio, asyncio.get_running_loop(), threading.Event()
    format_ = formats()[wish.format]
    edited = {document.row.info.key: document.row_now() for document in studio.workspace.unsaved}

    def load(info: RowInfo) -> LabelRow:
        return edited.get(info.key) or source.load(info)

    def progress(report: ExportReport) -> None:
        text = tr("Exporting: {done} of {rows} rows, {masks} masks")
        text = text.format(done=report.rows_done, rows=report.rows, masks=report.masks)
        studio.jobs.tell(loop, studio.busy, text, stop.set)

    order = ExportOrder(format_, wish.folder, force=wish.force)
    try:
        return await studio.jobs.run(lambda: export(source, rows, order, progress, stop.is_set, load))
    finally:
        loop.call_soon(studio.busy)


async def _all_rows(session: Session) -> tuple[RowInfo, ...]:
    """Those of a list that is still being read too."""
    files = session.studio.workspace.files
    if files is None or files.is_whole:
        return session.studio.workspace.rows
    return tuple(await session.studio.jobs.run(files.rows))


def _open_row(session: Session) -> tuple[RowInfo, ...]:
    info = session.studio.workspace.row(session.studio.view.row)
    return (info,) if info else ()


def _summary(report: ExportReport, wish: ExportWish) -> str:
    parts = [tr("Exported {masks} masks to {folder}.").format(masks=report.masks, folder=wish.folder)]
    if report.refused:
        text = tr("{count} files with other content were left alone: {names}.")
        parts.append(text.format(count=len(report.refused), names=", ".join(report.refused[:3])))
    if report.damaged:
        text = tr("{count} masks are damaged and were left out: {first}.")
        parts.append(text.format(count=len(report.damaged), first=report.damaged[0]))
    if report.stopped:
        text = tr("It stopped at {done} of {rows} rows: {reason}. Exporting there again does the rest.")
        parts.append(text.format(done=report.rows_done, rows=report.rows, reason=report.stopped.rstrip(".")))
    return " ".join(parts)
