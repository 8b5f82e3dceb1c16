"""Where label rows come from and go back to; siblings do not know each other."""
