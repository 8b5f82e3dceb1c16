"""The REST protocol: a table of routes for each subject."""
