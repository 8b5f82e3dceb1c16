"""Text that wraps and is as high as it needs."""

from __future__ import annotations

import gc

from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication

from bitmask_studio.ui.widgets.wrapped_text import WrappedText


def documents() -> int:
    return sum(isinstance(each, QTextDocument) for each in gc.get_objects())


def test_it_is_as_wide_as_its_words_and_as_high_as_they_need(qapp: QApplication) -> None:
    text = WrappedText()
    text.setPlainText("word")
    short = text.fit(300, 100)
    text.setPlainText("word " * 40)
    long = text.fit(300, 100)
    assert short.width() < 100 and long.width() == 300
    assert long.height() > 2 * short.height()
    assert text.fit(300, 30).height() == 30


def test_measuring_it_leaves_nothing_behind(qapp: QApplication) -> None:
    text = WrappedText()
    text.setPlainText("word " * 40)
    text.fit(300, 100)
    before = documents()
    for width in range(200, 300):
        text.fit(width, 100)
    assert documents() <= before + 1
