"""Laws of plans for several futures, on random trees of tiny parks; `random_trees.py` tries as many as are asked for."""

import pytest
from random_trees import check_laws

pytestmark = pytest.mark.slow


def test_a_random_tree_keeps_the_laws():
    check_laws(5)
