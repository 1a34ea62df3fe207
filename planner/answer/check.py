"""What `plan check` says of a park without a fault: warnings, what was assumed, by table and grade or in full, what
stands and may stand, and the tree of futures."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from models.case import Assumption, Bill, Case, FutureValue, Port, Technology
from models.inputs.boundary import resolve_connections, resolve_supplies
from models.inputs.demand import yearly_energy
from models.inputs.equipment import ALL_ZONES, producers
from models.inputs.reserves import demand_shapes, firm_imports, may_be_ordered
from models.investment.boundary import dominated_schemes
from models.units import yearly_factor
from planner.futures.tree import ROOT, Tree, groups, told
from planner.language.language import ENGLISH, Language, mark
from planner.language.terminal import titled_table
from planner.language.words import CARRIERS, named, plain

# --- plants ----------------------------------------------------------------------------------------------------------------
# Plants and links as an engineer reads them, for `plan check`: efficiency, full-load hours of the base year, levels of heat.

YEAR = 8760
#: What may be ordered of so many times the mean power of what it makes is worth a look: some twenty times the highest hour.
OFFERED = 80.0
#: Efficiencies that are worth a look: below the first, or above the second number, of the lower heating value.
HEAT_OF_FUEL, POWER_OF_FUEL, BOTH_OF_FUEL, OF_POWER = (0.6, 1.1), (0.12, 0.65), (0.4, 1.1), (0.5, 12.0)
#: Share of a link's energy that is lost: more is worth a look, of electricity and of what carries heat.
LOSS_OF_POWER, LOSS_OF_HEAT = 0.1, 0.25
#: Full-load hours of a plant that hardly runs.
FEW = 100.0
#: From what full-load hours are known.
PROFILE, BILL, DEMAND = mark("profile"), mark("bill"), mark("demand")
#: What is odd.
LOW, HIGH, LOSSY = mark("efficiency is low"), mark("efficiency is high"), mark("loses much")
LONG, SHORT = mark("more hours than it can run"), mark("hardly runs")
LARGE = mark("far more than the demand may be ordered")


@dataclass(frozen=True)
class Plant:
    """A technology or a link.

    stands      capacity of the first year
    efficiency  energy out of energy in; of a link what arrives; None without one
    hours       full-load hours of the base year, None where they cannot be known without its operation;  known: from what
    levels      temperatures of what it takes and gives, °C
    """

    name: str
    stands: float
    efficiency: float | None = None
    hours: float | None = None
    known: str = ""
    levels: str = ""
    odd: str = ""


def plants(case: Case) -> list[Plant]:
    r"""All that stands and every link, and of what may be ordered what is odd.

    .. math::
        \eta_k = \frac{\sum_c r^{out}_{k,c}}{\sum_c r^{in}_{k,c}} \qquad
        h_k = \sum_t w_t \alpha_{k,t}, \;\; \frac{B_c}{r^{in}_{k,c} S_k} \;\text{or}\; \frac{D_c}{r^{out}_{k,c} S_k}

    Full-load hours are those that a profile allows; else those by which a plant takes what the bills of the base year say, where
    nothing else that stands takes its fuel; else those in which it serves the demand of its carrier, where nothing else that
    stands can and nothing of it is let off.

    r  ratio   MWh/MWh (k,c)     S  existing   MW (k)     B  billed   MWh (c)     D  demand of the base year   MWh (c)
    α  availability   1 (k,t)    w  weight   h (t)
    """
    reader = _Reader(case)
    return [*reader.technologies(), *_links(case)]


class _Reader:
    """What is known of a park before any operation."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.types = {t.type: t for t in case.types}
        self.ports: dict[str, list[Port]] = {}
        for port in case.ports:
            self.ports.setdefault(port.type, []).append(port)
        first = case.park.first_year
        self.standing = [t for t in case.technologies if t.existing > 0 and (t.existing_until is None or t.existing_until >= first)]
        self.fuels = {s.carrier for s in case.supplies if s.kind == "fuel" and s.scope == 1}
        self.level = {c.carrier: c.temperature for c in case.carriers}
        carrier = {d.demand: d.carrier for d in case.demand}
        base = case.park.base_year
        self.demand, self.peak = dict[str, float](), dict[str, float]()
        for (u, y), energy in yearly_energy(case, (base, case.park.last_year)).items():
            if u in carrier:
                into = self.demand if y == base else self.peak
                into[carrier[u]] = into.get(carrier[u], 0.0) + energy

    def technologies(self) -> Iterator[Plant]:
        """Those that stand, and those of which something is odd."""
        for row in self.case.technologies:
            if self.types[row.type_name].role != "converter":
                continue
            efficiency, odd = self._efficiency(row)
            hours, known = self._hours(row) if row in self.standing else (None, "")
            odd = odd or _odd_hours(row, hours, known) or self._size(row)
            if row in self.standing or odd:
                stands = row.existing if row in self.standing else 0.0
                yield Plant(row.technology, stands, efficiency, hours, known, self._levels(row), odd)

    def _of(self, row: Technology, direction: str) -> dict[str, float]:
        own = [p for p in self.ports.get(row.type_name, []) if p.direction == direction and p.carrier != "co2"]
        means = {p.profile: float(np.mean(self.case.profiles[p.profile])) for p in own if p.profile}
        return {p.carrier: p.ratio * means.get(p.profile, 1.0) for p in own}

    def _efficiency(self, row: Technology) -> tuple[float | None, str]:
        """Energy out of energy in, waste heat that comes off left out, and what is odd of it."""
        taken, given = self._of(row, "in"), {c: r for c, r in self._of(row, "out").items() if c != "waste-heat"}
        if not taken or not given or min(*taken.values(), *given.values()) <= 0:
            return None, ""
        efficiency, power = sum(given.values()) / sum(taken.values()), "electricity" in given
        if set(taken) <= self.fuels:
            low, high = HEAT_OF_FUEL if not power else POWER_OF_FUEL if len(given) == 1 else BOTH_OF_FUEL
        elif set(taken) == {"electricity"}:
            low, high = OF_POWER
        else:
            low, high = 0.0, math.inf
        return efficiency, LOW if efficiency < low else HIGH if efficiency > high else ""

    def _hours(self, row: Technology) -> tuple[float | None, str]:
        """Full-load hours of the base year, and from what they are known."""
        if row.profile:
            return YEAR * float(np.mean(self.case.profiles[row.profile])), PROFILE
        taken, given = self._of(row, "in"), self._of(row, "out")
        others = [t for t in self.standing if t is not row]
        if len(taken) == 1:
            ((carrier, ratio),) = taken.items()
            alone = carrier not in self.demand and not any(carrier in self._of(t, "in") for t in others)
            if ratio > 0 and alone and (billed := self._billed(carrier)):
                return billed / ratio / row.existing, BILL
        for carrier, ratio in given.items():
            if len(given) == 1 and ratio > 0 and self.demand.get(carrier) and not self._is_shared(carrier, others):
                return self.demand[carrier] / ratio / row.existing, DEMAND
        return None, ""

    def _is_shared(self, carrier: str, others: list[Technology]) -> bool:
        """True if anything else that stands makes a carrier or takes it, or if it is bought, sold or sent."""
        made = any(carrier in self._of(t, way) for t in others for way in ("in", "out"))
        crosses = any(s.carrier == carrier and (s.can_import or (s.can_export and s.kind != "sink")) for s in self.case.supplies)
        return made or crosses or any(link.carrier == carrier and link.existing > 0 for link in self.case.links)

    def _billed(self, carrier: str) -> float:
        """MWh of a carrier that bills of the base year tell of; 0 where one of its supplies has none."""
        base = self.case.park.base_year
        own = {s.supply for s in self.case.supplies if s.carrier == carrier and s.can_import and s.is_offered(base)}
        bills = {b.supply: b for b in self.case.bills if b.year == base and b.supply in own}
        return sum(_energy(b, self.case.park.currency) for b in bills.values()) if set(bills) == own else 0.0

    def _levels(self, row: Technology) -> str:
        """Temperatures of what it takes and gives, where these are known."""
        sides = [[f"{t:g}" for c in self._of(row, way) if (t := self.level.get(c)) is not None] for way in ("in", "out")]
        return " → ".join(", ".join(own) for own in sides if own)

    def _size(self, row: Technology) -> str:
        """What is odd of the size that may be ordered, against the mean power of what it makes."""
        given = self._of(row, "out")
        asked = [self.peak[c] / YEAR / given[c] for c in given if self.peak.get(c, 0.0) > 0 and given[c] > 0]
        most = row.max_capacity
        return LARGE if most is not None and len(asked) == len(given) > 0 and most > OFFERED * max(asked) else ""


