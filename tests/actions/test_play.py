"""Go: play, and jump to frames with labels, the first and the last."""

from __future__ import annotations

import asyncio

import pytest

from bitmask_studio.studio.document.document import Document
from tests.actions.conftest import Menu
from tests.fakes.film import Cinema, a_film


@pytest.fixture
def film(bare_menu: Menu) -> Menu:
    """A menu with a row of six frames open, the second and the fifth having labels."""
    row = a_film(["", "a", "", "", "a", ""], 30)
    bare_menu.studio.workspace.use(Cinema([row]), [row.info])
    bare_menu.studio.document = bare_menu.studio.workspace.documents["film"] = Document(row)
    bare_menu.studio.show(row="film", frame=0)
    return bare_menu


def test_frames_with_labels_are_gone_through_and_where_there_are_no_more_it_says_so(film: Menu) -> None:
    frames = []
    for name in ("next_labelled", "next_labelled", "next_labelled", "previous_labelled", "previous_labelled"):
        film.run(name)
        frames.append(film.studio.view.frame)
    assert frames == [1, 4, 4, 1, 1]
    assert film.studio.told == ["No frame after this one has labels.", "No frame before this one has labels."]


def test_first_and_last_frame(film: Menu) -> None:
    assert not film.enabled("first_frame")
    film.run("last_frame")
    assert film.studio.view.frame == 5
    assert not film.enabled("last_frame")
    film.run("first_frame")
    assert film.studio.view.frame == 0


def test_playing_begins_and_ends_with_the_same_entry(film: Menu) -> None:
    playing = film.session.playing

    seen: list[bool] = []
    playing.changed.connect(lambda: seen.append(playing.is_on))

    async def main() -> None:
        film["play"].run(film.session)
        film["play"].run(film.session)
        await film.studio.jobs.settle()

    asyncio.run(main())
    assert seen == [True, False]


def test_a_row_of_one_frame_and_no_row_have_nothing_to_play(bare_menu: Menu) -> None:
    names = ("play", "next_labelled", "previous_labelled", "first_frame", "last_frame")
    assert not any(bare_menu.enabled(name) for name in names)
    row = a_film(["a"])
    bare_menu.studio.document = Document(row)
    assert not any(bare_menu.enabled(name) for name in names)
