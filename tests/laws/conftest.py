"""The laws are tried on the same random parks every time."""

from hypothesis import settings

settings.register_profile("laws", derandomize=True, deadline=None, database=None)
settings.load_profile("laws")
