"""Laws of plans for several futures, on random trees of tiny parks."""

import pytest
from random_trees import check_laws


@pytest.mark.parametrize("seed", [1, 4])
def test_a_random_tree_keeps_the_laws(seed):
    check_laws(seed)
