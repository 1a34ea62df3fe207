"""The sum of products that everything a search decides on goes through.

BLAS, behind `@` of two dense arrays, adds in an order that depends on the processor. A search of thousands of steps turns another
last digit into another plan within the same gap. Sparse products of SciPy are sums in the order of the matrix, and may stay.
"""

from __future__ import annotations

import numpy as np


def dot(a: np.ndarray, b: np.ndarray) -> float:
    """Sum of the products of two arrays of one shape, the same to the last digit on every processor."""
    return float(np.add.reduce(a * b))
