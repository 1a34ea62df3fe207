"""Chapter 4: the tasks of the notice, and the table of key projects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models.case import Case, Link, Measure, Restoration, Technology
from models.inputs.finance import over_years
from models.units import yearly_factor
from planner.answer import series
from planner.application.draft import DocumentDraft, Source
from planner.application.told import RunTold
from planner.finance.pieces import MEASURE, PLANTING, TECHNOLOGY
from planner.finance.terms import PARK
from planner.language.language import mark
from planner.language.words import CARRIERS, COSTS, named

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
    by_kind = capital.rename(columns={item: named(d.language, COSTS, item) for item in COSTS})
    d.picture(say("Capital by year"), unit, by_kind / told.money[1], Source("costs.csv", "item = capital, measures, restoration"))


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
