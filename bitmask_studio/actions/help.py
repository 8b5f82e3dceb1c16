"""Help: the keys and what this program is."""

from bitmask_studio.actions.base import Action
from bitmask_studio.core.text import tr

ACTIONS = (
    Action(
        "keys",
        tr("Keyboard Shortcuts"),
        "Help",
        10,
        lambda session: session.studio.screen.show_keys(),
        "F1, Ctrl+Shift+K",
        icon="keyboard",
    ),
    Action(
        "about", tr("About Bitmask Studio"), "Help", 20, lambda session: session.studio.screen.show_about(), icon="info"
    ),
)
