"""Everything that the sandbox knows, in memory and written through to the store."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

from bitmask_studio.sandbox.answers import RefusedError, not_found
from bitmask_studio.sandbox.people import Person, Role
from bitmask_studio.sandbox.project import (
    Ontology,
    Project,
    ontology_from,
    ontology_record,
    project_from,
    project_record,
)
from bitmask_studio.sandbox.rows import MAIN, Row, Unit
from bitmask_studio.sandbox.store import Store, Version


class World:
    """Projects, ontologies and rows. Whoever reads or changes them holds `lock`."""

    def __init__(self, store: Store) -> None:
        self.lock = threading.RLock()
        self._store = store
        self.projects = {each["project_hash"]: project_from(each) for each in store.fact("projects") or []}
        self.ontologies = {each["ontology_hash"]: ontology_from(each) for each in store.fact("ontologies") or []}
        self._rows: dict[str, dict[tuple[str, str], Row]] = {}
        self._labels: dict[str, Row] = {}
        self._tasks: dict[str, Row] = {}
        self._items: dict[str, tuple[Row, Unit | None]] = {}
        for row in store.rows():
            self._index(row)
            project = self.projects[row.project_hash]
            project.edited_at = max(project.edited_at, row.edited_at or project.edited_at)

    def put_project(self, project: Project, ontology: Ontology) -> None:
        """Take in a project and its ontology, or their new state."""
        self.projects[project.project_hash] = project
        self.ontologies[ontology.ontology_hash] = ontology
        self._store.keep_fact("ontologies", [ontology_record(each) for each in self.ontologies.values()])
        self._store.keep_fact("projects", [project_record(each) for each in self.projects.values()])

    def put(self, rows: Iterable[Row], who: str | None = None) -> None:
        """Take in rows, or their new state; when `who` saved their labels, these join the history."""
        changed = list(rows)
        for row in changed:
            row.version += who is not None and row.wire is not None
            self._index(row)
        self._store.keep(changed, who)

    def history(self, label_hash: str) -> list[Version]:
        """All saved states of a label row, oldest first."""
        return self._store.versions(label_hash)

    def rows(self, project_hash: str) -> Iterator[Row]:
        """The rows of a project, all branches."""
        return iter(self._rows.get(project_hash, {}).values())

    def row(self, project_hash: str, data_hash: str, branch: str = MAIN) -> Row | None:
        """The row of a data unit on a branch."""
        return self._rows.get(project_hash, {}).get((data_hash, branch))

    def labelled(self, label_hash: object) -> Row:
        """The row of a label hash. Raises RefusedError."""
        row = self._labels.get(label_hash) if isinstance(label_hash, str) else None
        if row is None:
            raise not_found("label row of this hash")
        return row

    def task(self, task_uuid: object) -> Row | None:
        """The row of a task."""
        return self._tasks.get(task_uuid) if isinstance(task_uuid, str) else None

    def item(self, item_uuid: str) -> tuple[Row, Unit | None] | None:
        """The row of a storage item, and which of its several files it is."""
        return self._items.get(item_uuid)

    def project_for(self, person: Person, project_hash: str) -> Project:
        """A project that the person may see. Raises RefusedError."""
        project = self.projects.get(project_hash)
        if project is None:
            raise not_found("project of this hash")
        if project.role_of(person) is None:
            raise RefusedError("AUTHORISATION_ERROR", "You are no member of this project.")
        return project

    def _index(self, row: Row) -> None:
        self._rows.setdefault(row.project_hash, {})[row.key] = row
        if row.label_hash:
            self._labels[row.label_hash] = row
        if row.branch == MAIN:
            self._tasks[row.task_uuid] = row
            self._items[row.item_uuid] = (row, None)
            if len(row.units) > 1 or row.spaces:
                self._items.update({unit.item_uuid: (row, unit) for unit in row.files})


def may_write(project: Project, person: Person) -> None:
    """Raises RefusedError for a viewer: every other member may write."""
    if project.role_of(person) in (None, Role.VIEWER):
        raise RefusedError("AUTHORISATION_ERROR", "Your role in this project does not permit changes.")
