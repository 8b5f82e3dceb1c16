"""A user at work on an Encord project, without a window: the real SDK in between, a sandbox behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bitmask_studio.core.errors import InputError, SaveError, StudioError
from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import MaskKey, RowInfo
from bitmask_studio.sandbox import Fault, FaultKind, Sandbox
from bitmask_studio.sources.base import Keep
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.projects import StageKind, TaskAction
from bitmask_studio.studio import preferences
from bitmask_studio.studio.ask import ConnectWish, Emptied
from bitmask_studio.studio.notices import notice_of
from bitmask_studio.studio.saving import second_look
from bitmask_studio.tools.base import Phase, PointerEvent
from tests.fakes.sdk import sdk_mask, sdk_row
from tests.studio.session_desk import Desk

Scenario = Callable[[Desk, Sandbox], Coroutine[Any, Any, None]]
PICTURE = "cells.jpg"


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    served = Sandbox.start(tmp_path / "server")
    yield served
    served.stop()


def played(folder: Path, sandbox: Sandbox, scenario: Scenario, row: str | None = PICTURE) -> Desk:
    """A desk after a scenario on the sandbox's project, at one of its rows unless `row` is None."""
    desks: list[Desk] = []

    async def main() -> None:
        desk = Desk(folder)
        desks.append(desk)
        await desk.session.signing_in.sign_in(Login(sandbox.url, sandbox.key_path, email="you@example.com"))
        assert await desk.session.projects.open(sandbox.project_hash, row)
        await desk.studio.jobs.settle()
        sandbox.clear_requests()
        try:
            await scenario(desk, sandbox)
            await desk.studio.jobs.settle()
        finally:
            desk.session.signing_in.close()

    asyncio.run(main())
    return desks[0]


def stored(sandbox: Sandbox, desk: Desk, object_hash: str) -> NDArray[np.bool_]:
    """An object's pixels on the first frame of the row that is shown, as a fresh client of the SDK reads them."""
    return sdk_mask(sdk_row(sandbox, desk.document.row.info.data_hash), object_hash)


def shown(desk: Desk, object_hash: str) -> NDArray[np.bool_]:
    frame = desk.document.frames[0]
    return desk.document.mask(MaskKey(0, object_hash)).to_array(frame.height, frame.width)


def info(desk: Desk, title: str = PICTURE) -> RowInfo:
    return next(row for row in desk.studio.workspace.rows if row.title == title)


def test_a_stroke_arrives_at_the_server_to_the_pixel(tmp_path: Path, sandbox: Sandbox) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        chosen = desk.studio.view.object_hash or ""
        before = shown(desk, chosen)
        desk.dab(5, 5)
        assert not np.array_equal(before, shown(desk, chosen))
        assert await desk.session.save()
        assert desk.studio.told[-1] == "Saved"
        assert np.array_equal(stored(sandbox, desk, chosen), shown(desk, chosen))
        assert sum(each.writes for each in sandbox.requests) == 1

    played(tmp_path, sandbox, scenario)


def test_looking_at_every_row_writes_nothing(tmp_path: Path, sandbox: Sandbox) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        for row in desk.studio.workspace.rows:
            await desk.session.open_row(row.key)
            await desk.studio.jobs.settle()
        await desk.session.projects.refresh()
        assert len(sandbox.requests) > 20
        assert not any(each.writes for each in sandbox.requests)

    desk = played(tmp_path, sandbox, scenario, row=None)
    asked = [name for question, name in desk.studio.ask.asked if question == "create_row"]
    assert sorted(str(each) for each in asked) == sorted(
        row.title for row in desk.studio.workspace.rows if row.uninitialised
    )


def test_a_row_without_labels_is_made_only_after_a_yes(tmp_path: Path, sandbox: Sandbox) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        row = next(row for row in desk.studio.workspace.rows if row.uninitialised and row.data_type == "image")
        await desk.session.open_row(row.key)
        assert not desk.studio.document
        desk.studio.ask.may_create = True
        await desk.session.open_row(row.key)
        assert desk.studio.view.row == row.key
        assert sum(each.writes for each in sandbox.requests) == 1
        assert info(desk, row.title).status == "in progress"
        desk.studio.start_object()
        desk.dab(30, 30)
        assert await desk.session.save()
        assert shown(desk, desk.studio.view.object_hash or "").sum() > 0

    played(tmp_path, sandbox, scenario, row=None)


