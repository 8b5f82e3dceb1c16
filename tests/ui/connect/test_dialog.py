"""The Connect dialog: what was typed is what is tried, failures are told in place, and nothing typed is ever lost."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization as forms
from cryptography.hazmat.primitives.asymmetric import ed25519
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bitmask_studio.core.errors import StudioError
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.sources.encord.login import AMERICA, EUROPE, Login
from bitmask_studio.studio.ask import ConnectWish
from bitmask_studio.ui.connect.dialog import ConnectDialog
from bitmask_studio.ui.connect.server_part import address_of
from bitmask_studio.ui.dialogs.dialogs import Dialogs
from bitmask_studio.ui.widgets.wrapped_text import WrappedText
from tests.ui.asking import answered, button, choice, named, only, texts, until

SECRET = "correct horse battery staple"
Act = Callable[[ConnectDialog], Coroutine[Any, Any, object]]


class Server:
    """What stands behind the dialog: refuses with each of `refusals`, then hangs if told so, else lets in."""

    def __init__(self, *refusals: Exception, hangs: bool = False) -> None:
        self.refusals, self.hangs = list(refusals), hangs
        self.tried: list[ConnectWish] = []
        self.given_up = 0
        self.released = asyncio.Event()

    async def attempt(self, wish: ConnectWish) -> None:
        self.tried.append(wish)
        if self.refusals:
            raise self.refusals.pop(0)
        if self.hangs:
            await self.released.wait()

    def cancel(self) -> None:
        self.given_up += 1


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys `open` and `locked`."""
    folder = tmp_path_factory.mktemp("keys")
    key = ed25519.Ed25519PrivateKey.generate()
    locks = {"open": forms.NoEncryption(), "locked": forms.BestAvailableEncryption(SECRET.encode())}
    for name, lock in locks.items():
        (folder / name).write_bytes(key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.OpenSSH, lock))
        (folder / name).chmod(0o600)
    return folder


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    return window


def asked(
    window: QWidget,
    act: Act,
    suggestion: Login,
    server: Server | None = None,
    environment: tuple[str, ...] = (),
    keyring: bool = False,
) -> ConnectWish | None:
    """What the dialog answers after `act`."""
    behind = server or Server()
    dialogs = Dialogs(window, str, str, lambda: keyring)
    return answered(dialogs.connect(suggestion, environment, behind.attempt, behind.cancel), act)


def words(dialog: ConnectDialog) -> str:
    """What the dialog says about the last failure."""
    field = only(dialog, WrappedText)
    return field.toPlainText() if field.isVisible() else ""


def field(dialog: ConnectDialog, name: str) -> QLineEdit:
    return named(dialog, QLineEdit, name)


def connect_button(dialog: ConnectDialog) -> QPushButton:
    return next(each for each in dialog.findChildren(QPushButton) if "onnect" in each.text())


async def connect(dialog: ConnectDialog) -> None:
    connect_button(dialog).click()


async def refuse(dialog: ConnectDialog) -> None:
    """Connect, and wait for the words."""
    connect_button(dialog).click()
    await until(lambda: words(dialog))


def test_what_was_typed_is_what_is_tried_and_answered(window: QWidget, keys: Path) -> None:
    server = Server()

    async def act(dialog: ConnectDialog) -> None:
        QTest.keyClicks(field(dialog, "Key file"), str(keys / "open"))
        region = named(dialog, QComboBox, "Region")
        region.setCurrentIndex(region.findData(AMERICA))
        QTest.keyClicks(field(dialog, "E-mail"), " ann@example.com ")
        await connect(dialog)

    wanted = ConnectWish(Login(AMERICA, keys / "open", email="ann@example.com"))
    assert asked(window, act, Login(), server) == wanted
    assert server.tried == [wanted]


def test_enter_connects_with_what_was_used_last(window: QWidget, keys: Path) -> None:
    async def act(dialog: ConnectDialog) -> None:
        QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return)

    last = Login(EUROPE, keys / "open", email="ann@example.com")
    assert asked(window, act, last) == ConnectWish(last)


