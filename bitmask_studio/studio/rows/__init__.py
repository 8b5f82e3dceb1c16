"""Lists of label rows, and what is said of them."""
