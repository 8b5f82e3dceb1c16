"""Icons are drawn in the colours of the theme in force, sharp at every scale, and exist for every action."""

from collections.abc import Generator

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from bitmask_studio.actions.registry import all_actions
from bitmask_studio.core.resources import resource
from bitmask_studio.ui import icons, theme
from bitmask_studio.ui.widgets.icon_label import IconLabel

SIZE = QSize(20, 20)


@pytest.fixture(autouse=True)
def _undressed(qapp: QApplication) -> Generator[None]:
    yield
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())


def strongest(image: QPixmap | QImage) -> str:
    """The colour of the most opaque pixel."""
    pixels = image.toImage() if isinstance(image, QPixmap) else image
    places = ((x, y) for x in range(pixels.width()) for y in range(pixels.height()))
    best = max((pixels.pixelColor(x, y) for x, y in places), key=QColor.alpha)
    assert best.alpha() > 200
    return best.name()


@pytest.mark.parametrize(("choice", "palette"), [("light", theme.LIGHT), ("dark", theme.DARK)])
def test_an_icon_has_the_colour_of_text_and_of_the_accent_when_on(
    qapp: QApplication, choice: str, palette: theme.Colors
) -> None:
    theme.apply(qapp, choice)
    icon = icons.icon("fill-mode")
    assert strongest(icon.pixmap(SIZE)) == palette.text
    assert strongest(icon.pixmap(SIZE, QIcon.Mode.Normal, QIcon.State.On)) == palette.accent


def test_the_same_icon_follows_a_change_of_theme(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    icon = icons.icon("fill-mode")
    icon.pixmap(SIZE)
    theme.apply(qapp, "dark")
    assert strongest(icon.pixmap(SIZE)) == theme.DARK.text


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_a_disabled_icon_is_paler(qapp: QApplication, choice: str) -> None:
    theme.apply(qapp, choice)
    ground = QColor(theme.colors().window).lightness()
    icon = icons.icon("fill-mode")
    pale, plain = (QColor(strongest(icon.pixmap(SIZE, mode))) for mode in (QIcon.Mode.Disabled, QIcon.Mode.Normal))
    assert 10 < abs(pale.lightness() - ground) < abs(plain.lightness() - ground)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0, 3.0])
def test_an_icon_has_a_pixel_for_each_of_the_screens(qapp: QApplication, scale: float) -> None:
    pixmap = icons.icon("brush").pixmap(SIZE, scale)
    assert pixmap.size() == QSize(round(20 * scale), round(20 * scale))
    assert pixmap.devicePixelRatio() == scale


def test_a_copy_of_an_icon_is_drawn_like_it(qapp: QApplication) -> None:
    icon = icons.icon("brush")
    assert QIcon(icon).pixmap(SIZE).toImage() == icon.pixmap(SIZE).toImage()


def test_no_name_is_no_icon(qapp: QApplication) -> None:
    assert icons.icon("").isNull()


def test_every_action_that_names_an_icon_has_one() -> None:
    names = {action.icon for action in all_actions() if action.icon}
    assert names
    assert [name for name in sorted(names) if not resource(f"icons/{name}.svg").is_file()] == []


@pytest.mark.parametrize("side", [16, 64, 256])
def test_the_programs_icon_keeps_its_own_colours(qapp: QApplication, side: int) -> None:
    theme.apply(qapp, "dark")
    pixmap = icons.app_icon().pixmap(QSize(side, side), 1.0)
    assert pixmap.size() == QSize(side, side)
    assert pixmap.toImage().pixelColor(side // 2, side // 8).saturation() > 0


def test_drawing_leaves_the_painter_as_it_was(qapp: QApplication) -> None:
    image = QImage(20, 20, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    before = painter.renderHints(), painter.transform()
    icons.draw(painter, "brush", QRectF(0, 0, 20, 20), "#ff0000")
    assert (painter.renderHints(), painter.transform()) == before
    painter.end()
    assert strongest(image) == "#ff0000"


def test_an_icon_that_stands_alone_takes_the_tone_it_is_given(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    label = IconLabel("fill-mode", 20)
    label.resize(20, 20)
    label.show_icon("fill-mode", "danger")
    image = label.grab().toImage()
    assert image.pixelColor(10, 10).name() == theme.LIGHT.danger
