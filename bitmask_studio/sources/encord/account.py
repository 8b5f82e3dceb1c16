"""A user signed in to Encord: the projects that one sees there, each as a source of label rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bitmask_studio.sources.encord.link import Link
from bitmask_studio.sources.encord.login import Login, checked_domain
from bitmask_studio.sources.encord.projects import OpenedProject, ProjectInfo, checked_hash
from bitmask_studio.sources.encord.words import exposed_key

if TYPE_CHECKING:
    from bitmask_studio.sources.encord.source import EncordSource


_ASK_SECONDS = 15.0


class Account:
    """Made by `connect`; all its calls block. The worker process starts with the first one, and holds the key."""

    def __init__(self, login: Login, link: Link) -> None:
        self.login = login
        self.link = link
        self.warnings: tuple[str, ...] = ()
        """What the user should know about the key, one plain sentence each."""

    def check(self) -> None:
        """Read the key, then ask the server whether it is accepted. Raises ServerError."""
        exposed: bool = self.link.call("account.check")
        if exposed and self.login.key_path is not None:
            self.warnings = (exposed_key(self.login.key_path),)

    def ask(self) -> None:
        """Ask the server once, for little, and without writing anything. Raises ServerError when it does not answer."""
        self.link.call("account.check", tries=1, seconds=_ASK_SECONDS)

    def projects(self) -> Sequence[ProjectInfo]:
        """Every project that the user may see, in the server's order. Raises ServerError."""
        return tuple(self.link.call("projects.list"))

    def project(self, project_hash: str) -> EncordSource:
        """Open a project; changes nothing on the server.

        Raises ServerError (GONE when there is none with this hash), InputError when it is no hash at all.
        """
        from bitmask_studio.sources.encord.source import EncordSource  # it reads pictures, signing in does not

        opened: OpenedProject = self.link.call("projects.open", checked_hash(project_hash))
        return EncordSource(self.link, opened, self.login.email)

    def renew(self, login: Login) -> None:
        """Go on with another key for the same place; sources made from this account stay as they are."""
        self.login = login
        self.link.sign_in_as(login)

    def cancel(self) -> None:
        """Let everything that is being read end at once."""
        self.link.cancel()

    def close(self) -> None:
        """Sign out, whatever hangs; sources made from this account end with it."""
        self.link.close()


def connect(
    login: Login, begun: Callable[[Account], object] | None = None, link: Callable[[Login], Link] = Link
) -> Account:
    """Sign in: the key is checked here first, then with one request to the server.

    `begun` is told the account before anything takes long: closing it gives the attempt up. `link` makes the way there.
    Raises InputError for an address that cannot be one, ServerError for everything else.
    """
    checked = replace(login, domain=checked_domain(login.domain))
    account = Account(checked, link(checked))
    try:
        if begun is not None:
            begun(account)
        account.check()
    except BaseException:
        account.close()
        raise
    return account
