"""What others wrote is cut with dots where it does not fit."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox

from bitmask_studio.ui.widgets.elided_combo import ElidedCombo

pytestmark = pytest.mark.usefixtures("qapp")


def drawn(kind: type[QComboBox], text: str) -> QImage:
    box = kind()
    box.addItem(text)
    box.resize(120, 30)
    return box.grab().toImage()


@pytest.mark.parametrize("text", ["Short", "x" * 60, "many words " * 9])
def test_the_choice_of_a_list_ends_in_dots_where_it_does_not_fit(text: str) -> None:
    cut = [f"{text[:length]}…" for length in range(1, len(text))]
    expected = [text] if text == "Short" else [each.replace(" …", "…") for each in cut] + cut
    assert any(drawn(ElidedCombo, text) == drawn(QComboBox, each) for each in expected)
