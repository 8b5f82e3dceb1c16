"""A label row as the server sent it, as frames and objects, with all that speaks against editing it over Encord."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from msgspec.structs import replace

from bitmask_studio.core.labels import LabelRow, RowInfo
from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.loss_words import sentence
from bitmask_studio.sources.encord.save_values import Loss
from bitmask_studio.sources.encord.sent import SentRow
from bitmask_studio.sources.encord.words import unsupported
from bitmask_studio.sources.jsontext import facts
from bitmask_studio.sources.label_rows.layout import IMAGE_TYPES, Layout, Segment, lay_out
from bitmask_studio.sources.label_rows.row import opened, read_table, summarize


class Read(NamedTuple):
    """A row, and the data hashes and spaces in it whose frames are those of one video file."""

    row: LabelRow
    videos: frozenset[str]


def read_row(info: RowInfo, sent: SentRow) -> Read:
    """The row that the list shows as `info`; its key, title and data type stay those of the list.

    Raises InputError when it is no label row.
    """
    row = read_table(sent.content)
    _add_sizes(row, info)
    layout = _as_long_as_listed(lay_out(row), row, info)
    found = summarize(row, info.key, layout).info
    reasons = [_refused(sent.refusal), _keyed(layout, row), found.read_only]
    merged = replace(
        info,
        label_hash=found.label_hash or info.label_hash,
        frames=found.frames,
        width=found.width or info.width,
        height=found.height or info.height,
        objects=found.objects,
        bitmasks=found.bitmasks,
        read_only=unsupported(info.data_type) or " ".join(each for each in reasons if each) or None,
        damage=found.damage,
        caution=_caution(sent.losses),
        uninitialised=False,
        last_edited=_moment(row.get("last_edited_at")) or info.last_edited,
    )
    return Read(opened(row, layout, merged, sent.content), _videos(row, info))


def _caution(losses: Sequence[Loss]) -> str | None:
    """Said before anybody paints for an hour what could then not be saved here."""
    if not losses:
        return None
    text = tr(
        "This row cannot be saved to Encord from here: Encord's software would destroy work in it. {first} "
        "Edits can be saved to a file."
    )
    return text.format(first=sentence(losses[0]))


def _videos(row: Mapping[str, Any], info: RowInfo) -> frozenset[str]:
    spaces = {key: facts.table(each) for key, each in facts.table(row.get("spaces")).items()}
    found = {key for key, each in spaces.items() if _is_video(each)}
    if info.data_type == "video":
        found |= {facts.text(facts.table(each).get("data_hash")) or key for key, each in _units(row).items()}
    return frozenset(found)


def _is_video(space: Mapping[str, Any]) -> bool:
    """Whether one file holds all frames of a space: an image sequence names a file for each, or is one."""
    kind = space.get("space_type")
    return kind == "video" or (kind == "image_sequence" and not space.get("frames"))


def _units(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return facts.table(row.get("data_units"))


def _add_sizes(row: Mapping[str, Any], info: RowInfo) -> None:
    """Older rows do not say how large their only unit is; the list does."""
    units = list(_units(row).values())
    if info.data_type == "group" or len(units) != 1 or not info.width or not info.height:
        return
    if isinstance(units[0], dict) and units[0].get("width") is None and units[0].get("height") is None:
        units[0].update(width=info.width, height=info.height)


def _as_long_as_listed(layout: Layout, row: Mapping[str, Any], info: RowInfo) -> Layout:
    """The same frames as the SDK counts: of a video what the list says, of a space what the space says."""
    segments = tuple(_lengthened(each, _listed(each, row, info)) for each in layout.segments)
    return replace(layout, segments=segments)


def _listed(segment: Segment, row: Mapping[str, Any], info: RowInfo) -> int | None:
    if segment.path[0] == "spaces":
        return facts.whole(facts.table(facts.table(row.get("spaces")).get(segment.path[1])).get("number_of_frames"))
    return info.frames if info.data_type == "video" else None


def _lengthened(segment: Segment, count: int | None) -> Segment:
    """Never shorter than its last frame with labels."""
    if count is None or segment.keys is None or not 0 < count <= facts.MAX_FRAMES:
        return segment
    labelled = (facts.frame_number(key) for key in segment.labels)
    return replace(segment, numbers=range(max(count, *(each + 1 for each in labelled if each is not None), 1)))


def _refused(refusal: str) -> str | None:
    if not refusal:
        return None
    text = tr("It can be looked at and exported, not changed: Encord's SDK, which saves, cannot open it ({reason}).")
    return text.format(reason=refusal)


def _keyed(layout: Layout, row: Mapping[str, Any]) -> str | None:
    """The SDK takes keyed labels of a picture for none, so a save would delete them."""
    if facts.text(row.get("data_type")).lower() not in IMAGE_TYPES:
        return None
    for segment in layout.segments:
        labels = segment.frame_labels(0)
        if segment.key(0) is not None and (labels.get("objects") or labels.get("classifications")):
            return tr(
                "It can be looked at and exported, not changed: its labels are stored frame by frame, as exports write"
                " them, and Encord's SDK would delete them when it saves."
            )
    return None


def _moment(text: object) -> datetime | None:
    """A time in either form that Encord writes; without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(facts.text(text))
    except ValueError:
        try:
            found = parsedate_to_datetime(facts.text(text))
        except ValueError:
            return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
