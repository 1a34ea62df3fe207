"""The command line: parse, choose, print."""
