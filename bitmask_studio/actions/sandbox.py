"""Sandbox: what colleagues and networks do, on demand, while the sample server of this program is what is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bitmask_studio.actions.base import Action, Deed
from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.text import tr
from bitmask_studio.studio.session import Session

if TYPE_CHECKING:
    from bitmask_studio.sandbox import Sandbox

Colleague = Callable[["Sandbox", str, str | None], object]


def in_sandbox(session: Session) -> bool:
    return session.signing_in.sandbox is not None


def in_labelled_row(session: Session) -> bool:
    return in_sandbox(session) and _label_hash(session) is not None


def colleague(work: Colleague) -> Deed:
    """Let somebody else work on the row that is shown."""

    def run(session: Session) -> None:
        sandbox, label_hash = session.signing_in.sandbox, _label_hash(session)
        if sandbox and label_hash:
            chosen = session.studio.chosen
            work(sandbox, label_hash, chosen.object_hash if chosen and chosen.is_bitmask else None)
            session.studio.say(tr("A colleague has changed this row on the server."))

    return run


def fault(kind: str, what: str) -> Deed:
    """Let something go wrong with the next request of a kind."""

    def run(session: Session) -> None:
        from bitmask_studio.sandbox import Fault, FaultKind

        if sandbox := session.signing_in.sandbox:
            sandbox.faults.add(Fault(FaultKind[kind], what, retry_after=5))
            session.studio.say(tr("The next request of that kind will fail."))

    return run


def _label_hash(session: Session) -> str | None:
    row: RowInfo | None = session.studio.workspace.row(session.studio.view.row)
    return row.label_hash if row else None


ACTIONS = (
    Action(
        "colleague_edits",
        tr("A Colleague Repaints the Chosen Object"),
        "Sandbox",
        10,
        colleague(lambda sandbox, row, each: sandbox.colleague.edits(row, each)),
        enabled=in_labelled_row,
    ),
    Action(
        "colleague_adds",
        tr("A Colleague Adds an Object"),
        "Sandbox",
        20,
        colleague(lambda sandbox, row, each: sandbox.colleague.adds(row)),
        enabled=in_labelled_row,
    ),
    Action(
        "colleague_deletes",
        tr("A Colleague Deletes the Chosen Object"),
        "Sandbox",
        30,
        colleague(lambda sandbox, row, each: sandbox.colleague.deletes(row, each)),
        enabled=in_labelled_row,
    ),
    *(
        Action(f"fault_{kind.lower()}", title, "Sandbox", 40 + order, fault(kind, "v1"), enabled=in_sandbox, group=1)
        for order, (kind, title) in enumerate(
            (
                ("RESET_BEFORE", tr("Next Request: Connection Lost")),
                ("RESET_AFTER", tr("Next Request: Done, but the Answer Is Lost")),
                ("HANG", tr("Next Request: No Answer")),
                ("TOO_MANY", tr("Next Request: Too Many Requests")),
                ("UNAVAILABLE", tr("Next Request: Server Unavailable")),
                ("FORBIDDEN", tr("Next Request: Not Allowed")),
            )
        )
    ),
)
