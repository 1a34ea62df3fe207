"""Linear sums, built the quick way.

Pyomo's `LinearExpression` takes coefficients and variables as lists; adding term by term builds a tree that is
ten times slower to make and to compile.

Models are made of `pyomo.core` alone: `pyomo.environ` loads what connects it to every solver, and with SciPy comes all of
`scipy.stats` unless Pyomo is told not to.

Most parks lack most of what a family of variables or rows is for. Pyomo makes sets of whatever index it is given, also the product
of nothing and all hours: on a small park that took a third of the time of building its model. Here all families without an entry
share one empty set. And how many arguments a rule takes is asked of its code: Pyomo has `inspect` describe each of them for that.
"""

from __future__ import annotations

from collections.abc import Iterable
from inspect import CO_GENERATOR, CO_VARARGS
from types import FunctionType
from typing import Any

from pyomo.common import dependencies
from pyomo.core import ConcreteModel, Set
from pyomo.core.base import constraint
from pyomo.core.base.indexed_component import IndexedComponent
from pyomo.core.base.initializer import IndexedCallInitializer, ScalarCallInitializer
from pyomo.core.expr import LinearExpression

if isinstance(dependencies.scipy_available, dependencies.DeferredImportIndicator):  # SciPy is not loaded yet
    dependencies.scipy_available._callback = None

#: Where the empty set stands: Pyomo takes a set that stands somewhere as it is.
_NOWHERE = ConcreteModel()
_NOWHERE.nothing = Set(initialize=[])
_indexed = IndexedComponent.__init__


def _by_one_empty_set(self: Any, *indices: Any, **given: Any) -> None:
    """Pyomo's own way, but that what has no entry is indexed by the empty set that is there."""
    is_empty = any(isinstance(index, (list, tuple, dict, set, frozenset)) and not index for index in indices)
    _indexed(self, *([_NOWHERE.nothing] if is_empty else indices), **given)


IndexedComponent.__init__ = _by_one_empty_set
_initializer = constraint.Initializer


def _by_count(rule: Any, **given: Any) -> Any:
    """Pyomo's own choice between a rule of the block alone and one of an index too, made of plain functions by their code."""
    code = rule.__code__ if type(rule) is FunctionType else None
    if given or code is None or code.co_flags & (CO_VARARGS | CO_GENERATOR):
        return _initializer(rule, **given)
    return ScalarCallInitializer(rule) if code.co_argcount == 1 else IndexedCallInitializer(rule)


constraint.Initializer = _by_count

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
