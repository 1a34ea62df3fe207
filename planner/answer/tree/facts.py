"""A plan for several futures in words: from its files alone, for the page and the console."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from models.case import Case, FutureValue
from models.errors import CaseError
from models.inputs.finance import over_years
from planner.answer.caveats import told_share
from planner.answer.money import COSTS_HELD
from planner.answer.standing_words import titled, told_standing
from planner.answer.summary import standing
from planner.explain.blocking import NOT_IN_HOURS
from planner.futures.paths import path_case
from planner.futures.results import TreePlan
from planner.futures.tree import ROOT, SUBJECTS, groups, meant, told
from planner.language.language import NONE, Language, mark
from planner.language.message import as_json, from_json
from planner.language.words import CARRIERS, METRICS, STAGES, ZONES, named, told_days
from planner.machine.stopping import CTRL_C, TIME_LIMIT
from planner.plan import BUSINESS, of_item
from planner.tables.place import is_tree
from planner.tables.schema import TABLES

# --- facts -----------------------------------------------------------------------------------------------------------------
# The tables and the summary of a plan for several futures.

#: Tables whose rows have years, a value and a unit.
LEVELS = ("prices", "costs", "demand", "emission_factors", "process_emissions")
#: Stands in commit.csv for what is ordered before anything is known.
NOW = "now"


def tree_tables(plan: TreePlan) -> dict[str, pd.DataFrame]:
    """futures, commit and regret, by name."""
    currency = plan.case.park.currency
    rows: dict[str, list[tuple[Any, ...]]] = {
        "futures": [
            *((name, plan.probability[name], *figure) for name in plan.tree.leaves for figure in _figures(plan, name, currency)),
            *((ROOT, 1.0, *figure) for figure in _of_all(plan, currency)),
        ],
        "commit": [(o.node, o.year, o.item, o.build, o.unit, o.capital_cost, _when(plan, o.node), o.share) for o in plan.orders],
        "regret": [(r.plan, r.future, _finite(r.cost), r.least_cost, _finite(r.regret)) for r in plan.regrets],
    }
    return {name: pd.DataFrame(own, columns=list(TABLES[name].names)) for name, own in rows.items()}


def _when(plan: TreePlan, node: str) -> str:
    """When an order of a node is decided: now, or in the first year of the node."""
    return NOW if node == ROOT else str(plan.tree.begins(node))


def _figures(plan: TreePlan, name: str, currency: str) -> list[tuple[str, float, str]]:
    """Item, value and unit of a leaf."""
    found: list[tuple[str, float, str]] = []
    if name in plan.costs:
        found.append(("system_cost", plan.costs[name], currency))
    if name in plan.best:
        found += [("least_cost", plan.best[name], currency), ("least_cost_bound", plan.best_bound[name], currency)]
    if name in plan.runs and plan.runs[name].target.has_tables:
        found += [(f"net_emissions_{y}", net, "t") for y, net in _net(plan, name).items()]
    return found


def _of_all(plan: TreePlan, currency: str) -> list[tuple[str, float, str]]:
    """Item, value and unit of what is of all futures together: expected cost, and values with what the bounds leave them."""
    found = [("expected_cost", plan.expected_cost if plan.costs else None), ("wait_and_see", plan.wait_and_see)]
    for name, value, span in (("evpi", plan.evpi, plan.evpi_range), ("vss", plan.vss, plan.vss_range)):
        found += [(name, value), *((f"{name}_{end}", at) for end, at in zip(("least", "most"), span or (), strict=False))]
    return [(name, value, currency) for name, value in found if value is not None and math.isfinite(value)]


def _net(plan: TreePlan, name: str) -> dict[int, float]:
    net = of_item(plan.runs[name].target.tables["emissions"], "net")
    return {int(y): float(value) for y, value in zip(net["year"], net["value"], strict=True)}


def tree_summary(plan: TreePlan) -> dict[str, Any]:
    """summary.json of the whole: `system_cost` is the expected cost whatever was minimised."""
    park, goal = plan.case.park, plan.case.goal
    assert goal is not None
    warnings = (*plan.case.warnings, *plan.warnings)
    return {
        "park": park.name,
        "status": plan.status,
        "system_cost": plan.expected_cost if plan.costs else None,
        "target": goal.target,
        "by": goal.by,
        "milestones": dict(goal.milestones),
        "standard": park.standard,
        "standing": standing(plan.case),
        "first_year": park.first_year,
        "last_year": park.last_year,
        "ended": plan.ended,
        "time_limit": plan.time_limit,
        "alone_failed": list(plan.alone_failed),
        "assumed": list(plan.tree.assumed),
        "currency": park.currency,
        "price_year": park.price_year,
        "discount_rate": park.discount_rate,
        "accounting": park.accounting,
        "typical_days": plan.typical_days,
        "blocking": list(plan.blocking),
        "futures": futures_block(plan),
        "differs": {
            name: {
                "parent": plan.tree.row(name).parent,
                "from_year": plan.tree.row(name).from_year,
                **{key: getattr(plan.tree.row(name), key) for key in ("title", "title_en", "title_zh")},
                "figures": [{**_said(group), **_level(plan, name, group[0])} for group in groups(plan.case.future_values, name)],
            }
            for name in (row.future for row in plan.tree.rows)
        },
        "in_all_hours": [
            {
                "future": own.future,
                "cost": own.cost,
                "holds": own.holds,
                "unserved": [
                    {"year": w.year, "carrier": w.carrier, "zone": w.zone, "energy": w.energy, "first_day": w.first + 1}
                    for w in own.weeks
                ],
                "missed": [dict(zip(("year", "stage", "metric", "amount"), row, strict=True)) for row in own.missed],
            }
            for own in plan.in_all_hours
        ],
        "warnings": [str(text) for text in warnings],
        "messages": {"warnings": [as_json(text) for text in warnings]},
        "seconds": {name: round(s, 3) for name, s in plan.seconds.items()},
    }


def _said(group: list[Any]) -> dict[str, Any]:
    """A figure that differs: what it is, and in the first and the last year that are stated its factor or value."""
    ends = [group[0], *group[-1:]] if len(group) > 1 else group
    return {
        "figure": told(group[0]),
        "table": group[0].changed,
        "name": group[0].name,
        "item": group[0].item,
        "changes": [{"year": row.year, "factor": row.factor, "value": row.value or None, "unit": row.unit} for row in ends],
    }


def _level(plan: TreePlan, name: str, value: FutureValue) -> dict[str, Any]:
    """A figure of one series with a unit of its own: its level in the first year in the park's tables, and in the year from which
    the future is known as the future's parent states it and on its path; nothing of any other."""
    year, first, parent = plan.tree.begins(name), plan.case.park.first_year, plan.tree.row(name).parent
    if value.changed not in LEVELS:
        return {}
    of_parent = plan.case if parent == ROOT else path_case(plan.case, plan.tree, parent)
    of_path = path_case(plan.case, plan.tree, name)
    found = [_of_year(case, value, y) for case, y in ((plan.case, first), (of_parent, year), (of_path, year))]
    if any(own is None or own[1] != found[0][1] for own in found if found[0]) or found[0] is None:
        return {}
    keys = ("value", "stated", "then")
    levels = {key: own[0] for key, own in zip(keys, found, strict=True) if own is not None}
    return {"level": {"first_year": first, "year": year, **levels, "unit": found[0][1]}}


