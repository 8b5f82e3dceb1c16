"""The worker's calls that read a label row as the server has it, and that make one where there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from encord.exceptions import ResourceExistsError
from encord.objects import LabelRowV2

from bitmask_studio.sources.encord.errors import Kind
from bitmask_studio.sources.encord.messages import Problem, Refused
from bitmask_studio.sources.encord.save_values import Loss
from bitmask_studio.sources.encord.sent import SentRow
from bitmask_studio.sources.encord.worker.here import Here
from bitmask_studio.sources.encord.worker.links import KEPT, links_in, without_links
from bitmask_studio.sources.encord.worker.parsing import losses_in, to_json

_LONGEST_REFUSAL = 200


def load(here: Here, project_hash: str, label_hash: str, data_hash: str) -> SentRow:
    """A label row, unchanged but for the addresses of its files. Raises what the SDK raises."""
    row = here.row(project_hash, label_hash, data_hash)
    raw = read_raw(row)
    KEPT.keep(here, label_hash, links_in(raw))
    content = to_json(without_links(raw))
    refusal = _refusal(row, raw)
    return SentRow(content, refusal, () if refusal else _losses(row, raw))


def create(here: Here, project_hash: str, data_hash: str) -> str:
    """Make the label row on the server, unless somebody else did meanwhile. Answers its label hash."""
    row = here.row(project_hash, None, data_hash)
    if row.label_hash is not None:
        return row.label_hash
    made: list[dict[str, Any]] = []
    try:
        _capture(row, made)
        row.initialise_labels()
        return str(made[0]["label_hash"])
    except ResourceExistsError:
        label_hash = find(here, project_hash, data_hash)
        if label_hash is None:
            raise
        return label_hash


def find(here: Here, project_hash: str, data_hash: str) -> str | None:
    """The label hash of a row, None while it has no labels."""
    return here.row(project_hash, None, data_hash).label_hash


def read_raw(row: LabelRowV2) -> dict[str, Any]:
    """The label row before the SDK makes anything of it, with signed addresses; never creates one.

    Raises Refused when it has no labels yet, and what the SDK raises.
    """
    if not row.label_hash:
        raise Refused(Problem(Kind.GONE, "row"))
    found: list[dict[str, Any]] = []
    _capture(row, found)
    row.initialise_labels(include_archived=True, include_signed_url=True)
    return dict(found[0])


def _capture(row: LabelRowV2, found: list[dict[str, Any]]) -> None:
    """Let the SDK hand the next labels of this row to us instead of reading them."""
    row.from_labels_dict = found.append  # type: ignore[method-assign, assignment]


def _refusal(row: LabelRowV2, raw: dict[str, Any]) -> str:
    """Why the SDK cannot open these labels."""
    try:
        LabelRowV2.from_labels_dict(row, raw)
    except Exception as error:  # noqa: BLE001 whatever it is, a save would meet it too
        words = str(getattr(error, "message", error)).partition("\n")[0]
        return f"{type(error).__name__}: {words}"[:_LONGEST_REFUSAL]
    return ""


def _losses(row: LabelRowV2, raw: dict[str, Any]) -> tuple[Loss, ...]:
    """What a save would lose, to be told before anybody works on it; a save finds out anew."""
    try:
        return losses_in(row, raw)
    except Exception:  # noqa: BLE001 whatever it is, a save tells it
        return ()


CALLS: Mapping[str, Callable[..., Any]] = {"rows.load": load, "rows.create": create, "rows.find": find}
