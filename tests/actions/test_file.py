"""File: open, save, and what is asked on the way."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bitmask_studio.core.geometry import Point
from bitmask_studio.core.state import data_folder
from bitmask_studio.tools.base import Phase, PointerEvent
from tests.actions.conftest import Menu
from tests.studio.label_files import objects_in, write_labels


def test_files_and_folders_that_were_chosen_are_opened(bare_menu: Menu, tmp_path: Path) -> None:
    path = write_labels(tmp_path)
    bare_menu.studio.ask.files = (path,)
    bare_menu.run("open_files")
    assert len(bare_menu.studio.workspace.rows) == 2
    bare_menu.studio.ask.chosen_folder = tmp_path
    bare_menu.run("open_folder")
    assert bare_menu.studio.workspace.title == tmp_path.name


def test_choosing_nothing_opens_nothing(bare_menu: Menu) -> None:
    bare_menu.run("open_files")
    bare_menu.run("open_folder")
    assert bare_menu.studio.workspace.source is None


def test_the_sample_project_opens_from_the_users_own_copy(bare_menu: Menu) -> None:
    bare_menu.run("open_sample")
    source = bare_menu.studio.workspace.files
    assert source is not None
    assert source.paths[0].is_relative_to(data_folder())
    assert bare_menu.studio.picture is not None


def test_save_is_on_offer_once_something_is_painted_and_stores_it(bare_menu: Menu, tmp_path: Path) -> None:
    bare_menu.studio.ask.files = (write_labels(tmp_path),)
    bare_menu.run("open_files")
    assert not bare_menu.enabled("save")
    for phase in (Phase.PRESS, Phase.RELEASE):
        bare_menu.studio.point(PointerEvent(phase, Point(40, 30)))
    bare_menu.run("save")
    assert not bare_menu.enabled("save")
    assert objects_in(tmp_path / "labels.json", 0)["objA"][30, 40]


def test_pictures_can_be_looked_for_in_another_folder_on_the_same_frame(bare_menu: Menu, tmp_path: Path) -> None:
    (tmp_path / "labels").mkdir()
    (tmp_path / "pictures").mkdir()
    path = write_labels(tmp_path / "labels")
    for picture in path.parent.glob("*.png"):
        picture.rename(tmp_path / "pictures" / picture.name)
    bare_menu.studio.ask.files = (path,)
    bare_menu.run("open_files")
    asyncio.run(bare_menu.session.open_row(bare_menu.studio.workspace.rows[1].key, 1))
    assert bare_menu.studio.picture is None
    bare_menu.studio.ask.chosen_folder = tmp_path / "pictures"
    bare_menu.run("choose_images")
    assert bare_menu.studio.view.frame == 1
    assert bare_menu.studio.picture is not None


def test_quit_closes_the_window(bare_menu: Menu) -> None:
    bare_menu.run("quit")
    assert bare_menu.studio.screen.done == [("close", None)]
