"""The tools of the tool bar, one file each; a tool is a row and a generator function."""
