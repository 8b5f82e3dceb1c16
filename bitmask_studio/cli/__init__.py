"""The command line: what the program does without a screen, and what it is told when it has one."""
