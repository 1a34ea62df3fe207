"""The application: what a person touches. Reads a park, chooses typical days, solves, reports."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("parkzero")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0"
