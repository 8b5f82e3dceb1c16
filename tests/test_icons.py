"""The icons are one family: same grid, same stroke, no colour of their own, clear of the edge at every size in use."""

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

RESOURCES = Path(__file__).parents[1] / "resources"
ICONS = sorted((RESOURCES / "icons").glob("*.svg"))
SHAPES = {"path", "circle", "ellipse", "rect"}
VISIBLE = 128  # alpha; a 1.6 unit stroke between two pixels of a 16 px icon covers 53 % of each
ROUND_ENDS = {"stroke-linecap": "round", "stroke-linejoin": "round"}

# Without an application Qt ends the process where a drawing holds text, instead of letting the tests say so.
pytestmark = pytest.mark.usefixtures("qapp")

every_icon = pytest.mark.parametrize("icon", ICONS, ids=lambda icon: icon.stem)
every_size = pytest.mark.parametrize("size", [16, 20, 24, 48])


def elements(icon: Path) -> list[ElementTree.Element]:
    """All elements of the file, the root first; raises ParseError where it is not well-formed XML."""
    return list(ElementTree.fromstring(icon.read_bytes()).iter())


def values_of(icon: Path, attribute: str) -> set[str]:
    return {element.attrib[attribute] for element in elements(icon) if attribute in element.attrib}


def drawn(icon: Path, size: int) -> NDArray[np.uint8]:
    """RGBA values, uint8 of (size, size, 4), of the icon drawn by Qt on a transparent ground."""
    renderer = QSvgRenderer(QByteArray(icon.read_bytes()))
    assert renderer.isValid()
    image = QImage(size, size, QImage.Format.Format_RGBA8888)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(size, size, 4).copy()


def test_there_are_icons_to_check() -> None:
    assert len(ICONS) > 40


def test_icon_names_are_lower_case_words_joined_by_hyphens() -> None:
    assert [icon.stem for icon in ICONS if not re.fullmatch("[a-z]+(-[a-z]+)*", icon.stem)] == []


def test_no_two_icons_are_the_same_drawing() -> None:
    assert len({icon.read_bytes() for icon in ICONS}) == len(ICONS)


@every_icon
def test_an_icon_is_drawn_on_the_24_pixel_grid(icon: Path) -> None:
    assert elements(icon)[0].attrib["viewBox"] == "0 0 24 24"


@every_icon
def test_an_icon_has_one_stroke_width_with_round_ends(icon: Path) -> None:
    root = elements(icon)[0].attrib
    assert values_of(icon, "stroke-width") == {"1.6"}
    assert ROUND_ENDS.items() <= root.items()


@every_icon
def test_an_icon_takes_its_colour_from_the_theme(icon: Path) -> None:
    assert values_of(icon, "fill") | values_of(icon, "stroke") == {"currentColor", "none"}
    assert b"#" not in icon.read_bytes()
    assert not values_of(icon, "color")


@every_icon
def test_an_icon_holds_plain_shapes_only(icon: Path) -> None:
    names = {element.tag.removeprefix("{http://www.w3.org/2000/svg}") for element in elements(icon)[1:]}
    assert names
    assert names <= SHAPES


@every_icon
def test_an_icon_carries_no_text_ids_styles_or_notes(icon: Path) -> None:
    assert not any((element.text or "").strip() or (element.tail or "").strip() for element in elements(icon))
    assert not any({"id", "class", "style", "transform"} & element.attrib.keys() for element in elements(icon))
    assert b"<!--" not in icon.read_bytes()


@every_size
@every_icon
def test_an_icon_draws_something_clear_of_the_outer_pixel(icon: Path, size: int) -> None:
    alpha = drawn(icon, size)[..., 3]
    assert alpha.max() >= VISIBLE
    alpha[1:-1, 1:-1] = 0
    assert not alpha.any()


@pytest.mark.parametrize("size", [16, 32, 48, 256])
def test_the_application_icon_is_a_coloured_tile_with_rounded_corners(size: int) -> None:
    picture = drawn(RESOURCES / "app-icon.svg", size)
    alpha = picture[..., 3]
    assert alpha[size // 2, size // 2] == 255
    assert max(alpha[0, 0], alpha[0, -1], alpha[-1, 0], alpha[-1, -1]) < 128
    assert len(np.unique(picture[alpha == 255].reshape(-1, 4), axis=0)) >= 3
