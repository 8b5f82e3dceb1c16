"""What the program knows of a failure of its own: a report that anybody may read, with nothing secret in it."""

from __future__ import annotations

import platform
from datetime import datetime
from pathlib import Path
from types import TracebackType

from msgspec import Struct

import bitmask_studio
from bitmask_studio.core.text import tr
from bitmask_studio.studio.log import fit_to_show, trace_of


class Report(Struct, frozen=True):
    """`heading` and `words` are for the user; `text` is what may be copied and sent to whoever mends the program.

    `place` is the same for every failure of the same kind at the same line; `ended` tells that the program is gone.
    """

    heading: str
    words: str
    text: str
    place: str = ""
    ended: bool = False


def report_of(error: BaseException) -> Report:
    """The report of an exception that nobody expected."""
    words = tr(
        "What you were just doing may not have worked. Your edits are still here: you can go on. "
        "If something looks wrong, save your edits, close the window and open it again."
    )
    heading, place = tr("Something went wrong inside the program"), place_of(error)
    return Report(heading, words, _text(place, trace_of(error)), place)


def report_of_the_end(trace: str) -> Report:
    """The report of a run that Python could not survive; `trace` is what its faulthandler wrote."""
    words = tr(
        "Edits whose mark said that they are kept are not lost: they come back by themselves when their row opens. "
        "Saved files are as they were saved."
    )
    heading = tr("Bitmask Studio ended unexpectedly last time")
    return Report(heading, words, _text("", fit_to_show(trace)), ended=True)


def place_of(error: BaseException) -> str:
    """The kind of an exception and the line it was raised at, such as `KeyError in canvas.py:154`."""
    last: TracebackType | None = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    name = type(error).__name__
    return f"{name} in {Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}" if last is not None else name


def _text(place: str, trace: str) -> str:
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    system = f"Python {platform.python_version()} · {platform.system()} {platform.release()} {platform.machine()}"
    about = (f"Bitmask Studio {bitmask_studio.__version__} · {system}", now, *((place,) if place else ()))
    return "\n".join((*about, "", trace)).strip()
