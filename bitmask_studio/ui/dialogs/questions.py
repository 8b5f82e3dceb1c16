"""The short questions: what each says, and which answers it has."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.ui.dialogs.question import TEXT_WIDTH, Question, Role
from bitmask_studio.ui.theme import SPACE_M
from bitmask_studio.ui.widgets.plain_text import ElidedLabel, plain_label

MAX_NAMED = 5
"""How many names a question lists before it only counts the rest."""

SAVE, DISCARD = 1, 2
KEEP_EMPTY, DELETE = 1, 2

_LIST_HEIGHT = 220
"""Of a list that scrolls, at most, logical px."""


def unsaved_question(parent: QWidget, rows: Sequence[str]) -> Question:
    """Before what has edits is left."""
    heading = tr("Save the edits of this row?") if len(rows) == 1 else tr("Save the edits of {count} rows?")
    dialog = Question(parent, tr("Unsaved Edits"), heading.format(count=len(rows)), "save")
    _list(dialog, rows)
    dialog.add_text(tr("What is discarded cannot be brought back."), muted=True)
    dialog.add_button(tr("&Discard"), tr("Go on without these edits"), Role.DestructiveRole, DISCARD)
    dialog.add_cancel(tr("Stay here; nothing is saved or lost"))
    save = dialog.add_button(tr("&Save"), tr("Save all of them, then go on"), Role.AcceptRole, SAVE)
    save.setDefault(True)
    save.setFocus()
    return dialog


def _list(dialog: Question, names: Sequence[str]) -> None:
    if len(names) == 1:  # framed, a single one looks like a field to type in
        dialog.content.addWidget(ElidedLabel(names[0]))
        return
    card = QFrame()
    card.setProperty("card", True)
    lines = QVBoxLayout(card)
    for name in names[:MAX_NAMED]:
        lines.addWidget(ElidedLabel(name))
    if len(names) > MAX_NAMED:
        text = tr("and {count} more").format(count=len(names) - MAX_NAMED)
        lines.addWidget(plain_label(text, muted=True))
    dialog.content.addWidget(card)


def creation_question(parent: QWidget, name: str) -> Question:
    """Before a row without labels is opened."""
    dialog = Question(parent, tr("No Labels Yet"), tr("Make a label row for it on the server?"), "cloud")
    _list(dialog, [name])
    dialog.add_text(tr("It has no label row yet. Opening it makes an empty one on the server, as in Encord itself."))
    text = tr("Others may then see it as being worked on. Nothing else is changed, and until now nothing was sent.")
    dialog.add_text(text, muted=True)
    accepted = QDialog.DialogCode.Accepted
    make = dialog.add_button(tr("&Make Label Row"), tr("Make it and open the row"), Role.AcceptRole, accepted)
    dialog.add_cancel(tr("Leave the row as it is, unopened"))
    make.setDefault(True)
    make.setFocus()
    return dialog


def emptied_question(parent: QWidget, objects: Sequence[str]) -> Question:
    """Before masks are saved that have no pixel left."""
    heading = tr("This mask is empty") if len(objects) == 1 else tr("{count} masks are empty")
    dialog = Question(parent, tr("Empty Masks"), heading.format(count=len(objects)), "eraser")
    _list(dialog, objects)
    text = tr("No pixel of it is left. Delete the object, or keep it with an empty mask?")
    texts = tr("No pixel of them is left. Delete the objects, or keep them with empty masks?")
    dialog.add_text(text if len(objects) == 1 else texts)
    dialog.add_text(tr("Deleted objects lose their attributes on the frame too."), muted=True)
    dialog.add_button(tr("&Delete"), tr("Save without these objects"), Role.DestructiveRole, DELETE)
    dialog.add_cancel(tr("Save nothing for now; your edits stay"))
    keep = dialog.add_button(tr("&Keep Empty"), tr("Save them with empty masks"), Role.AcceptRole, KEEP_EMPTY)
    keep.setDefault(True)
    keep.setFocus()
    return dialog


def losses_question(parent: QWidget, row: str, losses: Sequence[str]) -> Question:
    """When saving would destroy what others put on the server."""
    dialog = Question(parent, tr("Not Saved"), tr("Saving would destroy work on the server"), "warning")
    dialog.add_text(tr("Encord's own software would drop this from the row when it stores your edits:"))
    _list(dialog, [row])
    _long_list(dialog, losses)
    text = tr("So nothing was sent. Your edits are safe here; they can be saved to a file instead.")
    dialog.add_text(text)
    accepted = QDialog.DialogCode.Accepted
    save = dialog.add_button(tr("Save to a &File …"), tr("Choose a file for your edits"), Role.AcceptRole, accepted)
    dialog.add_cancel(tr("Save nothing for now; your edits stay"))
    save.setDefault(True)
    save.setFocus()
    return dialog


def _long_list(dialog: Question, texts: Sequence[str]) -> None:
    """All of them, to be scrolled through where they are many."""
    inner = QWidget()
    lines = QVBoxLayout(inner)
    lines.setSpacing(SPACE_M)
    for text in texts:
        lines.addWidget(plain_label(f"•  {text}"))
    lines.addStretch(1)
    area = QScrollArea()
    area.setProperty("card", True)
    area.setWidgetResizable(True)
    area.setWidget(inner)
    area.setAccessibleName(tr("What would be lost"))
    for each in (area.viewport(), inner):
        each.setAutoFillBackground(False)
    lines.activate()
    needed = lines.totalHeightForWidth(TEXT_WIDTH - 2 * area.frameWidth()) + 2 * area.frameWidth() + 2
    window = dialog.parentWidget()
    area.setFixedHeight(min(needed, _LIST_HEIGHT, window.height() // 3 if window else _LIST_HEIGHT))
    dialog.content.addWidget(area)
