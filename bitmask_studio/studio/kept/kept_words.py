"""What is said of kept edits, in words for the user."""

from __future__ import annotations

from datetime import datetime

from bitmask_studio.core.text import tr


def misfit_words(title: str, edits: int, last_at: float) -> str:
    """That edits of a row have no place in it any more, for the user."""
    text = tr(
        "Edits of {row} ({n}), last at {when}, could not be brought back: its pictures have another size now, or "
        "what they began with cannot be read. They were left where they are kept."
    )
    return text.format(n=edits, row=title, when=moment(last_at))


def moment(at: float) -> str:
    """A time of this computer's clock as people say it: with the date unless it is today's."""
    then = datetime.fromtimestamp(at)
    if then.date() == datetime.now().date():
        return f"{then:%H:%M}"
    return tr("{time} on {date}").format(time=f"{then:%H:%M}", date=f"{then:%Y-%m-%d}")