def test_without_a_key_nothing_can_be_tried(window: QWidget) -> None:
    async def act(dialog: ConnectDialog) -> None:
        assert not connect_button(dialog).isEnabled()
        assert connect_button(dialog).toolTip() == "Choose a key first"
        QTest.keyClick(field(dialog, "Key file"), Qt.Key.Key_Return)
        assert dialog.isVisible()
        dialog.reject()

    assert asked(window, act, Login()) is None


def test_a_failure_is_told_in_place_and_the_next_try_has_everything_typed(window: QWidget, keys: Path) -> None:
    server = Server(ServerError("Encord did not accept this key.", Kind.NOT_ACCEPTED))
    last = Login("https://own.example.com", keys / "locked", passphrase=SECRET, email="ann@example.com")

    async def act(dialog: ConnectDialog) -> None:
        await refuse(dialog)
        assert words(dialog) == "Encord did not accept this key."
        assert named(dialog, QFrame, "Error: Encord did not accept this key.").isVisible()
        assert dialog.isVisible()
        await connect(dialog)

    answer = asked(window, act, last, server)
    assert answer is not None
    assert answer.login == last
    assert [each.login for each in server.tried] == [last, last]


def test_words_of_others_are_shown_letter_by_letter_and_fit(window: QWidget, keys: Path) -> None:
    text = "<b>bold</b> " + "x" * 300 + " word" * 200

    async def act(dialog: ConnectDialog) -> None:
        await refuse(dialog)
        assert words(dialog) == text
        assert dialog.width() < 700
        dialog.reject()

    asked(window, act, Login(key_path=keys / "open"), Server(StudioError(text)))


def test_an_unexpected_failure_is_excused_and_tells_no_secret(window: QWidget, keys: Path) -> None:
    async def act(dialog: ConnectDialog) -> None:
        await refuse(dialog)
        assert "RuntimeError" in words(dialog)
        assert SECRET not in words(dialog)
        dialog.reject()

    asked(window, act, Login(key_path=keys / "open"), Server(RuntimeError(SECRET)))


def test_a_locked_key_asks_for_its_passphrase_and_an_open_one_does_not(window: QWidget, keys: Path) -> None:
    async def act(dialog: ConnectDialog) -> None:
        passphrase = field(dialog, "Passphrase")
        assert not passphrase.isVisible()
        field(dialog, "Key file").setText(str(keys / "locked"))
        await until(passphrase.isVisible)
        QTest.keyClicks(passphrase, SECRET)
        await connect(dialog)

    answer = asked(window, act, Login(key_path=keys / "open"))
    assert answer is not None
    assert answer.login == Login(EUROPE, keys / "locked", passphrase=SECRET)


def test_with_a_locked_key_named_already_its_passphrase_is_typed_at_once(window: QWidget, keys: Path) -> None:
    async def act(dialog: ConnectDialog) -> None:
        passphrase = field(dialog, "Passphrase")
        await until(lambda: passphrase.isVisible() and dialog.focusWidget() is passphrase)
        dialog.reject()

    asked(window, act, Login(key_path=keys / "locked"))


def test_a_passphrase_typed_for_another_key_is_not_used_for_an_open_one(window: QWidget, keys: Path) -> None:
    async def act(dialog: ConnectDialog) -> None:
        passphrase = field(dialog, "Passphrase")
        field(dialog, "Key file").setText(str(keys / "open"))
        await until(lambda: not passphrase.isVisible())
        await connect(dialog)

    answer = asked(window, act, Login(key_path=keys / "locked", passphrase=SECRET), keyring=True)
    assert answer == ConnectWish(Login(EUROPE, keys / "open"))


@pytest.mark.parametrize("kind", [Kind.WRONG_PASSPHRASE, Kind.KEY_LOCKED])
def test_a_refused_passphrase_leads_to_its_field(window: QWidget, keys: Path, kind: Kind) -> None:
    async def act(dialog: ConnectDialog) -> None:
        await refuse(dialog)
        passphrase = field(dialog, "Passphrase")
        assert passphrase.hasFocus()
        QTest.keyClicks(passphrase, SECRET)
        QTest.keyClick(passphrase, Qt.Key.Key_Return)

    answer = asked(window, act, Login(key_path=keys / "locked", passphrase="wrong"), Server(ServerError("No.", kind)))
    assert answer is not None
    assert answer.login.passphrase == SECRET


