"""A network and a server that fail in the middle of a save: what is stored, what is said, how often it is sent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from bitmask_studio.core.labels import LabelRow, MaskKey, RowChanges, RowInfo
from bitmask_studio.sandbox import Fault, FaultKind
from bitmask_studio.sources.base import Conflict, ConflictError, Keep, PartlySavedError
from bitmask_studio.sources.encord.errors import Kind, NotSavedError
from bitmask_studio.sources.encord.link import Link
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.saving import Hearers, save_rows
from tests.sources.encord import saves
from tests.sources.encord.saves import PAINTED, Desk
from tests.sources.twins import Json, block, masks_of

KEY = MaskKey(0, "imageAA1")
_NO_PAUSES = (0.02, 0.02)

Action = Callable[[], object]


def _impatient(login: Login) -> Link:
    return Link(login, silence=0.7, seconds=20.0, pauses=_NO_PAUSES)


class Meddled(Link):
    """A real link; something happens before the first order to store goes out, or after it came back."""

    def __init__(self, link: Link, before: Action = lambda: None, after: Action = lambda: None) -> None:
        self.link, self.before, self.after = link, before, after
        self.deed = link.deed  # type: ignore[method-assign]

    def call(self, name: str, *args: object, **options: Any) -> Any:  # noqa: ANN401 as the link's own
        stores = name == "rows.store"
        before, after = self.before, self.after
        if stores:
            self.before = self.after = lambda: None
            before()
        try:
            return self.link.call(name, *args, **options)
        finally:
            if stores:
                after()


@pytest.fixture(scope="module")
def open_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from saves.desk_of(saves.start(tmp_path_factory.mktemp("faults")), _impatient)


def save(
    desk: Desk,
    *rows: LabelRow,
    choices: Mapping[Conflict, Keep] | None = None,
    before: Action = lambda: None,
    after: Action = lambda: None,
) -> list[LabelRow]:
    """Paint the first mask of each row, or of the picture, and save."""
    changes = [RowChanges(row, {next(iter(masks_of(row))): PAINTED}) for row in rows or (desk.open("image"),)]
    link = Meddled(desk.source._link, before, after)
    return save_rows(link, desk.source.project_hash, changes, choices or {}, desk.source._reread, _NO_PAUSES)


def fail(desk: Desk, kind: FaultKind, times: int = 1, method: str = "POST", **more: int) -> None:
    desk.sandbox.faults.add(Fault(kind, "labelrow", method, times, **more))


def is_stored(desk: Desk) -> bool:
    strings = saves.strings(desk.wire("image"))
    return strings["0", "imageAA1"] == [PAINTED.to_rle(30, 40)]


APPLIED = [FaultKind.RESET_AFTER, FaultKind.DRIP, FaultKind.CUT_JSON]
NOT_APPLIED = [
    FaultKind.RESET_BEFORE,
    FaultKind.HANG,
    FaultKind.NOT_JSON,
    FaultKind.FALSE,
    FaultKind.SERVER_ERROR,
    FaultKind.UNAVAILABLE,
    FaultKind.HTML,
    FaultKind.CONFLICT,
]
FINAL = {
    FaultKind.UNAUTHENTICATED: Kind.NOT_ACCEPTED,
    FaultKind.FORBIDDEN: Kind.FORBIDDEN,
    FaultKind.NOT_FOUND: Kind.GONE,
    FaultKind.TOO_LARGE: Kind.TOO_LARGE,
    FaultKind.TOO_MANY: Kind.TOO_MANY_REQUESTS,
}


@pytest.mark.parametrize("kind", APPLIED)
def test_what_was_stored_although_the_answer_was_lost_is_found_and_not_sent_again(desk: Desk, kind: FaultKind) -> None:
    fail(desk, kind)
    (saved,) = save(desk)
    assert masks_of(saved)[KEY].same_as(PAINTED)
    assert is_stored(desk)
    assert len(desk.writes) == 1


@pytest.mark.parametrize("kind", NOT_APPLIED)
def test_what_was_not_stored_is_sent_again_after_looking(desk: Desk, kind: FaultKind) -> None:
    fail(desk, kind)
    (saved,) = save(desk)
    assert masks_of(saved)[KEY].same_as(PAINTED)
    assert is_stored(desk)
    assert len(desk.writes) == 2
    kinds = [(each.method, each.what) for each in desk.sandbox.requests if each.what == "labelrow"]
    first, second = (at for at, each in enumerate(kinds) if each[0] == "POST")
    assert ("GET", "labelrow") in kinds[first:second]


@pytest.mark.parametrize("kind", NOT_APPLIED)
def test_after_three_sends_it_is_not_saved_and_said_so(desk: Desk, kind: FaultKind) -> None:
    fail(desk, kind, times=9)
    with pytest.raises(NotSavedError, match=r"^Not saved: .*kept"):
        save(desk)
    assert not is_stored(desk)
    assert len(desk.writes) == 3


@pytest.mark.parametrize("kind", FINAL)
def test_a_refusal_is_told_at_once(desk: Desk, kind: FaultKind) -> None:
    fail(desk, kind, times=9, retry_after=7)
    with pytest.raises(NotSavedError, match=r"^Not saved: .*(edits are kept|key)") as refused:
        save(desk)
    assert refused.value.kind is FINAL[kind]
    assert not is_stored(desk)
    assert len(desk.writes) == 1


def test_how_long_to_wait_is_passed_on(desk: Desk) -> None:
    fail(desk, FaultKind.TOO_MANY, retry_after=7)
    begun = time.monotonic()
    with pytest.raises(NotSavedError, match="7 seconds") as refused:
        save(desk)
    assert refused.value.retry_after == 7
    assert time.monotonic() - begun < 6


@pytest.mark.parametrize("kind", [*FINAL, FaultKind.SERVER_ERROR, FaultKind.HANG, FaultKind.CUT_JSON])
def test_what_cannot_be_read_before_is_not_sent(desk: Desk, kind: FaultKind) -> None:
    row = desk.open("image")
    fail(desk, kind, times=9, method="GET")
    with pytest.raises(NotSavedError, match="Not saved"):
        save(desk, row)
    assert desk.writes == []


@pytest.mark.parametrize(
    "kind", [FaultKind.SERVER_ERROR, FaultKind.HANG, FaultKind.UNAUTHENTICATED, FaultKind.CUT_JSON]
)
def test_what_cannot_be_read_back_is_not_called_saved(desk: Desk, kind: FaultKind) -> None:
    row = desk.open("image")
    with pytest.raises(NotSavedError, match=r"^Not confirmed: .*kept"):
        save(desk, row, after=lambda: fail(desk, kind, times=9, method="GET"))
    assert is_stored(desk)
    assert len(desk.writes) == 1
    desk.sandbox.faults.clear()
    (saved,) = save(desk, row)
    assert masks_of(saved)[KEY].same_as(PAINTED)
    assert len(desk.writes) == 1


def test_a_colleague_who_saves_in_between_is_merged_before_anything_is_sent(desk: Desk) -> None:
    (saved,) = save(desk, before=lambda: desk.repaint("image", "image+/2", block(0, 20)))
    assert masks_of(saved)[KEY].same_as(PAINTED)
    assert masks_of(saved)[MaskKey(0, "image+/2")].same_as(block(0, 20))
    assert len(desk.writes) == 1


def test_a_colleague_who_paints_the_same_in_between_is_asked_about(desk: Desk) -> None:
    row = desk.open("image")
    with pytest.raises(ConflictError) as asked:
        save(desk, row, before=lambda: desk.repaint("image", "imageAA1", block(5, 3)))
    assert desk.writes == []
    (saved,) = save(desk, row, choices=dict.fromkeys(asked.value.conflicts, Keep.MINE))
    assert masks_of(saved)[KEY].same_as(PAINTED)


def test_a_colleague_who_saves_over_it_is_found_out_and_both_are_stored(desk: Desk) -> None:
    row, old = desk.open("image"), desk.wire("image")

    def overwrite() -> None:
        def older(wire: Json) -> None:
            wire.clear()
            wire.update(old)

        desk.theirs("image", older)
        desk.repaint("image", "image+/2", block(0, 20))

    (saved,) = save(desk, row, after=overwrite)
    assert masks_of(saved)[KEY].same_as(PAINTED)
    assert masks_of(saved)[MaskKey(0, "image+/2")].same_as(block(0, 20))
    assert len(desk.writes) == 2


def test_a_colleague_who_goes_on_from_it_is_taken_in(desk: Desk) -> None:
    (saved,) = save(desk, after=lambda: desk.repaint("image", "image+/2", block(0, 20)))
    assert masks_of(saved)[MaskKey(0, "image+/2")].same_as(block(0, 20))
    assert len(desk.writes) == 1


def test_an_object_that_is_gone_with_the_save_is_no_quiet_matter(desk: Desk) -> None:
    row = desk.open("image")
    with pytest.raises(NotSavedError, match=r"^Not confirmed: .*not as it was"):
        save(desk, row, after=lambda: desk.sandbox.colleague.deletes(str(row.info.label_hash), "image+/2"))


def test_a_row_that_is_deleted_in_between_is_told(desk: Desk) -> None:
    row = desk.open("image")
    desk.sandbox.faults.add(Fault(FaultKind.NOT_FOUND, "labelrow", "GET", 9))
    with pytest.raises(NotSavedError, match="not on the server any more") as gone:
        save(desk, row)
    assert gone.value.kind is Kind.GONE


def test_a_cancel_between_two_sends_ends_the_save_without_another_one(desk: Desk) -> None:
    row, told = desk.open("image"), []
    fail(desk, FaultKind.SERVER_ERROR, times=9)
    cancelled: list[float] = []

    def tell(text: str) -> None:
        told.append(text)
        if "sent again in" in text:
            cancelled.append(time.monotonic())
            threading.Timer(0.05, lambda: desk.source._link.cancel(writes=True)).start()

    changes = [RowChanges(row, {KEY: PAINTED})]
    with pytest.raises(NotSavedError, match=r"^Cancelled\. Whether .* is not known.*kept") as ended:
        save_rows(desk.source._link, desk.source.project_hash, changes, {}, desk.source._reread, (30.0,), Hearers(tell))
    assert ended.value.kind is Kind.CANCELLED
    assert len(desk.writes) == 1
    name = "image title"
    assert told == [f"Reading {name} …", f"Sending {name} …", f"Reading {name} back …", told[-1]]
    assert told[-1] == f"{name} did not arrive: sent again in 30 s …" and len(cancelled) == 1


def test_giving_up_what_is_being_opened_is_no_matter_to_a_save(desk: Desk) -> None:
    row = desk.open("image")
    fail(desk, FaultKind.HANG, method="GET")
    given_up = threading.Timer(0.3, desk.source._link.cancel)
    given_up.start()
    (saved,) = save(desk, row)
    given_up.join()
    assert masks_of(saved)[KEY].same_as(PAINTED)


def test_rows_saved_before_a_failure_are_told_of(desk: Desk) -> None:
    first, second, third = (desk.open(name) for name in ("video", "image", "group"))
    link_after = lambda: fail(desk, FaultKind.UNAUTHENTICATED, times=9)  # noqa: E731
    with pytest.raises(PartlySavedError, match=r"Saved: video title.*These rows are not: .*key") as partly:
        save(desk, first, second, third, after=link_after)
    assert set(partly.value.saved) == {first.info.key}
    assert [each.status for each in desk.writes] == [200, 401]


def test_what_stops_before_the_first_is_sent_sends_none(desk: Desk) -> None:
    rows = [desk.open(name) for name in ("video", "image", "group")]
    reads = 0

    def reread(info: RowInfo, content: bytes) -> LabelRow:
        nonlocal reads
        reads += 1
        if reads == 1:
            fail(desk, FaultKind.UNAUTHENTICATED, times=9, method="GET")
        return desk.source._reread(info, content)

    changes = [RowChanges(row, {next(iter(masks_of(row))): PAINTED}) for row in rows]
    with pytest.raises(NotSavedError, match="key") as refused:
        save_rows(desk.source._link, desk.source.project_hash, changes, {}, reread, _NO_PAUSES)
    assert refused.value.kind is Kind.NOT_ACCEPTED
    assert desk.writes == []


def test_a_row_that_others_change_again_and_again_is_given_up(desk: Desk) -> None:
    row, painted = desk.open("image"), iter(range(100))

    class Restless(Meddled):
        def call(self, name: str, *args: object, **options: Any) -> Any:  # noqa: ANN401 as the link's own
            if name == "rows.store":
                desk.repaint("image", "image+/2", block(0, next(painted) % 20))
            return self.link.call(name, *args, **options)

    changes = [RowChanges(row, {KEY: PAINTED})]
    with pytest.raises(NotSavedError, match="again and again"):
        save_rows(Restless(desk.source._link), desk.source.project_hash, changes, {}, desk.source._reread, _NO_PAUSES)
    assert desk.writes == []


def test_an_ended_worker_does_not_end_the_save(desk: Desk) -> None:
    row = desk.open("image")
    fail(desk, FaultKind.HANG)
    ended = threading.Timer(0.3, desk.source._link.cancel)
    ended.start()
    (saved,) = save(desk, row)
    ended.join()
    assert masks_of(saved)[KEY].same_as(PAINTED)
