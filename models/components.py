"""Variables and rows of a block, made the quick way where the park has nothing for them.

Of some 460 families most parks have no entry in nine of ten. For each Pyomo would make a set of every list of its index, and their
product, and look at the arguments of its rule, before it finds that there is nothing to make. Here all of these share one set.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from pyomo.core import Block, Constraint, Set, Var

#: Holds the set: Pyomo makes a name of its own for a set that no block has.
_SHARED = Block(concrete=True)
_SHARED.nothing = Set(initialize=())


def variables(*index: Collection[Any], doc: str, **told: Any) -> Var:
    """A family of variables over the product of the lists of its index; `told` is what Pyomo's `Var` takes: `within`, `bounds`."""
    return Var(_SHARED.nothing, doc=doc) if _is_empty(index) else Var(*index, doc=doc, **told)


def rows(block: Block, *index: Collection[Any], doc: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Has the function that follows, a rule of block and index, make a family of rows in the block under its own name."""

    def add(rule: Callable[..., Any]) -> Callable[..., Any]:
        made = Constraint(_SHARED.nothing, doc=doc) if _is_empty(index) else Constraint(*index, rule=rule, doc=doc)
        setattr(block, rule.__name__, made)
        return rule

    return add


def _is_empty(index: tuple[Collection[Any], ...]) -> bool:
    return any(len(part) == 0 for part in index)
