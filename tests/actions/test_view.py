"""View: zoom, and how masks are shown."""

from __future__ import annotations

import pytest

from bitmask_studio.core.tone import NEUTRAL, Tone
from bitmask_studio.studio import preferences
from tests.actions.conftest import Menu


@pytest.mark.parametrize(("name", "wish"), [
    ("fit", ("fit", None)), ("actual_size", ("actual_size", None)),
    ("zoom_in", ("zoom_by", 1)), ("zoom_out", ("zoom_by", -1)),
])  # fmt: skip
def test_zooming_is_done_by_the_window(menu: Menu, name: str, wish: tuple[str, object]) -> None:
    menu.run(name)
    assert menu.studio.screen.done == [wish]


@pytest.mark.parametrize("name", ["peek", "outline", "only_chosen", "by_object"])
def test_a_switch_goes_on_and_off(menu: Menu, name: str) -> None:
    assert not menu.checked(name)
    menu.run(name)
    assert menu.checked(name)
    assert getattr(menu.studio.view, name) is True
    menu.run(name)
    assert not menu.checked(name)


def test_outlines_and_colours_are_remembered_and_peeking_is_not(menu: Menu) -> None:
    for name in ("outline", "by_object", "peek"):
        menu.run(name)
    settings = menu.studio.settings
    assert settings.get(preferences.OUTLINE)
    assert settings.get(preferences.COLOR_BY_OBJECT)
    assert menu["peek"].hold


def test_opacity_goes_in_steps_of_five_to_its_ends(menu: Menu) -> None:
    menu.run("opaquer")
    assert menu.studio.view.opacity == 0.5
    for _ in range(20):
        menu.run("opaquer")
    assert menu.studio.view.opacity == 1
    for _ in range(30):
        menu.run("clearer")
    assert menu.studio.view.opacity == 0
    assert menu.studio.settings.get(preferences.OPACITY) == 0


@pytest.mark.parametrize(("name", "tone"), [
    ("brighter", Tone(10)), ("darker", Tone(-10)), ("more_contrast", Tone(0, 10)), ("less_contrast", Tone(0, -10)),
])  # fmt: skip
def test_the_tone_of_the_picture_goes_in_steps_of_ten_to_its_ends(menu: Menu, name: str, tone: Tone) -> None:
    menu.run(f"tone_{name}")
    assert menu.studio.view.tone == tone
    for _ in range(20):
        menu.run(f"tone_{name}")
    assert menu.studio.view.tone == Tone(tone.brightness * 10, tone.contrast * 10)


def test_the_tone_is_reset_while_there_is_one(menu: Menu, bare_menu: Menu) -> None:
    assert not menu.enabled("tone_reset")
    for name in ("brighter", "less_contrast"):
        menu.run(f"tone_{name}")
    menu.run("tone_reset")
    assert menu.studio.view.tone == NEUTRAL
    bare_menu.studio.show(tone=Tone(10))
    assert not bare_menu.enabled("tone_reset")


@pytest.mark.parametrize("name", ["system", "light", "dark"])
def test_one_theme_is_checked(menu: Menu, name: str) -> None:
    menu.run(f"theme_{name}")
    checked = [each for each in ("system", "light", "dark") if menu.checked(f"theme_{each}")]
    assert checked == [name]
