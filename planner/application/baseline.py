r"""Energy and emissions by source: of the base year as what exists operates, and of the years that bills tell of.

.. math::
    tce_{s,y} = q_{s,y}\, \theta_s \qquad
    E^{b}_{s,y} = \sum_t w_t\, x_{s,t}\, f^{b}_{s,y,t} \quad\text{of operation}, \qquad
    E^{b}_{s,y} = q_{s,y}\, f^{b}_{s,y} \quad\text{of bills}

q  energy bought in the year, exports off for tce  MWh (s,y)     θ  coal equivalent       tce/MWh (s)
x  import of an hour                               MW (s,t)      f  factor of a basis b   t/MWh (s,y,t)
w  hours that a snapshot stands for                h (t)

What biomass emits counts 0. Own green electricity has energy and no emissions. Captured CO2, certificates and credits are no
part of it: the inventory is of what exists, as the base year of a plan is. Of a factor with an hourly profile a bill has the
year's value only. A grid of electricity that states no coal equivalent has the calorific value here, which is said; in the
accounts of a plan it has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.table import Table

from models.case import Bill, Case, Supply
from models.errors import CaseError
from models.inputs import Inputs, resolve_existing
from models.inputs.boundary import scheme_key
from models.inputs.calendar import months_of_hours
from models.inputs.finance import over_years
from models.units import factor, yearly_factor
from planner.examples import named
from planner.importers.write import csv_text, write_text
from planner.language.language import Language, choose_language, mark
from planner.language.message import Message
from planner.language.terminal import titled_table
from planner.language.words import plain
from planner.park import read_case
from planner.park.catalogue import read_catalogue
from planner.park.checks.prices import FUELS, GROSS_TO_NET, LIKE_A_SLIP, VAT_RATES
from planner.park.complaints import Complaints
from planner.park.fill import calorific
from planner.park.remarks import HINT_GROSS, HINT_VAT, HINT_VAT_IN_PRICES
from planner.planning.base import APART, net_imports, operate_base_year
from planner.process.terminal import stdout, tell

# --- what is paid ----------------------------------------------------------------------------------------------------------
# What the operation of the base year pays for a supply, by part, and what may explain that its bill is another. Of a demand and a
# capacity charge, and of schemes, the cheapest is paid. Where several supplies of a connection import, their bills divide its
# charges in a way of their own: what they pay is added, with charges on the sum of their hours, and held against their bills' sum.

#: A bill's money may be so far from the operation's before it is pointed at.
MONEY_APART = 0.05
#: Words of the parts.
PARTS = {
    "energy": mark("energy"),
    "demand_charge": mark("demand charge"),
    "capacity_charge": mark("capacity charge"),
    "fixed": mark("fixed price"),
}


@dataclass(frozen=True)
class Paid:
    """What the operation pays for a supply [money]: by part, and its energy at the price without a tariff."""

    parts: Mapping[str, float]
    flat: float

    @property
    def total(self) -> float:
        """All of it."""
        return sum(self.parts.values())


def payments(case: Case, inputs: Inputs, dispatch: pd.DataFrame, year: int) -> dict[tuple[str, ...], tuple[str, Paid]]:
    r"""What the operation of a year pays, by the supplies that import behind one connection (or one without): what they are called
    together, and the sum.

    .. math:: \sum_{s} \sum_t w_t\, x_{s,t}\, p_{s,t} + k \sum_m \max_{t \in m} \sum_s x_{s,t} + \sum_s F_s

    None of those of which one has no price, or a charge is of a period of hours or has a ratchet.
    """
    bought = dispatch[dispatch["flow"] == "import"].sort_values("hour")
    rows_of = {str(name): own for name, own in bought.groupby("name", observed=True) if own["value"].any()}
    behind = defaultdict[str, list[Supply]](list)
    for s in case.supplies:
        if s.supply in rows_of and s.can_import:
            behind[s.connection or s.supply].append(s)
    found = {}
    for place, rows in behind.items():
        names, flat, parts = tuple(s.supply for s in rows), 0.0, defaultdict[str, float](float)
        odd = any(p.period or p.ratchet for p in case.prices if p.supply in (place, *names))
        if odd or any((name, year) not in inputs.supplies.price for name in names):
            continue
        hours = {name: rows_of[name]["value"].to_numpy() for name in names}
        for name, flows in hours.items():
            energy = flows * rows_of[name]["weight"].to_numpy()
            parts["energy"] += float(energy @ inputs.supplies.hourly_price(name, year, "energy", len(flows)))
            flat += float(energy.sum()) * inputs.supplies.price[name, year]
        schemes = {scheme_key(place, s.scheme) for s in rows if s.scheme} or inputs.connections.keys(place) or ("",)
        for payer, flows in {**hours, place: np.sum([*hours.values()], axis=0)}.items():
            for part, value in _charges(inputs, payer, flows, year, schemes).items():
                parts[part] += value
        found[names] = names[0] if len(names) == 1 else f"{place} ({', '.join(names)})", Paid(dict(parts), flat)
    return found


def _charges(inputs: Inputs, payer: str, flows: np.ndarray, year: int, schemes: Collection[str]) -> dict[str, float]:
    """Charges of the cheapest scheme, the cheaper of a demand and a capacity charge, and fixed prices; those above 0."""
    supplies, connections, months = inputs.supplies, inputs.connections, months_of_hours(len(flows))
    peaks, highest = [float(flows[months == m].max()) for m in sorted(set(months.tolist()))], float(flows.max())
    billed = {"demand_charge": sum(peaks) * 12 / len(peaks), "year_charge": highest, "capacity_charge": 12 * highest}
    found: list[dict[str, float]] = []
    for scheme in schemes:
        paid = [b for b, of in supplies.payer.items() if of == payer and supplies.bill_scheme.get(b, scheme) == scheme]
        demand, of_year, capacity = (
            sum(amount * supplies.peak_factor[b] * getattr(supplies, item).get((b, year), 0.0) for b in paid)
            for item, amount in billed.items()
        )
        charges = {"demand_charge": demand + of_year, "capacity_charge": capacity}
        if all(charges.values()):
            charges.pop(max(charges, key=lambda item: charges[item]))
        fixed = (inputs.contracts.fixed, payer), (connections.fixed, payer), (connections.scheme_fixed, scheme)
        found.append({**charges, "fixed": sum(prices.get((name, year), 0.0) for prices, name in fixed)})
    cheapest = min(found, key=lambda charges: sum(charges.values()))
    return {name: value for name, value in cheapest.items() if value}


def explained(billed: float, paid: Paid, energy: float, carrier: str, currency: str) -> Message | None:
    """The likeliest reason why a bill and the operation differ in cost; None where no known reason fits within LIKE_A_SLIP.

    energy  energy of the bill divided by that of the operation
    """
    charge = paid.parts.get("demand_charge", 0.0) + paid.parts.get("capacity_charge", 0.0)
    whole, rest = paid.total, paid.total - charge
    rates, ratios = VAT_RATES["CNY" if currency == "CNY" else ""], (GROSS_TO_NET, 1 / GROSS_TO_NET) if carrier in FUELS else ()
    found = [(whole * energy, Message("it is as far off as the energy"))] if abs(energy - 1) > 2 * LIKE_A_SLIP else []
    for rate, by in product(rates, dict.fromkeys((1.0, energy))):
        found += [(whole * by * (1 + rate), Message(HINT_VAT, rate=f"{100 * rate:g}"))]
        found += [(whole * by / (1 + rate), Message(HINT_VAT_IN_PRICES, rate=f"{100 * rate:g}"))]
    found += [(whole * ratio, Message(HINT_GROSS)) for ratio in ratios]
    if charge:
        found += [(rest, Message("the bill has no charge on power"))]
        found += [(rest + charge / 12, Message("the charge on power is that of a year, stated as by the month"))]
        found += [(rest + charge * 12, Message("the charge on power is that of a month, stated as by the year"))]
    found += [(paid.flat + whole - paid.parts["energy"], Message("the bill is as without the tariff's hours"))]
    distance, why = min(((abs(billed / money - 1), why) for money, why in found if money > 0), key=lambda pair: pair[0])
    return why if distance <= LIKE_A_SLIP else None


# --- inventory -------------------------------------------------------------------------------------------------------------

OPERATION, BILLS, PROCESS, OWN = "operation", "bills", "process", "own"
BASES = ("location", "market")
#: Years before the base year of which bills are told.
BEFORE = 3


@dataclass(frozen=True)
class Entry:
    """What one source comes to in one year.

    kind       operation, bills, process (no energy), own (green electricity made here)
    energy     MWh; of a process 0
    location, market   t on the basis
    cost       money that the bill says; None where none does
    """

    year: int
    source: str
    kind: str
    carrier: str
    scope: int
    energy: float
    tce: float
    location: float
    market: float
    cost: float | None = None


@dataclass(frozen=True)
class Inventory:
    """Entries of the base year and of years with bills; `stated` is what park.toml says the base emissions are (t).

    `lacking` says why there is no operation of the base year, '' where there is one; `paid` is what it pays by the supplies that
    are billed together, as `payments`; `calorific` is what is counted of supplies that state no coal equivalent, in tce/MWh.
    """

    base_year: int
    accounting: str
    entries: tuple[Entry, ...]
    stated: float | None
    lacking: str = ""
    paid: Mapping[tuple[str, ...], tuple[str, Paid]] = field(default_factory=dict)
    currency: str = ""
    calorific: Mapping[str, float] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, ...]:
        """Years that anything is known of, in order."""
        return tuple(sorted({entry.year for entry in self.entries}))

    def of(self, year: int, kind: str) -> list[Entry]:
        """A year as operated, or as billed; both with its processes."""
        wanted = (kind, PROCESS, OWN) if kind == OPERATION else (kind, PROCESS)
        return [entry for entry in self.entries if entry.year == year and entry.kind in wanted]

    def best(self, year: int) -> list[Entry]:
        """A year: of each source what its bill says, where there is one, else what the operation has."""
        billed = {entry.source for entry in self.entries if entry.year == year and entry.kind == BILLS}
        operated = [entry for entry in self.of(year, OPERATION) if entry.kind != OPERATION or entry.source not in billed]
        return [*(entry for entry in self.of(year, BILLS) if entry.kind == BILLS), *operated]

    def differences(self) -> list[tuple[Entry, Entry]]:
        """(bill, operation) of the base year by supply, where there are both."""
        modelled = {e.source: e for e in self.of(self.base_year, OPERATION) if e.kind == OPERATION}
        bills = [e for e in self.of(self.base_year, BILLS) if e.kind == BILLS]
        return [(bill, modelled[bill.source]) for bill in bills if bill.source in modelled]


def inventory(case: Case) -> Inventory:
    """The inventory of a park. Raises CaseError where neither the operation of the base year nor a bill tells anything."""
    base = case.park.base_year
    counted = _calorific(case)
    supplies = [s.model_copy(update={"tce_per_mwh": counted.get(s.supply, s.tce_per_mwh)}) for s in case.supplies]
    case = case.model_copy(update={"supplies": tuple(supplies)})
    inputs = resolve_existing(case)
    entries = _billed(case)
    lacking, money = "", dict[tuple[str, ...], tuple[str, Paid]]()
    try:
        dispatch = operate_base_year(case).dispatch
        entries += _operated(inputs, dispatch, base)
        money = payments(case, inputs, dispatch, base)
    except CaseError as error:
        lacking = error.complaints[0].split("is left out, and ")[-1].removesuffix("; give the figure")
        if not entries:
            raise CaseError.because(
                "{park}: has no inventory of {base}: {lacking}; state bills.csv", park=case.park.name, base=base, lacking=lacking
            ) from error
    years = sorted({base, *(entry.year for entry in entries)})
    for name in dict.fromkeys(row.source for row in case.process_emissions):
        rows = [row for row in case.process_emissions if row.source == name]
        values = over_years(((row.year, row.value * yearly_factor(row.unit, "t")) for row in rows), years)
        entries += [Entry(y, name, PROCESS, "", rows[0].scope, 0.0, 0.0, values[y], values[y]) for y in years]
    stated = case.park.base_emissions
    return Inventory(base, case.park.accounting, tuple(entries), stated, lacking, money, case.park.currency, counted)


def _calorific(case: Case) -> dict[str, float]:
    """Coal equivalent (tce/MWh) by grid of electricity that states none: the calorific value, as the catalogue has it."""
    wanted = [s.supply for s in case.supplies if (s.kind, s.carrier, s.tce_per_mwh) == ("grid", "electricity", None)]
    found = calorific(read_catalogue(None, Complaints())) if wanted else None
    return dict.fromkeys(wanted, float(found.get("tce_per_mwh"))) if found is not None else {}


def _operated(inputs: Inputs, dispatch: pd.DataFrame, year: int) -> list[Entry]:
    supplies, found = inputs.supplies, []
    for s in supplies.supplies:
        if supplies.carrier[s] == "co2":
            continue
        energy, out = net_imports(dispatch, s)
        if energy == 0.0 and out == 0.0:
            continue
        bought = dispatch[(dispatch["name"] == s) & (dispatch["flow"] == "import")]
        weighed = (bought["value"] * bought["weight"]).to_numpy()
        location, market = (float(weighed @ supplies.hourly_factor(s, year, basis, len(weighed))) for basis in BASES)
        tce = (energy - out) * supplies.tce.get(s, 0.0)
        found.append(Entry(year, s, OPERATION, supplies.carrier[s], supplies.scope.get(s, 0), energy - out, tce, location, market))
    green = dispatch[
        dispatch["name"].isin(list(inputs.conversion.green)) & (dispatch["flow"] == "out") & (dispatch["carrier"] == "electricity")
    ]
    for k, rows in green.groupby("name", observed=True):
        energy = float((rows["value"] * rows["weight"]).sum())
        if energy > 0:
            found.append(Entry(year, str(k), OWN, "electricity", 0, energy, energy * supplies.tce_electricity, 0.0, 0.0))
    return found


def _billed(case: Case) -> list[Entry]:
    base, found = case.park.base_year, []
    rows = [bill for bill in case.bills if base - BEFORE <= bill.year <= base]
    supplies = {supply.supply: supply for supply in case.supplies}
    for bill in rows:
        supply = supplies[bill.supply]
        energy = bill.value * yearly_factor(bill.unit, "MWh")
        location, market = (energy * _factor(case, bill, basis) for basis in BASES)
        tce = energy * (supply.tce_per_mwh or 0.0)
        found.append(
            Entry(bill.year, bill.supply, BILLS, supply.carrier, supply.scope or 0, energy, tce, location, market, bill.cost)
        )
    return found


def _factor(case: Case, bill: Bill, basis: str) -> float:
    """The factor of a supply in the year of a bill [t/MWh]; 0 of what is biogenic."""
    rows = [row for row in case.emission_factors if row.supply == bill.supply and row.basis in ("", basis)]
    if not rows or rows[0].biogenic:
        return 0.0
    return over_years(((row.year, row.value * factor(row.unit, "t/MWh")) for row in rows), [bill.year])[bill.year]


# --- tables and remarks ----------------------------------------------------------------------------------------------------
# The inventory as a table for people, and as CSV.

COLUMNS = ("year", "kind", "source", "carrier", "scope", "energy_mwh", "tce", "location_t", "market_t", "cost")
KINDS = {OPERATION: mark("operation"), BILLS: mark("bills"), PROCESS: mark("process"), OWN: mark("made here")}


def inventory_csv(inventory: Inventory) -> str:
    """Every entry as a row."""
    rows = []
    for e in sorted(inventory.entries, key=lambda e: (e.year, e.kind, e.source)):
        figures = [f"{value:.10g}" for value in (e.energy, e.tce, e.location, e.market)]
        cost = "" if e.cost is None else f"{e.cost:.10g}"
        cells = (str(e.year), e.kind, e.source, e.carrier, str(e.scope or ""), *figures, cost)
        rows.append(dict(zip(COLUMNS, cells, strict=True)))
    return csv_text(COLUMNS, rows)


def inventory_tables(inventory: Inventory, language: Language) -> list[Table]:
    """A table a year: its sources with energy and emissions on both bases, and their sums."""
    say, tables = language.translate, []
    for year in inventory.years:
        entries = inventory.best(year)
        title = say("Inventory of {year}", year=year)
        heads = say("source"), say("from"), say("scope"), "MWh", "tce", say("t, location"), say("t, market")
        table = titled_table(title, heads, texts=(0, 1))
        for e in sorted(entries, key=lambda e: -e.location):
            figures = (language.number(v) for v in (e.energy, e.tce, e.location, e.market))
            table.add_row(plain(e.source), say(KINDS[e.kind]), str(e.scope or "–"), *figures)
        totals = (sum(getattr(e, name) for e in entries) for name in ("energy", "tce", "location", "market"))
        table.add_row(say("sum"), "", "", *(language.number(v) for v in totals), style="bold")
        tables.append(table)
    return tables


def remarks(inventory: Inventory, language: Language) -> list[str]:
    """What the bills and the operation, and the stated base emissions and the inventory, say of each other."""
    say, lines = language.translate, []
    if inventory.lacking:
        lines.append(say("The base year could not be operated: {why}", why=inventory.lacking))
    words = mark("{source}: states no coal equivalent; {tce} tce/MWh, the calorific value of electricity, is counted here")
    told = {entry.source for entry in inventory.entries}
    lines += [say(words, source=name, tce=f"{tce:.4g}") for name, tce in inventory.calorific.items() if name in told]
    both = {bill.source: (bill, modelled) for bill, modelled in inventory.differences()}
    words = mark("{source}: {billed} MWh on the bills, {modelled} MWh as operated ({apart})")
    for name, (bill, modelled) in both.items():
        apart = (modelled.energy - bill.energy) / bill.energy if bill.energy else 0.0
        lines.append(_pointed(language, words, apart, source=name, billed=bill.energy, modelled=modelled.energy))
    lines += _in_place(inventory, language)
    for names, (title, payment) in inventory.paid.items():
        pairs = [both[name] for name in names if name in both and both[name][0].cost is not None]
        if len(pairs) == len(names):
            lines += _money(title, pairs, payment, inventory, language)
    gross = sum(getattr(e, inventory.accounting) for e in inventory.best(inventory.base_year))
    if inventory.stated:
        apart, words = gross / inventory.stated - 1, mark("base_emissions states {stated} t, the inventory has {gross} t ({apart})")
        lines.append(_pointed(language, words, apart, stated=inventory.stated, gross=gross))
    return lines


def _pointed(language: Language, words: str, apart: float, most: float = APART, why: Message | None = None, **values: Any) -> str:
    """A line on two figures; where they are further apart than `most` it is pointed at, with what may explain it."""
    numbers = {key: language.number(v) if isinstance(v, float) else v for key, v in values.items()}
    text = language.translate(words, apart=f"{apart:+.1%}", **numbers)
    if abs(apart) <= most:
        return text
    if why is None:
        return language.translate("look at this: {sentence}", sentence=text)
    return language.translate("look at this: {sentence}; {why}", sentence=text, why=language.tell(why))


def _in_place(inventory: Inventory, language: Language) -> list[str]:
    """What to write where one supply is operated more than its bill says, and another less: the cheaper one runs first."""
    apart = {bill: modelled.energy / bill.energy - 1 for bill, modelled in inventory.differences() if bill.energy > 0}
    more, less = [bill for bill, a in apart.items() if a > APART], [bill for bill, a in apart.items() if a < -APART]
    words = mark(
        "if {more} and {less} serve the same demand, the cheaper one runs first: max_import_year = {energy} of {more} in "
        "supplies.csv holds it to its bill"
    )
    pairs = [(one, other) for one in more for other in less[:1] if one.carrier != "electricity"]
    return [language.translate(words, more=a.source, less=b.source, energy=f"{a.energy:.0f}") for a, b in pairs]


def _money(title: str, pairs: Sequence[tuple[Entry, Entry]], payment: Paid, inventory: Inventory, language: Language) -> list[str]:
    """What bills cost, beside what the operation pays by part, and what may explain the difference; `pairs`: bill, operation."""
    say, billed = language.translate, sum(bill.cost or 0.0 for bill, _ in pairs)
    if payment.total <= 0:
        return []
    parts = say("; ").join(f"{say(PARTS[name])} {language.number(value)}" for name, value in payment.parts.items())
    words = mark("{source}: {billed} {currency} on the bills, {modelled} as operated ({apart} on the bills): {parts}")
    energy, modelled = sum(bill.energy for bill, _ in pairs), sum(own.energy for _, own in pairs)
    why = explained(billed, payment, energy / modelled if modelled > 0 else 1.0, pairs[0][0].carrier, inventory.currency)
    values = {"source": title, "billed": billed, "modelled": payment.total, "currency": inventory.currency, "parts": parts}
    return [_pointed(language, words, billed / payment.total - 1, MONEY_APART, why, **values)]


def show_baseline(park: Path, out: Path | None, replace: bool, language: str | None) -> None:
    """Energy (tce) and emissions of the base year by source, on both bases, against the bills of bills.csv.

    Example: plan check --baseline mypark --out baseline.csv
    """
    spoken, case = choose_language(language), read_case(named(park))
    for warning in case.warnings:
        tell(spoken.translate("warning: {warning}", warning=spoken.tell(warning)))
    found = inventory(case)
    for table in inventory_tables(found, spoken):
        stdout.print(table)
    for line in remarks(found, spoken):
        tell(line, stdout)
    if out is not None:
        tell(str(write_text(out, inventory_csv(found), replace)), stdout)
