"""The answers of an opened row's objects: as stored, as edited since, and what of that is being saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bitmask_studio.core.attributes import Answers, AnswerValue
from bitmask_studio.studio.document.edits import AnswerChange

NO_ANSWERS: Answers = {}


class AnswerState:
    """Answers by object hash over those of the stored row."""

    def __init__(self, stored: Mapping[str, Answers]) -> None:
        self._stored = stored
        self._lost: dict[str, Answers] = {}
        """What objects that are not stored any more were answered last: undo may bring them back."""
        self._now: dict[str, Answers] = {}
        self._touched: set[str] = set()
        self._saving: dict[str, Answers] = {}

    def get(self, object_hash: str) -> Answers:
        """The object's answers as they are now."""
        if object_hash in self._now:
            return self._now[object_hash]
        return self._stored.get(object_hash) or self._lost.get(object_hash, NO_ANSWERS)

    def apply(self, object_hash: str, changes: Iterable[AnswerChange], forwards: bool) -> None:
        """Give the attributes of `changes` their later values, or their earlier ones."""
        now = dict(self.get(object_hash))
        for each in changes:
            _put(now, each.feature_hash, each.after if forwards else each.before)
        self._now[object_hash] = now
        self._touched.add(object_hash)

    def changed(self) -> dict[str, Answers]:
        """All answers of each object whose answers differ from the stored ones."""
        candidates = sorted(self._touched | set(self._lost))
        return {each: self.get(each) for each in candidates if self.get(each) != self._stored.get(each, NO_ANSWERS)}

    def begin_save(self) -> None:
        """What is touched from now on is not in the save."""
        self._saving = {each: self.get(each) for each in self._touched}
        self._touched = set()

    def fail_save(self) -> None:
        """Nothing was stored."""
        self._touched |= set(self._saving)
        self._saving = {}

    def end_save(self, stored: Mapping[str, Answers], is_stored: Callable[[str], bool]) -> dict[str, Answers]:
        """Take the answers as read back; `is_stored` tells whether an object is still there at all.

        What was answered since `begin_save` stays. Answers, by object, what was shown until now and differs.
        """
        shown = {each: self.get(each) for each in {*self._stored, *stored, *self._now, *self._lost}}
        later = {
            each: _rebased(shown[each], self._base(each), stored.get(each, NO_ANSWERS))
            if is_stored(each)
            else shown[each]
            for each in self._touched
        }
        self._lost = {each: old for each, old in shown.items() if old and each not in stored and not is_stored(each)}
        self._stored, self._now, self._saving = stored, later, {}
        return {each: before for each, before in shown.items() if before != self.get(each)}

    def _base(self, object_hash: str) -> Answers:
        """What a save that is under way knows of an object."""
        known = self._saving.get(object_hash)
        return self._stored.get(object_hash, NO_ANSWERS) if known is None else known


def _put(answers: dict[str, AnswerValue], attribute: str, value: AnswerValue | None) -> None:
    if value is None:
        answers.pop(attribute, None)
    else:
        answers[attribute] = value


def _rebased(mine: Answers, base: Answers, theirs: Answers) -> Answers:
    """Theirs, with what is mine and not in the base."""
    after = dict(theirs)
    for attribute in {*mine, *base}:
        if mine.get(attribute) != base.get(attribute):
            _put(after, attribute, mine.get(attribute))
    return after