def _of_year(case: Case, value: FutureValue, year: int) -> tuple[float, str] | None:
    """Level and unit of a series in a year; None where the value speaks of several or of none. An emission factor of both bases is
    that of the basis in which the park accounts."""
    rows: list[Any] = meant(value, {value.changed: getattr(case, value.changed)}, case.park)
    if value.changed == "emission_factors":
        rows = [row for row in rows if row.basis in ("", value.item or case.park.accounting)]
    names = {(getattr(row, SUBJECTS[value.changed].names), row.unit) for row in rows}
    if len(names) != 1:
        return None
    return over_years([(row.year, row.value) for row in rows], [year])[year], rows[0].unit


def futures_block(plan: TreePlan) -> dict[str, Any]:
    """The block `futures`."""
    goal = plan.case.goal
    assert goal is not None
    has_plan = bool(plan.costs)
    return {
        "objective": plan.terms.objective,
        "expected_cost": plan.expected_cost if has_plan else None,
        "value": _finite(plan.objective),
        "bound": _finite(plan.bound),
        "gap": _finite(plan.gap),
        "cvar": _finite(plan.cvar),
        "tail": plan.terms.tail,
        "weight": plan.terms.weight,
        "regret": plan.largest_regret,
        "wait_and_see": plan.wait_and_see,
        "evpi": plan.evpi,
        "evpi_range": None if plan.evpi_range is None else list(plan.evpi_range),
        "first_orders": {name: [order._asdict() for order in orders] for name, orders in plan.first_orders.items()},
        "business_as_usual": _as_usual(plan),
        "vss": None if plan.vss is None else _finite(plan.vss),
        "vss_range": None if plan.vss_range is None else list(plan.vss_range),
        "mean_plan_can_be_kept": None if plan.vss is None else math.isfinite(plan.vss),
        "recourse": plan.terms.recourse,
        "leaves": [
            {
                "name": name,
                "probability": plan.probability[name],
                "cost": plan.costs.get(name),
                "business_as_usual": _usual_of(plan, name),
                "regret": plan.costs[name] - plan.best[name] if has_plan and name in plan.best else None,
                "net": _net(plan, name).get(goal.by) if name in plan.runs and plan.runs[name].target.has_tables else None,
            }
            for name in plan.tree.leaves
        ],
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _usual_of(plan: TreePlan, name: str) -> float | None:
    """Cost of going on as today in a future (money); None where it has no such plan."""
    own = plan.runs[name].plans.get(BUSINESS) if name in plan.runs else None
    return None if own is None or own.system_cost is None else _finite(own.system_cost)


def _as_usual(plan: TreePlan) -> float | None:
    """Expected cost of going on as today (money); None where a future has no such plan."""
    own = {name: _usual_of(plan, name) for name in plan.runs}
    costs = {name: cost for name, cost in own.items() if cost is not None}
    return sum(plan.probability[name] * cost for name, cost in costs.items()) if own and len(costs) == len(own) else None


# --- told ------------------------------------------------------------------------------------------------------------------

#: The plan whose first orders are judged.
EXPECTED, LEAST_REGRET = "expected", "least regret"
#: What was minimised, and what is proven of it.
MEAN = mark("The least expected cost of all {count} futures: {cost}; proven within {gap}.")
REGRET = mark(
    "The least regret: in no future does the plan cost more than {regret} above the least; proven within {gap} of the expected "
    "cost, {cost}."
)
WORST = mark(
    "The least of expected cost and of the mean of the worst {tail} of futures, the latter with weight {weight}: {value}; proven "
    "within {gap}; expected cost {cost}."
)
SAVED = mark("Going on as today would cost {usual} on average of the futures: the plan saves {money} ({share}).")
DEARER = mark("Going on as today would cost {usual} on average of the futures: the plan costs {money} ({share}) more.")
ASSUMED = mark("Nobody stated the probabilities of these futures; equal shares are assumed: {names}.")
HOLDS = mark("all demand is met and every rule is kept in all hours; system cost {cost}")


@dataclass(frozen=True)
class WrittenTree:
    """What was written."""

    folder: Path
    summary: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    @property
    def block(self) -> Mapping[str, Any]:
        """The block `futures`."""
        return dict(self.summary["futures"])

    @property
    def warnings(self) -> list[str]:
        """The warnings of the run, as they can be told in another language."""
        return [from_json(text) for text in self.summary.get("messages", self.summary)["warnings"]]

    @property
    def leaves(self) -> list[dict[str, Any]]:
        """The futures that none branches from."""
        return list(self.block["leaves"])

    @property
    def currency(self) -> str:
        """The park's currency."""
        return str(self.summary["currency"])

    @cached_property
    def orders(self) -> pd.DataFrame:
        """commit.csv, what costs most first."""
        table: pd.DataFrame = self.tables["commit"]
        return table.sort_values(["year", "capital_cost"], ascending=[True, False])

    @property
    def now(self) -> pd.DataFrame:
        """What all futures share."""
        return self.orders[self.orders["when"] == NOW]

    @property
    def later(self) -> pd.DataFrame:
        """What waits until it is known which future has come."""
        return self.orders[self.orders["when"] != NOW]

    @cached_property
    def costs(self) -> pd.DataFrame:
        """Cost of each plan in each future: a row a plan; missing where it cannot be kept."""
        table = self.tables["regret"]
        return table.pivot(index="plan", columns="future", values="cost").reindex(
            list(dict.fromkeys(table["plan"])), columns=list(dict.fromkeys(table["future"]))
        )

    @cached_property
    def regrets(self) -> pd.DataFrame:
        """What each plan costs more than the least of each future."""
        least = self.tables["regret"].drop_duplicates("future").set_index("future")["least_cost"]
        return self.costs - least.reindex(self.costs.columns)


def read_tree(folder: Path) -> WrittenTree:
    """Read an output back. Raises CaseError where it is none."""
    if not is_tree(folder):
        raise CaseError.because("{folder}: is no plan for several futures", folder=folder)
    tables = {
        name: pd.read_csv(
            folder / TABLES[name].file,
            keep_default_na=False,
            na_values={"cost": [""], "regret": [""]},
            dtype={"when": str, "node": str, "future": str, "plan": str},
        )
        for name in ("futures", "commit", "regret")
    }
    return WrittenTree(folder, json.loads((folder / "summary.json").read_text(encoding="utf-8")), tables)


def amount(order: Mapping[str, Any], language: Language) -> str:
    """How much is ordered; of a measure nothing but that it is."""
    return "" if order["unit"] == "1" else f"{language.amount(float(order['build']))} {order['unit']}"


def head_words(tree: WrittenTree, language: Language) -> list[str]:
    """What was minimised, and what is proven of it; of what the cost is, and how far it is below going on as today."""
    say, block = language.translate, tree.block
    money = language.money(block["gap"] * abs(block["expected_cost"]), tree.currency)
    gap = say("{what} ({more})", what=language.percent(block["gap"], 2), more=money)
    cost, value = (language.money(block[name], tree.currency) for name in ("expected_cost", "value"))
    if block["objective"] == "expected":
        lines = [say(MEAN, count=len(tree.leaves), cost=cost, gap=gap)]
    elif block["objective"] == "regret":
        lines = [say(REGRET, regret=value, gap=gap, cost=cost)]
    else:
        tail = language.percent(block["tail"], 0)
        lines = [say(WORST, tail=tail, weight=f"{block['weight']:g}", value=value, gap=gap, cost=cost)]
    lines += _usual_words(tree, language)
    if count := tree.summary["typical_days"]:
        lines.append(say("Costs are on one typical day.") if count == 1 else say("Costs are on {count} typical days.", count=count))
    return lines


def _usual_words(tree: WrittenTree, language: Language) -> list[str]:
    """What going on as today would cost, and how much more or less the plan does."""
    usual, cost = tree.block.get("business_as_usual"), tree.block["expected_cost"]
    if usual is None:
        return []
    words = SAVED if usual > cost else DEARER
    shown = [language.money(amount, tree.currency) for amount in (usual, abs(usual - cost))]
    return [language.translate(words, usual=shown[0], money=shown[1], share=language.percent(abs(usual - cost) / abs(usual), 0))]


def cost_words(tree: WrittenTree, language: Language) -> str:
    """Which years and kinds of cost the system cost holds; nothing for an output that does not state its years."""
    own = tree.summary
    if "last_year" not in own or "discount_rate" not in own:
        return ""
    return language.translate(
        COSTS_HELD,
        price_year=own["price_year"],
        first=own["first_year"],
        last=own["last_year"],
        rate=language.percent(own["discount_rate"], 1),
    )


def net_in(tree: WrittenTree, future: str, year: int) -> float | None:
    """Net emissions of a future in a year (t); None where they were not told."""
    table = tree.tables["futures"]
    own = table[(table["future"] == future) & (table["item"] == f"net_emissions_{year}")]["value"]
    return None if own.empty else float(own.iloc[0])


def standard_title(tree: WrittenTree, language: Language) -> str:
    """What the standard of the goal is called."""
    standing = tree.summary.get("standing")
    return titled(language, standing) if standing else str(tree.summary["standard"])


def probability_words(tree: WrittenTree, language: Language) -> str:
    """Who set the probabilities."""
    if assumed := tree.summary.get("assumed", []):
        return language.translate(ASSUMED, names=language.translate(", ").join(assumed))
    return language.translate("The probabilities are those that the park states.")


def first_year(tree: WrittenTree) -> int:
    """First year of the plan; of an output that does not state it, of its orders."""
    return int(tree.summary.get("first_year") or (tree.now["year"].min() if len(tree.now) else 0))


def decisive(tree: WrittenTree) -> tuple[str, str] | None:
    """The plan and the future of the largest regret of the plan of least regret: the two that decide it."""
    if LEAST_REGRET not in tree.regrets.index:
        return None
    own = tree.regrets.loc[LEAST_REGRET].dropna()
    if len(own) < 2 or not math.isfinite(float(own.max())):
        return None
    first, second = own.sort_values(ascending=False).index[:2]
    return str(first), str(second)


def weather_words(tree: WrittenTree, language: Language) -> list[str]:
    """The plan in all hours of each year of weather: a line each."""
    say, lines = language.translate, []
    for own in tree.summary.get("in_all_hours", []):
        words = [
            say(
                "{energy} MWh of {carrier} in {zone} cannot be had in {year}, most in the week from day {day}",
                energy=language.amount(w["energy"]),
                carrier=named(language, CARRIERS, w["carrier"]),
                zone=named(language, ZONES, w["zone"]),
                year=w["year"],
                day=w["first_day"],
            )
            for w in own["unserved"]
        ]
        words += [
            say(
                "{metric} of {stage} is missed in {year} by {amount}",
                metric=named(language, METRICS, m["metric"]),
                stage=named(language, STAGES, m["stage"]),
                year=m["year"],
                amount=language.amount(m["amount"]),
            )
            for m in own["missed"]
        ]
        if own["cost"] is None:
            words.append(say("its decisions cannot be kept"))
        if own["holds"]:
            words.append(say(HOLDS, cost=language.money(own["cost"], tree.currency)))
        lines.append(say("{what}: {words}", what=own["future"], words=say("; ").join(words)))
    return lines


# --- orders ----------------------------------------------------------------------------------------------------------------
# What a plan for several futures orders: today, later in every future, and what waits until it is known which has come.

TODAY = mark("To decide today: orders of {year}, {money}.")
NOT_TODAY = mark("Not today: {money} for {years}, the same in every future; the next decision is due by the beginning of {next}.")
#: Orders of one decision, by the future in which they are placed.
ByFuture = dict[str, dict[str, Any]]


def of_today(tree: WrittenTree) -> list[dict[str, Any]]:
    """Orders of the first year, which every future shares."""
    return [row for row in tree.now.to_dict("records") if int(row["year"]) <= first_year(tree)]


def in_every_future(tree: WrittenTree, language: Language) -> list[dict[str, Any]]:
    """Orders of later years that every future places alike: before it is known which comes, and those after that do not depend on
    it."""
    shared = [row for row in tree.now.to_dict("records") if int(row["year"]) > first_year(tree)]
    return shared + [next(iter(own.values())) for own in _decisions(tree).values() if _is_alike(tree, own, language)]


def waiting(tree: WrittenTree, language: Language) -> dict[tuple[int, str], ByFuture]:
    """Decisions that turn out otherwise from future to future, by year and item."""
    return {key: own for key, own in _decisions(tree).items() if not _is_alike(tree, own, language)}


def _decisions(tree: WrittenTree) -> dict[tuple[int, str], ByFuture]:
    """Orders after a branching, by year and item; what a future orders, all that branch from it order."""
    found: dict[tuple[int, str], ByFuture] = {}
    for row in tree.later.to_dict("records"):
        own = found.setdefault((int(row["year"]), str(row["item"])), {})
        own.update({leaf["name"]: row for leaf in tree.leaves if _is_below(tree, leaf["name"], row["node"])})
    return found


def _is_below(tree: WrittenTree, leaf: str, node: str) -> bool:
    """True if the path to a leaf leads through a node."""
    differs, name = tree.summary["differs"], leaf
    while name and name != node:
        name = differs[name]["parent"] if name in differs else ""
    return bool(name)


def _is_alike(tree: WrittenTree, own: ByFuture, language: Language) -> bool:
    """True if every future places the order, of one size for the same money as they are shown."""
    return len(own) == len(tree.leaves) and len({ordered(tree, row, language) for row in own.values()}) == 1


def ordered(tree: WrittenTree, row: Mapping[str, Any] | None, language: Language) -> str:
    """Size and money of an order: `2 MW, 1.5 M CNY`; of a measure its money alone, and of no order a dash."""
    if row is None:
        return NONE
    size, money = amount(row, language), capital(tree, row, language)
    if size and money != NONE:
        return language.translate("{amount}, {money}", amount=size, money=money)
    return size or (money if money != NONE else language.translate("yes"))


def capital(tree: WrittenTree, row: Mapping[str, Any], language: Language) -> str:
    """The capital cost of an order, a dash where it has none."""
    money = float(row["capital_cost"])
    return language.money(money, tree.currency) if money else NONE


def paid(rows: Iterable[Mapping[str, Any]]) -> float:
    """The capital cost of orders together (money)."""
    return sum(float(row["capital_cost"]) for row in rows)


def years_of(rows: list[dict[str, Any]]) -> str:
    """The years of orders: `2027–2029`."""
    years = [int(row["year"]) for row in rows]
    return str(years[0]) if min(years) == max(years) else f"{min(years)}–{max(years)}"


def today_words(tree: WrittenTree, language: Language) -> list[str]:
    """What is to be decided today, and what is not, in money, and when the next decision is due."""
    say, today, later = language.translate, of_today(tree), in_every_future(tree, language)
    if not today and not later:
        return [say("Nothing is ordered before it is known which future comes.")]
    lines = [say(TODAY, year=first_year(tree), money=language.money(paid(today), tree.currency))]
    others = [int(row["year"]) for row in tree.orders.to_dict("records") if int(row["year"]) > first_year(tree)]
    if later:
        shown = language.money(paid(later), tree.currency)
        lines.append(say(NOT_TODAY, money=shown, years=years_of(later), next=min(others)))
    return lines


# --- failing ---------------------------------------------------------------------------------------------------------------
# Why there is no plan for all futures and what to do then, and what must be settled before anything of a plan is ordered.

ALONE = mark("The goal cannot be met in these futures, even if they were known from the start: {names}.")
TOGETHER = mark(
    "Each future by itself has a plan that meets the goal, but no orders that they share until one is known do so in all of them: "
    "that is proven."
)
TIME = mark("The time limit of {seconds} s was reached before a plan was found that meets the goal in all futures.")
STOPPED = mark("The run was stopped before a plan was found that meets the goal in all futures.")
SOLVER = mark("The solver ended without a plan, and without a proof that there is none.")
UNTRIED = mark("Of these futures not even a plan of their own was found in time: {names}.")
#: What to do next.
MORE_TIME = mark("Next: plan again with more time (--time-limit), or on fewer typical days (--days).")
LESS = mark("Next: plan again on fewer typical days (--days), or one future alone (--no-futures) to see whether it has a plan.")
EASIER = mark(
    "Next: a later year of the goal, a lower stage, or what these futures lack; --no-futures plans the park's own tables."
)
#: What stands on top of a plan that may not hold.
NOT_CHECKED = mark(
    "Not yet checked over a full year: the plan is made on typical days only ({count}); whether all demand is met and all rules "
    "hold on the other days is not known."
)
BEFORE_SIGNING = mark(
    "Before signing: plan again on more typical days (--days). And plan without futures (--no-futures): such a plan is operated in "
    "every hour and repaired where it fails; `plan what-if --in-futures` on it operates its orders in all hours of every "
    "future. Compare "
    "its orders of this year with those below."
)
NOT_YET = mark("Do not order on this yet: {reason}.")


def failure_words(tree: WrittenTree, language: Language) -> list[str]:
    """The reason, and the next step."""
    say, summary = language.translate, tree.summary
    covers = [say(NOT_IN_HOURS, count=summary["typical_days"])] if summary["typical_days"] else []
    if summary["blocking"]:
        return [say(ALONE, names=say(", ").join(summary["blocking"])), *covers, say(EASIER)]
    if summary["status"] == "infeasible":
        return [say(TOGETHER), *covers, say(EASIER)]
    reasons = {TIME_LIMIT: TIME, CTRL_C: STOPPED}
    limit = summary["time_limit"]
    words = reasons.get(summary["ended"], SOLVER)
    words = STOPPED if words is TIME and limit is None else words
    lines = [say(words, seconds=language.amount(limit)) if words is TIME else say(words)]
    if summary["alone_failed"]:
        lines.append(say(UNTRIED, names=say(", ").join(summary["alone_failed"])))
    return [*lines, say(MORE_TIME if summary["ended"] else LESS)]


def not_yet(tree: WrittenTree, language: Language) -> list[str]:
    """What speaks against ordering: futures whose demand or rules are not kept in all hours, or that were not operated in them."""
    say, hours = language.translate, tree.summary.get("in_all_hours", [])
    is_weather = any(row["from_year"] is None for row in tree.summary["differs"].values())
    if failing := [own["future"] for own in hours if not own["holds"]]:
        reason = say("in all hours demand is not met or a rule is missed in {names}", names=say(", ").join(failing))
        return [say(NOT_YET, reason=reason), say("What is missed stands under “In all hours of each weather”.")]
    if hours or not tree.summary["typical_days"]:
        return []
    if is_weather:
        reason = say("it holds on typical days, and was not operated in all hours")
        return [say(NOT_YET, reason=reason), say("Next: plan again without --no-verify, and with more time where that is out.")]
    return [say(NOT_CHECKED, count=tree.summary["typical_days"]), say(BEFORE_SIGNING)]


def checked_words(tree: WrittenTree, language: Language) -> str:
    """What is proven of the plan and on which hours, and whether it was operated in all of them, as a clause."""
    say, hours, count = language.translate, tree.summary.get("in_all_hours", []), tree.summary["typical_days"]
    gap = told_share(language, tree.block["gap"])
    if not count:
        return say("proven within {gap} in all hours", gap=gap)
    proof = say("proven within {gap} on {days}", gap=gap, days=told_days(language, count))
    failing = say(", ").join(own["future"] for own in hours if not own["holds"])
    if failing:
        truth = say("in all hours demand is not met or a rule is missed in {names}", names=failing)
    else:
        truth = say("holds in all hours of each future") if hours else say("not operated in all hours")
    return say("; ").join([proof, truth])


def goal_words(tree: WrittenTree, language: Language, stage: str) -> list[str]:
    """Goal and standard, and in which futures it is reached."""
    say, hours = language.translate, tree.summary.get("in_all_hours", [])
    lines = [say("Goal: {stage}, by the standard {standard}.", stage=stage, standard=standard_title(tree, language))]
    lines += [words] if (words := told_standing(language, tree.summary)) else []
    failing = [own["future"] for own in hours if not own["holds"]]
    names = [leaf["name"] for leaf in tree.leaves if leaf["name"] not in failing]
    count = len(tree.leaves)
    if not failing:
        days = tree.summary["typical_days"] and not hours
        words = (
            mark("The plan reaches it in all {count} futures, on typical days.")
            if days
            else mark("The plan reaches it in all {count} futures.")
        )
        lines.append(say(words, count=count))
    elif names:
        lines.append(say("All rules are kept in all hours in {names} only.", names=say(", ").join(names)))
    return lines
