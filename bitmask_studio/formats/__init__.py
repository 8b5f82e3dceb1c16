"""The kinds of file that masks are written to, one module each; siblings do not know each other."""
