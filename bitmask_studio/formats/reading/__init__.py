"""Readers of mask files, one for each kind of file; each costs nothing before it knows the size."""
