"""Linear sums, built the quick way.

Pyomo's `LinearExpression` takes coefficients and variables as lists; adding term by term builds a tree that is
ten times slower to make and to compile.

Models are made of `pyomo.core` alone: `pyomo.environ` loads what connects it to every solver, and with SciPy comes all of
`scipy.stats` unless Pyomo is told not to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pyomo.common import dependencies
from pyomo.core import Block, Constraint, Set, Var
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


# --- variables and rows ------------------------------------------------------------------------------------------------------
# Of some 460 families most parks have no entry in nine of ten. For each Pyomo would make a set of every list of its index, and
# their product, and look at its rule, before it finds that there is nothing to make. Here all of these share one set.

#: Holds the set: Pyomo makes a name of its own for a set that no block has.
_SHARED = Block(concrete=True)
_SHARED.nothing = Set(initialize=())


def variables(*index: Sequence[Any], doc: str, **told: Any) -> Var:
    """A family of variables over the product of the lists of its index; `told` is what Pyomo's `Var` takes: `within`, `bounds`.

    Each index is a list: Pyomo takes the members of a set or a mapping in an order that differs between processes.
    """
    return Var(*index, doc=doc, **told) if all(map(len, index)) else Var(_SHARED.nothing, doc=doc)


def rows(block: Block, *index: Sequence[Any], doc: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Has the function that follows, a rule of block and index, make a family of rows in the block under its own name."""

    def add(rule: Callable[..., Any]) -> Callable[..., Any]:
        made = Constraint(*index, rule=rule, doc=doc) if all(map(len, index)) else Constraint(_SHARED.nothing, doc=doc)
        setattr(block, rule.__name__, made)
        return rule

    return add
