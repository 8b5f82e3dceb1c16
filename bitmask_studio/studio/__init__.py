"""The running program without its screen: what is open, what is chosen, what is under way."""
