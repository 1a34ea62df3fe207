r"""What the plan costs: cash of each year, discounted, and of capital the share that the horizon bears; and what early retirement
gives up.

.. math::
    C = \sum_{y,i} \delta_y \, \varphi_{y,i} \, c_{y,i} \qquad \delta_y = (1+r)^{-(y - y_0)}

.. math::
    \varphi = 1 \text{ but for capital, where } \varphi = \frac{A(\min(n, T - v + 1))}{A(n)} \qquad A(n) = \sum_{i < n} (1+r)^{-i}

.. math::
    g_v = (1 - \varphi) \sum_{o \in O_v} p_o\, x_o

c  cash   money (y, i)     δ  discount factor   1 (y)     φ  share of capital that the horizon bears   1     r  discount rate   1
n  lifetime, with its fraction   year     v  first year of use   year     T  last year of the horizon   year
g  value given up of the orders of a year (v), not discounted   money                      x  retired of an order o   unit
p  paid per unit of an order, no project cost, at least 0   money/unit; the cheaper order of a year is retired first

What is ordered has a lifetime that is told, and nothing else has: an order works for the whole years of it, as its table says, and
land is kept up for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planner.language.message import Message
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
#: Items whose cash the horizon bears a share of.
CAPITAL = ("capital", "measures", "restoration")
#: (year, item, name) of a row of costs
CostKey = tuple[int, str, str]
#: First year of use, and the last one where a table says it.
Used = tuple[int, int | None]


def check_cost(own: PlanCertificate) -> Iterator[Finding]:
    """Every row of the system cost from the cash and the terms; their sum is the cost that is told."""
    told, rate, first = own.told, float(own.told["discount_rate"]), int(own.told["first_year"])
    cash, cost = _money(own.tables["costs"]), _money(own.tables["system_cost"])
    spans, lost = _used(own), given_up(own)
    wrong = [*_wrong_lifetimes(own), *wrong_project_costs(own)]
    for key in sorted({*cash, *cost, *lost}):
        y, item, name = key
        value = (lost if item == GIVEN_UP else cash).get(key, 0.0) * (1 + rate) ** (first - y)
        if item in CAPITAL:
            value *= _share(own, item, name, spans[key][0]) if key in spans else 0.0
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


def _annuity(rate: float, payments: float) -> float:
    """Value of yearly payments of 1, the first one now; of the last one the fraction that is left."""
    whole = int(payments + 1e-9)
    return sum((1 + rate) ** -i for i in range(whole)) + max(payments - whole, 0.0) * (1 + rate) ** -whole


def _used(own: PlanCertificate) -> dict[CostKey, Used]:
    """When what has a capital cost is used: each order of equipment, each measure, what is planted in a year."""
    tables = own.tables
    found: dict[CostKey, Used] = {
        (int(r["year"]), "capital", r["technology"]): (int(r["works_from"]), int(r["works_until"])) for r in tables["investments"]
    }
    found |= {(int(r["year"]), "measures", r["measure"]): (int(r["year"]), int(r["works_until"])) for r in tables["measures"]}
    return found | {(int(r["year"]), "restoration", r["project"]): (int(r["year"]), None) for r in _planted(own)}


def _share(own: PlanCertificate, item: str, name: str, begins: int) -> float:
    """Share of a capital cost that the horizon bears."""
    lifetime, rate = float(own.told["lifetimes"].get(item, {}).get(name, 0.0)), float(own.told["discount_rate"])
    left = min(lifetime, int(own.told["last_year"]) - begins + 1)
    return _annuity(rate, left) / _annuity(rate, lifetime) if left > 0 else 0.0


def _wrong_lifetimes(own: PlanCertificate) -> Iterator[str]:
    """Lifetimes that are missing, of what is not ordered, or others than those of the tables."""
    told = {(item, name): float(years) for item, of in own.told["lifetimes"].items() for name, years in of.items()}
    spans = _used(own)
    asked = {key[1:] for key in spans}
    yield from (f"lifetime of {name}" for item, name in sorted(asked ^ {*told}))
    for (y, item, name), (begins, ends) in spans.items():
        years = told.get((item, name))
        if begins < y or (years is not None and ends not in (None, begins + int(years + 1e-9) - 1)):
            yield f"years of use of {name} {y}"
    yield from _wrong_areas(own, told)


def _planted(own: PlanCertificate) -> list[Row]:
    return [r for r in own.tables["restoration"] if r["item"] == "planted" and float(r["value"])]


def _wrong_areas(own: PlanCertificate, told: dict[tuple[str, str], float]) -> Iterator[str]:
    """Land that is kept up longer or shorter than its lifetime."""
    planted: dict[str, dict[int, float]] = defaultdict(dict)
    for r in _planted(own):
        planted[r["project"]][int(r["year"])] = float(r["value"])
    kept = {(r["project"], int(r["year"])): float(r["value"]) for r in own.tables["restoration"] if r["item"] == "kept_up"}
    years = range(int(own.told["first_year"]), int(own.told["last_year"]) + 1)
    for project, areas in planted.items():
        lasts = int(told.get(("restoration", project), 0.0) + 1e-9)
        for y in years:
            area = sum(ha for v, ha in areas.items() if v <= y < v + lasts)
            if not same(kept.get((project, y), 0.0), area, sum(areas.values())):
                yield f"kept_up {project} {y}"


def given_up(own: PlanCertificate) -> dict[CostKey, float]:
    """Value beyond the horizon that the retirement of orders gives up (money, not discounted), by year of the order."""
    retired: dict[tuple[int, str], float] = defaultdict(float)
    for r in own.tables["retirements"]:
        if int(r["ordered"]) >= int(own.told["first_year"]):
            retired[int(r["ordered"]), r["technology"]] += float(r["retired"])
    found = {}
    for (v, name), size in retired.items():
        orders = [r for r in own.tables["investments"] if (int(r["year"]), r["technology"]) == (v, name)]
        lost, left = 0.0, size
        for price, built in sorted((_per_unit(own, r), float(r["build"])) for r in orders):
            lost += price * min(built, left)
            left -= min(built, left)
        begins = int(orders[0]["works_from"]) if orders else v
        found[v, "value_given_up", name] = (1 - _share(own, "capital", name, begins)) * lost
    return found


def wrong_project_costs(own: PlanCertificate) -> Iterator[str]:
    """Project costs of what is not retired, and those that are no part of what was paid."""
    orders = {(r["technology"], r["year"]): float(r["capital_cost"]) for r in own.tables["investments"] if r["committed"] != "1"}
    retired = {(r["technology"], r["ordered"]) for r in own.tables["retirements"]}
    for name, of in own.told["project_costs"].items():
        for year, money in of.items():
            if (name, year) not in retired or not 0 < float(money) <= orders.get((name, year), 0.0) * (1 + 1e-9):
                yield f"project cost of {name} {year}"


def _per_unit(own: PlanCertificate, order: Row) -> float:
    """What an order costs per unit, its project cost left out."""
    money, built = float(order["capital_cost"]), float(order["build"])
    if order["committed"] != "1":
        money -= float(own.told["project_costs"].get(order["technology"], {}).get(order["year"], 0.0))
    return max(money / built, 0.0) if built > 0 else 0.0
