"""The crash-safe journal: every committed edit on the disk, with its undo history, off the user's thread."""
