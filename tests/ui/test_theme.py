"""Both themes are readable, complete, and can change while widgets are on the screen."""

import re
from collections.abc import Generator, Iterator
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QPushButton, QRadioButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from bitmask_studio.core.resources import resource
from bitmask_studio.studio.preferences import THEMES
from bitmask_studio.ui import theme
from bitmask_studio.ui.theme import DARK, LIGHT, Colors
from tests.ui.contrast import contrast

BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
GROUNDS = ("window", "base", "raised")
MARKS = ("accent", "danger", "warning", "success")


@pytest.fixture(autouse=True)
def _undressed(qapp: QApplication) -> Generator[None]:
    yield
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())


@BOTH
@pytest.mark.parametrize(("words", "ground"), tuple(product(("text", "muted"), (*GROUNDS, "hover"))))
def test_words_can_be_read_on_every_ground(palette: Colors, words: str, ground: str) -> None:
    least = 4.5 if ground != "hover" else 4
    assert contrast(getattr(palette, words), getattr(palette, ground)) >= least


@BOTH
def test_words_can_be_read_on_what_is_chosen_and_on_buttons(palette: Colors) -> None:
    assert contrast(palette.text, palette.accent_soft) >= 4.5
    assert contrast(palette.on_accent, palette.accent) >= 4.5


@BOTH
@pytest.mark.parametrize(("mark", "ground"), tuple(product(MARKS, GROUNDS)))
def test_marks_stand_out_from_every_ground(palette: Colors, mark: str, ground: str) -> None:
    assert contrast(getattr(palette, mark), getattr(palette, ground)) >= 3


@BOTH
def test_the_ground_of_pictures_has_no_hue(palette: Colors) -> None:
    assert QColor(palette.canvas).saturation() == 0


@BOTH
def test_every_colour_is_written_in_full(palette: Colors) -> None:
    values = [getattr(palette, name) for name in palette._fields if name != "dark"]
    assert [value for value in values if not re.fullmatch("#[0-9a-f]{6}", value)] == []


@pytest.mark.parametrize(("choice", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_the_theme_chosen_is_in_force(qapp: QApplication, choice: str, palette: Colors) -> None:
    theme.apply(qapp, choice)
    assert theme.colors() is palette
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(palette.window)


def test_every_theme_on_offer_can_be_applied(qapp: QApplication) -> None:
    for choice in THEMES:
        theme.apply(qapp, choice)
        assert theme.colors() in (LIGHT, DARK)


def test_a_change_of_theme_reaches_widgets_on_the_screen(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    label = QLabel("x")
    label.setProperty("muted", True)
    qtbot.addWidget(label)
    label.show()
    theme.apply(qapp, "dark")
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(DARK.muted)


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_qt_understands_the_whole_style_sheet(
    qtbot: QtBot, qapp: QApplication, capfd: pytest.CaptureFixture[str], choice: str
) -> None:
    theme.apply(qapp, choice)
    window = QWidget()
    qtbot.addWidget(window)
    for kind in (QCheckBox, QComboBox, QLabel, QPushButton, QRadioButton, QSpinBox):
        kind(window)
    window.show()
    window.grab()
    assert "stylesheet" not in capfd.readouterr().err.lower()


def test_pictures_that_the_style_sheet_names_are_there_in_the_palettes_own_colours(qapp: QApplication) -> None:
    for choice, palette in (("light", LIGHT), ("dark", DARK)):
        theme.apply(qapp, choice)
        paths = [Path(path) for path in re.findall(r'url\("([^"]+)"\)', qapp.styleSheet())]
        assert {path.stem for path in paths} == {f"{part}-{choice}" for part in ("check", "down", "up")}
        for path in paths:
            wanted = palette.on_accent if path.stem.startswith("check") else palette.muted
            assert set(_strokes(path)) == {wanted}


def test_no_picture_of_a_control_is_left_over() -> None:
    files = {path.stem for path in resource("controls").iterdir()}
    assert files == {f"{part}-{scheme}" for part in ("check", "down", "up") for scheme in ("light", "dark")}


@pytest.mark.parametrize("choice", ["light", "dark"])
@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
def test_a_mark_that_is_set_looks_different_from_one_that_is_not(
    qtbot: QtBot, qapp: QApplication, choice: str, kind: type[QCheckBox] | type[QRadioButton]
) -> None:
    theme.apply(qapp, choice)
    box = kind("x")
    qtbot.addWidget(box)
    before = box.grab().toImage()
    box.setChecked(True)
    assert box.grab().toImage() != before


def test_the_type_scale_grows_from_the_applications_font(qapp: QApplication) -> None:
    size = qapp.font().pointSizeF()
    sizes = [theme.scaled_font(factor).pointSizeF() for factor in (theme.TEXT_S, theme.TEXT_L, theme.TEXT_XL)]
    assert sizes == pytest.approx([size * 0.92, size * 1.25, size * 2])
    assert theme.scaled_font(1, bold=True).weight() > theme.scaled_font(1).weight()


def _strokes(path: Path) -> Iterator[str]:
    for element in ElementTree.fromstring(path.read_bytes()).iter():
        if "stroke" in element.attrib:
            yield element.attrib["stroke"].lower()[:7]
