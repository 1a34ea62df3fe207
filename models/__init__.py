"""The park and its mathematics: no files, no solver, no printing."""
