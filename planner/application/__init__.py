"""The application of a park to an authority: an official outline, filled from a finished run, as a Word file."""
