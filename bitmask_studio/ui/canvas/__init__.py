"""The canvas: what it shows, what is done on it with mouse, pen and wheel, and who draws its tiles."""
