"""The visual language in one place: colours, type, spacing, and how Fusion's widgets wear them."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from bitmask_studio.core.resources import resource

SPACE_S, SPACE_M, SPACE_L, SPACE_XL = 4, 8, 16, 32
"""The steps of the spacing scale, logical px."""

ICON = 20
"""Side of an icon in bars and lists, logical px."""

RADIUS = 6
TEXT_S, TEXT_M, TEXT_L, TEXT_XL = 0.92, 1.0, 1.25, 2.0
"""The type scale: factors of the application's font size."""


class Colors(NamedTuple):
    """One palette; every colour of the window comes from here.

    A named tuple because the window's frame comes before msgspec is imported.
    """

    dark: bool
    window: str
    base: str
    raised: str
    hover: str
    line: str
    text: str
    muted: str
    accent: str
    accent_soft: str
    on_accent: str
    danger: str
    warning: str
    success: str
    canvas: str
    """Around the picture: a gray without any hue, so that colours are judged as they are."""


LIGHT = Colors(
    dark=False,
    window="#f4f5f7",
    base="#ffffff",
    raised="#fbfbfc",
    hover="#e7eaee",
    line="#d5d9df",
    text="#23272e",
    muted="#667080",
    accent="#1f74c9",
    accent_soft="#d9e8f8",
    on_accent="#ffffff",
    danger="#c2362f",
    warning="#a8650a",
    success="#2b7d46",
    canvas="#a6a6a6",
)
DARK = Colors(
    dark=True,
    window="#222428",
    base="#1b1d20",
    raised="#2a2d32",
    hover="#33373d",
    line="#3b3f46",
    text="#dde1e7",
    muted="#98a1ae",
    accent="#58a6f2",
    accent_soft="#26405c",
    on_accent="#10161d",
    danger="#f0766f",
    warning="#e3a94f",
    success="#6cc48a",
    canvas="#3a3a3a",
)


STYLE = "Fusion"
STYLED = "styled"
"""A property of the application that was made with the style already."""


def colors() -> Colors:
    """The palette in force."""
    window = QApplication.palette().color(QPalette.ColorRole.Window)
    return DARK if window.lightness() < 128 else LIGHT


def apply(app: QApplication, choice: str) -> None:
    """Dress the program: `choice` is light, dark, or system (the system's scheme where it answers, else light)."""
    if not app.property(STYLED):
        app.setStyle(STYLE)
        app.setProperty(STYLED, True)
    wanted = DARK if choice == "dark" or (choice == "system" and _system_is_dark(app)) else LIGHT
    app.setPalette(_palette(wanted))
    app.setStyleSheet(_style_sheet(wanted))


def _system_is_dark(app: QApplication) -> bool:
    """Whether the system's scheme is dark, by the palette that Qt begins with, or Fusion's own: both follow it.

    Asking Qt for the scheme itself makes PySide build all enumerations of Qt, and asking the style for anything all of
    QStyle: 20 ms and 9 ms before the first window is there.
    """
    palette = app.style().standardPalette() if app.styleSheet() else app.palette()
    return palette.color(QPalette.ColorRole.Window).lightness() < 128


def scaled_font(factor: float, bold: bool = False) -> QFont:
    """The application's font at a step of the type scale."""
    font = QFont(QApplication.font())
    font.setPointSizeF(font.pointSizeF() * factor)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def numbers_font() -> QFont:
    """The application's font with figures of one width, where the font has them."""
    font = QFont(QApplication.font())
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def fixed_font() -> QFont:
    """For hashes and paths."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)


def _palette(wanted: Colors) -> QPalette:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    for each, color in {
        role.Window: wanted.window,
        role.WindowText: wanted.text,
        role.Base: wanted.base,
        role.AlternateBase: wanted.raised,
        role.Text: wanted.text,
        role.Button: wanted.raised,
        role.ButtonText: wanted.text,
        role.ToolTipBase: wanted.raised,
        role.ToolTipText: wanted.text,
        role.PlaceholderText: wanted.muted,
        role.Highlight: wanted.accent,
        role.HighlightedText: wanted.on_accent,
        role.Link: wanted.accent,
        role.Accent: wanted.accent,
        role.Mid: wanted.line,
        role.Light: wanted.hover,
        role.Midlight: wanted.hover,
        role.Dark: wanted.line,
        role.Shadow: wanted.line,
    }.items():
        palette.setColor(each, QColor(color))
    for each in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(group.Disabled, each, _mix(wanted.text, wanted.window, 0.55))
    return palette


def _mix(one: str, other: str, share: float) -> QColor:
    first, second = QColor(one), QColor(other)
    parts = ((a, b) for a, b in zip(first.getRgb()[:3], second.getRgb()[:3], strict=True))  # type: ignore[index]
    return QColor(*(round(a + (b - a) * share) for a, b in parts))


def _control(name: str, c: Colors) -> str:
    """A part of a control as style sheets want it: they cannot tint, so there is a file for each scheme."""
    scheme = "dark" if c.dark else "light"
    return f'url("{resource(f"controls/{name}-{scheme}.svg").as_posix()}")'


def _style_sheet(c: Colors) -> str:
    return f"""
