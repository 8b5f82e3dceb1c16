"""What is asked and answered carries no secret where it could be seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.sources.base import Conflict
from bitmask_studio.sources.encord.login import EUROPE, Login
from bitmask_studio.studio.ask import ConnectWish, NamedConflict


def test_a_wish_to_connect_can_be_logged_without_its_secrets() -> None:
    wish = ConnectWish(Login(EUROPE, Path("/keys/id"), "the text of a key", "a passphrase"))
    assert "the text of a key" not in repr(wish)
    assert "a passphrase" not in repr(wish)


def test_a_wish_keeps_no_passphrase_and_no_sample_unless_said() -> None:
    wish = ConnectWish(Login())
    assert (wish.keep_passphrase, wish.sample) == (False, False)


def test_two_namings_of_a_conflict_are_the_same_whatever_picture_they_show() -> None:
    conflict = Conflict("row", MaskKey(0, "hash"))
    picture = np.zeros((4, 4, 3), np.uint8)
    one, other = (NamedConflict(conflict, "row", "Crane", 0, (4, 4), each) for each in (picture, None))
    assert one == other
    assert "picture" not in repr(one)