def test_the_passphrase_is_hidden_until_the_user_wants_to_see_it(window: QWidget, keys: Path) -> None:
    async def act(dialog: ConnectDialog) -> None:
        passphrase, eye = field(dialog, "Passphrase"), named(dialog, QToolButton, "Show the passphrase")
        assert passphrase.echoMode() == QLineEdit.EchoMode.Password
        eye.click()
        assert passphrase.echoMode() == QLineEdit.EchoMode.Normal
        assert eye.accessibleName() == "Hide the passphrase"
        await refuse(dialog)
        assert passphrase.echoMode() == QLineEdit.EchoMode.Password
        dialog.reject()

    asked(window, act, Login(key_path=keys / "locked", passphrase=SECRET), Server(StudioError("No.")))


@pytest.mark.parametrize("keeps", [True, False])
def test_where_there_is_a_keyring_the_passphrase_can_be_remembered(window: QWidget, keys: Path, keeps: bool) -> None:
    async def act(dialog: ConnectDialog) -> None:
        box = only(dialog, QCheckBox)
        await until(box.isVisible)
        assert not box.isChecked()
        QTest.keyClicks(field(dialog, "Passphrase"), SECRET)
        box.setChecked(keeps)
        await connect(dialog)

    answer = asked(window, act, Login(key_path=keys / "locked"), keyring=True)
    assert answer is not None
    assert answer.keep_passphrase is keeps


def test_without_a_keyring_nothing_is_offered_to_be_remembered(window: QWidget, keys: Path) -> None:
    async def act(dialog: ConnectDialog) -> None:
        await until(field(dialog, "Passphrase").isVisible)
        await asyncio.sleep(0.05)
        assert not only(dialog, QCheckBox).isVisible()
        await connect(dialog)

    answer = asked(window, act, Login(key_path=keys / "locked", passphrase=SECRET))
    assert answer is not None
    assert not answer.keep_passphrase


def test_cancel_gives_an_attempt_up_at_once_and_keeps_the_dialog(window: QWidget, keys: Path) -> None:
    server = Server(hangs=True)

    async def act(dialog: ConnectDialog) -> None:
        await connect(dialog)
        await until(lambda: server.tried)
        assert only(dialog, QProgressBar).isVisible()
        assert not connect_button(dialog).isEnabled()
        button(dialog, "Cancel").click()
        assert server.given_up == 1
        assert dialog.isVisible()
        assert not only(dialog, QProgressBar).isVisible()
        assert field(dialog, "E-mail").text() == "ann@example.com"
        server.released.set()
        await asyncio.sleep(0.05)
        assert dialog.isVisible()
        button(dialog, "Cancel").click()

    assert asked(window, act, Login(key_path=keys / "open", email="ann@example.com"), server) is None
    assert server.given_up == 1


def test_after_an_attempt_was_given_up_another_one_can_be_made(window: QWidget, keys: Path) -> None:
    server = Server(hangs=True)

    async def act(dialog: ConnectDialog) -> None:
        await connect(dialog)
        await until(lambda: server.tried)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        server.hangs = False
        await connect(dialog)

    assert asked(window, act, Login(key_path=keys / "open"), server) is not None
    assert len(server.tried) == 2


def test_closing_the_dialog_gives_up_too(window: QWidget, keys: Path) -> None:
    server = Server(hangs=True)

    async def act(dialog: ConnectDialog) -> None:
        await connect(dialog)
        await until(lambda: server.tried)
        dialog.close()

    assert asked(window, act, Login(key_path=keys / "open"), server) is None
    assert server.given_up == 1


def test_while_connecting_the_dialog_says_with_whom_and_nothing_can_be_changed(window: QWidget, keys: Path) -> None:
    server = Server(hangs=True)

    async def act(dialog: ConnectDialog) -> None:
        await connect(dialog)
        assert any("own.example.com" in text for text in texts(dialog))
        fields = [each for each in dialog.findChildren(QLineEdit) if each.isVisible()]
        assert fields
        assert not any(each.isEnabled() for each in fields)
        dialog.close()

    asked(window, act, Login("https://own.example.com", keys / "open"), server)


