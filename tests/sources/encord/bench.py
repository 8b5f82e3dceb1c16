"""The worker's side of a save, in this process: rows as a test wants them, read and stored by the real SDK."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.save_values import FetchedRow, Loss, Stored, StoreOrders
from bitmask_studio.sources.encord.worker.here import Here
from bitmask_studio.sources.encord.worker.saving import fetch_for_save, store
from tests.sources.twins import Json

Change = Callable[[Json], object]


class Bench:
    """Rows on a server, and the worker's side of a save in this process."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.here = Here(Login(sandbox.url, sandbox.key_path), silence=5.0)
        self.rows = {each["data_title"].removesuffix(" title"): each for each in sandbox.rows()}
        self.first = {name: sandbox.row(each["label_hash"]) for name, each in self.rows.items()}

    def fetch(self, name: str, change: Change = lambda wire: None) -> FetchedRow:
        row = self.rows[name]

        def changed(_: Json) -> Json:
            wire: Json = copy.deepcopy(self.first[name])
            change(wire)
            return wire

        self.sandbox.colleague.change(row["label_hash"], changed)
        return fetch_for_save(self.here, self.sandbox.project_hash, row["label_hash"], row["data_hash"])

    def losses(self, name: str, change: Change) -> tuple[Loss, ...]:
        fetched = self.fetch(name, change)
        assert not fetched.refusal
        return fetched.losses

    def store(self, name: str, token: str, orders: StoreOrders) -> Stored:
        row = self.rows[name]
        return store(self.here, self.sandbox.project_hash, row["label_hash"], row["data_hash"], token, orders)

    def wire(self, name: str) -> Json:
        return self.sandbox.row(self.rows[name]["label_hash"])


def bench_of(sandbox: Sandbox) -> Iterator[Bench]:
    yield Bench(sandbox)
    sandbox.stop()
