"""Chapter 4: the tasks of the notice, and the table of key projects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from models.case import Case, Link, Measure, Restoration, Technology
from models.case.technology import COLD
from models.inputs.finance import over_years
from models.units import yearly_factor
from planner.answer import series
from planner.answer.money import usual
from planner.answer.summary import reckoned
from planner.application.details import RunTold
from planner.application.document import DocumentDraft, Source
from planner.finance.pieces import MEASURE, PLANTING, TECHNOLOGY
from planner.finance.terms import PARK
from planner.language.language import NONE, mark
from planner.language.words import CARRIERS, PLANS, named
from planner.plan import REFERENCE, TARGET

#: Key of [tasks] -> the task of the notice.
TASKS = {
    "energy": mark("Change the structure of energy use"),
    "efficiency": mark("Save energy and cut carbon"),
    "industry": mark("Adjust the structure of industry"),
    "resources": mark("Use resources sparingly"),
    "infrastructure": mark("Complete the infrastructure"),
    "technology": mark("Apply advanced technology"),
    "management": mark("Manage energy and carbon"),
    "reform": mark("Support reform and innovation"),
}
#: Capacity or area below this is none; a project of less than this share of the investment is no key project.
NOTHING, SMALL = 1e-3, 0.005


@dataclass(frozen=True)
class ProjectOrder:
    """What of a project is ordered in a year: capacity or area, its unit, money, the year from which it works."""

    year: int
    size: float
    unit: str
    money: float
    works_from: int


@dataclass(frozen=True)
class AppliedProject:
    """A project of the plan and its orders, the first before the later."""

    name: str
    kind: str
    orders: tuple[ProjectOrder, ...]

    def until(self, year: int) -> AppliedProject:
        """The same with the orders up to a year."""
        return AppliedProject(self.name, self.kind, tuple(o for o in self.orders if o.year <= year))

    @property
    def money(self) -> float:
        """What is paid for it."""
        return sum(o.money for o in self.orders)

    @property
    def period(self) -> str:
        """From the first order to the year from which the last one works."""
        first, last = self.orders[0].year, max(o.works_from for o in self.orders)
        return str(first) if first == last else f"{first}–{last}"


def projects_of(told: RunTold) -> list[AppliedProject]:
    """Every project of the target plan, the dearest first."""
    found: dict[tuple[str, str], list[ProjectOrder]] = {}
    for r in told.tables["investments"].itertuples():
        if r.build > NOTHING:
            order = ProjectOrder(int(r.year), float(r.build), str(r.unit), float(r.capital_cost), int(r.works_from))
            found.setdefault((TECHNOLOGY, str(r.technology)), []).append(order)
    for r in told.tables["measures"].itertuples():
        order = ProjectOrder(int(r.year), 1.0, "", float(r.capital_cost), int(r.year))
        found.setdefault((MEASURE, str(r.measure)), []).append(order)
    costs = told.tables["costs"]
    planted = costs[costs["item"] == "restoration"].set_index(["name", "year"])["value"]
    for r in told.tables["restoration"].itertuples():
        if r.item == "planted" and r.value > NOTHING:
            money = float(planted.get((r.project, r.year), 0.0))
            order = ProjectOrder(int(r.year), float(r.value), str(r.unit), money, int(r.year))
            found.setdefault((PLANTING, str(r.project)), []).append(order)
    own = [AppliedProject(name, kind, tuple(sorted(orders, key=lambda o: o.year))) for (kind, name), orders in found.items()]
    return sorted(own, key=lambda p: -p.money)


def projects_chapter(d: DocumentDraft, told: RunTold) -> None:
    """Write it."""
    say = d.language.translate
    d.chapter(say("Tasks and key projects"))
    d.section(say("Tasks"))
    found = sorted((short for p in projects_of(told) if (short := p.until(told.by)).orders), key=lambda p: -p.money)
    blank = []
    for key, words in TASKS.items():
        title = say(words)
        if said := told.details.texts.get(("tasks", key)) or _of_plan(d, told, found, key):
            d.words(say("{title}: {words}", title=title, words=said))
        else:
            d.fill_in(title, f"[tasks] {key}")
            blank.append(title)
    d.not_stated(blank)
    d.section(say("Key projects"))
    _table(d, told, found)


def _of_plan(d: DocumentDraft, told: RunTold, projects: list[AppliedProject], key: str) -> str:
    """What the plan does for a task; '' where it says nothing of it."""
    kinds = {"energy": (TECHNOLOGY,), "efficiency": (MEASURE,), "resources": (PLANTING,)}.get(key, ())
    names = [told.titles.of(p.name) for p in projects if p.kind in kinds]
    if not names:
        return ""
    return d.language.translate(
        "In the table of key projects ({count}): {names}.", count=len(names), names=d.language.translate(", ").join(names)
    )


def _table(d: DocumentDraft, told: RunTold, projects: list[AppliedProject]) -> None:
    say = d.language.translate
    unit, _ = told.money
    capital = series.capital(told.tables)
    whole, own = (float(part.to_numpy().sum()) for part in (capital, capital[capital.index <= told.by]))
    key = [p for p in projects if p.money >= SMALL * own or p.name in told.details.projects]
    sums = [
        (say("{count} smaller ones", count=len(projects) - len(key)), own - sum(p.money for p in key)),
        (say("sum up to {year}", year=told.by), own),
        (say("renewals and additions after {year}", year=told.by), whole - own),
        (say("sum of all years"), whole),
    ]
    rows = [[str(n), *_cells(d, told, p)] for n, p in enumerate(key, start=1)]
    rows += [["", words, "", "", told.in_money(money), "", "", ""] for words, money in sums]
    head = [
        "#",
        say("key project"),
        say("owner of the project"),
        say("content"),
        say("investment, {unit}", unit=unit),
        say("period"),
        say("progress and plan"),
        say("meaning"),
    ]
    wide = (0.9, 2.4, 1.7, 2.6, 1.7, 1.5, 1.7, 2.8)
    blank = [i for i in range(len(head)) if key and all(row[i] == d.blank for row in rows[: len(key)])]
    shown = [i for i in range(len(head)) if i not in blank]
    label = d.grid(
        say("Key projects up to {year}", year=told.by),
        [head[i] for i in shown],
        [[row[i] for i in shown] for row in rows],
        Source("investments.csv", "build, capital_cost, works_from"),
        Source("measures.csv", "capital_cost"),
        Source("restoration.csv", "item = planted"),
        Source("costs.csv", "item = capital, measures, restoration"),
        Source("savings.csv"),
        Source("energy.csv", f"year = {told.by}, flow = out, discharge"),
        wide=[wide[i] for i in shown],
    )
    d.not_stated([head[i] for i in blank])
    d.words(
        say(
            "Up to {year} {money} {unit} are invested; projects: {count}.",
            year=told.by,
            money=told.in_money(own),
            unit=unit,
            count=len(projects),
        ),
        label,
    )


def _cells(d: DocumentDraft, told: RunTold, p: AppliedProject) -> list[str]:
    """A row of the table of key projects, without its number."""
    say, title = d.language.translate, told.titles.of(p.name)
    cells = {
        "title": title,
        "owner": _owner(told, p),
        "content": _content(d, p),
        "money": told.in_money(p.money),
        "period": p.period,
        "progress": "",
        "meaning": use_of(d, told, p),
    } | dict(told.details.projects.get(p.name, {}))
    cells["owner"] = cells["owner"] or d.fill_in(say("owner of the projects"), f"[owners] {_payer(told, p)}", title)
    for key, what in (("progress", say("progress of the projects")), ("meaning", say("meaning of the projects"))):
        cells[key] = cells[key] or d.fill_in(what, f"[[project]] {key}", title)
    return [cells[k] for k in ("title", "owner", "content", "money", "period", "progress", "meaning")]


def _owner(told: RunTold, p: AppliedProject) -> str:
    """Who pays for it, as application.toml says of the owner that the park names."""
    return told.details.owners.get(_payer(told, p), "")


def _payer(told: RunTold, p: AppliedProject) -> str:
    """Who pays for it, as the park names the owner."""
    return next((row.owner for row in _owned(told.case) if getattr(row, row.key[0]) == p.name), PARK)


def owners_of(case: Case) -> list[str]:
    """Who may pay for a project: the park, and the owners that it names."""
    return [*dict.fromkeys((PARK, *(row.owner for row in _owned(case))))]


def _owned(case: Case) -> list[Technology | Link | Measure | Restoration]:
    """All that has an owner and may be a project."""
    return [*case.technologies, *case.links, *case.measures, *case.restoration]


def _content(d: DocumentDraft, p: AppliedProject) -> str:
    if p.kind == MEASURE:
        return d.language.translate(
            "measure adopted in {years}", years=d.language.translate(", ").join(str(o.year) for o in p.orders)
        )
    whole = sum(o.size for o in p.orders)
    size = f"{d.language.amount(whole)} {p.orders[0].unit}"
    large = [o for o in p.orders if o.size >= SMALL * whole]
    if len(large) == 1:
        return size
    parts = (f"{o.year}: {d.language.amount(o.size)}" for o in large)
    return d.language.translate("{size} ({parts})", size=size, parts=d.language.translate(", ").join(parts))


def use_of(d: DocumentDraft, told: RunTold, p: AppliedProject) -> str:
    """What the tables say of its use; '' where they say nothing."""
    return d.language.translate("; ").join([*_uses(d, told, p)])


def _uses(d: DocumentDraft, told: RunTold, p: AppliedProject) -> Iterator[str]:
    say, energy = d.language.translate, told.tables["energy"]
    if p.kind == TECHNOLOGY:
        own = energy[(energy["name"] == p.name) & (energy["year"] == told.by)]
        for flow in ("out", "discharge"):
            for carrier, value in own[own["flow"] == flow].groupby("carrier", observed=True)["value"].sum().items():
                if carrier == "co2" and flow == "out" and value > 1:
                    yield say("{amount} t of CO2 captured in {year}", amount=d.language.number(value), year=told.by)
                elif flow == "discharge" and value > 1:
                    yield _given_back(d, told, p, str(carrier), float(value))
                elif carrier != "co2" and value > 1:
                    words = {
                        "year": told.by,
                        "carrier": named(d.language, CARRIERS, str(carrier)),
                        "amount": d.language.number(value),
                    }
                    yield say("{amount} MWh of {carrier} in {year}", **words)
    elif p.kind == MEASURE:
        for row in told.case.savings:
            if row.measure == p.name and row.saving > 0:
                yield say(
                    "saves {share} of {demand}: {amount} MWh in {year}, before other measures",
                    share=d.language.percent(row.saving),
                    demand=told.titles.of(row.demand),
                    amount=d.language.number(row.saving * demanded(told.case, row.demand, told.by)),
                    year=told.by,
                )
    else:
        rows = told.tables["restoration"]
        own = rows[(rows["project"] == p.name) & (rows["item"] == "uptake") & (rows["year"] == told.by)]["value"].sum()
        yield say("takes up {amount} t of CO2 in {year}", amount=d.language.number(own), year=told.by)


def demanded(case: Case, demand: str, year: int) -> float:
    """Demand of an end use in a year, as the park states it, before measures (MWh)."""
    points = [(row.year, row.value * yearly_factor(row.unit, "MWh")) for row in case.demand if row.demand == demand]
    return over_years(points, [year])[year]


def _given_back(d: DocumentDraft, told: RunTold, p: AppliedProject, carrier: str, value: float) -> str:
    """What a store gives back in the year of the goal, and how much of it works then where more is ordered."""
    say, stands = d.language.translate, told.tables["capacity"]
    words = say(
        "gives back {amount} MWh of {carrier} in {year}",
        amount=d.language.number(value),
        carrier=named(d.language, CARRIERS, carrier),
        year=told.by,
    )
    own = stands[(stands["technology"] == p.name) & (stands["year"] == told.by)]
    works = float(own["capacity"].sum())
    if works >= sum(o.size for o in p.orders) * (1 - SMALL):
        return words
    return say("{words} ({size} of them work then)", words=words, size=f"{d.language.amount(works)} {own['unit'].iloc[0]}")


# --- parts -----------------------------------------------------------------------------------------------------------------
# Parts of forms that need more than rows of a file: projects, products, past consumption, the bid for heat and its hours.
#
# .. math::
# b = \max(0, C - C') \Big/ \sum_{y = f}^{f + n - 1} \delta_y\, (S'_y - S_y)
#
# C  system cost   money     S  scope 1   t (y)     δ  discount factor   1 (y)     f  first year of heat
# n  years for which the premium is paid   year     '  of going on as today

ELECTRICITY, CO2 = "electricity", "co2"
#: Coal equivalents of electricity (tce/MWh): its calorific value (GB/T 2589-2020), and the coal that makes it. A number within
#: `NEAR` of one of them, as a share, is called by its name, since the second differs a little from year to year.
CALORIFIC, EQUIVALENT, NEAR = 0.1229, 0.3, 0.05
#: MWh in a TJ; energy of a year (TJ) above which a company needs an energy management system, and an audit.
TJ, SYSTEM, AUDIT = 1 / 0.0036, 85.0, 10.0


def projects(d: DocumentDraft, told: RunTold, _: Mapping[str, Any], title: str) -> None:
    """Each project with its years, investment, net present value, payback and use; and against which plan these are."""
    say = d.language.translate
    finance, against = told.run.output.alone["finance"], told.summary["compared_with"] or REFERENCE
    own = finance[finance["against"] == against]
    known = own.set_index(["name", "figure", "basis"])["value"].to_dict() if len(own) else {}
    rows = []
    for p in projects_of(told):
        payback, npv = known.get((p.name, "payback", "real")), known.get((p.name, "npv", "real"))
        if not len(finance):
            cells = [d.fill_in(say("present value and payback; park.toml has no table [finance]"), "park.toml [finance]")] * 2
        else:
            back = d.language.number(payback) if pd.notna(payback) else say("not within the horizon")
            cells = [told.in_money(npv) if pd.notna(npv) else NONE, back]
        rows.append([told.titles.of(p.name), p.period, told.in_money(p.money), *cells, use_of(d, told, p) or NONE])
    if not rows:
        d.words(say("Nothing is ordered."))
        return
    unit = told.money[0]
    money = [say("investment, {unit}", unit=unit), say("net present value, {unit}", unit=unit), say("payback, years")]
    sources = [Source("investments.csv"), Source("measures.csv"), Source("costs.csv", "item = capital, measures, restoration")]
    if len(finance):
        sources.append(Source("finance.csv", "figure = npv, payback; basis = real"))
    head = [say("planned project"), say("period"), *money, say("saving or use")]
    label = d.grid(title, head, rows, *sources, wide=(3, 1.6, 1.8, 1.8, 1.6, 4))
    if len(finance):
        words = say(
            "Present value and payback are real, before tax, against {plan}; each project bears its own cost, and its energy "
            "counts at the mean cost of the year. What a store earns by the hour and by lower peaks is not in them.",
            plan=named(d.language, PLANS, against),
        )
        d.words(words, label)


def basis(d: DocumentDraft, told: RunTold, _: Mapping[str, Any], title: str) -> None:
    """The coal equivalent of electricity in the plan's energy use, and which of the two known values it is."""
    each = reckoned(told.case, told.tables, told.by, told.case.park.standard)[-3].each  # that of the park's own green power
    if each == 0.0:
        return
    if abs(each - CALORIFIC) < NEAR * CALORIFIC:
        words = mark("{what}: electricity counts at {each} tce/MWh, its calorific value.")
    elif abs(each - EQUIVALENT) < NEAR * EQUIVALENT:
        words = mark("{what}: electricity counts at {each} tce/MWh, its equivalent value.")
    else:
        words = mark("{what}: electricity counts at {each} tce/MWh, as the park or its standard states.")
    d.words(d.language.translate(words, what=title, each=d.language.number(each, 4)), "assumptions.csv")


