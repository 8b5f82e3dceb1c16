"""Help: what the window shows."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Menu


@pytest.mark.parametrize(("name", "wish"), [("keys", "show_keys"), ("about", "show_about")])
def test_help_is_shown_by_the_window_with_nothing_open(bare_menu: Menu, name: str, wish: str) -> None:
    bare_menu.run(name)
    assert bare_menu.studio.screen.done == [(wish, None)]
