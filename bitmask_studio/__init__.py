"""Bitmask Studio: look at, touch up and export bitmask labels of the Encord annotation platform."""

__version__ = "0.1.0"
