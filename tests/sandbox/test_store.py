from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bitmask_studio.core.errors import InputError
from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sandbox.rows import from_record, to_record
from bitmask_studio.sandbox.store import Store
from tests.sandbox.connecting import HARBOUR, VIDEO, row

KILLED = """
import os, sys
from pathlib import Path
from bitmask_studio.sandbox import Sandbox
sandbox = Sandbox.start(Path(sys.argv[1]))
print(sandbox.colleague.deletes(sys.argv[2]), flush=True)
os._exit(9)
"""


def test_what_was_saved_outlives_a_killed_process(first_state: Path, tmp_path: Path, sandbox: Sandbox) -> None:
    label_hash = str(row(sandbox, HARBOUR).label_hash)
    state = sandbox.key_path.parent
    sandbox.stop()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(state), label_hash], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 9
    again = Sandbox.start(state)
    assert done.stdout.strip() not in again.row(label_hash)["object_answers"]
    assert len(again.history(label_hash)) == 2
    again.stop()


def test_a_first_start_that_was_cut_off_is_made_again(sandbox: Sandbox) -> None:
    state = sandbox.key_path.parent
    sandbox.stop()
    store = Store(state / "sample.sqlite3")
    store.keep_fact("complete", False)
    store.keep_fact("projects", [])
    store.close()
    again = Sandbox.start(state)
    assert len(again.projects) == 2
    again.stop()


def test_a_row_is_the_same_after_it_was_kept(sandbox: Sandbox) -> None:
    with sandbox._world.lock:
        for kept in sandbox._world.rows(sandbox.project_hash):
            again = from_record(to_record(kept), kept.wire)
            assert to_record(again) == to_record(kept)
            assert again.labels == kept.labels
    assert row(sandbox, VIDEO).label_hash


def test_a_file_that_is_no_store_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "sample.sqlite3").write_bytes(b"something else" * 100)
    with pytest.raises(InputError, match=r"sample\.sqlite3"):
        Sandbox.start(tmp_path)
