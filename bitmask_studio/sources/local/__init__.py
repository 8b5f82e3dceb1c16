"""Label files, COCO files and folders of pictures on this machine."""

from bitmask_studio.sources.local.opening import open_local
from bitmask_studio.sources.local.source import LocalSource
from bitmask_studio.sources.local.watch import Watch

__all__ = ["LocalSource", "Watch", "open_local"]
