"""The window: Qt widgets that show the studio and call it, and keep no labels of their own."""
