"""The task of the row that is shown: submit it, approve it, reject it, or judge its labels one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.signal import Signal
from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.projects import LabelReview, StageKind, Task, TaskAction
from bitmask_studio.studio.studio import Studio
from bitmask_studio.studio.view import View

PATIENCE = 0.3
"""Seconds that a row has to stay on screen before its task is asked for, so that paging through costs nothing."""

Save = Callable[[], Awaitable[bool]]


class Reviewing:
    """Knows the task and its label reviews; `changed()` tells when they differ."""

    def __init__(self, studio: Studio, save: Save) -> None:
        self._studio = studio
        self._save = save
        self._turn = 0
        self.task: Task | None = None
        self.reviews: dict[str, LabelReview] = {}
        """By the hash of the object or classification."""
        self.active = False
        """Whether keys judge labels instead of choosing tools."""
        self.changed: Signal[()] = Signal()
        studio.view_changed.connect(self._follow)

    def can(self, action: TaskAction) -> bool:
        """Whether the row's stage allows it."""
        return self.task is not None and bool(self.task.uuid) and action in self.task.actions

    @property
    def chosen(self) -> LabelReview | None:
        """The review of the chosen object."""
        each = self._studio.chosen
        return self.reviews.get(each.object_hash) if each else None

    def switch(self) -> None:
        """Begin or end judging labels by key."""
        self.active = not self.active and self.task is not None and self.task.stage.kind is StageKind.REVIEW
        self.changed.emit()

    async def look(self) -> None:
        """Ask the server for the task of the row that is shown, and for its reviews. Raises StudioError."""
        studio, turn = self._studio, self._next_turn()
        server, info = studio.workspace.server, studio.workspace.row(studio.view.row)
        if server is None or info is None or not server.stages:
            self._set(None, ())
            return
        task = await studio.jobs.run(lambda: server.tasks.find(info.data_hash))
        reviews: tuple[LabelReview, ...] = ()
        if task and task.uuid and task.stage.kind is StageKind.REVIEW and turn == self._turn:
            reviews = tuple(await studio.jobs.run(lambda: server.tasks.reviews(task)))
        if turn == self._turn:
            self._set(task, reviews)

    async def act(self, action: TaskAction) -> None:
        """Submit, approve or reject the task; edits are saved before. Raises StudioError."""
        studio, server, task = self._studio, self._studio.workspace.server, self.task
        if server is None or task is None or not self.can(action):
            return
        studio.gestures.finish()
        if studio.workspace.unsaved and not await self._save():
            return
        turn = self._next_turn()
        with studio.working(_DOING[action], studio.workspace.cancel_writing):
            now = await studio.jobs.run(lambda: server.tasks.act(task, action))
        if turn == self._turn:
            self._set(now, ())
            studio.jobs.start(self._look_soon())
        where = tr("Now in {stage}.").format(stage=now.stage.title) if now else ""
        studio.say(f"{_DONE[action]} {where}".rstrip())

    async def judge(self, approve: bool) -> None:
        """Approve or reject the chosen object; a rejection asks for a comment. Raises StudioError."""
        studio, server, task, each = self._studio, self._studio.workspace.server, self.task, self.chosen
        if server is None or task is None or each is None:
            studio.say(tr("The chosen object is not up for review in this task."))
            return
        name = studio.chosen.name if studio.chosen else ""
        comment = "" if approve else await studio.ask.comment(tr("Reject {name}").format(name=name), tr("Reject"))
        if comment is None:
            return
        turn = self._turn
        with studio.working(tr("Approving …") if approve else tr("Rejecting …"), studio.workspace.cancel_writing):
            found = await studio.jobs.run(lambda: server.tasks.review(task, each, approve, comment))
        if turn == self._turn:
            self._set(task, tuple(found))
            studio.step_object(1)

    def _follow(self, old: View, new: View) -> None:
        if old.row != new.row:
            self.active = False
            self._set(None, ())
            self._next_turn()
            if new.row and self._studio.workspace.server:
                self._studio.jobs.start(self._look_soon())

    async def _look_soon(self) -> None:
        turn = self._turn
        await asyncio.sleep(PATIENCE)
        if turn == self._turn:
            with suppress(StudioError):  # the row is there all the same; Refresh asks again
                await self.look()

    def _set(self, task: Task | None, reviews: tuple[LabelReview, ...]) -> None:
        key = self._studio.view.row
        if task and key and self._studio.workspace.note_task(key, task):
            self._studio.rows_changed.emit()
        self.task, self.reviews = task, {each.label: each for each in reviews}
        self.changed.emit()

    def _next_turn(self) -> int:
        self._turn += 1
        return self._turn


_DOING = {
    TaskAction.SUBMIT: tr("Submitting …"),
    TaskAction.APPROVE: tr("Approving …"),
    TaskAction.REJECT: tr("Rejecting …"),
}
_DONE = {
    TaskAction.SUBMIT: tr("Submitted."),
    TaskAction.APPROVE: tr("Approved."),
    TaskAction.REJECT: tr("Rejected."),
}
