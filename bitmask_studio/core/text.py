"""Translation of the strings a user reads, for floors that must not know Qt."""

from collections.abc import Callable

Translator = Callable[[str], str]


class _Catalogue:
    """Holds the one translator that the window installs at start."""

    def __init__(self) -> None:
        self.translate: Translator = str


_catalogue = _Catalogue()


def tr(text: str) -> str:
    """The text in the user's language; `text` itself until a translator is installed."""
    return _catalogue.translate(text)


def install_translator(translate: Translator) -> None:
    """Let `translate` (source text -> translated text) answer every later `tr()`."""
    _catalogue.translate = translate
