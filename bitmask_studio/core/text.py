"""Translation of the strings a user reads, for floors that must not know Qt."""

from collections.abc import Callable

Translator = Callable[[str], str]


class _Catalogue:
    """Holds the one translator that the window installs at start."""

    def __init__(self) -> None:
        self.translate: Translator = str


_catalogue = _Catalogue()


_LEFT_OUT = dict.fromkeys((0, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def letters(text: str) -> str:
    """A text of others for the screen, without what makes letters be drawn in another order (`gpj.exe` as `exe.jpg`).

    And without NUL, where systems take a title of a window to end.

    Source: Unicode Annex 9, the explicit directional formatting characters; Arabic and Hebrew do without.
    """
    return text if text.isascii() and "\0" not in text else text.translate(_LEFT_OUT)


def one_line(text: str) -> str:
    """The same in one line."""
    return " ".join(letters(text).split())


def tr(text: str) -> str:
    """The text in the user's language; `text` itself until a translator is installed."""
    return _catalogue.translate(text)


def install_translator(translate: Translator) -> None:
    """Let `translate` (source text -> translated text) answer every later `tr()`."""
    _catalogue.translate = translate
