"""Pictures and videos: checked before they are decoded, and decoded as their frames need them."""
