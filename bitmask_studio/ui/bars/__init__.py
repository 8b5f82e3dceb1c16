"""The bars around the canvas: tools above, frames and status below, the task beside, notices over it."""
