r"""Bills taken into a park: rows of bills.csv and prices.csv, and a demand through the plant that it is served by.

.. math::
    Q = \theta \sum_m a_m \qquad C = \frac{1}{1 + \tau} \sum_m c_m \qquad p = C / Q \qquad D = \eta Q, \quad \eta = r_{out} / r_{in}

a, c  amount and money of a month, as billed     θ  MWh in the unit of the amounts       τ  VAT in the money, 0 without
r     ratios of the ports of the plant  MWh/MWh  p  mean price of the year  money/MWh    D  energy that the plant served  MWh
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.table import Table

from models.errors import CaseError
from planner.importers.bill_tables import Asked, Billed, Multiplier, amount_of, read_billed
from planner.importers.dialect import Answers, fault_of
from planner.importers.profile import DEMAND, DEMAND_KEY, Profile, Proposal, TableRows, Told
from planner.importers.shapes import DEGREES, KINDS, shape_profile
from planner.importers.source import read_source
from planner.importers.subjects import AnswerKey
from planner.importers.write import Unfinished, read_unfinished, weekday_of_park
from planner.language.language import Language, choose_language, mark
from planner.language.message import Message
from planner.language.terminal import titled_table
from planner.language.words import plain

BILLS, PRICES = "bills.csv", "prices.csv"
BILL_KEY, PRICE_KEY = ("supply", "year"), ("supply", "item", "year")
#: Carriers that are demanded as they are bought, where no plant is named.
DIRECT = ("electricity", "steam", "heat", "cooling", "hydrogen")
#: Currencies of countries that have no value-added tax.
UNTAXED = ("USD",)


@dataclass(frozen=True)
class Taken:
    """Bills as a park has them: energy [MWh] and money of each month, how they were converted, and what is written."""

    year: int
    amount: Multiplier
    energy: np.ndarray
    money: np.ndarray | None
    said: tuple[Message, ...]
    bill: dict[str, object]
    price: dict[str, object] | None = None
    profile: Profile | None = None


def taken(billed: Billed, wanted: Answers, case: Unfinished, file: Path, told: Told) -> Taken:
    """What bills come to in a park. Raises CaseError with what has to be said."""
    supply = case.supply(wanted.supply)
    year = billed.year or case.park.base_year
    if billed.year is None:
        told.ask("year", year, mark("{file}: of which year it is is not told; say --year"), file=file)
    amount = amount_of(billed.unit, supply.carrier, billed.texts, wanted.heating, wanted.content)
    energy = billed.amounts * amount.times
    if energy.sum() <= 0 or energy.min() < 0:
        raise CaseError.because("{file}: its amounts are 0 or below it", file=file)
    said = [*billed.said, *amount.why]
    if (column := billed.spent) is not None and column.currency not in ("", case.park.currency):
        words = mark("{file}: column {column}: is in {own}, the park's money is {currency}")
        raise CaseError.because(words, file=file, column=repr(column.heading), own=column.currency, currency=case.park.currency)
    money = told.or_ask("vat", 0.13, billed.money, lambda: _money(billed, wanted, case.park.currency, file, said))
    total = float(energy.sum())
    source = f"bills {file.name}"
    bill: dict[str, object] = {"supply": wanted.supply, "year": year, "value": f"{total:.3f}", "unit": "MWh", "source": source}
    price = None
    if money is not None:
        bill["cost"] = f"{money.sum():.2f}"
    if wanted.price:
        if money is None:
            raise CaseError.because("{file}: no column holds money, so there is no price; say --cost", file=file)
        mean = {"value": f"{money.sum() / total:.6g}", "unit": f"{case.park.currency}/MWh", "source": f"{source}; mean of the year"}
        price = {"supply": wanted.supply, "item": "energy", "year": year, **mean}
    profile = None
    if wanted.demand:
        carrier, efficiency = _served(case, supply.carrier, wanted, said)
        served, weekday, name = list(energy * efficiency), case.park.first_weekday, wanted.demand
        profile = shape_profile(wanted.shape, year, wanted.holidays, weekday, None, None, served, name, carrier, Told())
    return Taken(year, amount, energy, money, tuple(said), bill, price, profile)


def _money(billed: Billed, wanted: Answers, currency: str, file: Path, said: list[Message]) -> np.ndarray | None:
    """The money of the bills without VAT. Raises CaseError where VAT is in it and its rate is not known."""
    if billed.money is None or billed.spent is None:
        return None
    column = billed.spent
    if column.basis == "net":
        said.append(Message("money is {column}, without VAT", column=column.heading))
        return billed.money
    rate = wanted.vat if wanted.vat is not None else column.tax
    if rate is None and column.basis == "gross":
        words = mark("{file}: column {column}: holds VAT; say its rate, e.g. --vat 0.13, or --vat 0 if the park cannot deduct it")
        raise CaseError.because(words, file=file, column=repr(column.heading))
    if rate is None:
        if column.currency not in UNTAXED:
            said.append(
                Message("look at this: whether {column} holds VAT is not said; if it does, say --vat 0.13", column=column.heading)
            )
        return billed.money
    said.append(Message("money is {column}; VAT of {rate} was taken off", column=column.heading, rate=f"{rate:.3g}"))
    return billed.money / (1 + rate)


def _served(case: Unfinished, carrier: str, wanted: Answers, said: list[Message]) -> tuple[str, float]:
    """(carrier, MWh of it by MWh billed) of the demand. Raises CaseError where the plant is not clear."""
    if not wanted.by and carrier in DIRECT:
        return carrier, 1.0
    takes = {p.type: p.ratio for p in case.ports if p.carrier == carrier and p.direction == "in"}
    plants = [t for t in case.technologies if t.type_name in takes and (t.existing > 0 or t.technology == wanted.by)]
    found = [t for t in plants if t.technology == wanted.by] if wanted.by else plants
    if len(found) != 1:
        names = ", ".join(t.technology for t in plants) or "–"
        raise CaseError.because("--by: say which plant is served by {carrier}; there are {names}", carrier=carrier, names=names)
    plant = found[0]
    outs = [p for p in case.ports if p.type == plant.type_name and p.direction == "out" and p.carrier != "co2"]
    if len(outs) != 1:
        raise CaseError.because(
            "--by {plant}: makes {count} carriers; state the demands of each by hand", plant=plant.technology, count=len(outs)
        )
    efficiency = outs[0].ratio / takes[plant.type_name]
    words = mark("{plant} makes {share} MWh of {carrier} of one")
    said.append(Message(words, plant=plant.technology, share=f"{efficiency:.4g}", carrier=outs[0].carrier))
    return outs[0].carrier, efficiency


def read_bill(file: Path, a: Answers, told: Told) -> Proposal:
    """The bills of a file, with what is made of them. Raises CaseError with all that has to be said."""
    kinds = tuple(kind for kind in KINDS if kind not in DEGREES)
    faults = fault_of(AnswerKey("shape", "", choices=kinds), a.shape)
    if a.vat is not None and not 0 <= a.vat < 1:
        faults.append(Message("--vat {vat}: is no share from 0 to 1; write 0.13 for 13 %", vat=f"{a.vat:g}"))
    if a.by and not a.demand:
        faults.append(Message("--by: says what serves a demand; say --demand, too"))
    if faults:
        raise CaseError(faults)
    weekday_of_park(a.park)
    with told.asking():
        billed = read_billed(read_source(file, sheet=a.sheet), Asked(a.column, a.cost, a.unit, a.year, a.decimal), told)
        found = taken(billed, a, read_unfinished(a.park), file, told)
    for line in found.said:
        told.say(line)
    rows = [TableRows(BILLS, BILL_KEY, [found.bill])] + ([TableRows(PRICES, PRICE_KEY, [found.price])] if found.price else [])
    profiles = [] if found.profile is None else [found.profile]
    rows += [TableRows(DEMAND, DEMAND_KEY, [profile.demand]) for profile in profiles]
    return Proposal(a.supply, told, profiles, rows, _table(found, billed.amounts.tolist(), choose_language(a.language)))


def _table(taken: Taken, amounts: list[float], language: Language) -> Table:
    """Months with what was billed, its energy and its money; the sum below."""
    say = language.translate
    title = say("Bills of {supply}, {year}", supply=str(taken.bill["supply"]), year=taken.year)
    heads = say("month"), plain(taken.amount.unit), "MWh", *([say("cost")] if taken.money is not None else [])
    table = titled_table(title, heads)
    money = [] if taken.money is None else taken.money.tolist()
    for i, (amount, energy) in enumerate(zip(amounts, taken.energy.tolist(), strict=True)):
        month = str(i + 1) if len(amounts) > 1 else str(taken.year)
        table.add_row(month, language.amount(amount), language.amount(energy), *(language.number(m) for m in money[i : i + 1]))
    if len(amounts) > 1:
        sums = [language.amount(sum(amounts)), language.amount(float(taken.energy.sum()))]
        table.add_row(say("sum"), *sums, *([language.number(sum(money))] if money else []), style="bold")
    return table
