"""Pictures on this machine: found, checked before they are decoded, and decoded as their frames need them."""