def test_a_colleagues_edit_of_another_object_is_kept(tmp_path: Path, sandbox: Sandbox) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        mine = desk.studio.view.object_hash or ""
        other = next(each.object_hash for each in desk.studio.objects if each.is_bitmask and each.object_hash != mine)
        sandbox.colleague.edits(str(info(desk).label_hash), other)
        theirs = stored(sandbox, desk, other)
        desk.dab(5, 5)
        assert await desk.session.save()
        assert np.array_equal(stored(sandbox, desk, other), theirs)
        assert np.array_equal(stored(sandbox, desk, mine), shown(desk, mine))
        assert np.array_equal(shown(desk, other), theirs)

    assert not [each for each in played(tmp_path, sandbox, scenario).studio.ask.asked if each[0] == "conflicts"]


@pytest.mark.parametrize("keep", [Keep.MINE, Keep.THEIRS, Keep.BOTH])
def test_the_same_place_painted_by_two_is_asked_about(tmp_path: Path, sandbox: Sandbox, keep: Keep) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        chosen = desk.studio.view.object_hash or ""
        base = shown(desk, chosen)
        sandbox.colleague.edits(str(info(desk).label_hash), chosen)
        theirs = stored(sandbox, desk, chosen)
        rows, columns = np.nonzero(base ^ theirs)
        y, x = int(rows[0]), int(columns[0])
        desk.studio.settings.set(preferences.BRUSH_SIZE, 31)
        desk.dab(x + 0.5, y + 0.5)
        mine = shown(desk, chosen)
        desk.studio.ask.choice = keep
        assert await desk.session.save()
        both = np.where(mine != base, mine, theirs)
        expected = {Keep.MINE: mine, Keep.THEIRS: theirs, Keep.BOTH: both}[keep]
        assert np.array_equal(stored(sandbox, desk, chosen), expected)
        assert np.array_equal(shown(desk, chosen), expected)

    desk = played(tmp_path, sandbox, scenario)
    (conflicts,) = [what for question, what in desk.studio.ask.asked if question == "conflicts"]
    assert isinstance(conflicts, list) and len(conflicts) == 1


def test_without_an_answer_nothing_is_sent_and_the_edit_stays(tmp_path: Path, sandbox: Sandbox) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        chosen = desk.studio.view.object_hash or ""
        sandbox.colleague.deletes(str(info(desk).label_hash), chosen)
        desk.dab(5, 5)
        sandbox.clear_requests()
        assert not await desk.session.save()
        assert desk.document.unsaved
        assert not any(each.writes for each in sandbox.requests)

    played(tmp_path, sandbox, scenario)


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.UNAUTHENTICATED,
        FaultKind.FORBIDDEN,
        FaultKind.NOT_FOUND,
        FaultKind.CONFLICT,
        FaultKind.TOO_LARGE,
        FaultKind.TOO_MANY,
        FaultKind.FALSE,
    ],
)
def test_a_save_that_is_refused_leaves_the_edits_and_says_so(tmp_path: Path, sandbox: Sandbox, kind: FaultKind) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        chosen = desk.studio.view.object_hash or ""
        before = stored(sandbox, desk, chosen)
        desk.dab(5, 5)
        sandbox.faults.add(Fault(kind, "labelrow", "POST", times=9))
        with pytest.raises(StudioError) as refused:
            await desk.session.save()
        assert "Saved" not in desk.studio.told and len(str(refused.value)) > 20
        assert desk.document.unsaved
        sandbox.faults.clear()
        assert np.array_equal(stored(sandbox, desk, chosen), before)
        assert await desk.session.save()
        assert np.array_equal(stored(sandbox, desk, chosen), shown(desk, chosen))

    played(tmp_path, sandbox, scenario)


def test_an_answer_lost_after_the_save_is_still_saved_once(tmp_path: Path, sandbox: Sandbox) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        desk.dab(5, 5)
        sandbox.faults.add(Fault(FaultKind.RESET_AFTER, "labelrow", "POST"))
        assert await desk.session.save()
        assert sum(each.writes for each in sandbox.requests) == 1

    assert played(tmp_path, sandbox, scenario).studio.told[-1] == "Saved"


