"""The pictures of frames: read, kept, read ahead and played."""
