"""Undo and redo against a model that keeps every state there ever was."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitmask_studio.core.history import History


@dataclass(frozen=True)
class Step:
    """An edit that appends its number."""

    number: int
    nbytes: int = 1

    @property
    def title(self) -> str:
        return f"step {self.number}"


class Model:
    """States as plain tuples of what was done; the tests' own, slow way to keep a history."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.before: list[tuple[Step, ...]] = []
        self.now: tuple[Step, ...] = ()
        self.after: list[tuple[Step, ...]] = []
        self.saved: tuple[Step, ...] = ()

    def commit(self, step: Step) -> None:
        self.before.append(self.now)
        self.now, self.after = (*self.now, step), []
        while sum(self.sizes) > self.max_bytes and len(self.before) > 1:
            self.before.pop(0)

    def undo(self) -> Step | None:
        if not self.before:
            return None
        self.after.append(self.now)
        step, self.now = self.now[-1], self.before.pop()
        return step

    def redo(self) -> Step | None:
        if not self.after:
            return None
        self.before.append(self.now)
        self.now = self.after.pop()
        return self.now[-1]

    @property
    def sizes(self) -> list[int]:
        states = (*self.before[1:], *([self.now] if self.before else []), *self.after)
        return [state[-1].nbytes for state in states]


DEEDS = ("commit", "commit", "commit", "undo", "undo", "redo", "mark", "snapshot", "stored")


@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(1, 8)), max_size=60), st.integers(1, 40))
@settings(max_examples=300)
def test_any_sequence_of_steps_is_what_a_plain_list_of_states_makes_of_it(
    deeds: list[tuple[str, int]], max_bytes: int
) -> None:
    history, model = History[Step](max_bytes), Model(max_bytes)
    snapshot: tuple[int, tuple[Step, ...]] = history.place, model.now
    for number, (deed, nbytes) in enumerate(deeds):
        if deed == "commit":
            history.commit(step := Step(number, nbytes))
            model.commit(step)
        elif deed in ("undo", "redo"):
            assert getattr(history, deed)() == getattr(model, deed)()
        elif deed == "mark":
            history.mark_saved()
            model.saved = model.now
        elif deed == "snapshot":
            snapshot = history.place, model.now
        else:
            history.mark_saved(snapshot[0])
            model.saved = snapshot[1]
        assert history.is_saved is (model.saved == model.now)
        assert history.undo_title == (model.now[-1].title if model.before else None)
        assert history.redo_title == (model.after[-1][-1].title if model.after else None)
        assert history.nbytes == sum(model.sizes)


def test_a_new_history_is_saved_and_has_nowhere_to_go() -> None:
    history = History[Step]()
    assert history.is_saved
    assert (history.undo(), history.redo(), history.undo_title, history.redo_title) == (None, None, None, None)


def test_a_commit_after_an_undo_ends_the_way_forward() -> None:
    history = History[Step]()
    history.commit(Step(1))
    history.undo()
    history.commit(Step(2))
    assert history.redo() is None
    assert history.nbytes == 1


def test_the_saved_state_is_out_of_reach_once_a_commit_has_replaced_it() -> None:
    history = History[Step]()
    history.commit(Step(1))
    history.mark_saved()
    history.undo()
    history.commit(Step(2))
    assert not history.is_saved


def test_a_snapshot_stored_after_it_was_undone_and_replaced_does_not_make_the_new_state_saved() -> None:
    history = History[Step]()
    history.commit(Step(1))
    snapshot = history.place
    history.undo()
    history.mark_saved(snapshot)
    history.commit(Step(2))
    assert not history.is_saved


def test_edits_made_while_a_snapshot_is_being_stored_stay_unsaved() -> None:
    history = History[Step]()
    history.commit(Step(1))
    snapshot = history.place
    history.commit(Step(2))
    history.mark_saved(snapshot)
    assert not history.is_saved
    history.undo()
    assert history.is_saved


@pytest.mark.parametrize("max_bytes", [10, 25, 100])
def test_only_the_newest_edits_that_fit_can_be_undone(max_bytes: int) -> None:
    history = History[Step](max_bytes)
    for number in range(50):
        history.commit(Step(number, 10))
    assert history.nbytes <= max_bytes
    undone = 0
    while history.undo():
        undone += 1
    assert undone == max_bytes // 10


def test_the_newest_edit_can_be_undone_however_large_it_is() -> None:
    history = History[Step](100)
    history.commit(Step(1, 5))
    history.commit(Step(2, 1000))
    assert history.undo() == Step(2, 1000)
    assert history.undo() is None


def test_the_saved_mark_survives_the_forgetting_of_older_edits() -> None:
    history = History[Step](30)
    for number in range(10):
        history.commit(Step(number, 10))
    history.mark_saved()
    history.commit(Step(10, 10))
    assert not history.is_saved
    history.undo()
    assert history.is_saved


def test_a_history_goes_on_where_another_one_was() -> None:
    history = History[Step]()
    for number in range(3):
        history.commit(Step(number))
    history.undo()
    history.mark_saved()
    history.undo()
    again = History.restored(history.edits, history.states, history.place, history.saved, history.committed)
    assert (again.undo_title, again.redo_title, again.steps_to_saved) == ("step 0", "step 1", 1)
    again.redo()
    assert again.is_saved
    again.commit(Step(9))
    assert again.place == 4, "no name is given twice"


def test_where_no_way_leads_to_what_is_stored_there_are_no_steps_to_it() -> None:
    history = History[Step]()
    history.commit(Step(0))
    history.mark_saved()
    history.undo()
    history.commit(Step(1))
    assert history.steps_to_saved is None


@pytest.mark.parametrize("states", [[0], [0, 1, 1], [3, 4, 5]])
def test_what_does_not_belong_together_is_no_history(states: list[int]) -> None:
    with pytest.raises(ValueError, match="no history"):
        History.restored([Step(1), Step(2)], states, 0, 0, 2)
