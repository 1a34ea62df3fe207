"""The scalar product of two arrays, with which models and searches compute what they decide by.

`a @ b` of two dense arrays is computed by BLAS, which adds in an order that depends on the processor. So its last digit differs,
and after thousands of steps a search may end in another plan within the same gap. SciPy adds products of sparse matrices in the
order of the matrix.
"""

from __future__ import annotations

import numpy as np


def dot(a: np.ndarray, b: np.ndarray) -> float:
    """Sum of the products of two arrays of one shape, the same to the last digit on every processor."""
    return float(np.add.reduce(a * b))
