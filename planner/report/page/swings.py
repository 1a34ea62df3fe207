r"""What a price does to the saving, with the plan as it is: three tenths lower and higher, and the change that would end it.

.. math:: saving(x) = S + x\,(B' - B), \qquad x_0 = -S / (B' - B)

of each supply, what is sold too, all prices of it in all years together; equipment and its operation in both plans stay.

S  saving against going on as today   money    B, B'  bill of the supply in the plan and in the other one, discounted   money
x  share by which its price changes   1        x0  the one at which nothing is saved; told where it is -1 to 1          1
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planner.language.words import PLANS, named
from planner.report.page.markup import Markup, join, tag
from planner.report.page.report import Report
from planner.report.page.table import number, table
from planner.report.saving import usual

#: Items of system_cost that are in proportion to a price of a supply.
BILLS = ("energy", "contract", "export")
#: By which share prices change, how many are told, and from which share of the saving on.
SWING, MOST, LITTLE = 0.3, 6, 0.01


def swings(report: Report) -> Markup:
    """A sentence on what would end the saving, and a table of prices by what they move; nothing without a saving."""
    language, output = report.language, report.output
    say, costs = language.translate, {n: p["system_cost"] for n, p in output.summary["plans"].items()}
    today = usual(output.summary)
    if today is None or (saving := costs[today] - output.summary["system_cost"]) <= 0:
        return Markup("")
    more = moved(output.plans[today], output.target)
    more = more[more.abs() * SWING > LITTLE * saving].head(MOST)
    if more.empty:
        return Markup("")
    ends = {str(name): x for name, each in more.items() if abs(x := -saving / each) <= 1}
    falls, rises = (
        say(", ").join(f"{name} {x:+.0%}" for name, x in ends.items() if (x < 0) is falling) for falling in (True, False)
    )
    told = [
        say("Falls of a price that would end the saving, all else as it is: {prices}.", prices=falls) if falls else "",
        say("Rises of a price that would end it: {prices}.", prices=rises) if rises else "",
        "" if ends else say("No single price that falls to nothing or doubles ends the saving, all else as it is."),
    ]
    unit, size = report.money
    changed = (say("saving at {change}, {unit}", change=f"{s * SWING:+.0%}", unit=unit) for s in (-1, 1))
    head = [say("price of"), *changed, say("ends at")]
    rows = [
        [str(name), *(number(v, language.number(v / size, 1)) for v in (saving - SWING * each, saving + SWING * each)),
         f"{ends[str(name)]:+.0%}" if str(name) in ends else "–"]
        for name, each in more.items()
    ]  # fmt: skip
    title = say("Saving against {plan} if a price changes, plan as it is", plan=named(language, PLANS, today))
    return join([tag("p", language.sentences(*told)), table(head, rows, 1, title)])


def moved(other: Mapping[str, pd.DataFrame], plan: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Bills of each supply in the other plan less those in the plan (money, discounted), the largest first."""
    bills = [t["system_cost"][t["system_cost"]["item"].isin(BILLS)].groupby("name")["value"].sum() for t in (other, plan)]
    found = bills[0].sub(bills[1], fill_value=0.0)
    return found.reindex(found.abs().sort_values(ascending=False).index)