def _energy(bill: Bill, currency: str) -> float:
    return bill.value * yearly_factor(bill.unit, "MWh", currency)


def _odd_hours(row: Technology, hours: float | None, known: str) -> str:
    """What is odd of the hours that a plant ran."""
    if hours is None or known == PROFILE:
        return ""
    return LONG if hours > min(YEAR, row.max_hours or YEAR) * 1.001 else SHORT if hours < FEW and known == BILL else ""


def _links(case: Case) -> Iterator[Plant]:
    """Links between zones, with what arrives of what is sent."""
    for link in case.links:
        most = LOSS_OF_POWER if link.carrier == "electricity" else LOSS_OF_HEAT
        yield Plant(link.link, link.existing, 1.0 - link.loss, odd=LOSSY if link.loss > most else "")


# --- peaks ------------------------------------------------------------------------------------------------------------------
# What stands and what may stand against the highest demand of each carrier: an engineer's first look.

#: More than so many times the highest demand is worth a look, of what stands for sure and of what may be ordered.
STANDS, MAY_STAND = 3.0, 20.0
#: What is odd of a carrier.
TOO_LITTLE = mark("less for sure than the highest hour")
MUCH = mark("more than three times the highest hour stands")
FAR = mark("more than twenty times the highest hour may stand")
NOTHING = mark("nothing offered reaches the highest hour of the last year")


