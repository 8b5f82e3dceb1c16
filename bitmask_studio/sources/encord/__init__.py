"""Projects on an Encord platform: the SDK works in a process of its own, this side never imports it."""
