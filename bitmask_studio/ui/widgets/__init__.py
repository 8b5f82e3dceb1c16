"""Small widgets that others are made of, which know nothing of the studio."""