def products(d: DocumentDraft, told: RunTold, _: Mapping[str, Any], title: str) -> None:
    """Specific emissions of each product, by the location and by the market; blank where no product is stated."""
    say = d.language.translate
    rows = told.tables["footprints"]
    own = rows[rows["item"].astype(str).str.startswith("specific_")]
    if own.empty:
        d.blank_words(say("products and their amounts a year"), "products.csv")
        return
    by = own.pivot_table(index=["product", "item"], columns="year", values="value", aggfunc="sum").reindex(columns=told.columns)
    words = {
        "specific_scope1": say("scope 1"),
        "specific_scope2_location": say("scope 2, location basis"),
        "specific_scope2_market": say("scope 2, market basis"),
    }
    cells = []
    for (product, item), values in zip(by.index, by.to_numpy().tolist(), strict=True):
        shown = [d.language.number(v, 3) if pd.notna(v) else NONE for v in values]
        cells.append([f"{product}: {words[item]}", "t/t", *shown])
    head = [say("item"), say("unit"), *map(str, told.columns)]
    d.grid(title, head, cells, Source("footprints.csv", "item = specific_…"), wide=(3.6, 1, *[1.5] * len(told.columns)))


def consumption(d: DocumentDraft, told: RunTold, _: Mapping[str, Any], title: str) -> None:
    """Energy of the last three years by what is bought (TJ), their mean, and what it asks for."""
    say, known = d.language.translate, dict[int, float]()
    rows = []
    for year in told.past_years:
        entries = told.entries(year)
        if entries:
            known[year] = sum(e.energy for e in entries if e.tce or e.energy) / TJ
        blank = d.fill_in(say("energy of {year}, TJ", year=year), "bills.csv") if year not in known else ""
        rows.append([str(year), blank or d.language.number(known[year], 1)])
    d.grid(title, [say("year"), "TJ"], rows, Source("bills.csv"), Source("plan check --baseline, baseline.csv"), wide=(2, 3))
    if known:
        mean = sum(known.values()) / len(known)
        audit = say("an energy audit, where it has no management system") if mean > AUDIT else say("neither of both")
        duty = say("an energy management system") if mean > SYSTEM else audit
        values = {"mean": d.language.number(mean, 1), "duty": duty}
        d.words(say("The mean of the years that are known is {mean} TJ; it asks for: {duty}.", **values), "bills.csv")


