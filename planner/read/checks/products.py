"""products.csv: whose the products are, and shares of a tenant that are no more than all of it."""

from __future__ import annotations

from collections import defaultdict

from models.case import Demand, ProcessEmission, Product
from models.units import UnitError, yearly_factor
from planner.language.language import mark
from planner.read.draft import Draft


def check_products(draft: Draft) -> None:
    """Every tenant is one of the park, every amount a mass; the products of a tenant all share by amount, or as stated."""
    rows: dict[str, list[Product]] = defaultdict(list)
    for row in draft.rows(Product):
        if row.tenant:
            draft.refer(row.origin, ("tenant", row.tenant), "tenant of the park", (Demand, "tenant"), (ProcessEmission, "tenant"))
        try:
            yearly_factor(row.unit, "t")
        except UnitError as error:
            draft.fault(row.origin, error.args[0])
        rows[row.tenant].append(row)
    for own in rows.values():
        shares = {row.product: row.share for row in own}
        stated = [share for share in shares.values() if share is not None]
        if stated and len(stated) < len(shares):
            blank = next(row for row in own if row.share is None)
            words = mark("share: is blank, other products of the tenant state one; write it in all of them, or in none")
            draft.fault(blank.origin, words)
        if sum(stated) > 1 + 1e-9:
            words = mark("share: the products of the tenant bear {share} % of its emissions; together they bear 100 % at most")
            draft.fault(own[-1].origin, words, share=f"{100 * sum(stated):.4g}")
