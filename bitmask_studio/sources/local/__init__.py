"""Label files, COCO files and folders of pictures on this machine."""

from bitmask_studio.sources.local.opening import open_local
from bitmask_studio.sources.local.source import LocalSource

__all__ = ["LocalSource", "open_local"]
