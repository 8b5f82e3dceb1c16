"""The welcome page by itself."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from bitmask_studio.ui.welcome.welcome import WelcomePage


def shown_page(qtbot: QtBot, height: int) -> WelcomePage:
    """The page on the screen, 900 px wide."""
    page = WelcomePage()
    qtbot.addWidget(page)
    page.resize(900, height)
    page.show()
    qtbot.waitExposed(page)
    return page
