"""The account: signing in, its projects, whether its server answers, and the tasks there."""
