r"""Footprints: what each tenant and each of its products bears of the park's emissions in a year, and that per tonne of product.

.. math::
    e_{n,p,i} = \pi_{n,p}\, e_{n,i}, \qquad \varepsilon_{n,p,i} = e_{n,p,i} / a_{n,p}

e  emissions of tenant and item, see `tenants`   t (n,i)     π  part of the product   1 (n,p)     a  amount   t (n,p)

From gate to gate: what energy and processes of the park emit; no raw material, no transport; embodied emissions of equipment
only where the park counts them, shared as what belongs to nobody is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models.inputs import Inputs
from planner.output.tenants import Borne

#: Items of a tenant and of a product (t).
ITEMS = ("scope1", "scope2_location", "scope2_market", "scope3", "captured", "certificates")
#: Of them those that are told per tonne of product: specific emissions.
SPECIFIC = ("scope1", "scope2_location", "scope2_market")


def footprint_rows(borne: Mapping[str, Borne], inputs: Inputs, y: int) -> Iterator[tuple[str, str, str, float, str]]:
    """(tenant, product, item, value, unit) of a year; a product of which nothing is made has no specific emissions."""
    products = inputs.products
    for who, own in borne.items():
        yield from ((who, "", item, own[item], "t") for item in ITEMS)
    for (who, product, z), amount in products.amount.items():
        if z != y:
            continue
        part = products.part[who, product, y]
        yield who, product, "amount", amount, "t"
        yield from ((who, product, item, part * borne[who][item], "t") for item in ITEMS)
        if amount > 0:
            yield from ((who, product, f"specific_{item}", part * borne[who][item] / amount, "t/t") for item in SPECIFIC)
