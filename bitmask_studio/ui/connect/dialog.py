"""Signs in to Encord: stays open while it is tried, says in place why it failed, and forgets nothing typed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from time import monotonic
from urllib.parse import urlsplit

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QCloseEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.studio.account.key_file import KeyLook
from bitmask_studio.studio.ask import Attempt, ConnectWish
from bitmask_studio.studio.notices import notice_of
from bitmask_studio.ui.connect.key_part import KeyPart
from bitmask_studio.ui.connect.link_button import LinkButton
from bitmask_studio.ui.connect.passphrase_part import PassphrasePart
from bitmask_studio.ui.connect.server_part import ServerPart
from bitmask_studio.ui.dialogs.question import Question, Role
from bitmask_studio.ui.theme import ICON, SPACE_L, SPACE_M, SPACE_S
from bitmask_studio.ui.widgets.countdown import Countdown
from bitmask_studio.ui.widgets.icon_label import IconLabel
from bitmask_studio.ui.widgets.plain_text import plain_label
from bitmask_studio.ui.widgets.wrapped_text import WrappedText

WIDTH = 600
_ASKS_PASSPHRASE = frozenset((Kind.KEY_LOCKED, Kind.WRONG_PASSPHRASE))


class ConnectDialog(Question):
    """Accepted once `attempt` has worked with `wish()`, or the user asks for the sample project instead.

    `cancel` is called when the user gives up an attempt under way; the dialog is back at once, whatever hangs.
    """

    def __init__(
        self,
        parent: QWidget | None,
        suggestion: Login,
        environment: Sequence[str],
        attempt: Attempt,
        cancel: Callable[[], object],
    ) -> None:
        super().__init__(parent, tr("Connect to Encord"), tr("Connect to Encord"), "cloud")
        self._attempt, self._give_up = attempt, cancel
        self._trying: asyncio.Task[None] | None = None
        self._tried: ConnectWish | None = None
        self._key = KeyPart(suggestion.key_path, environment)
        self._passphrase = PassphrasePart(suggestion.passphrase)
        self._server = ServerPart(suggestion.domain)
        self._email = QLineEdit(suggestion.email)
        self._sample = LinkButton(tr("&Try with a sample Encord project instead"))
        self._sample.setVisible(not suggestion.is_loopback)
        self._countdown = Countdown(self)
        self._fitting = QTimer(self, singleShot=True, interval=0)
        self._build()
        self._listen()
        self._check()

    def wish(self) -> ConnectWish:
        """What has worked, or that the sample is wanted."""
        return self._tried or ConnectWish(Login(), sample=True)

    def offer_keyring(self) -> None:
        """There is a keyring that the passphrase can be kept in."""
        self._passphrase.offer_keyring()

    def reject(self) -> None:
        """Give up the attempt under way; without one, the dialog."""
        if not self._stop():
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    def _build(self) -> None:
        self.setMinimumWidth(WIDTH)
        self.add_text(tr("Sign in with the SSH key whose public half is in your Encord profile."), muted=True)
        self._add_form()
        self._add_error()
        self._add_progress()
        self._sample.setToolTip(tr("Starts a small server on this computer; no account is needed"))
        self._connect = self.buttons.addButton(tr("&Connect"), Role.AcceptRole)
        self._connect.setDefault(True)
        self._stop_button = self.buttons.addButton(tr("Cancel"), Role.RejectRole)
        self._stop_button.setAutoDefault(False)
        self._stop_button.clicked.connect(self.reject)
        self._put_sample_beside_buttons()
        first = self._passphrase.field if self._passphrase.isVisibleTo(self) else self._key.field
        first.setFocus()

    def _add_form(self) -> None:
        form = self._form = QFormLayout()
        form.setContentsMargins(0, SPACE_M, 0, 0)
        form.setHorizontalSpacing(SPACE_L)
        form.setVerticalSpacing(SPACE_L)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(_label(tr("&Key:"), self._key.field), self._key)
        form.addRow(_label(tr("&Passphrase:"), self._passphrase.field), self._passphrase)
        form.addRow(_label(tr("Re&gion:"), self._server.choice), self._server)
        self._email.setAccessibleName(tr("E-mail"))
        self._email.setPlaceholderText(tr("Optional"))
        self._email.setToolTip(tr("The address of your Encord account"))
        form.addRow(_label(tr("&E-mail:"), self._email), self._email_column())
        form.setRowVisible(self._passphrase, bool(self._passphrase.passphrase))
        self.content.addLayout(form)

    def _email_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(SPACE_S + 2)
        column.addWidget(self._email)
        why = tr("Encord does not tell programs who you are: this marks the rows that are assigned to you.")
        column.addWidget(plain_label(why, muted=True))
        return column

    def _add_error(self) -> None:
        self._error, self._words = QFrame(), WrappedText()
        self._error.setProperty("notice", "error")
        self._words.setAccessibleName(tr("Why it failed"))
        row = QHBoxLayout(self._error)
        row.setContentsMargins(SPACE_M + SPACE_S, SPACE_M, SPACE_M, SPACE_M)
        row.setSpacing(SPACE_M)
        row.addWidget(IconLabel("error", ICON, "danger"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        self._error.hide()
        self.content.addSpacing(SPACE_S)
        self.content.addWidget(self._error)

    def _add_progress(self) -> None:
        self._progress = QWidget()
        self._bar, self._doing = QProgressBar(), plain_label("", muted=True)
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(SPACE_S)
        self._bar.setAccessibleName(tr("Connecting"))
        column = QVBoxLayout(self._progress)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(self._doing)
        column.addWidget(self._bar)
        self._progress.hide()
        self.content.addWidget(self._progress)

    def _put_sample_beside_buttons(self) -> None:
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.removeWidget(self.buttons)
        row = QHBoxLayout()
        row.addWidget(self._sample)
        row.addStretch(1)
        row.addWidget(self.buttons)
        layout.addLayout(row)

    def _listen(self) -> None:
        self._key.changed.connect(self._edited)
        self._key.looked.connect(self._follow_key)
        self._server.changed.connect(self._edited)
        self._connect.clicked.connect(self._try)
        self._sample.clicked.connect(self.accept)
        self._countdown.left.connect(lambda _: self._check())
        self._fitting.timeout.connect(self._fit)

    def _follow_key(self, found: KeyLook) -> None:
        self._form.setRowVisible(self._passphrase, found.locked)
        # Before the dialog is active nothing has the focus, but something is to have it.
        if found.locked and self.focusWidget() is self._key.field and not self._key.field.isModified():
            self._passphrase.field.setFocus()  # the key was named already: its passphrase is what is typed next
        self._fitting.start()

    def _edited(self) -> None:
        """What was wrong with the last try may be mended now."""
        if self._trying is None:
            self._error.hide()
        self._check()

    def _check(self) -> None:
        """Say what is missing before it can be tried."""
        self._fitting.start()
        seconds, busy = self._countdown.seconds, self._trying is not None
        missing = "" if self._key.chosen else tr("Choose a key first")
        missing = missing or ("" if self._server.domain else tr("Type the server's address first"))
        self._connect.setText(tr("&Connect in {seconds} s").format(seconds=seconds) if seconds else tr("&Connect"))
        self._connect.setEnabled(not (busy or missing or seconds))
        self._connect.setToolTip(missing or tr("Sign in and list your projects"))
        self._stop_button.setToolTip(tr("Stop connecting (Esc)") if busy else tr("Go back without connecting (Esc)"))

    def _try(self) -> None:
        try:
            login = self._key.login(self._server.domain or "", self._email.text().strip())
        except Exception as error:  # noqa: BLE001 - shown in place, like everything that goes wrong here
            self._fail(error)
            return
        if self._passphrase.isVisibleTo(self):
            login = replace(login, passphrase=self._passphrase.passphrase)
        self._passphrase.conceal()
        wish = ConnectWish(login, self._passphrase.isVisibleTo(self) and self._passphrase.keep)
        self._doing.setText(tr("Connecting to {name} …").format(name=urlsplit(login.domain).hostname))
        self._trying = asyncio.ensure_future(self._run(wish))
        self._show_busy()

    async def _run(self, wish: ConnectWish) -> None:
        try:
            await self._attempt(wish)
        except Exception as error:  # noqa: BLE001 - shown in place, like everything that goes wrong here
            self._end(error)
        else:
            self._tried = wish
            self._end()

    def _end(self, error: Exception | None = None) -> None:
        """The attempt has ended, unless it was given up before."""
        if not isValid(self) or self._trying is not asyncio.current_task():
            return
        self._trying = None
        self._show_busy()
        if error is None:
            self.accept()
        else:
            self._fail(error)

    def _stop(self) -> bool:
        """Give up the attempt under way; answers whether there was one."""
        trying, self._trying = self._trying, None
        if trying is None:
            return False
        self._give_up()
        trying.cancel()
        self._show_busy()
        return True

    def _show_busy(self) -> None:
        busy = self._trying is not None
        for each in (self._key, self._passphrase, self._server, self._email, self._sample):
            each.setEnabled(not busy)
        self._progress.setVisible(busy)
        if busy:
            self._error.hide()
        self._check()
        after = self._connect if self._connect.isEnabled() else self._key.field
        (self._stop_button if busy else after).setFocus()

    def _fail(self, error: Exception) -> None:
        """Show the words, and lead to the field that will need another answer."""
        notice = notice_of(error, discreet=True)
        self._error.show()
        self._words.setPlainText(notice.text)
        self._error.setAccessibleName(tr("Error: {text}").format(text=notice.text))
        QAccessible.updateAccessibility(QAccessibleEvent(self._error, QAccessible.Event.Alert))
        self._words.setFixedHeight(self._words.fit(self._room_for_words(), 10 * ICON).height())
        self._fitting.start()
        if notice.countdown:
            self._countdown.start(monotonic() + notice.countdown)
        if isinstance(error, ServerError) and error.kind in _ASKS_PASSPHRASE:
            self._form.setRowVisible(self._passphrase, True)
            self._passphrase.field.setFocus()
            self._passphrase.field.selectAll()

    def _fit(self) -> None:
        """Be as high as what is shown needs."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def _room_for_words(self) -> int:
        return max(self.content.geometry().width() - ICON - 2 * SPACE_L, WIDTH // 2)


def _label(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setProperty("muted", True)
    label.setBuddy(buddy)
    label.setFixedHeight(buddy.sizeHint().height())
    return label
