"""Reports: tables, files and the console."""
