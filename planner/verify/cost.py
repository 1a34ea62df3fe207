r"""What the plan costs: cash of each year, discounted, and of capital the share that the horizon bears.

.. math::
    C = \sum_{y,i} \delta_y \, \varphi_{y,i} \, c_{y,i} \qquad \delta_y = (1+r)^{-(y - y_0)} \qquad
    \varphi = 1 \text{ but for capital}

c  cash   money (y, i)     δ  discount factor   1 (y)     φ  share of capital (`capital.py`)   1     r  discount rate   1/year
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planner.language.message import Message
from planner.verify.capital import CAPITAL, CostKey, given_up, share, used, wrong_lifetimes, wrong_project_costs
from planner.verify.certificate import Finding, PlanCertificate, Row, same

#: The item that has no cash.
GIVEN_UP = "value_given_up"
#: Tables that say the cash of an item once more: table -> item, column of the name, column of the money.
AGAIN = {
    "investments": ("capital", "technology", "capital_cost"),
    "measures": ("measures", "measure", "capital_cost"),
    "certificates": ("certificates", "certificate", "cost"),
    "offsets": ("offsets", "offset", "cost"),
}


def check_cost(own: PlanCertificate) -> Iterator[Finding]:
    """Every row of the system cost from the cash and the terms; their sum is the cost that is told."""
    told, rate, first = own.told, float(own.told["discount_rate"]), int(own.told["first_year"])
    cash, cost = _money(own.tables["costs"]), _money(own.tables["system_cost"])
    spans, lost = used(own), given_up(own)
    wrong = [*wrong_lifetimes(own), *wrong_project_costs(own)]
    for key in sorted({*cash, *cost, *lost}):
        y, item, name = key
        value = (lost if item == GIVEN_UP else cash).get(key, 0.0) * (1 + rate) ** (first - y)
        if item in CAPITAL:
            value *= share(own, item, name, spans[key][0]) if key in spans else 0.0
        wrong += [] if same(cost.get(key, 0.0), value, 1e-3) else [f"{item} {name} {y}"]
    wrong += [*_said_twice(own, cash)]
    total, said = sum(cost.values()), float(told["system_cost"])
    size = sum(map(abs, cost.values()))
    if wrong:
        yield Finding(
            Message(
                "cost: {count} rows do not follow from the cash of their year, first {first}", count=len(wrong), first=wrong[0]
            ),
            True,
        )
    if not same(total, said, size):
        yield Finding(Message("cost: the rows add up to {total}, {said} is told", total=f"{total:,.2f}", said=f"{said:,.2f}"), True)
    if not wrong and same(total, said, size):
        yield Finding(
            Message(
                "cost: {total} {currency} follows from {count} rows of cash, discounted at {rate}",
                total=f"{total:,.2f}",
                currency=told["currency"],
                count=len(cash),
                rate=f"{rate:g}",
            )
        )


def _money(rows: list[Row]) -> dict[CostKey, float]:
    found: dict[CostKey, float] = defaultdict(float)
    for r in rows:
        found[int(r["year"]), r["item"], r["name"]] += float(r["value"])
    return found


def _said_twice(own: PlanCertificate, cash: dict[CostKey, float]) -> Iterator[str]:
    """Cash that another table says otherwise."""
    for table, (item, name, money) in AGAIN.items():
        again: dict[CostKey, float] = defaultdict(float)
        for r in own.tables[table]:
            again[int(r["year"]), item, r[name]] += float(r[money])
        for key in sorted({*again, *(k for k in cash if k[1] == item)}):
            if not same(again.get(key, 0.0), cash.get(key, 0.0), 1e-3):
                yield f"{table}.csv {key[2]} {key[0]}"
