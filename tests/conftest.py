"""Puts the project before the folders of tests, some of which bear a package's name; and the pencil and random parks in reach.

Whatever the machine speaks, the tests speak English where none says otherwise.
"""

import os
import sys
from pathlib import Path

TESTS = Path(__file__).parent
sys.path[:0] = [str(TESTS.parent), str(TESTS / "models"), str(TESTS / "laws"), str(TESTS / "planner" / "page"), str(TESTS / "browser")]
os.environ["LANGUAGE"] = "en"
