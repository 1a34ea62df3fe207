"""The machine and the run: cores that may be used, the time limit and Ctrl-C, versions."""
