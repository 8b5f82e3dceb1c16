"""When an action is on offer."""

from __future__ import annotations

from bitmask_studio.actions.base import always, has_document, has_object
from tests.actions.conftest import Menu

ALWAYS = {"connect", "try_sandbox", "open_files", "open_folder", "open_sample", "quit", "keys", "about", "swap"}


def test_with_nothing_open_only_what_needs_nothing_is_on_offer(bare_menu: Menu) -> None:
    on_offer = {name for name in bare_menu.actions if bare_menu.enabled(name)}
    rest = {name for name in on_offer - ALWAYS if not name.startswith(("theme_", "tool_", "brush_"))}
    assert on_offer >= ALWAYS
    assert rest == set()


def test_a_document_and_a_chosen_object_bring_their_actions(menu: Menu) -> None:
    assert always(menu.session)
    assert has_document(menu.session)
    assert has_object(menu.session)
    menu.studio.show(object_hash=None)
    assert not has_object(menu.session)
    assert menu.enabled("new_object")
    assert not menu.enabled("delete")


def test_every_action_that_is_on_offer_can_be_run(menu: Menu) -> None:
    for name in menu.actions:
        menu.open()
        if name not in ("save_as", "choose_images", "open_sample", "new_class") and menu.enabled(name):
            menu.run(name)
