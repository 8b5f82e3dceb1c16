"""Connecting to Encord: the dialog's attempts, the projects on offer, and the sample server on this machine."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.state import state_folder
from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.studio import preferences
from bitmask_studio.studio.account import keyring
from bitmask_studio.studio.ask import ConnectWish
from bitmask_studio.studio.notices import Level
from bitmask_studio.studio.studio import Studio

if TYPE_CHECKING:
    from bitmask_studio.sandbox import Sandbox
    from bitmask_studio.sources.encord.account import Account

KEY_VARIABLES = ("ENCORD_SSH_KEY_FILE", "ENCORD_SSH_KEY")


class SigningIn:
    """Leads to `studio.account`; whoever connects anew leaves the account before."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._trying: Account | None = None
        self._sandbox: Sandbox | None = None

    async def ask(self, suggestion: Login | None = None) -> bool:
        """Show the dialog until somebody is signed in or gives up; answers which."""
        wish = await self._ask(suggestion or self.remembered(), self.sign_in)
        if wish is not None and wish.sample:
            return await self.try_sandbox()
        return wish is not None

    async def again(self) -> bool:
        """The same dialog for the place that one is signed in to: what is open there stays, with every edit."""
        account = self._studio.account
        return account is not None and await self._ask(account.login, self._renew) is not None

    async def try_sandbox(self) -> bool:
        """Start the sample server in this process, then the same dialog with its key."""
        sandbox = await self.start_sandbox()
        return await self.ask(Login(sandbox.url, sandbox.key_path, email=sandbox.email))

    async def start_sandbox(self) -> Sandbox:
        """The sample server of this process, started at its first use; what is painted there stays for tomorrow."""
        if self._sandbox is None:
            folder = state_folder() / "sandbox"
            with self._studio.working(tr("Starting the sample project …")):
                self._sandbox = await self._studio.jobs.run(lambda: _started(folder))
        return self._sandbox

    @property
    def sandbox(self) -> Sandbox | None:
        """The sample server, if it is what the account is on."""
        account = self._studio.account
        return self._sandbox if self._sandbox and account and account.login.domain == self._sandbox.url else None

    async def sign_in(self, login: Login) -> None:
        """Take `login` for the account from now on. Raises StudioError; the account before stays then."""
        account = await self._studio.jobs.run(lambda: _connected(login, self._begin))
        for warning in account.warnings:
            self._studio.say(warning, Level.WARNING)
        self._studio.set_account(account)
        self._remember(login)

    async def _renew(self, login: Login) -> None:
        """Take `login` for the account there is. Raises StudioError; the former login stays then."""
        account = self._studio.account
        checked = await self._studio.jobs.run(lambda: _connected(login, self._begin))
        checked.close()
        if account is None or checked.login.domain != account.login.domain:
            raise StudioError(tr("What is open is on another server. Choose File > Connect to Encord to go there."))
        account.renew(checked.login)
        self._remember(checked.login)

    def cancel(self) -> None:
        """Give up an attempt under way."""
        if self._trying:
            self._trying.close()

    def remembered(self) -> Login:
        """What was used last; a passphrase is not in it."""
        settings = self._studio.settings
        key = settings.get(preferences.ENCORD_KEY)
        return Login(
            settings.get(preferences.ENCORD_DOMAIN),
            Path(key) if key else None,
            email=settings.get(preferences.ENCORD_EMAIL),
        )

    def close(self) -> None:
        """Let go of account and sample server, and of an attempt under way, at once."""
        for account in (self._trying, self._studio.account):
            if account:
                account.close()
        if self._sandbox:
            self._sandbox.stop()

    def _begin(self, account: Account) -> None:
        self._trying = account

    async def _ask(self, suggestion: Login, sign_in: Callable[[Login], Awaitable[None]]) -> ConnectWish | None:
        given = [name for name in KEY_VARIABLES if os.environ.get(name)]
        attempt = partial(self._attempt, sign_in)
        return await self._studio.ask.connect(suggestion, given, attempt, self.cancel)

    async def _attempt(self, sign_in: Callable[[Login], Awaitable[None]], wish: ConnectWish) -> None:
        login, path = wish.login, wish.login.key_path
        if path and login.passphrase is None:
            kept = await self._studio.jobs.run(lambda: keyring.load(login.domain, path))
            login = replace(login, passphrase=kept)
        await sign_in(login)
        if wish.keep_passphrase and path and (secret := login.passphrase):
            kept_now = await self._studio.jobs.run(lambda: keyring.store(login.domain, path, secret))
            if not kept_now:
                self._studio.say(tr("The system's keyring did not take the passphrase."), Level.WARNING)

    def _remember(self, login: Login) -> None:
        studio = self._studio
        if self._sandbox and login.domain == self._sandbox.url:
            return
        studio.set(preferences.ENCORD_DOMAIN, login.domain)
        studio.set(preferences.ENCORD_EMAIL, login.email)
        if login.key_path:
            studio.set(preferences.ENCORD_KEY, str(login.key_path))


def _connected(login: Login, begun: Callable[[Account], None]) -> Account:
    from bitmask_studio.sources.encord.account import connect  # what speaks with a server is not part of every start

    return connect(login, begun)


def _started(folder: Path) -> Sandbox:
    from bitmask_studio.sandbox import Sandbox  # the server is not part of every start

    return Sandbox.start(folder)


def login_from_environment(variable: str, domain: str, email: str = "") -> Login:
    """The key that a variable of the environment names or holds. Raises StudioError when it is not set."""
    value = os.environ.get(variable)
    if not value:
        raise StudioError(tr("{name} is not set.").format(name=variable))
    if variable == "ENCORD_SSH_KEY_FILE":
        return Login(domain, Path(value), email=email)
    return Login(domain, key_text=value, email=email)
