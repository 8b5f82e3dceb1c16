"""The programs that draw the sample project: one scene a module, every pixel from arithmetic and fixed seeds."""
