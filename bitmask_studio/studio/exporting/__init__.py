"""Masks into files, for the window and the command line."""