@dataclass(frozen=True)
class Peak:
    """A carrier of which something is demanded: highest hour before measures in the first and the last year, and what can be
    counted on: of what stands in the first year, of imports then, and if all that is offered is ordered; MW, inf without a limit.
    """

    carrier: str
    temperature: float | None
    first: float
    last: float
    firm: float
    imports: float
    offered: float

    @property
    def odd(self) -> str:
        """What is worth a look."""
        if self.firm + self.imports < self.first * (1 - 1e-9):
            return TOO_LITTLE
        if self.firm > STANDS * max(self.first, self.last) > 0:
            return MUCH
        if self.offered + self.imports < self.last * (1 - 1e-9):
            return NOTHING
        if math.isfinite(self.offered) and self.offered > MAY_STAND * max(self.first, self.last) > 0:
            return FAR
        return ""


def peaks(case: Case) -> list[Peak]:
    r"""Highest hours and capacities of each carrier with a demand, all zones as one.

    .. math:: \max_t \sum_u D_{u,y} \pi_{u,t} \qquad \sum_k \phi_k S_k \qquad \sum_k \phi_k \overline{C}_k

    D  demand  MWh (u,y)    π  shape  1/h (u,t)    φ  firm, times the ratio  MW/capacity (k)    S  existing    C̅  max_capacity
    """
    first, last = case.park.first_year, case.park.last_year
    temperature = {row.carrier: row.temperature for row in case.carriers}
    highest = {y: _highest(case, y) for y in (first, last)}
    bought = {c.type for c in case.costs if c.parameter in ("capital_cost", "annuity")}
    found = []
    for carrier in highest[first]:
        share = producers(case.in_year(first), carrier, ALL_ZONES)
        own = [(share[row.technology], row) for row in case.technologies if row.technology in share]
        stands = [phi * row.existing for phi, row in own if row.existing_until is None or row.existing_until >= first]
        offered = [
            phi * (math.inf if row.max_capacity is None else row.max_capacity)
            if may_be_ordered(row, row.type_name in bought)
            else phi * row.existing * (row.existing_until is None)
            for phi, row in own
        ]
        imports = math.fsum(firm_imports(case, carrier, ALL_ZONES, first).values())
        found.append(
            Peak(
                carrier,
                temperature.get(carrier),
                highest[first][carrier],
                highest[last][carrier],
                math.fsum(stands),
                imports,
                math.fsum(offered),
            )
        )
    return found


def _highest(case: Case, y: int) -> dict[str, float]:
    """Highest hour of each carrier that is demanded, in a year (MW)."""
    own, energy = case.in_year(y), yearly_energy(case, (y,))
    carriers = {d.demand: d.carrier for d in case.demand}
    load: dict[str, np.ndarray] = {}
    for u, shape in demand_shapes(own).items():
        if u in carriers:
            load[carriers[u]] = load.get(carriers[u], np.zeros(case.hours)) + energy[u, y] * shape
    return {carrier: float(values.max()) for carrier, values in load.items()}


# --- assumed ----------------------------------------------------------------------------------------------------------------
# What a figure that was assumed is, and its unit, in a language: assumptions.csv has both in English words of ours.

