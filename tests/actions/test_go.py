"""Go: from object to object, frame to frame, row to row."""

from __future__ import annotations

from pathlib import Path

from tests.actions.conftest import Menu
from tests.studio.label_files import write_labels


def test_next_and_previous_object(menu: Menu) -> None:
    menu.run("next_object")
    assert menu.studio.view.object_hash == "high"
    menu.run("previous_object")
    assert menu.studio.view.object_hash == "low"


def test_rows_and_frames_are_gone_through_and_end(bare_menu: Menu, tmp_path: Path) -> None:
    studio = bare_menu.studio
    studio.ask.files = (write_labels(tmp_path),)
    bare_menu.run("open_files")
    assert not bare_menu.enabled("next_frame")
    bare_menu.run("next_row")
    assert studio.view.row == studio.workspace.rows[1].key
    assert not bare_menu.enabled("previous_frame")
    bare_menu.run("next_frame")
    assert studio.view.frame == 1
    assert not bare_menu.enabled("next_frame")
    bare_menu.run("previous_frame")
    assert studio.view.frame == 0
    bare_menu.run("previous_row")
    assert studio.view.row == studio.workspace.rows[0].key


def test_finding_a_row_is_up_to_the_window(menu: Menu) -> None:
    menu.run("find_row")
    assert menu.studio.screen.done == [("find_row", None)]
