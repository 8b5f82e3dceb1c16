"""The select tool: a click chooses the topmost object under the pointer."""

from bitmask_studio.core.text import tr
from bitmask_studio.tools.base import Tool

SELECT = Tool("select", tr("Select"), "select", "S", order=10)