#: A flow of equipment, and an emission factor by its basis.
_FLOW = re.compile(r"(?P<unit>MWh|t) of (?P<carrier>\S+) per unit of activity")


_FACTOR = re.compile(r"(?:(?P<basis>location|market) )?factor of (?P<supply>.+)")


_OF_BASIS = {
    None: mark("factor of {supply}"),
    "location": mark("location factor of {supply}"),
    "market": mark("market factor of {supply}"),
}


def told_unit(language: Language, unit: str) -> str:
    """The unit of a figure; as it stands where it has no words."""
    found = _FLOW.fullmatch(unit)
    if found is None:
        return unit
    carrier = named(language, CARRIERS, found["carrier"])
    return language.translate("{unit} of {carrier} per unit of activity", unit=found["unit"], carrier=carrier)


def told_parameter(language: Language, parameter: str) -> str:
    """What a figure is; as it stands where it is the name of a column or of a parameter."""
    found = _FACTOR.fullmatch(parameter)
    return parameter if found is None else language.translate(_OF_BASIS[found["basis"]], supply=found["supply"])


# --- check -----------------------------------------------------------------------------------------------------------------

#: Stands where a value has no grade.
UNGRADED = mark("no grade")
#: How good a value is, as heads of a table.
GRADES = mark("seen"), mark("derived"), mark("second-hand"), mark("general knowledge")


def print_check(case: Case, folder: Path, console: Console, everything: bool = False, language: Language = ENGLISH) -> None:
    """Warnings, assumptions (counted; with `everything` one line each) and the size of the park."""
    say = language.translate
    for warning in case.warnings:
        console.print(plain(say("warning: {warning}", warning=language.tell(warning))), soft_wrap=True)
    if everything:
        for assumption in case.assumptions:
            console.print(plain(_line(assumption, language)), soft_wrap=True)
    elif case.assumptions:
        console.print(_counts(case.assumptions, language))
        console.print(plain(say("plan check {folder} --all: every value with its source", folder=folder)), soft_wrap=True)
    if case.demand:
        console.print(_peaks(case, language))
    if own := plants(case):
        console.print(_plants(own, language))
    for key in sorted(_dominated(case)):
        text = say("{scheme}: never costs less than another scheme of the connection, so no plan needs it", scheme=key)
        console.print(plain(text), soft_wrap=True)
    for line in _futures(case, language):
        console.print(plain(line), soft_wrap=True)
    text = say(
        "{folder}: nothing wrong ({technologies} technologies, {measures} measures, {supplies} supplies; {values} values assumed)",
        folder=folder,
        technologies=len(case.technologies),
        measures=len(case.measures),
        supplies=len(case.supplies),
        values=len(case.assumptions),
    )
    console.print(plain(text), soft_wrap=True)


def _dominated(case: Case) -> set[str]:
    """Schemes that another dominates, each with its connection; none is told of a park with
    futures, which may change the charges."""
    if case.futures or not any(p.scheme for p in case.prices):
        return set()
    years = range(case.park.first_year, case.park.last_year + 1)
    return dominated_schemes(resolve_supplies(case, years, None), resolve_connections(case, years), years)


def _line(a: Assumption, language: Language) -> str:
    year = "" if a.year is None else f" {a.year}"
    parameter, unit = told_parameter(language, a.parameter), told_unit(language, a.unit)
    said = f"{a.table}.csv: {a.name} {parameter}{year} = {a.value} {unit}".rstrip()
    say = language.translate
    source, grade = a.source or say("no source"), say(a.grade or UNGRADED)
    return say("assumed {value} ({source}; {grade})", value=said, source=source, grade=grade)


def _counts(assumptions: tuple[Assumption, ...], language: Language) -> Table:
    """Values assumed: a row a table, a column a grade."""
    say = language.translate
    grades = list(dict.fromkeys(a.grade or UNGRADED for a in assumptions))
    counts = Counter((a.table, a.grade or UNGRADED) for a in assumptions)
    heads = say("table"), *(plain(say(grade)) for grade in (*grades, "all")), say("names")
    table = titled_table(say("Values assumed, by table and grade"), heads, texts=(0, len(heads) - 1))
    for name in dict.fromkeys(a.table for a in assumptions):
        own = [counts[name, grade] for grade in grades]
        names = list(dict.fromkeys(a.name for a in assumptions if a.table == name))
        table.add_row(f"{name}.csv", *(str(n) if n else "–" for n in own), str(sum(own)), plain(_some(names, language)))
    return table


