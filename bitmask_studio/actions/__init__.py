"""Every menu entry and shortcut as data, one file a menu."""
