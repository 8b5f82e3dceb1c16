"""What a call of the worker works with: the SDK's client, its projects and rows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import bitmask_studio
from bitmask_studio.sources.encord.errors import Kind
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.messages import Problem, Refused
from bitmask_studio.sources.encord.worker import problems
from bitmask_studio.sources.encord.worker.keys import Key, read_key

if TYPE_CHECKING:
    from encord.http.constants import RequestsSettings
    from encord.objects import LabelRowV2
    from encord.project import Project
    from encord.user_client import EncordUserClient


class Here:
    """Shared by all calls of one worker, which come from several threads.

    `silence`: seconds without a byte after which a request is given up; `send` takes the parts of an answer.
    """

    def __init__(self, login: Login, silence: float = 10.0, send: Callable[[Any], object] = lambda value: None) -> None:
        self.login = login
        self.silence = silence
        self.part = send
        """Sends a part of the running call's answer before the answer itself."""
        self._lock = threading.Lock()
        self._client: EncordUserClient | None = None
        self._projects: dict[str, Project] = {}
        self._secrets = tuple(text for text in (login.key_text, login.passphrase) if text)

    @property
    def domain(self) -> str:
        """Where the platform is, such as `https://api.encord.com`."""
        return self.login.domain

    @property
    def client(self) -> EncordUserClient:
        """The SDK's client; making it needs no network.

        Raises Refused when the key cannot be used.
        """
        with self._lock:
            if self._client is None:
                self._client = self._new_client(read_key(self.login))
            return self._client

    def project(self, project_hash: str, fresh: bool = False) -> Project:
        """The SDK's project, asked for once, or anew if `fresh`. Raises what the SDK raises."""
        found = None if fresh else self._projects.get(project_hash)
        if found is None:
            found = self._projects[project_hash] = self.client.get_project(project_hash)
        return found

    def row(self, project_hash: str, label_hash: str | None, data_hash: str) -> LabelRowV2:
        """The row of branch main, listed anew, so that it belongs to the caller alone; its labels are not read yet.

        Without `label_hash` any row of these data will do. Raises Refused when there is none, and what the SDK raises.
        """
        rows = self.project(project_hash).list_label_rows_v2(data_hashes=[data_hash])
        matching = (row for row in rows if str(row.data_hash) == data_hash)
        found = next((row for row in matching if label_hash in (None, row.label_hash)), None)
        if found is None:
            raise Refused(Problem(Kind.GONE, "row"))
        return found

    def problem_of(self, error: BaseException) -> Problem:
        """What an exception of a call means, without anything secret."""
        return problems.problem_of(error, urlsplit(self.domain).netloc, self._secrets)

    def _new_client(self, key: Key) -> EncordUserClient:
        from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
        from encord import EncordUserClient

        from bitmask_studio.sources.encord.worker.redirects import stay_with_the_server

        stay_with_the_server()
        # The key's own lines too: whatever quotes it may break it at any of them.
        self._secrets += (key.text, *(line for line in key.text.splitlines() if not line.startswith("-----")))
        try:
            return EncordUserClient.create_with_ssh_private_key(
                key.text,
                self.login.passphrase if key.locked else None,
                _settings(self.silence),
                domain=self.domain,
                user_agent_suffix=f"bitmask-studio/{bitmask_studio.__version__}",
            )
        except UnsupportedAlgorithm:
            raise Refused(Problem(Kind.KEY_UNSUITABLE, "cipher")) from None
        except (ValueError, TypeError, InvalidTag):
            kind = Kind.WRONG_PASSPHRASE if key.locked else Kind.KEY_UNSUITABLE
            raise Refused(Problem(kind, "" if key.locked else "damaged")) from None


def _settings(silence: float) -> RequestsSettings:
    """Every failure is told at once: what is tried again, and when, is the other side's to say."""
    from encord.http.constants import RequestsSettings

    seconds: Any = silence  # the SDK says whole seconds, what it hands them to takes any
    return RequestsSettings(
        max_retries=0, connection_retries=0, connect_timeout=seconds, read_timeout=seconds, write_timeout=seconds
    )
