"""What can be done with the task of a row, each deed confirmed by asking the server again."""

from __future__ import annotations

from collections.abc import Sequence

from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.sources.encord.link import Link
from bitmask_studio.sources.encord.projects import LabelReview, Task, TaskAction

REVIEWED = {True: ("APPROVED",), False: ("REJECTED",)}


class Tasks:
    """The workflow of one project."""

    def __init__(self, link: Link, project_hash: str) -> None:
        self._link = link
        self._project_hash = project_hash

    def find(self, data_hash: str) -> Task | None:
        """The task of a row; None where its stage has none that can be worked on here. Raises ServerError."""
        found: Task | None = self._link.call("tasks.find", self._project_hash, data_hash)
        return found

    def act(self, task: Task, action: TaskAction) -> Task | None:
        """Submit, approve or reject; answers the task where the row is then.

        Sent once. Where no answer came the server is asked whether it was done all the same. Raises ServerError when
        it was not, or when nobody knows.
        """
        failure: ServerError | None = None
        try:
            self._link.call("tasks.act", self._project_hash, task, action, writes=True)
        except ServerError as error:
            if not error.reached:
                raise
            failure = error
        now = self.find(task.data_hash)
        if now is None or (now.uuid, now.stage) != (task.uuid, task.stage):
            return now
        if failure:
            text = tr("Not done: {reason}. The task is still in {stage}. Try again.")
            raise ServerError(text.format(reason=failure.reason, stage=task.stage.title), failure.kind) from failure
        text = tr("The server took it, but the task is still in {stage}. Try again, or look at it on the platform.")
        raise ServerError(text.format(stage=task.stage.title), Kind.BAD_ANSWER)

    def reviews(self, task: Task) -> Sequence[LabelReview]:
        """The reviews of the single labels of a review task. Raises ServerError."""
        found: list[LabelReview] = self._link.call("tasks.reviews", self._project_hash, task)
        return found

    def review(self, task: Task, each: LabelReview, approve: bool, comment: str = "") -> Sequence[LabelReview]:
        """Approve or reject one label; answers all reviews as they are then. Raises ServerError as `act` does."""
        failure: ServerError | None = None
        try:
            self._link.call("tasks.review", self._project_hash, task, each.uuid, approve, comment, writes=True)
        except ServerError as error:
            if not error.reached:
                raise
            failure = error
        found = self.reviews(task)
        if any(now.uuid == each.uuid and now.status in REVIEWED[approve] for now in found):
            return found
        if failure:
            text = tr("Not done: {reason}. The review of this label has not changed. Try again.")
            raise ServerError(text.format(reason=failure.reason), failure.kind) from failure
        raise ServerError(
            tr("The server took it, but the review of this label has not changed. Try again."), Kind.BAD_ANSWER
        )
