"""The window while nothing is open."""