QToolTip {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.line}; padding: 4px 6px; }}
QMainWindow::separator {{ background: {c.window}; width: 5px; height: 5px; }}
QMainWindow::separator:hover {{ background: {c.line}; }}
QMenuBar {{ background: {c.window}; border-bottom: 1px solid {c.line}; padding: 2px 4px; }}
QMenuBar::item {{ padding: 4px 9px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {c.hover}; }}
QMenu {{ background: {c.raised}; border: 1px solid {c.line}; padding: 4px; }}
QMenu::item {{ padding: 5px 28px 5px 8px; border-radius: 4px; }}
QMenu::icon {{ padding-left: 6px; }}
QMenu::item:selected {{ background: {c.accent_soft}; color: {c.text}; }}
QMenu::item:disabled {{ color: {_mix(c.text, c.window, 0.55).name()}; }}
QMenu::separator {{ height: 1px; background: {c.line}; margin: 4px 6px; }}
QToolBar {{ background: {c.window}; border: none; border-bottom: 1px solid {c.line}; padding: 3px 6px; spacing: 2px; }}
QToolBar[orientation="vertical"] {{ border: none; border-right: 1px solid {c.line}; padding: 6px 3px; }}
QToolBar::separator {{ background: {c.line}; width: 1px; height: 1px; margin: 5px 4px; }}
QToolButton {{ border: 1px solid transparent; border-radius: {RADIUS}px; padding: 5px; }}
QToolButton:hover {{ background: {c.hover}; }}
QToolButton:pressed {{ background: {c.line}; }}
QToolButton:checked {{ background: {c.accent_soft}; }}
QToolButton:focus {{ border-color: {c.accent}; }}
QToolBarExtension {{ padding: 0; qproperty-icon: {_control("down", c)}; }}
QDockWidget {{ titlebar-close-icon: none; titlebar-normal-icon: none; }}
QStatusBar {{ background: {c.window}; border-top: 1px solid {c.line}; color: {c.muted}; }}
QStatusBar::item {{ border: none; }}
QTreeView, QListView, QTableView {{ background: {c.base}; border: none; outline: 0; }}
QListView[bare="true"] {{ background: transparent; }}
QTreeView::item, QListView::item {{ padding: 2px 4px; border: none; }}
QTreeView::item:hover, QListView::item:hover {{ background: {c.hover}; }}
QTreeView::item:selected, QListView::item:selected {{ background: {c.accent_soft}; color: {c.text}; }}
QHeaderView::section {{ background: {c.window}; color: {c.muted}; border: none; border-bottom: 1px solid {c.line};
  padding: 4px 6px; }}
