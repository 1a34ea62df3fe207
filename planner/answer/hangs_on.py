r"""What the goal hangs on: which of the things that make a year's emissions as low as they are would, missing alone, miss a rule.

.. math:: \text{over}_{p,r} = F_r + e_{p,r} - L_r D_r \qquad e_{s} = M_s (\varphi_{grid} - \varphi_s)

Nothing is decided in its place: every other figure is that of the plan. A green contract is one whose power, bought from the grid
at its mean emissions of the year, would emit more; e is the second formula then. Rules that a standard works out with its own
factors are left out.

F  gross or net emissions     t (r)       L  limit of the rule (r)     D  what it is a limit of, base emissions or energy (r)
e  emissions that come back without p: certified, captured, bound, credited   t (p,r)
M  bought      MWh (s)                    φ  emissions, market basis    t/MWh (s, and mean of other bought power)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from models.case import Case, Cost, Price
from models.case.base import SWING
from models.inputs.finance import annuity, over_years
from models.metrics import METRICS
from planner.answer.money import saved_against, usual
from planner.language.language import Language, mark
from planner.plan import LEAST_COST, TARGET
from planner.tables.output import Tables
from planner.tables.schema import TABLES

# --- composition -----------------------------------------------------------------------------------------------------------
# What the net emissions of a year are made of: what is emitted by source, and everything that is taken off it.
#
# A zero that rests on certificates, credits or land is another zero than one that emits nothing; so every claim of a stage is
# told with this.

#: Below this share of what is emitted a part is left out of the sentence.
SMALL = 5e-4
#: Below 0 by less than this share of base emissions (0.00 % of them), net emissions are 0: a credit too many within the gap.
NOTHING = 5e-5


def left_net(net: float, base: float) -> float:
    """Net emissions (t) as they are told, by base emissions (t)."""
    return 0.0 if -NOTHING * base < net < 0 else net


def net_told(language: Language, net: float | None, base: float) -> str:
    """Net emissions (t) as a number to be read, by base emissions (t)."""
    return language.number(None if net is None else left_net(net, base))


def items_of(tables: Mapping[str, pd.DataFrame], year: int) -> dict[str, float]:
    """Item of emissions.csv -> its value in a year."""
    rows = tables["emissions"]
    found = zip(rows["year"].tolist(), rows["item"].tolist(), rows["value"].tolist(), strict=True)
    return {item: value for of_year, item, value in found if of_year == year}


def composition(tables: Mapping[str, pd.DataFrame], accounting: str, year: int) -> dict[str, Any]:
    r"""The parts of a year's net emissions (t), those taken off as positive numbers.

    .. math:: net = \\sum emitted\\_by\\_source - certificates - captured - restoration - credits

    emitted_by_source  source -> what it emits before capture and certificates, scope 2 on the basis of the rules
    certificates     taken off by green certificates; 0 on the location basis
    captured         fossil, biogenic and air CO2 captured
    restoration      uptake of restored land that is counted
    credits          avoidance and removal credits
    gross, net       as in emissions.csv: gross is after certificates and fossil capture
    gross_location   gross with scope 2 on the location basis, on which certificates and green contracts change nothing
    """
    item = items_of(tables, year)
    rows = tables["emission_sources"]
    rows = rows[rows["year"] == year]
    kinds = ("scope1", f"scope2_{accounting}", "scope3")
    by_source = rows[rows["item"].isin(kinds)].groupby("name", sort=False)["value"].sum()
    taken = rows[rows["item"] == "scope2_certified"]["value"].sum() if accounting == "market" else 0.0
    found: dict[str, Any] = {"year": int(year), "emitted_by_source": {str(k): float(v) for k, v in by_source.items() if v}}
    found |= {
        "certificates": abs(float(taken)),
        "captured": float(item["captured_fossil"] + item["captured_removals"]),
        "restoration": float(item["restoration"]),
        "credits": float(item["avoidance"] + item["removal_credits"]),
        "gross": float(item["gross"]),
        "net": float(item["net"]),
        "gross_location": float(item["scope1"] + item["scope2_location"] + item["scope3"]),
    }
    return found


def told_composition(language: Language, parts: Mapping[str, Any], base: float, base_location: float | None = None) -> str:
    """The parts as one sentence, without a full stop: what is emitted, what is taken off, and the location-based figure beside
    that of the base year, where it is known; by base emissions (t)."""
    say = language.translate
    emitted = sum(parts["emitted_by_source"].values())
    taken = {"certificates": mark("certificates"), "captured": mark("captured"), "restoration": mark("restored land")}
    words = {key: say(word) for key, word in {**taken, "credits": mark("credits")}.items()}
    off = [f"{words[key]} {language.number(parts[key])} t" for key in words if parts[key] > max(SMALL * emitted, 0.5)]
    values = {
        "year": parts["year"],
        "net": net_told(language, parts["net"], base),
        "emitted": language.number(emitted),
        "off": say(", ").join(off),
        "location": language.number(parts["gross_location"]),
    }
    told = (
        mark("net {net} t in {year}: {emitted} t emitted less {off}; gross on the location basis {location} t")
        if off
        else mark("net {net} t in {year}: {emitted} t emitted, nothing taken off; gross on the location basis {location} t")
    )
    if base_location is None:
        return say(told, **values)
    return say("{words} ({then} t in the base year)", words=say(told, **values), then=language.number(base_location))


# --- hangs on --------------------------------------------------------------------------------------------------------------

#: What the plan takes off, and which figures rise by how much of it without it.
PARTS = {
    "certificates": mark("green certificates"),
    "capture": mark("CO2 capture"),
    "restoration": mark("restored land"),
    "credits": mark("credits"),
}
#: Below so many tonnes a part is none.
TINY = 0.5


@dataclass(frozen=True)
class GoalPart:
    """A part without which emissions are higher, and the rules of the goal that are missed then.

    kind        one of PARTS, or `contract`     name     of the supply of a contract, else ''
    gross, net  t more without it               metrics  of the rules that are missed
    over        t above the rule that is missed by most; below 0: to spare
    """

    kind: str
    name: str
    gross: float
    net: float
    metrics: tuple[str, ...]
    over: float

    @property
    def is_missed(self) -> bool:
        """True if a rule of the goal is missed without it."""
        return bool(self.metrics)


def hangs_on(tables: Tables, accounting: str, stage: str, year: int) -> list[GoalPart]:
    """The parts of a year, those that are missed by most first; none where the stage has no rule of emissions in that year."""
    rules = tables["stages"]
    rules = rules[(rules["year"] == year) & (rules["stage"] == stage) & (rules["sense"] == "<=") & (rules["factors"] == "park")]
    rules = rules[rules["metric"].isin([m.name for m in METRICS.values() if m.numerator in ("gross", "net")])]
    items = items_of(tables, year)
    if rules.empty or not items:
        return []
    found = []
    for kind, name, gross, net in _parts(tables, accounting, year, items):
        if max(gross, net) <= TINY:
            continue
        missed = []
        for rule in rules.itertuples():
            metric = METRICS[str(rule.metric)]
            below = float(items[metric.denominator])
            value = float(items[metric.numerator]) + (gross if metric.numerator == "gross" else net)
            over = value - float(rule.limit) * below
            missed.append((over, metric.name, over > float(rule.tolerance) * below + TINY))
        metrics = tuple(metric for _, metric, is_missed in missed if is_missed)
        found.append(GoalPart(kind, name, gross, net, metrics, max(over for over, *_ in missed)))
    return sorted(found, key=lambda part: -part.over)


def _parts(tables: Tables, accounting: str, year: int, items: Mapping[str, float]) -> Iterator[tuple[str, str, float, float]]:
    """Kind, name, and the tonnes by which gross and net emissions are higher without it."""
    sources = tables["emission_sources"]
    sources = sources[sources["year"] == year]
    if accounting == "market":
        certified = -float(sources[sources["item"] == "scope2_certified"]["value"].sum())
        yield "certificates", "", certified, certified
        yield from _contracts(tables, year, sources)
    fossil, removed = float(items["captured_fossil"]), float(items["captured_removals"])
    yield "capture", "", fossil, fossil + removed
    yield "restoration", "", 0.0, float(items["restoration"])
    yield "credits", "", 0.0, float(items["avoidance"] + items["removal_credits"])


def _contracts(tables: Tables, year: int, sources: pd.DataFrame) -> Iterator[tuple[str, str, float, float]]:
    """Each contract whose power would emit more if it came from the grid."""
    contracts = dict.fromkeys(tables["contracts"]["supply"])
    if not contracts:
        return
    energy = tables["energy"]
    rows = energy[(energy["year"] == year) & (energy["flow"] == "import") & (energy["carrier"] == "electricity")]
    bought = rows.groupby("name", observed=True)["value"].sum()
    emitted = sources[sources["item"] == "scope2_market"].groupby("name", observed=True)["value"].sum()
    emitted = emitted.reindex(bought.index, fill_value=0.0)
    names = [name for name in contracts if name in bought.index]
    grid = [name for name in bought.index if name not in names]
    power = float(bought[grid].sum())
    if power <= 0:
        return
    factor = float(emitted[grid].sum()) / power
    for name in names:
        more = float(bought[name]) * factor - float(emitted[name])
        yield "contract", str(name), more, more


def called(language: Language, part: GoalPart) -> str:
    """What a part is called."""
    if part.kind == "contract":
        return language.translate("{contract}, its power bought from the grid", contract=part.name)
    return language.translate(PARTS[part.kind])


def told_hangs_on(language: Language, parts: list[GoalPart], year: int) -> str:
    """The parts without any one of which a rule is missed, and by how much; or that there is none. Empty without parts."""
    missed = [part for part in parts if part.is_missed]
    if not parts:
        return ""
    if not missed:
        return language.translate(
            "The goal of {year} hangs on no single thing that takes emissions off, all else as planned.", year=year
        )
    told = (
        language.translate("{what} ({more})", what=called(language, part), more=f"{language.number(part.over)} t")
        for part in missed
    )
    words = (
        mark("The goal of {year} hangs on {parts}: without it, all else as planned, it is missed by so much.")
        if len(missed) == 1
        else mark(
            "The goal of {year} hangs on each of these: {parts}. Without any one, all else as planned, it is missed by so much."
        )
    )
    return language.translate(words, year=year, parts=language.translate(", ").join(told))


# --- swings ----------------------------------------------------------------------------------------------------------------
# What could change the saving, with the plans as they are: each leading price, the capital of the large orders and the discount
# rate, three tenths lower and higher or as low and as high as its rows say, and the change that would end the saving.
#
# .. math:: saving(x) = S + \sum_y x_y\,(B'_y - B_y), \qquad x_0 = -S / \sum_y (B'_y - B_y)
#
# of all that is bought of a supply, of what is sold, and of the capital of a technology. At another discount rate each row of the
# system cost is discounted anew, and the share of a capital cost that the horizon bears is that of this rate.
#
# S  saving against going on as today   money    B, B'  bill of a year in the plan and in the other one, discounted   money (y)
# x  share by which a price changes     1 (y)    x0  the one at which nothing is saved; told where it is -1 to 1      1
#
# The cost of the goal is reckoned in the same way, against the least-cost plan. Other demand takes other plans (`plan what-if`).

#: Items of system_cost that are in proportion to a price of a supply: of what is bought, and of what is sold; and of capital.
BOUGHT, SOLD, CAPITAL = ("energy", "contract", "shortfall"), ("export",), ("capital", "measures", "value_given_up")
#: What changes in proportion, and its items.
SELLING = "sold"
KINDS = {"bought": BOUGHT, SELLING: SOLD, "capital": CAPITAL}
RATE, DEMAND = "discount_rate", "demand"
#: From which share of the saving on a swing is told; what is sold always is.
LITTLE = 0.01

#: The sides of a figure, as in the columns of swings.csv.
LOW, HIGH = "low", "high"
SIDES = {LOW: mark("lower"), HIGH: mark("higher")}
#: What swings.csv calls what changes, in words.
NAMES = {
    "bought": mark("{name}, bought"),
    "sold": mark("{name}, sold"),
    "capital": mark("{name}, capital"),
    RATE: mark("discount rate"),
    DEMAND: mark("all demand"),
}

#: (what changes, of what) -> year -> shares by which it is lower, below 0, and higher.
Ranges = Mapping[tuple[str, str], Mapping[int, tuple[float, float]]]


@dataclass(frozen=True)
class Swing:
    """What changes (of KINDS, RATE or DEMAND) and of what; `shares` by which it is lower (below 0) and higher, the saving then, the
    change that ends the saving (None: none from -1 to 1), and what the goal costs more then. None: not known."""

    kind: str
    name: str
    shares: tuple[float, float]
    savings: tuple[float | None, float | None]
    ends: float | None = None
    goal: tuple[float | None, float | None] = (None, None)

    def widest(self, saving: float) -> float:
        """By how much it moves the saving at most (money)."""
        return max((abs(s - saving) for s in self.savings if s is not None), default=0.0)


def own_ranges(case: Case) -> dict[tuple[str, str], dict[int, tuple[float, float]]]:
    """How far each price and capital cost of a park may fall and rise, where its rows say so."""
    park, found = case.park, dict[tuple[str, str], dict[int, tuple[float, float]]]()
    years = range(park.first_year, park.last_year + 1)
    rows: dict[tuple[str, str], list[Price | Cost]] = {}
    for kind, item in (("bought", "energy"), ("sold", "export")):
        for supply in case.supplies:
            rows[kind, supply.supply] = [p for p in case.prices if (p.supply, p.item) == (supply.supply, item)]
    assets = [(t.technology, t.type_name) for t in case.technologies] + [(k.link, k.type_name) for k in case.links]
    for name, of in (*assets, *((c.connection, c.type) for c in case.connections)):
        rows["capital", name] = [c for c in case.costs if (c.type, c.parameter) == (of, "capital_cost")]
    for key, own in rows.items():
        if any(r.low is not None or r.high is not None for r in own):
            now = over_years([(r.year, r.value) for r in own], years)
            low = over_years([(r.year, (1 - SWING) * r.value if r.low is None else r.low) for r in own], years)
            high = over_years([(r.year, (1 + SWING) * r.value if r.high is None else r.high) for r in own], years)
            found[key] = {y: (low[y] / now[y] - 1, high[y] / now[y] - 1) if now[y] else (0.0, 0.0) for y in years}
    return found


def saving_of(summary: Mapping[str, Any]) -> tuple[str, float] | None:
    """The plan of going on as today and what is saved against it; None where nothing is."""
    today = usual(summary)
    saving = 0.0 if today is None else saved_against(summary, today)
    return None if today is None or saving <= 0 else (today, saving)


def goal_of(summary: Mapping[str, Any], plans: Mapping[str, Tables]) -> float | None:
    """What the goal costs, against the least-cost plan (money); None where there is none."""
    return None if LEAST_COST not in plans else -saved_against(summary, LEAST_COST)


def swings_of(summary: Mapping[str, Any], plans: Mapping[str, Tables], years: Sequence[int], ranges: Ranges) -> list[Swing]:
    """Figures that move the saving noticeably, and prices of all that is sold, the widest range first; empty without a saving."""
    against = saving_of(summary)
    if against is None or against[0] not in plans:
        return []
    today, saving = against
    own, other, least = plans[TARGET], plans[today], plans.get(LEAST_COST)
    found = [*_proportional(saving, own, other, least, ranges), *_rate(summary, years, saving, own, other, least)]
    told = [s for s in found if s.widest(saving) > (0.0 if s.kind == SELLING else LITTLE * saving)]
    return sorted(told, key=lambda s: -s.widest(saving))


def swings_table(summary: Mapping[str, Any], plans: Mapping[str, Tables], years: Sequence[int], ranges: Ranges) -> pd.DataFrame:
    """swings.csv."""
    return rows_of(summary, plans, swings_of(summary, plans, years, ranges))


def rows_of(summary: Mapping[str, Any], plans: Mapping[str, Tables], swings: Sequence[Swing]) -> pd.DataFrame:
    """Swings as rows of swings.csv."""
    goal, rows = goal_of(summary, plans), []
    for s in swings:
        costs = [None if goal is None or more is None else goal + more for more in s.goal]
        rows.append((s.kind, s.name, *s.shares, *s.savings, s.ends, *costs, summary["currency"]))
    return pd.DataFrame(rows, columns=list(TABLES["swings"].names))


def _proportional(saving: float, own: Tables, other: Tables, least: Tables | None, ranges: Ranges) -> Iterator[Swing]:
    """What changes in proportion: bills and capital."""
    for kind, items in KINDS.items():
        bills = [None if plan is None else _bills(plan, items) for plan in (own, other, least)]
        mine, theirs, cheapest = (pd.DataFrame() if b is None else b for b in bills)
        for name in sorted({*mine.index, *theirs.index}):
            each, then, best = (_of(b, name) for b in (mine, theirs, cheapest))
            less = then.sub(each, fill_value=0.0)
            if not less.any():
                continue
            shares = [pd.Series({y: _shares_of(ranges, kind, name, int(y))[side] for y in less.index}) for side in (0, 1)]
            told = _told(shares, each.abs().add(then.abs(), fill_value=0.0))
            low, high = (saving + float((share * less).sum()) for share in shares)
            total = float(less.sum())
            ends = -saving / total if total and abs(saving / total) <= 1 else None
            more = each.sub(best, fill_value=0.0)
            moves = (
                None
                if least is None
                else tuple(sum(_shares_of(ranges, kind, name, int(y))[side] * v for y, v in more.items()) for side in (0, 1))
            )
            yield Swing(kind, str(name), told, (low, high), ends, (None, None) if moves is None else (moves[0], moves[1]))


def change_of(
    plan: Tables, summary: Mapping[str, Any], years: Sequence[int], ranges: Ranges, what: str, name: str, side: int
) -> float:
    """What a plan costs more as it is (money, discounted) with a price or capital cost, or the discount rate, lower (side 0) or
    higher (side 1)."""
    if what == RATE:
        rate, last = float(summary["discount_rate"]), int(years[-1])
        new = (1 + (-SWING, SWING)[side]) * rate
        return rediscounted(plan, rate, new, last) - rediscounted(plan, rate, rate, last)
    bills = _of(_bills(plan, KINDS[what]), name)
    return sum(_shares_of(ranges, what, name, int(y))[side] * float(v) for y, v in bills.items())


def _shares_of(ranges: Ranges, kind: str, name: str, y: int) -> tuple[float, float]:
    return ranges.get((kind, name), {}).get(y, (-SWING, SWING))


def _told(shares: Sequence[pd.Series], weight: pd.Series) -> tuple[float, float]:
    """Shares that differ by year as one: weighed with what is paid in both plans."""
    low, high = (float((s * weight).sum() / weight.sum()) for s in shares)
    return low, high


def _bills(plan: Tables, items: tuple[str, ...]) -> pd.DataFrame:
    """What is paid under these items (money, discounted): a row for each name, a column for each year."""
    rows = plan["system_cost"]
    return rows[rows["item"].isin(items)].pivot_table(index="name", columns="year", values="value", aggfunc="sum", fill_value=0.0)


def _of(bills: pd.DataFrame, name: str) -> pd.Series:
    return bills.loc[name] if name in bills.index else pd.Series(dtype=float)


def _rate(
    summary: Mapping[str, Any], years: Sequence[int], saving: float, own: Tables, other: Tables, least: Tables | None
) -> Iterator[Swing]:
    """The discount rate."""
    rate, last = float(summary["discount_rate"]), int(years[-1])
    if rate <= 0:
        return
    changes, plans = [], {"own": own, "other": other} | ({} if least is None else {"least": least})
    now = {n: rediscounted(plan, rate, rate, last) for n, plan in plans.items()}
    for factor in (1 - SWING, 1 + SWING):
        new = factor * rate
        costs = {n: rediscounted(plan, rate, new, last) - now[n] for n, plan in plans.items()}
        changes.append((costs["other"] - costs["own"], costs["own"] - costs["least"] if "least" in costs else None))
    (low, less), (high, more) = changes
    yield Swing(RATE, "", (-SWING, SWING), (saving + low, saving + high), None, (less, more))


def rediscounted(plan: Tables, rate: float, new: float, last: int) -> float:
    """The system cost of a plan at another discount rate (money)."""
    rows = [*_rows(plan, "system_cost", "item", "name", "year", "value")]
    first = min((int(year) for _, _, year, _ in rows), default=0)
    orders = _rows(plan, "investments", "technology", "year", "works_from", "works_until")
    used = {("capital", str(k), int(year)): (int(begins), int(ends)) for k, year, begins, ends in orders}
    adopted = _rows(plan, "measures", "measure", "year", "works_until")
    used |= {("measures", str(m), int(year)): (int(year), int(ends)) for m, year, ends in adopted}
    total = 0.0
    for item, name, year, value in rows:
        share = 1.0
        if span := used.get((str(item).replace("value_given_up", "capital"), str(name), int(year))):
            now, then = _borne(rate, *span, last), _borne(new, *span, last)
            share = then / now if item in ("capital", "measures") else (1 - then) / (1 - now) if now < 1 else 1.0
        total += float(value) * share * ((1 + rate) / (1 + new)) ** (int(year) - first)
    return total


def _rows(plan: Tables, name: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Columns of a table, row by row."""
    return zip(*(plan[name][column].tolist() for column in columns), strict=True)


def _borne(rate: float, begins: int, ends: int, last: int) -> float:
    """Share of a capital cost that the horizon bears; all of it where it ends before it begins."""
    if ends < begins:
        return 1.0
    return annuity(rate, max(min(ends, last) - begins + 1, 0)) / annuity(rate, ends - begins + 1) or 1.0