def bid(d: DocumentDraft, told: RunTold, part: Mapping[str, Any], title: str) -> None:
    """The premium a tonne at which the plan costs as much as going on as today, from the first year of heat (`_begins`) on."""
    say, summary = d.language.translate, told.summary
    other = usual(summary)
    if other is None or other not in told.run.plans:
        d.blank_words(say("a plan of going on as today to compare with; plan without --no-compare"), "plan")
        return
    emissions = {name: told.run.plans[name]["emissions"] for name in (TARGET, other)}
    scope1 = {name: own[own["item"] == "scope1"].groupby("year")["value"].sum() for name, own in emissions.items()}
    first = _begins(told)
    years = [y for y in told.run.output.years if first <= y < first + int(part["premium_years"])]
    abated = (scope1[other] - scope1[TARGET]).reindex(years).fillna(0.0)
    rate = float(summary["discount_rate"])
    begin, more = told.run.output.years[0], float(summary["system_cost"]) - float(summary["plans"][other]["system_cost"])
    found, number = break_even(more, abated.to_dict(), begin, rate), d.language.number
    premium = NONE if found is None else number(found, 2) if more > 0 else say("none is needed")
    unit = f"{told.run.output.currency}/t"
    rows = [
        [say("what the plan costs more than {plan}", plan=named(d.language, PLANS, other)), told.money[0], told.in_money(more)],
        [say("years for which the premium is paid"), "", f"{years[0]}–{years[-1]}" if years else NONE],
        [say("direct emissions abated in these years"), "t", number(float(abated.sum()))],
        [say("the same, discounted to {year}", year=begin), "t", number(discounted(abated.to_dict(), begin, rate))],
        [say("premium at which both cost the same"), unit, premium],
    ]
    sources = [Source("summary.json", "system_cost, discount_rate"), Source("investments.csv", "works_from")]
    sources += [Source("emissions.csv", "item = scope1"), Source(f"{other}/emissions.csv", "item = scope1")]
    label = d.grid(title, [say("item"), say("unit"), say("value")], rows, *sources, wide=(6, 2, 3))
    if found is None:
        d.words(say("No direct emissions are abated in these years: there is nothing to bid for."), label)
    elif more <= 0:
        d.words(say("The plan pays without a premium; the bid is 0."), label)
    else:
        words = say("The bid is {premium} {unit}: with it the plan costs what going on as today costs.", premium=premium, unit=unit)
        d.words(words, label)
    d.words(
        say("Cost and emissions are those of the whole plan, of what makes no heat, too: not of the heat that is bid for alone.")
    )


