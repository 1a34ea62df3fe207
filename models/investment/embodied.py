"""What is embodied in orders: emissions of making and building them, where the park counts these."""

from __future__ import annotations

from pyomo.core import Block, Reals

from models.components import rows, variables
from models.inputs import Inputs
from models.investment.capacity import order
from models.linear import weighted

#: Name of what all orders of a year are together.
ORDERS = "orders"


def add_embodied(model: Block, inputs: Inputs) -> None:
    r"""Emissions that are embodied in the orders of a year, signed ones too; they are of scope 3 of that year.

    .. math::
        m_y = \sum_k \varepsilon_{k,y} (b_{k,y} + B_{k,y})

    E.g. 2 MW at 300 t/MW: 600 t. Measures and planted land have none.

    m  embodied   t (y)     ε  embodied of an order   t/capacity (k,y)     b  build, B  signed orders   capacity (k,y)
    """
    tonnes = inputs.products.embodied
    model.embodied = variables(embodied_years(inputs), within=Reals, doc="embodied in the orders of a year [t]")

    @rows(model, embodied_years(inputs), doc="what is embodied in all orders of a year [t]")
    def embodied_sum(model, name, y):
        own = [(each * a, size) for (k, v), each in tonnes.items() if v == y for a, size in order(model, inputs, k, v)]
        return weighted([*own, (-1.0, model.embodied[name, y])]) == 0


def embodied_years(inputs: Inputs) -> list[tuple[str, int]]:
    """Years in whose operation what is embodied counts; none where the park does not count it."""
    if not inputs.products.counts_embodied:
        return []
    return [(ORDERS, y) for y in inputs.years if any(v == y and each for (_, v), each in inputs.products.embodied.items())]
