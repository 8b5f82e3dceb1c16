"""Strings for the user go through one translator."""

from __future__ import annotations

from bitmask_studio.core.text import install_translator, tr


def test_a_text_is_itself_until_a_translator_is_installed() -> None:
    assert tr("Save") == "Save"
    install_translator(lambda text: {"Save": "Sichern"}.get(text, text))
    try:
        assert tr("Save") == "Sichern"
        assert tr("Quit") == "Quit"
    finally:
        install_translator(str)
    assert tr("Save") == "Save"
