"""Claims: one at a time, all or nothing, gone with the program that held them, kept by one that stands still."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from bitmask_studio.core.locks import Claim

_HOLDER = """
import sys, time
from pathlib import Path
from bitmask_studio.core.locks import Claim
claim = Claim.take(Path(sys.argv[1]), [sys.argv[2]])
print(claim is not None, flush=True)
time.sleep(600)
"""


def holder(folder: Path, name: str) -> subprocess.Popen[bytes]:
    """Another program that has claimed a name by now."""
    process = subprocess.Popen([sys.executable, "-c", _HOLDER, str(folder), name], stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline().strip() == b"True"
    return process


def claimed_at_last(folder: Path, name: str) -> Claim:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if claim := Claim.take(folder, [name]):
            return claim
        time.sleep(0.01)
    raise AssertionError("the name is still somebody else's")


def test_what_is_claimed_cannot_be_claimed_again_until_it_is_let_go(tmp_path: Path) -> None:
    claim = Claim.take(tmp_path, ["a"])
    assert claim
    assert Claim.take(tmp_path, ["a"]) is None
    claim.release()
    assert Claim.take(tmp_path, ["a"])


def test_a_claim_is_for_all_names_or_for_none(tmp_path: Path) -> None:
    claim = Claim.take(tmp_path, ["b"])
    assert claim
    assert Claim.take(tmp_path, ["a", "b"]) is None
    other = Claim.take(tmp_path, ["a"])
    assert other, "what was claimed beside it has been let go"


def test_files_of_one_folder_keep_out_who_wants_all_of_it_and_not_each_other(tmp_path: Path) -> None:
    one = Claim.take(tmp_path, ["folder/a"], within=["folder"])
    other = Claim.take(tmp_path, ["folder/b"], within=["folder"])
    assert one
    assert other
    assert Claim.take(tmp_path, ["folder"]) is None
    one.release()
    other.release()
    whole = Claim.take(tmp_path, ["folder"])
    assert whole
    assert Claim.take(tmp_path, ["folder/a"], within=["folder"]) is None
    whole.release()


def test_nothing_is_left_in_the_folder_when_all_have_let_go(tmp_path: Path) -> None:
    claims = [Claim.take(tmp_path, ["a"], within=["folder"]), Claim.take(tmp_path, ["b"], within=["folder"])]
    for each in claims:
        assert each
        each.release()
    assert not list(tmp_path.iterdir())


def test_a_killed_program_holds_no_claim_any_more(tmp_path: Path) -> None:
    process = holder(tmp_path, "a")
    assert Claim.take(tmp_path, ["a"]) is None
    process.kill()
    claimed_at_last(tmp_path, "a").release()
    process.communicate()


def test_a_frozen_program_keeps_its_claim(tmp_path: Path) -> None:
    process = holder(tmp_path, "a")
    os.kill(process.pid, signal.SIGSTOP)
    assert Claim.take(tmp_path, ["a"]) is None
    process.kill()
    process.communicate()


def test_a_folder_that_takes_no_files_keeps_nobody_from_working(tmp_path: Path) -> None:
    (tmp_path / "locks").write_bytes(b"no folder")
    assert Claim.take(tmp_path / "locks", ["a"])


def test_a_claim_grows_by_what_nobody_else_has_or_stays_as_it_is(tmp_path: Path) -> None:
    claim, other = Claim.take(tmp_path, ["folder/a"], within=["folder"]), Claim.take(tmp_path, ["b"])
    assert claim
    assert other
    assert not claim.add(tmp_path, ["folder/c", "b"])
    assert claim.add(tmp_path, ["folder/a", "c"], within=["folder"])
    third = Claim.take(tmp_path, ["folder/c"], within=["folder"])
    assert third, "what was claimed beside it has been let go"
    assert Claim.take(tmp_path, ["c"]) is None
    for each in (claim, other, third):
        each.release()
    assert not list(tmp_path.iterdir())


def test_a_claim_on_a_folder_shrinks_to_one_file_of_it_and_lets_others_in(tmp_path: Path) -> None:
    claim = Claim.take(tmp_path, ["folder"])
    assert claim
    assert claim.add(tmp_path, ["folder/a"], within=["folder"])
    assert Claim.take(tmp_path, ["folder/b"], within=["folder"]) is None
    claim.narrow(tmp_path, ["folder/a"], within=["folder"])
    other = Claim.take(tmp_path, ["folder/b"], within=["folder"])
    assert other
    assert Claim.take(tmp_path, ["folder/a"]) is None
    assert Claim.take(tmp_path, ["folder"]) is None
    claim.release()
    other.release()
    assert not list(tmp_path.iterdir())