def test_work_that_the_sdk_would_destroy_is_not_saved_over_and_a_file_is_offered(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    def with_an_orphan(row: dict[str, Any]) -> dict[str, Any]:
        answer = {
            "name": "Note",
            "value": "note",
            "featureHash": "noteHash",
            "answers": "seen",
            "manualAnnotation": True,
        }
        row["object_answers"]["orphaned"] = {"objectHash": "orphaned", "classifications": [answer]}
        return row

    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        sandbox.colleague.change(str(info(desk).label_hash), with_an_orphan)
        desk.dab(5, 5)
        desk.studio.ask.to_file, desk.studio.ask.new_file = True, tmp_path / "copy.json"
        sandbox.clear_requests()
        assert not await desk.session.save()
        assert not any(each.writes for each in sandbox.requests)
        assert desk.document.unsaved

    desk = played(tmp_path, sandbox, scenario)
    assert [question for question, _ in desk.studio.ask.asked] == ["losses", "save_as"]
    assert (tmp_path / "copy.json").stat().st_size > 1000


@pytest.mark.parametrize("answer", list(Emptied))
def test_a_mask_without_a_pixel_left_is_asked_about(tmp_path: Path, sandbox: Sandbox, answer: Emptied) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        chosen = desk.studio.view.object_hash or ""
        desk.studio.settings.set(preferences.BRUSH_SIZE, 2000)
        desk.studio.show(tool="eraser")
        box = desk.studio.object_box(chosen)
        desk.dab(box.x0, box.y0)
        assert not shown(desk, chosen).any()
        desk.studio.ask.when_emptied = answer
        assert await desk.session.save() is (answer is not Emptied.CANCEL)
        hashes = [
            each.object_hash for each in sdk_row(sandbox, desk.document.row.info.data_hash).get_object_instances()
        ]
        assert (chosen in hashes) is (answer is not Emptied.DELETE)
        if answer is not Emptied.DELETE:
            assert stored(sandbox, desk, chosen).any() is np.bool_(answer is Emptied.CANCEL)

    played(tmp_path, sandbox, scenario)


def test_submitting_saves_first_and_the_stage_follows(tmp_path: Path, sandbox: Sandbox) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        reviewing = desk.session.reviewing
        for row in desk.studio.workspace.rows:
            if row.uninitialised or row.read_only or row.data_type != "image":
                continue
            await desk.session.open_row(row.key)
            await reviewing.look()
            if reviewing.can(TaskAction.SUBMIT):
                break
        desk.studio.point(PointerEvent(Phase.PRESS, Point(5, 5)))
        before = desk.document.history.place
        await reviewing.act(TaskAction.SUBMIT)
        assert desk.document.history.place != before, "the stroke under way is lost"
        assert not desk.document.unsaved
        assert reviewing.task is not None and reviewing.task.stage.kind is StageKind.REVIEW
        stages = {row.key: row.stage for row in desk.studio.workspace.rows}
        assert stages[desk.studio.view.row or ""] == reviewing.task.stage.title

    played(tmp_path, sandbox, scenario, row=None)


def test_signing_in_that_fails_is_told_in_the_dialog_and_can_be_tried_again(tmp_path: Path, sandbox: Sandbox) -> None:
    async def main() -> Desk:
        desk = Desk(tmp_path)
        good = Login(sandbox.url, sandbox.key_path)
        desk.studio.ask.connections = [
            ConnectWish(Login(sandbox.url, tmp_path / "no-key")),
            ConnectWish(Login("http://example.com", sandbox.key_path)),
            ConnectWish(good),
        ]
        assert await desk.session.signing_in.ask()
        assert [each.title for each in await desk.session.projects.list()] == [title for _, title in sandbox.projects]
        desk.session.signing_in.close()
        return desk

    desk = asyncio.run(main())
    assert len(desk.studio.ask.refusals) == 2 and "no-key" in desk.studio.ask.refusals[0]
    assert desk.studio.settings.get(preferences.ENCORD_KEY) == str(sandbox.key_path)


def test_an_unknown_row_of_a_project_is_named(tmp_path: Path, sandbox: Sandbox) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        with pytest.raises(InputError, match="nobody"):
            await desk.session.projects.open(sandbox.project_hash, "nobody")

    played(tmp_path, sandbox, scenario)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_cancelling_a_hanging_save_is_no_saved_and_loses_nothing(tmp_path: Path, sandbox: Sandbox, method: str) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        desk.dab(5, 5)
        sandbox.faults.add(Fault(FaultKind.HANG, "labelrow", method, times=9))
        saving = asyncio.ensure_future(desk.session.save())
        while not any(each.method == method for each in sandbox.requests):
            await asyncio.sleep(0.02)
        busy = desk.busy[-1]
        assert busy is not None and busy.cancel is not None
        busy.cancel()
        with pytest.raises(SaveError, match="Cancelled"):
            await asyncio.wait_for(saving, 2)
        assert desk.document.unsaved
        sandbox.faults.clear()
        assert await desk.session.save()

    played(tmp_path, sandbox, scenario)


def test_cancel_ends_all_saves_that_were_asked_for(tmp_path: Path, sandbox: Sandbox) -> None:
    """The window is closed, and Save answered, while a save hangs: the user sees one save."""

    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        desk.dab(5, 5)
        sandbox.faults.add(Fault(FaultKind.HANG, "labelrow", "GET", times=9))
        saves = [asyncio.ensure_future(desk.session.save()) for _ in range(2)]
        while not any(each.method == "GET" for each in sandbox.requests):
            await asyncio.sleep(0.02)
        busy = desk.busy[-1]
        assert busy is not None and busy.cancel is not None
        busy.cancel()
        ends = await asyncio.wait_for(asyncio.gather(*saves, return_exceptions=True), 2)
        assert [isinstance(end, SaveError) and "Cancelled" in str(end) for end in ends] == [True, True]
        sandbox.faults.clear()
        assert await desk.session.save()

    played(tmp_path, sandbox, scenario)


def test_the_rows_seen_last_are_there_before_the_server_has_answered(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BITMASK_STUDIO_STATE", str(tmp_path / "state"))

    async def again(desk: Desk, sandbox: Sandbox) -> None:
        before = desk.studio.workspace.rows
        await desk.session.close_source()
        sandbox.faults.add(Fault(FaultKind.HANG, "labelrowmetadata"))
        opening = asyncio.ensure_future(desk.session.projects.open(sandbox.project_hash))
        while not desk.studio.workspace.rows:
            await asyncio.sleep(0.02)
        assert [row.title for row in desk.studio.workspace.rows] == [row.title for row in before]
        desk.studio.workspace.cancel()
        with pytest.raises(StudioError):
            await opening

    played(tmp_path, sandbox, again, row=None)


def test_saving_twice_at_once_is_one_save_and_one_word(tmp_path: Path, sandbox: Sandbox) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        desk.dab(5, 5)
        assert all(await asyncio.gather(desk.session.save(), desk.session.save()))
        assert sum(each.writes for each in sandbox.requests) == 1

    assert played(tmp_path, sandbox, scenario).studio.told == ["Saved"]


def test_a_row_that_opens_makes_the_words_of_those_that_did_not_old(tmp_path: Path, sandbox: Sandbox) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        over: list[str] = []
        desk.studio.over.connect(over.append)
        sandbox.faults.add(Fault(FaultKind.FORBIDDEN, "labelrow", "GET"))
        with pytest.raises(StudioError) as failed:
            await desk.session.open_row(info(desk, "meadow-4k.jpg").key)
        assert failed.value.topic == "opening" and desk.session.can_retry
        await desk.session.retry()
        assert "opening" in over
        assert desk.document.row.info.title == "meadow-4k.jpg"

    played(tmp_path, sandbox, scenario)


def test_a_picture_that_does_not_come_is_told_and_can_be_given_up(tmp_path: Path, sandbox: Sandbox) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        sandbox.faults.add(Fault(FaultKind.HANG, "files", times=9))
        opening = asyncio.ensure_future(desk.session.open_row(info(desk, "village-from-the-air.jpg").key))
        while desk.studio.picture_note is None:
            await asyncio.sleep(0.02)
        assert desk.document.row.info.title == "village-from-the-air.jpg"
        busy = desk.busy[-1]
        assert "Reading the picture" in desk.studio.picture_note and busy is not None and busy.cancel is not None
        busy.cancel()
        await asyncio.wait_for(opening, 5)
        assert desk.studio.picture is None and desk.busy[-1] is None
        sandbox.faults.clear()
        desk.studio.workspace.cancel()

    played(tmp_path, sandbox, scenario, row=None)


def test_the_rows_on_both_sides_are_read_ahead_and_nothing_is_written(tmp_path: Path, sandbox: Sandbox) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        await desk.session.open_row(info(desk, "village-from-the-air.jpg").key)
        await desk.studio.jobs.settle()
        assert sandbox.requests and not any(each.writes for each in sandbox.requests)
        sandbox.clear_requests()
        for title in ("Fruit on a conveyor", PICTURE):
            await desk.session.open_row(info(desk, title).key)
            assert desk.document.row.info.title == title and desk.studio.picture is not None
            assert not {"labelrow", "files"} & {each.what for each in sandbox.requests}
            await desk.session.open_row(info(desk, "village-from-the-air.jpg").key)

    played(tmp_path, sandbox, scenario, row=None)


def test_no_video_is_fetched_before_somebody_opens_it(tmp_path: Path, sandbox: Sandbox) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        await desk.session.open_row(info(desk, "meadow-4k.jpg").key)
        await desk.studio.jobs.settle()
        film = info(desk, "regatta.mp4")
        assert film.key in desk.studio.workspace.documents
        assert desk.studio.workspace.known_picture(film.key, 0) is None

    played(tmp_path, sandbox, scenario, row=None)


def test_each_failure_tries_again_what_itself_was(tmp_path: Path, sandbox: Sandbox) -> None:
    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        desk.dab(5, 5)
        sandbox.faults.add(Fault(FaultKind.UNAVAILABLE, "labelrow", times=99))
        with pytest.raises(StudioError) as save:
            await desk.session.save()
        with pytest.raises(StudioError) as opening:
            await desk.session.open_row(info(desk, "meadow-4k.jpg").key)
        sandbox.faults.clear()
        notices = [notice_of(save.value), notice_of(opening.value)]
        assert [(each.offers, each.topic) for each in notices] == [("retry", "saving"), ("retry", "opening")]
        assert notices[0].again is not None and await notices[0].again()
        assert desk.studio.told[-1] == "Saved" and desk.document.row.info.title == PICTURE

    played(tmp_path, sandbox, scenario)


def test_a_row_that_cannot_be_saved_here_says_so_before_anybody_works_on_it(tmp_path: Path, sandbox: Sandbox) -> None:
    def with_an_unknown_field(row: dict[str, Any]) -> dict[str, Any]:
        (unit,) = row["data_units"].values()
        unit["labels"]["objects"][0]["mood"] = "calm"
        return row

    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        other = info(desk, "village-from-the-air.jpg")
        sandbox.colleague.change(str(other.label_hash), with_an_unknown_field)
        await desk.session.open_row(other.key)
        (told,) = desk.studio.told
        assert "cannot be saved to Encord from here" in told and "mood" in told

    played(tmp_path, sandbox, scenario, row=None)


def test_a_save_that_somebody_wrote_over_unseen_is_stored_again_and_told(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_look, "PATIENCE", 0.2)

    async def scenario(desk: Desk, sandbox: Sandbox) -> None:
        chosen, row = desk.studio.view.object_hash or "", str(info(desk).label_hash)
        stale = sandbox.row(row)
        desk.dab(5, 5)
        assert await desk.session.save()
        sandbox.colleague.change(row, lambda wire: stale)
        while desk.studio.told[-1] == "Saved":
            await asyncio.sleep(0.02)
        assert "stored again" in desk.studio.told[-1]
        assert np.array_equal(stored(sandbox, desk, chosen), shown(desk, chosen))
        server = desk.studio.workspace.server
        while server is not None and server._sent:  # that is looked at again too
            await asyncio.sleep(0.02)
        await desk.studio.jobs.settle()
        assert not desk.document.unsaved

    played(tmp_path, sandbox, scenario)