QLineEdit, QSpinBox, QComboBox {{ background: {c.base}; border: 1px solid {c.line}; border-radius: {RADIUS}px;
  padding: 4px 7px; min-height: 18px; selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
QLineEdit:focus, QSpinBox:focus, QComboBox:focus {{ border-color: {c.accent}; }}
QLineEdit:disabled, QSpinBox:disabled, QComboBox:disabled {{ background: {c.window}; color: {c.muted}; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox::down-arrow {{ image: {_control("down", c)}; width: 14px; height: 14px; }}
QSpinBox::up-button, QSpinBox::down-button {{ border: none; border-radius: 3px; background: transparent; width: 18px; }}
QSpinBox::up-button {{ margin: 2px 2px 0 0; }}
QSpinBox::down-button {{ margin: 0 2px 2px 0; }}
QSpinBox::up-button:hover, QSpinBox::down-button:hover {{ background: {c.hover}; }}
QSpinBox::up-arrow {{ image: {_control("up", c)}; width: 12px; height: 12px; }}
QSpinBox::down-arrow {{ image: {_control("down", c)}; width: 12px; height: 12px; }}
QCheckBox, QRadioButton {{ spacing: 8px; padding: 1px 0; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: 14px; height: 14px; background: {c.base};
  border: 1px solid {c.muted}; }}
QCheckBox::indicator {{ border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: 8px; }}
QCheckBox::indicator:hover, QCheckBox::indicator:focus, QRadioButton::indicator:hover, QRadioButton::indicator:focus {{
  border-color: {c.accent}; }}
QCheckBox::indicator:checked {{ background: {c.accent}; border-color: {c.accent};
  image: {_control("check", c)}; }}
QRadioButton::indicator:checked {{ border-color: {c.accent}; background: qradialgradient(cx: 0.5, cy: 0.5, radius: 0.5,
  fx: 0.5, fy: 0.5, stop: 0 {c.on_accent}, stop: 0.4 {c.on_accent}, stop: 0.5 {c.accent}, stop: 1 {c.accent}); }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ border-color: {c.line}; }}
QCheckBox::indicator:checked:disabled {{ background: {c.line}; }}
QRadioButton::indicator:checked:disabled {{ background: qradialgradient(cx: 0.5, cy: 0.5, radius: 0.5, fx: 0.5, fy: 0.5,
  stop: 0 {c.base}, stop: 0.4 {c.base}, stop: 0.5 {c.line}, stop: 1 {c.line}); }}
QProgressBar {{ background: {c.hover}; border: none; border-radius: 4px; text-align: center; }}
QProgressBar::chunk {{ background: {_mix(c.accent_soft, c.accent, 0.35).name()}; border-radius: 4px; }}
QComboBox QAbstractItemView {{ background: {c.raised}; border: 1px solid {c.line}; padding: 3px;
  selection-background-color: {c.accent_soft}; selection-color: {c.text}; }}
QPushButton {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: {RADIUS}px; padding: 5px 14px;
  min-height: 18px; }}
QPushButton:hover {{ background: {c.hover}; }}
QPushButton:pressed {{ background: {c.line}; }}
QPushButton:focus {{ border-color: {c.accent}; }}
QPushButton:checked {{ background: {c.accent_soft}; border-color: {c.accent}; }}
QPushButton:default, QPushButton[primary="true"] {{ background: {c.accent}; border-color: {c.accent};
  color: {c.on_accent}; }}
QPushButton:default:hover, QPushButton[primary="true"]:hover {{ background: {_mix(c.accent, c.text, 0.15).name()}; }}
QPushButton:disabled {{ color: {c.muted}; background: {c.window}; border-color: {c.line}; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {c.line}; }}
QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {c.accent}; }}
QSlider::handle:horizontal {{ width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: {c.base};
  border: 1px solid {c.muted}; }}
QSlider::sub-page:horizontal:disabled {{ background: {c.line}; }}
QSlider::handle:horizontal:disabled {{ border-color: {c.line}; }}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{ border-color: {c.accent}; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {_mix(c.line, c.muted, 0.35).name()}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 28px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; }}
QScrollBar::handle:hover {{ background: {c.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
  border: none; width: 0; height: 0; }}
QLabel[muted="true"] {{ color: {c.muted}; }}
QLabel[heading="true"] {{ font-weight: 600; }}
QFrame[card="true"] {{ background: {c.base}; border: 1px solid {c.line}; border-radius: {RADIUS + 2}px; }}
QLabel[keycap="true"] {{ background: {c.raised}; border: 1px solid {c.line}; border-bottom-width: 2px;
  border-radius: 4px; padding: 1px 5px; min-width: 10px; }}
QFrame[notice] {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: {RADIUS + 2}px; }}
QFrame[notice="warning"] {{ background: {_mix(c.raised, c.warning, 0.1).name()};
  border-color: {_mix(c.line, c.warning, 0.5).name()}; }}
QFrame[notice="error"] {{ background: {_mix(c.raised, c.danger, 0.1).name()};
  border-color: {_mix(c.line, c.danger, 0.6).name()}; }}
QFrame[rule="true"] {{ background: {c.line}; border: none; max-height: 1px; min-height: 1px; }}
"""
