"""A sandbox that runs: from its state folder to its address, with everything that tests and the window ask of it."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from pathlib import Path

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr
from bitmask_studio.sandbox import seeding, synthetic
from bitmask_studio.sandbox.application import Application
from bitmask_studio.sandbox.colleague import Colleague
from bitmask_studio.sandbox.faults import Faults
from bitmask_studio.sandbox.listing import list_rows
from bitmask_studio.sandbox.people import PEOPLE, YOU, KeyRing
from bitmask_studio.sandbox.pictures import Pictures
from bitmask_studio.sandbox.requests import Request
from bitmask_studio.sandbox.server import HOST, LoopbackServer
from bitmask_studio.sandbox.store import Store, Version
from bitmask_studio.sandbox.wire import Json
from bitmask_studio.sandbox.world import World


class Sandbox:
    """A server that speaks Encord's protocols, on loopback, in a thread of this process."""

    def __init__(self, store: Store, application: Application, port: int) -> None:
        """Serve what the application answers; `start` makes one of these. Raises OSError when the port is taken."""
        self._store = store
        self._application = application
        self._world = application.world
        self._server = LoopbackServer(port, application)
        self.url = f"http://{HOST}:{self._server.server_port}"
        application.pictures.origin = self.url
        self.colleague = Colleague(self._world, application.pictures)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="sandbox", daemon=True)
        self._thread.start()

    @classmethod
    def start(
        cls,
        state: Path,
        *,
        labels: Path | None = None,
        images: Path | None = None,
        ontology: Path | None = None,
        port: int = 0,
    ) -> Sandbox:
        """Serve the sample project, or the label rows of an export, from what the folder `state` remembers of them.

        `labels` is an Encord export (a JSON list of label rows, or one of them), `images` a folder with its pictures,
        `ontology` its ontology; without one the only `*ontology*.json` beside the export counts, else the classes that
        its labels name. What was saved before is served again, even when the export has changed since. Port 0 is any
        free one. Raises InputError when a file, the folder or the port cannot be used.
        """
        given = None if labels is None else seeding.Given(labels, images, ontology)
        try:
            state.mkdir(parents=True, exist_ok=True)
            store = Store(state / seeding.base_name(given))
        except OSError as error:
            raise InputError(
                tr("The sandbox cannot use the folder {folder}: {error}.").format(folder=state, error=error)
            ) from error
        try:
            return cls(store, _application(state, store, given), port)
        except OSError as error:
            store.close()
            raise InputError(
                tr("The sandbox cannot be served on port {port}: {error}.").format(port=port, error=error)
            ) from error
        except BaseException:
            store.close()
            raise

    @property
    def key_path(self) -> Path:
        """The private key that the sandbox accepts: OpenSSH, Ed25519, no passphrase."""
        return self._application.keys.path_of(YOU)

    def key_path_of(self, name: str) -> Path:
        """The key of another user: colleague, annotator, reviewer, viewer or outsider. Raises KeyError."""
        return self._application.keys.path_of({person.name: person for person in PEOPLE}[name])

    @property
    def projects(self) -> list[tuple[str, str]]:
        """Hash and title of each project."""
        with self._world.lock:
            return [(each.project_hash, each.title) for each in self._world.projects.values()]

    @property
    def project_hash(self) -> str:
        """The hash of the first project."""
        return self.projects[0][0]

    @property
    def email(self) -> str:
        """Whose key `key_path` is."""
        return YOU.email

    @property
    def project_title(self) -> str:
        """The title of the first project."""
        return self.projects[0][1]

    @property
    def requests(self) -> list[Request]:
        """What was asked since the start or `clear_requests`."""
        return self._application.log.all()

    def clear_requests(self) -> None:
        """Forget what was asked."""
        self._application.log.clear()

    @property
    def faults(self) -> Faults:
        """Failures on demand."""
        return self._application.faults

    @property
    def url_seconds(self) -> int:
        """For how many seconds the addresses of pictures hold that are handed out from now on."""
        return self._application.pictures.url_seconds

    @url_seconds.setter
    def url_seconds(self, seconds: int) -> None:
        self._application.pictures.url_seconds = seconds

    def row(self, label_hash: str) -> Json:
        """The stored label row in the form of the wire, a copy. Raises RefusedError when there is none."""
        with self._world.lock:
            return self._world.labelled(label_hash).labels

    def rows(self, project_hash: str | None = None) -> list[Json]:
        """The listing of a project, the first one unless told, as the SDK gets it: rows without labels as well."""
        with self._world.lock:
            project = self._world.projects[project_hash or self.project_hash]
            wanted = {"include_uninitialised_labels": True, "include_workflow_graph_node": True}
            return list(list_rows(self._world, project, self._application.pictures, wanted))

    def history(self, label_hash: str) -> Sequence[Version]:
        """All saved states of a label row, the first one that with which it came; oldest first."""
        with self._world.lock:
            return self._world.history(label_hash)

    def add_rows(self, count: int, project_hash: str | None = None) -> None:
        """Add label rows to a project, the first one unless told: every other one without labels; in memory only."""
        with self._world.lock:
            project = self._world.projects[project_hash or self.project_hash]
            self._world.put(synthetic.rows(project, count))

    def stop(self) -> None:
        """End all connections and let port and folder go."""
        self._server.close()
        self._thread.join()
        with self._world.lock:
            self._store.close()


def _application(state: Path, store: Store, given: seeding.Given | None) -> Application:
    folders = seeding.picture_folders(given)
    world = World(store) if store.fact("complete") else _first_world(store, given)
    secret = bytes.fromhex(store.fact("secret"))
    return Application(world, KeyRing(state, secret), Pictures(folders, secret))


def _first_world(store: Store, given: seeding.Given | None) -> World:
    """The content of a first start; only a complete one counts."""
    store.clear()
    store.keep_fact("secret", secrets.token_hex(32))
    world = World(store)
    seeding.fill(world, given)
    store.keep_fact("complete", True)
    return world