def _begins(told: RunTold) -> int:
    """The first year in which an order that makes heat of electricity works, else any order; else the first year of the plan."""
    orders, energy = told.tables["investments"], told.tables["energy"]
    takes = set(energy[(energy["flow"] == "in") & (energy["carrier"] == ELECTRICITY)]["name"])
    gives = set(energy[(energy["flow"] == "out") & energy["carrier"].isin(warm(told.case))]["name"])
    heat = orders[orders["technology"].isin(takes & gives)]
    found = heat if len(heat) else orders
    return int(found["works_from"].min()) if len(found) else int(told.run.output.years[0])


def break_even(more: float, abated: Mapping[int, float], first: int, rate: float) -> float | None:
    """Money a tonne that makes up for what is paid more, by the formula above; None where nothing is abated."""
    weight = discounted(abated, first, rate)
    return max(0.0, more) / weight if weight > 0 else None


def discounted(tonnes: Mapping[int, float], first: int, rate: float) -> float:
    """Tonnes by year, discounted to the first year as costs are (t)."""
    return sum(each * (1 + rate) ** -(y - first) for y, each in tonnes.items())


def hours(d: DocumentDraft, told: RunTold, part: Mapping[str, Any], title: str) -> None:
    """Heat that equipment makes of electricity in the year of the goal, its hours at full capacity, and those that are paid."""
    say, number, y = d.language.translate, d.language.number, told.by
    energy, capacity = told.tables["energy"], told.tables["capacity"]
    own = energy[energy["year"] == y]
    stands = capacity[capacity["year"] == y].set_index("technology")["capacity"]
    paid, rows = float(part["share"]) * 8760, []
    electric = set(own[(own["flow"] == "in") & (own["carrier"] == "electricity")]["name"])
    out = own[(own["flow"] == "out") & own["name"].isin(electric)]
    made = out[out["carrier"].isin(warm(told.case))]
    for name, value in made.groupby("name", observed=True)["value"].sum().items():
        size = float(stands.get(name, 0.0))
        if value > 1 and size > 0:
            full = value / size
            cells = [number(value), number(size, 2), number(full), number(min(full, paid)), number(value * min(1.0, paid / full))]
            rows.append([told.titles.of(str(name)), *cells])
    others = sorted({*out[out["value"] > 1]["carrier"]} - {*made["carrier"], ELECTRICITY, CO2})
    cold = say(
        "Not counted as heat: {carriers}; carriers.csv states no temperature of 20 °C or more for them, or they cool.",
        carriers=", ".join(others),
    )
    if not rows:
        d.words(d.language.sentences(say("No equipment makes heat of electricity in {year}.", year=y), cold if others else ""))
        return
    head = [say("equipment"), say("heat, MWh"), say("capacity, MW"), say("hours at full capacity"), say("paid hours")]
    sources = [Source("energy.csv", f"year = {y}, flow = out, in"), Source("capacity.csv", f"year = {y}")]
    label = d.grid(title, [*head, say("paid heat, MWh")], rows, *sources, wide=(3, 2, 2, 2, 2, 2))
    if others:
        d.words(cold, label)


def warm(case: Case) -> set[str]:
    """Carriers that are heat: of 20 °C or more and none that cool; without a temperature, what a port delivers so warm."""
    stated = {c.carrier: c.temperature >= COLD and not c.cools for c in case.carriers if c.temperature is not None}
    hot = {p.carrier for p in case.ports if p.direction == "out" and p.temperature is not None and p.temperature >= COLD}
    return {name for name, is_warm in stated.items() if is_warm} | (hot - {*stated})
