"""Storing edits: what is asked, how a save meets what others did, and a second look."""
