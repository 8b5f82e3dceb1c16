"""Above the objects: in which workflow stage the row is, whose task it is, and what can be done with it."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.projects import StageKind, Task, TaskAction
from bitmask_studio.studio.session import Session
from bitmask_studio.ui import theme
from bitmask_studio.ui.commands import Commands
from bitmask_studio.ui.widgets.plain_text import plain_label

_BUTTONS = {
    TaskAction.SUBMIT: ("submit", tr("Submit")),
    TaskAction.APPROVE: ("approve_task", tr("Approve Task")),
    TaskAction.REJECT: ("reject_task", tr("Reject Task")),
}
_LABEL_BUTTONS = (
    ("approve_label", tr("Approve")),
    ("reject_label", tr("Reject")),
    ("review_mode", tr("Review by Key")),
)
_BY_KEY = tr("By Key: N Approves, B Rejects")
"""What is said instead of the last of them while that is so."""
_STATUS = {
    "NEW": tr("to be reviewed"),
    "APPROVED": tr("approved"),
    "REJECTED": tr("rejected"),
    "RESOLVED": tr("resolved"),
    "REOPENED": tr("pending"),
}
_ACROSS, _DOWN = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_JUDGED = frozenset(("APPROVED", "REJECTED", "RESOLVED"))


class TaskArea(QWidget):
    """Hidden where rows have no workflow; buttons are there for what the stage allows."""

    def __init__(self, session: Session, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("task")
        self.setAccessibleName(tr("Task"))
        self.stage = plain_label("")
        self.stage.setFont(theme.scaled_font(theme.TEXT_M, bold=True))
        self.facts = plain_label("", muted=True)
        self.label_status = plain_label("", muted=True)
        self.progress = plain_label("", muted=True)
        self.buttons = {action: _button(commands, *words) for action, words in _BUTTONS.items()}
        self.label_buttons = [_button(commands, *words) for words in _LABEL_BUTTONS]
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_M + 2, theme.SPACE_M, theme.SPACE_M, theme.SPACE_S)
        column.setSpacing(theme.SPACE_S)
        for label in (self.stage, self.facts):
            column.addWidget(label)
        self._tasks = _row(*self.buttons.values())
        column.addLayout(self._tasks)
        column.addWidget(self.progress)
        column.addWidget(self.label_status)
        approve, reject, by_key = self.label_buttons
        column.addLayout(_row(approve, reject))
        column.addWidget(by_key)
        session.reviewing.changed.connect(self.refresh)
        session.studio.view_changed.connect(lambda old, new: self.refresh())
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for whole words side by side, they stand below each other."""
        super().resizeEvent(event)
        self._lay_tasks()

    def _lay_tasks(self) -> None:
        shown = [each.sizeHint().width() for each in self.buttons.values() if not each.isHidden()]
        fits = sum(shown) + theme.SPACE_S * (len(shown) - 1) <= self.contentsRect().width() - 2 * theme.SPACE_M
        self._tasks.setDirection(_ACROSS if fits else _DOWN)

    def refresh(self) -> None:
        """Show the task as it is known now."""
        reviewing = self._session.reviewing
        task = reviewing.task
        self.setVisible(task is not None)
        if task is None:
            return
        self.stage.setText(task.stage.title)
        self.facts.setText(_facts(task, self._session))
        for action, button in self.buttons.items():
            button.setVisible(action in task.actions and bool(task.uuid))
        self._lay_tasks()
        in_review = task.stage.kind is StageKind.REVIEW and bool(reviewing.reviews)
        for button in self.label_buttons:
            button.setVisible(in_review)
        self.label_buttons[-1].setText(_BY_KEY if reviewing.active else _LABEL_BUTTONS[-1][1])
        chosen = reviewing.chosen
        self.label_status.setVisible(in_review)
        self.label_status.setText(
            tr("This label: {status}").format(status=_STATUS.get(chosen.status, chosen.status.lower()))
            if chosen
            else tr("This label is not up for review.")
        )
        judged = sum(each.status in _JUDGED for each in reviewing.reviews.values())
        self.progress.setVisible(in_review)
        self.progress.setText(tr("{done} of {all} labels judged").format(done=judged, all=len(reviewing.reviews)))


def _facts(task: Task, session: Session) -> str:
    server = session.studio.workspace.server
    if not task.uuid:
        return tr("No open task")
    if not task.assignee:
        return tr("Nobody's task yet")
    if server and server.email and task.assignee.casefold() == server.email.casefold():
        return tr("Your task")
    return tr("Task of {name}").format(name=task.assignee)


def _button(commands: Commands, name: str, words: str) -> QPushButton:
    """Does what an action does, with short words: three of them stand side by side in a narrow dock."""
    action = commands.actions[name]
    button = QPushButton(action.icon(), words)
    button.setToolTip(action.toolTip())
    button.setAccessibleName(commands.row(name).title)
    button.setCheckable(action.isCheckable())
    button.clicked.connect(action.trigger)

    def follow() -> None:
        button.setEnabled(action.isEnabled())
        button.setChecked(action.isChecked())

    action.changed.connect(follow)
    follow()
    return button


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.SPACE_S)
    for each in widgets:
        row.addWidget(each)
    return row
