"""Strings for the user go through one translator."""

from __future__ import annotations

from bitmask_studio.core.text import install_translator, letters, one_line, tr


def test_a_text_is_itself_until_a_translator_is_installed() -> None:
    assert tr("Save") == "Save"
    install_translator(lambda text: {"Save": "Sichern"}.get(text, text))
    try:
        assert tr("Save") == "Sichern"
        assert tr("Quit") == "Quit"
    finally:
        install_translator(str)
    assert tr("Save") == "Save"


def test_a_name_of_others_is_one_line_without_what_ends_or_turns_it() -> None:
    assert one_line("a\nb\r\n\u202egnp.exe\0nul") == "a b gnp.exenul"
    assert letters("a\0b") == "ab"
