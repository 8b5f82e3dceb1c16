"""Every setting of the program, each declared once."""

from urllib.parse import urlsplit

from bitmask_studio.core.brush_shape import MAX_SIZE, MIN_SIZE, BrushShape
from bitmask_studio.core.settings import Setting
from bitmask_studio.sources.encord.login import EUROPE
from bitmask_studio.studio import appearance


def _is_address(text: str) -> bool:
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


THEME, THEMES, WINDOW_STATE = appearance.THEME, appearance.THEMES, appearance.WINDOW_STATE
MAX_RECENT = 10

BRUSH_SIZE = Setting("brush_size", 20, lambda size: MIN_SIZE <= size <= MAX_SIZE)
BRUSH_SHAPE = Setting("brush_shape", BrushShape.ROUND.value, lambda name: name in {each.value for each in BrushShape})
OPACITY = Setting("opacity", 45, lambda percent: 0 <= percent <= 100)
OUTLINE = Setting("outline", False)
COLOR_BY_OBJECT = Setting("color_by_object", False)
TILE_MEMORY = Setting("tile_memory", 64, lambda size: 16 <= size <= 4096)
"""MiB that what is drawn already may take: tiles of the canvas."""
PICTURE_MEMORY = Setting("picture_memory", 512, lambda size: 64 <= size <= 65536)
"""MiB that decoded pictures may take: the one shown and its neighbours."""
RECENT_FILES: Setting[list[str]] = Setting(
    "recent_files", [], lambda paths: all(isinstance(path, str) and "\0" not in path for path in paths)
)
RECENT_PROJECTS: Setting[list[str]] = Setting(
    "recent_projects", [], lambda entries: all(isinstance(entry, str) for entry in entries)
)
"""`DOMAIN|PROJECT_HASH|TITLE`, the last opened first."""
ENCORD_DOMAIN = Setting("encord_domain", EUROPE, _is_address)
ENCORD_KEY = Setting("encord_key", "")
"""The path of the key file used last; never what is in it."""
ENCORD_EMAIL = Setting("encord_email", "")
LAST_FOLDER = Setting("last_folder", "")
EXPORT_FOLDER = Setting("export_folder", "")
PEN_PRESSURE = Setting("pen_pressure", False)
"""Whether pressing a pen less hard makes the brush smaller."""
