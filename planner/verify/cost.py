r"""What the plan costs: cash of each year, discounted, and of capital the share that the horizon bears.

.. math::
    C = \sum_{y,i} \delta_y \, \varphi_{y,i} \, c_{y,i} \qquad \delta_y = (1+r)^{-(y - y_0)} \qquad
    \varphi = \frac{A(\min(n, T - v + 1))}{A(n)}

c  cash   money (y, i)     δ  discount factor   1 (y)     φ  share of a capital cost, else 1     A  value of yearly payments of 1
n  lifetime   year         v  first year of use             T  last year of the horizon             r  discount rate   1/year
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planner.language.message import Message
from planner.verify.certificate import DIGITS, Finding, PlanCertificate, Row, same

#: Items whose cash the horizon bears a share of, and the one that has no cash.
CAPITAL, GIVEN_UP = ("capital", "measures", "restoration"), "value_given_up"
#: Tables that say the cash of an item once more: table -> item, column of the name, column of the money.
AGAIN = {
    "investments": ("capital", "technology", "capital_cost"),
    "measures": ("measures", "measure", "capital_cost"),
    "certificates": ("certificates", "certificate", "cost"),
    "offsets": ("offsets", "offset", "cost"),
}

Key = tuple[int, str, str]


def annuity(rate: float, payments: float) -> float:
    """Value of yearly payments of 1, the first one now; of the last one the fraction that is left."""
    whole = int(payments + 1e-9)
    return sum((1 + rate) ** -i for i in range(whole)) + max(payments - whole, 0.0) * (1 + rate) ** -whole


def check_cost(own: PlanCertificate) -> Iterator[Finding]:
    """Every row of the system cost from the cash and the terms; their sum is the cost that is told."""
    told, rate, first = own.told, float(own.told["discount_rate"]), int(own.told["first_year"])
    cash, cost = _money(own.tables["costs"]), _money(own.tables["system_cost"])
    wrong: list[str] = []
    for key in sorted({*cash, *cost}):
        y, item, name = key
        value = cash.get(key, 0.0) * (1 + rate) ** (first - y)
        found = cost.get(key, 0.0)
        if item == GIVEN_UP:
            right = found >= 0
        elif item in CAPITAL:
            least, most = _shares(own, key)
            low, high = sorted((least * value, most * value))
            right = low - DIGITS * abs(low) - 1e-6 <= found <= high + DIGITS * abs(high) + 1e-6
        else:
            right = same(found, value, 1e-3)
        wrong += [] if right else [f"{item} {name} {y}"]
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


def _money(rows: list[Row]) -> dict[Key, float]:
    found: dict[Key, float] = defaultdict(float)
    for r in rows:
        found[int(r["year"]), r["item"], r["name"]] += float(r["value"])
    return found


def _shares(own: PlanCertificate, key: Key) -> tuple[float, float]:
    """Least and most share that the horizon bears of a capital cost: one number where lifetime and first year of use are told."""
    y, item, name = key
    uses = {int(r["works_from"]) for r in own.tables["investments"] if (r["technology"], int(r["year"])) == (name, y)}
    lifetime = own.told["lifetimes"].get(name)
    if item != "capital" or len(uses) != 1 or lifetime is None:
        return 0.0, 1.0
    rate, left = float(own.told["discount_rate"]), int(own.told["last_year"]) - uses.pop() + 1
    share = annuity(rate, min(float(lifetime), left)) / annuity(rate, float(lifetime)) if left > 0 else 0.0
    return share, share


def _said_twice(own: PlanCertificate, cash: dict[Key, float]) -> Iterator[str]:
    """Cash that another table says otherwise."""
    for table, (item, name, money) in AGAIN.items():
        again: dict[Key, float] = defaultdict(float)
        for r in own.tables[table]:
            again[int(r["year"]), item, r[name]] += float(r[money])
        for key in sorted({*again, *(k for k in cash if k[1] == item)}):
            if not same(again.get(key, 0.0), cash.get(key, 0.0), 1e-3):
                yield f"{table}.csv {key[2]} {key[0]}"
