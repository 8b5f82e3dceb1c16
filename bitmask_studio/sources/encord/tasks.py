"""What can be done with the task of a row, each deed confirmed by asking the server again."""

from __future__ import annotations

from collections.abc import Sequence

from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.deed import Deed
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
        return self._find(data_hash)

    def act(self, task: Task, action: TaskAction) -> Task | None:
        """Submit, approve or reject; answers the task where the row is then.

        Sent once. Where no answer came the server is asked whether it was done all the same. Raises ServerError when
        it was not, or when nobody knows; CANCELLED at once when the link's writes are cancelled.
        """
        with self._link.deed() as deed:
            failure = self._sent(deed, "tasks.act", task, action)
            try:
                now = self._find(task.data_hash, deed)
            except ServerError as error:
                raise _unconfirmed(failure or error, tr("where the task is now")) from error
        if now is None or (now.uuid, now.stage) != (task.uuid, task.stage):
            return now
        if failure:
            text = tr("Not done: {reason}. The task is still in {stage}. Try again.")
            raise ServerError(text.format(reason=failure.reason, stage=task.stage.title), failure.kind) from failure
        text = tr("The server took it, but the task is still in {stage}. Try again, or look at it on the platform.")
        raise ServerError(text.format(stage=task.stage.title), Kind.BAD_ANSWER)

    def reviews(self, task: Task) -> Sequence[LabelReview]:
        """The reviews of the single labels of a review task. Raises ServerError."""
        return self._reviews(task)

    def review(self, task: Task, each: LabelReview, approve: bool, comment: str = "") -> Sequence[LabelReview]:
        """Approve or reject one label; answers all reviews as they are then. Raises ServerError as `act` does."""
        with self._link.deed() as deed:
            failure = self._sent(deed, "tasks.review", task, each.uuid, approve, comment)
            try:
                found = self._reviews(task, deed)
            except ServerError as error:
                raise _unconfirmed(failure or error, tr("what the review of this label says")) from error
        if any(now.uuid == each.uuid and now.status in REVIEWED[approve] for now in found):
            return found
        if failure:
            text = tr("Not done: {reason}. The review of this label has not changed. Try again.")
            raise ServerError(text.format(reason=failure.reason), failure.kind) from failure
        raise ServerError(
            tr("The server took it, but the review of this label has not changed. Try again."), Kind.BAD_ANSWER
        )

    def _sent(self, deed: Deed, name: str, *args: object) -> ServerError | None:
        """Send once; answers what failed where it may have been carried out, and raises what is known not to be."""
        try:
            self._link.call(name, self._project_hash, *args, writes=True, deed=deed)
        except ServerError as error:
            if not error.reached or error.kind is Kind.CANCELLED:
                raise
            return error
        return None

    def _find(self, data_hash: str, deed: Deed | None = None) -> Task | None:
        found: Task | None = self._link.call("tasks.find", self._project_hash, data_hash, deed=deed)
        return found

    def _reviews(self, task: Task, deed: Deed | None = None) -> list[LabelReview]:
        found: list[LabelReview] = self._link.call("tasks.reviews", self._project_hash, task, deed=deed)
        return found


def _unconfirmed(failure: ServerError, what: str) -> ServerError:
    """It was sent, and reading back failed: never called done, nor undone."""
    text = tr(
        "Not confirmed: it was sent, but {what} could not be read ({reason}). Refresh when the connection works, "
        "and look before you do it again."
    )
    return ServerError(text.format(what=what, reason=failure.reason), failure.kind, failure.retry_after, reached=True)