def test_a_server_that_asks_to_wait_is_waited_for_in_sight(window: QWidget, keys: Path) -> None:
    server = Server(ServerError("Too many requests.", Kind.TOO_MANY_REQUESTS, retry_after=0.6))

    async def act(dialog: ConnectDialog) -> None:
        await refuse(dialog)
        assert connect_button(dialog).text() == "&Connect in 1 s"
        assert not connect_button(dialog).isEnabled()
        await until(connect_button(dialog).isEnabled)
        await connect(dialog)

    assert asked(window, act, Login(key_path=keys / "open"), server) is not None


def test_keys_of_the_environment_are_offered_and_not_used_unless_chosen(
    window: QWidget, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENCORD_SSH_KEY_FILE", str(keys / "open"))

    async def leave(dialog: ConnectDialog) -> None:
        choice(dialog, QRadioButton, "Use the key from ENCORD_SSH_KEY_FILE")
        assert choice(dialog, QRadioButton, "A key file").isChecked()
        assert not connect_button(dialog).isEnabled()
        dialog.reject()

    async def take(dialog: ConnectDialog) -> None:
        choice(dialog, QRadioButton, "Use the key from ENCORD_SSH_KEY_FILE").click()
        await connect(dialog)

    assert asked(window, leave, Login(), environment=("ENCORD_SSH_KEY_FILE",)) is None
    answer = asked(window, take, Login(), environment=("ENCORD_SSH_KEY_FILE",))
    assert answer == ConnectWish(Login(EUROPE, keys / "open"))


def test_the_text_of_a_key_in_the_environment_is_used_but_never_shown(
    window: QWidget, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (keys / "locked").read_text()
    monkeypatch.setenv("ENCORD_SSH_KEY", text)

    async def act(dialog: ConnectDialog) -> None:
        choice(dialog, QRadioButton, "Use the key from ENCORD_SSH_KEY").click()
        await until(field(dialog, "Passphrase").isVisible)
        shown = [*texts(dialog), *(each.text() for each in dialog.findChildren(QLineEdit))]
        assert not any("OPENSSH" in each for each in shown)
        QTest.keyClicks(field(dialog, "Passphrase"), SECRET)
        await connect(dialog)

    answer = asked(window, act, Login(), environment=("ENCORD_SSH_KEY",))
    assert answer is not None
    assert (answer.login.key_text, answer.login.key_path) == (text, None)
    assert text not in repr(answer)
    assert SECRET not in repr(answer)


def test_a_key_that_left_the_environment_is_told_in_place(window: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCORD_SSH_KEY", "something")

    async def act(dialog: ConnectDialog) -> None:
        choice(dialog, QRadioButton, "Use the key from ENCORD_SSH_KEY").click()
        del os.environ["ENCORD_SSH_KEY"]
        await refuse(dialog)
        assert "ENCORD_SSH_KEY" in words(dialog)
        dialog.reject()

    asked(window, act, Login(), environment=("ENCORD_SSH_KEY",))


def test_a_file_that_is_no_key_is_called_that_before_anything_is_sent(window: QWidget, keys: Path) -> None:
    async def act(dialog: ConnectDialog) -> None:
        field(dialog, "Key file").setText(str(keys / "none"))
        await until(lambda: "There is no such file." in texts(dialog))
        field(dialog, "Key file").setText(__file__)
        await until(lambda: "This is not an SSH key." in texts(dialog))
        field(dialog, "Key file").setText(str(keys / "open"))
        await until(lambda: "Ed25519 key" in texts(dialog))
        dialog.reject()

    asked(window, act, Login())


@pytest.mark.skipif(os.name != "posix", reason="files have no such bits")
def test_a_key_that_others_can_read_is_called_that_and_taken(window: QWidget, keys: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.write_bytes((keys / "open").read_bytes())
    bare.chmod(0o644)

    async def act(dialog: ConnectDialog) -> None:
        field(dialog, "Key file").setText(str(bare))
        await until(lambda: any("Other users of this computer can read" in each for each in texts(dialog)))
        dialog.reject()

    asked(window, act, Login())


def test_the_key_file_can_be_picked(window: QWidget, keys: Path) -> None:
    async def act(dialog: ConnectDialog) -> None:
        button(dialog, "Choose …").click()
        picker = only(dialog, QFileDialog)
        assert picker.fileMode() == QFileDialog.FileMode.ExistingFile
        picker.fileSelected.emit(str(keys / "open"))
        picker.reject()
        await connect(dialog)

    answer = asked(window, act, Login())
    assert answer is not None
    assert answer.login.key_path == keys / "open"


def test_the_sample_project_is_offered_instead(window: QWidget) -> None:
    async def act(dialog: ConnectDialog) -> None:
        button(dialog, "Try with a sample Encord project instead").click()

    answer = asked(window, act, Login())
    assert answer is not None
    assert answer.sample


def test_on_the_samples_own_server_the_dialog_says_so_and_offers_no_other(window: QWidget, keys: Path) -> None:
    async def act(dialog: ConnectDialog) -> None:
        assert not button(dialog, "Try with a sample Encord project instead").isVisible()
        assert "A server on this computer: nothing leaves it." in texts(dialog)
        await connect(dialog)

    login = Login("http://127.0.0.1:8123", keys / "open")
    assert asked(window, act, login) == ConnectWish(login)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://api.example.com", "https://api.example.com"),
        (" https://api.example.com:8443/ ", "https://api.example.com:8443"),
        ("api.example.com", "https://api.example.com"),
        ("https://example.com/encord/", "https://example.com/encord"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_own_address_is_taken_as_it_is_meant(typed: str, address: str) -> None:
    assert address_of(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "https://", "http://api.example.com", "ftp://api.example.com", "file:///etc/passwd"),
        *("https://user@example.com", "https://example.com?x=1", "https://example.com#x", "https://[", "https://a:b"),
        "https://a b.com",
    ],
)
def test_what_is_no_safe_address_is_refused(typed: str) -> None:
    assert address_of(typed) is None


def test_http_to_elsewhere_says_why_not(window: QWidget, keys: Path) -> None:
    async def act(dialog: ConnectDialog) -> None:
        region = named(dialog, QComboBox, "Region")
        region.setCurrentIndex(region.count() - 1)
        QTest.keyClicks(field(dialog, "Address"), "http://api.example.com")
        assert any("Use https" in text for text in texts(dialog))
        assert not connect_button(dialog).isEnabled()
        dialog.reject()

    asked(window, act, Login(key_path=keys / "open"))


def test_tab_goes_from_the_key_to_the_buttons_and_then_to_the_way_out(window: QWidget, keys: Path) -> None:
    async def act(dialog: ConnectDialog) -> None:
        order = list[str]()
        field(dialog, "Key file").setFocus()
        while (widget := QApplication.focusWidget()) and _name(widget) not in order:
            order.append(_name(widget))
            QTest.keyClick(widget, Qt.Key.Key_Tab)
        assert order[:5] == ["Key file", "Choose …", "Passphrase", "Show the passphrase", "Region"]
        assert order[5:] == ["E-mail", "Connect", "Cancel", "Try with a sample Encord project instead"]
        dialog.reject()

    asked(window, act, Login(key_path=keys / "locked", passphrase=SECRET))


def test_every_control_has_a_name_and_a_tip(window: QWidget, keys: Path) -> None:
    async def act(dialog: ConnectDialog) -> None:
        await until(only(dialog, QCheckBox).isVisible)
        controls = [
            *dialog.findChildren(QLineEdit, options=Qt.FindChildOption.FindChildrenRecursively),
            *dialog.findChildren(QComboBox),
            *dialog.findChildren(QAbstractButton),
        ]
        shown = [each for each in controls if each.isVisible()]
        assert len(shown) >= 9
        assert [_name(each) for each in shown if not each.toolTip()] == []
        assert all(_name(each) for each in shown)
        dialog.reject()

    suggestion = Login("http://localhost:1", keys / "locked", passphrase=SECRET)
    asked(window, act, suggestion, environment=("ENCORD_SSH_KEY",), keyring=True)


def test_the_dialog_is_as_high_as_what_it_shows(window: QWidget, keys: Path) -> None:
    async def act(dialog: ConnectDialog) -> None:
        await asyncio.sleep(0.05)
        before = dialog.height()
        await refuse(dialog)
        await until(lambda: dialog.height() > before)
        await connect(dialog)
        await until(lambda: not words(dialog))
        button(dialog, "Cancel").click()
        await until(lambda: dialog.height() == before)
        dialog.reject()

    asked(window, act, Login(key_path=keys / "open"), Server(StudioError("word " * 80), hangs=True))


def _name(widget: QWidget) -> str:
    text = widget.text().replace("&", "") if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text
