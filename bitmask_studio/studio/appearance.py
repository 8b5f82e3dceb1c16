"""The settings that the frame of the window needs: declared apart, because it is on screen before numpy is there."""

from bitmask_studio.core.settings import Setting

THEMES = ("system", "light", "dark")
THEME = Setting("theme", "system", lambda name: name in THEMES)
WINDOW_STATE = Setting("window_state", "", str.isascii)
"""Geometry as Qt saves it, base64."""