def _peaks(case: Case, language: Language) -> Table:
    """Capacity against the highest demand of each carrier; what is odd is marked."""
    say = language.translate
    title = say("Capacity that can be counted on against the highest hour, MW")
    years = str(case.park.first_year), str(case.park.last_year)
    table = titled_table(title, (say("carrier"), *years, say("stands"), say("imports"), say("may stand"), ""), texts=(0, 6))
    for peak in peaks(case):
        name = peak.carrier if peak.temperature is None else f"{peak.carrier}, {peak.temperature:g} °C"
        amounts = (peak.first, peak.last, peak.firm, peak.imports, peak.offered)
        shown = [say("any") if math.isinf(a) else f"{a:,.3g}" if a < 1000 else f"{a:,.0f}" for a in amounts]
        table.add_row(plain(name), *shown, say(peak.odd) if peak.odd else "")
    return table


def _plants(own: list[Plant], language: Language) -> Table:
    """What stands, its efficiency and its full-load hours; what is odd is marked."""
    say = language.translate
    title = say("Plants and links: efficiency, full-load hours of the base year, temperatures in and out")
    heads = say("name"), say("stands"), say("efficiency"), say("hours"), say("known from"), "°C", ""
    table = titled_table(title, heads, texts=(0, 4, 5, 6))
    for plant in own:
        share = _efficiency(plant.efficiency, language)
        hours = "" if plant.hours is None else f"{plant.hours:,.0f}"
        known, odd = (say(words) if words else "" for words in (plant.known, plant.odd))
        table.add_row(plain(plant.name), f"{plant.stands:,.3g}", share, hours, known, plant.levels, odd)
    return table


def _efficiency(share: float | None, language: Language) -> str:
    """As a share, or as a coefficient of performance."""
    return "" if share is None else f"{share:.2f}" if share > 1.2 else language.percent(share)


def _some(names: list[str], language: Language, shown: int = 2) -> str:
    """The first names, and how many more there are."""
    first = language.translate(", ").join(names[:shown])
    more = len(names) - shown
    return language.translate("{names} and {count} more", names=first, count=more) if more > 0 else first


def _futures(case: Case, language: Language) -> list[str]:
    """A line a future, below that it branches from; none where the park states no futures."""
    if not case.futures:
        return []
    tree, say = Tree.of(case.futures, case.park), language.translate
    first, branches = case.park.first_year, tree.branches_in
    if branches is None:
        head = say("{count} futures; which one comes is never known, so all orders are shared", count=len(tree.leaves))
    elif branches == first:
        head = say(
            "{count} futures, told apart from {year} on, the first year: nothing is ordered before",
            count=len(tree.leaves),
            year=branches,
        )
    else:
        head = say("{count} futures, told apart from {year} on; orders before are shared", count=len(tree.leaves), year=branches)
    return [head, *_below(case, tree, ROOT, language)]


def _below(case: Case, tree: Tree, parent: str, language: Language) -> list[str]:
    lines: list[str] = []
    for name in tree.children(parent):
        lines += [_future(case, tree, name, language), *_below(case, tree, name, language)]
    return lines


def _future(case: Case, tree: Tree, name: str, language: Language) -> str:
    """`  dear gas, 40 %, from 2030: prices gas energy × 1.5`."""
    say, row = language.translate, tree.row(name)
    share = f"{100 * tree.probability(name):.3g} %"
    likely = say("{share} (assumed)", share=share) if name in tree.assumed else share
    when = say("never known") if row.from_year is None else say("from {year}", year=row.from_year)
    figures = [_figure(group, language) for group in groups(case.future_values, name)]
    what = say("; ").join(figures) if figures else say("nothing differs")
    return "  " * len(tree.path(name)) + say("{future}, {share}, {when}: {what}", future=name, share=likely, when=when, what=what)


def _figure(group: list[FutureValue], language: Language) -> str:
    """A figure and what it becomes, the first and the last year of it."""
    ends = [group[0], *group[-1:]] if len(group) > 1 else group
    return f"{told(group[0])} " + ", ".join(_becomes(row, language) for row in ends)


def _becomes(row: FutureValue, language: Language) -> str:
    number = f"× {row.factor:g}" if row.factor is not None else f"= {row.value} {row.unit}".rstrip()
    return number if row.year is None else language.translate("{number} in {year}", number=number, year=row.year)
