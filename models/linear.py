"""Linear sums, built the quick way.

Pyomo's `LinearExpression` takes coefficients and variables as lists; adding term by term builds a tree that is
ten times slower to make and to compile.

Models are made of `pyomo.core` alone: `pyomo.environ` loads what connects it to every solver, and with SciPy comes all of
`scipy.stats` unless Pyomo is told not to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyomo.common import dependencies
from pyomo.core.expr import LinearExpression

if isinstance(dependencies.scipy_available, dependencies.DeferredImportIndicator):  # SciPy is not loaded yet
    dependencies.scipy_available._callback = None

#: Terms of a sum: (coefficient, variable or number).
Sum = list[tuple[float, Any]]


def weighted(terms: Iterable[tuple[float, Any]], constant: float = 0.0) -> Any:
    """Sum of coefficient · variable; a variable may be a number or an expression. Terms with coefficient 0 are left out."""
    coefs, variables, rest = [], [], []
    for coef, variable in terms:
        if coef == 0:
            continue
        if isinstance(variable, (int, float)):
            constant += coef * variable
        elif variable.is_variable_type():
            coefs.append(coef)
            variables.append(variable)
        else:
            rest.append(coef * variable)
    if not variables and not rest:
        return constant
    total = LinearExpression(constant=constant, linear_coefs=coefs, linear_vars=variables)
    for term in rest:
        total = total + term
    return total
