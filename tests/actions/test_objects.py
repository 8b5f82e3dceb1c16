"""Object: make, delete, hide, lock, and the class of new ones."""

from __future__ import annotations

from bitmask_studio.core.labels import MaskKey
from tests.actions.conftest import Menu
from tests.fakes.memory_source import CAR, TREE


def test_a_new_object_begins_with_nothing_chosen(menu: Menu) -> None:
    menu.run("new_object")
    assert menu.studio.view.object_hash is None
    assert menu.studio.new_class == CAR


def test_a_digit_chooses_the_class_of_the_next_object(menu: Menu) -> None:
    menu.run("class_2")
    assert menu.studio.view.object_hash is None
    assert menu.studio.new_class == TREE
    menu.run("new_object")
    assert menu.studio.new_class == TREE


def test_digits_beyond_the_classes_are_not_on_offer(menu: Menu) -> None:
    assert [menu.enabled(f"class_{number}") for number in (1, 2, 3, 9)] == [True, True, False, False]


def test_deleting_can_be_undone(menu: Menu) -> None:
    menu.run("delete")
    assert [each.object_hash for each in menu.studio.objects] == ["high"]
    menu.run("undo")
    assert [each.object_hash for each in menu.studio.objects] == ["low", "high"]


def test_hiding_and_locking_are_switches_of_the_chosen_object(menu: Menu) -> None:
    key = MaskKey(0, "low")
    for name, field in (("hide", "hidden"), ("lock", "locked")):
        assert not menu.checked(name)
        menu.run(name)
        assert menu.checked(name)
        assert getattr(menu.studio.view, field) == {key}
        menu.run(name)
        assert not menu.checked(name)


def test_an_object_is_deleted_from_all_frames_in_one_step_and_comes_back_in_one(menu: Menu) -> None:
    document = menu.studio.document
    assert document is not None
    menu.run("delete_everywhere")
    for frame in range(2):
        assert [each.object_hash for each in document.objects(frame)] == ["high"]
    assert document.changes().removed == {MaskKey(0, "low"), MaskKey(1, "low")}
    menu.run("undo")
    for frame in range(2):
        assert [each.object_hash for each in document.objects(frame)] == ["low", "high"]
    assert menu.studio.view.object_hash == "low"
    menu.run("redo")
    assert document.changes().removed == {MaskKey(0, "low"), MaskKey(1, "low")}


def test_an_object_that_is_locked_on_another_frame_stays_everywhere(menu: Menu) -> None:
    menu.studio.show(locked=frozenset({MaskKey(1, "low")}))
    menu.run("delete_everywhere")
    assert menu.studio.document is not None and not menu.studio.document.changes().removed
    assert "locked" in menu.studio.told[-1]
