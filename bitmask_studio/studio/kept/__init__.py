"""What is kept of rows across starts, and how it comes back over what is stored by then."""
