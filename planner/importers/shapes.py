r"""Bills as demands and prices, with shapes of known kinds of users: bills say how much, the shape says when.

Shifts and offices are rules of this project, to be replaced by a meter where there is one. BDEW's standard load profiles
come from demandlib. Space heat and cooling follow the degrees of a weather file. A holiday is like a Sunday; a weekend day
that China's calendar makes a workday is like a Monday.

.. math::
    Q = \theta \sum_m a_m \qquad C = \frac{1}{1 + \tau} \sum_m c_m \qquad p = C / Q \qquad D = \eta Q, \quad \eta = r_{out} / r_{in}

a, c  amount and money of a month, as billed     θ  MWh in the unit of the amounts       τ  VAT in the money, 0 without
r     ratios of the ports of the plant  MWh/MWh  p  mean price of the year  money/MWh    D  energy that the plant served  MWh
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from dateutil.easter import easter
from rich.table import Table

from models.errors import CaseError
from planner.importers.bills import Asked, Billed, read_billed
from planner.importers.commands import check_output, weekday_of
from planner.importers.dialect import Answers, fault_of
from planner.importers.profile import DEMAND, DEMAND_KEY, HOURS, Profile, Proposal, Recognised, TableRows, Told, demand_row
from planner.importers.quantities import amount_of, read_unit
from planner.importers.series import MOST, Series
from planner.importers.source import number_of, read_source
from planner.importers.subjects import AnswerKey
from planner.importers.times import zone_of
from planner.importers.weather import Weather, place_of, read_years
from planner.importers.words import DATA
from planner.importers.write import Unfinished, read_unfinished, weekday_of_park
from planner.importers.year import Chosen, on_calendar, tell_calendar
from planner.language.language import Language, choose_language, mark
from planner.language.message import Message
from planner.language.terminal import titled_table
from planner.language.words import plain
from planner.park.complaints import is_no

#: Standard load profiles of the BDEW: households, trade, farms.
BDEW = ("h0", "g0", "g1", "g2", "g3", "g4", "g5", "g6", "l0", "l1", "l2")
DEGREES = ("heating", "cooling")
KINDS = (*DATA["shapes"], *DEGREES, *(f"bdew-{name}" for name in BDEW))


@dataclass(frozen=True)
class Degrees:
    """Space heat below, or cooling above, a base temperature [°C], of the mean of some hours; a part is the same all year."""

    base: float
    floor: float = 0.0
    hours: int = 6


def shape_profile(
    kind: str,
    year: int,
    holidays: str,
    first_weekday: int | None,
    weather: Weather | None,
    degrees: Degrees | None,
    energies: Sequence[float],
    name: str,
    carrier: str,
    told: Told,
    read: Recognised | None = None,
) -> Profile:
    """The demand of a kind of user: 8,760 hours whose months, quarters, days or year have the energies given [MWh].

    energies has 12, 4, 365 or 366, or 1 values; none: the shape has a mean of 1 MW. `read` says how bills were read, which is
    told. Raises CaseError for an unknown year of holidays or a missing library.
    """
    start = date(year, 1, 1)
    days = (date(year + 1, 1, 1) - start).days
    if kind in DEGREES:
        assert weather is not None and degrees is not None
        values = _degrees(kind, weather, degrees, days)
    elif kind.startswith("bdew-"):
        values = _bdew(kind.removeprefix("bdew-"), year, days_off(year, holidays))
    else:
        values = shifts(kind, year, holidays)
    if kind in DATA["shapes"]:
        told.say(mark("The shape {kind} is a rule of this project; a meter is worth more."), kind=kind)
    values = values / values.mean() if not len(energies) else scaled(values, start, energies)
    chosen = Chosen(Series(np.datetime64(start, "s"), 60, values), str(year), year)
    first = start.weekday() if first_weekday is None else first_weekday
    tell_calendar(chosen, first, told)
    energy = float(values.mean()) * HOURS
    if len(energies):
        told.say(mark("Energy of {label}: {energy} MWh."), label=year, energy=f"{float(np.sum(energies)):,.1f}")
    row = demand_row(name, carrier, year, energy)
    facts: dict[str, object] = {"of": str(year), "kind": kind, "holidays": holidays, "energy_mwh": round(energy, 3)}
    hours = on_calendar(values, np.datetime64(start, "s"), 24, first)
    if read is not None:
        read.tell(hours, told)
        facts |= read.facts(hours)
    return Profile(name, hours, "MW", told, first, facts, row if len(energies) else {})


def days_off(year: int, holidays: str) -> dict[date, bool]:
    """Day -> True if it is like a Sunday, False if like a workday; days that are what their weekday says are left out.

    Raises CaseError without the extra, and where the holidays of the year are not known.
    """
    if holidays == "none":
        return {}
    if holidays == "de":
        return dict.fromkeys(german_holidays(year), True)
    try:
        import chinese_calendar
    except ImportError as error:
        raise CaseError.because('--holidays cn: needs the extra: pip install "parkzero[shapes]"') from error
    found: dict[date, bool] = {}
    for day in (date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)):
        try:
            is_off, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError as error:
            words = mark("--holidays cn: the holidays of {year} are not known yet; say --holidays none, or another --year")
            raise CaseError.because(words, year=year) from error
        if (is_off and name) or (not is_off and day.weekday() >= 5):
            found[day] = is_off
    return found


def german_holidays(year: int) -> list[date]:
    """The nine holidays of all of Germany."""
    moving = [easter(year) + timedelta(days=n) for n in (-2, 1, 39, 50)]
    return sorted([*moving, *(date(year, m, d) for m, d in ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26)))])


def shifts(kind: str, year: int, holidays: str) -> np.ndarray:
    """Levels of every hour of a year of 365 or 366 days: steps (hour, level) of a workday, a Saturday and a Sunday."""
    off, tables = days_off(year, holidays), []
    for steps in DATA["shapes"][kind]:
        starts, levels = zip(*steps, strict=True)
        tables.append(np.array(levels)[np.searchsorted(starts, np.arange(24), side="right") - 1])
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    return np.concatenate([tables[2 * off[day] if day in off else max(day.weekday() - 4, 0)] for day in days])


def _bdew(name: str, year: int, off: dict[date, bool]) -> np.ndarray:
    try:
        from demandlib import bdew
    except ImportError as error:
        raise CaseError.because('standard load profiles need the extra: pip install "parkzero[shapes]"') from error
    with warnings.catch_warnings():  # demandlib turns warnings into errors for good
        warnings.simplefilter("ignore")
        wanted = "h0_dyn" if name == "h0" else name
        table = bdew.ElecSlp(year, holidays=[day for day, is_off in off.items() if is_off]).get_profiles(wanted)
    return pd.Series(table.to_numpy(dtype=float).reshape(-1), table.index).resample("h").mean().to_numpy()


def _degrees(kind: str, weather: Weather, degrees: Degrees, days: int) -> np.ndarray:
    """Degrees below or above the base; a leap day has those of the day before."""
    air = weather.column("temp_air")
    felt = np.mean([np.roll(air, n) for n in range(degrees.hours)], axis=0)
    away = np.maximum(degrees.base - felt if kind == "heating" else felt - degrees.base, 0)
    if away.max() <= 0:
        words = {"source": weather.source, "base": f"{degrees.base:g}"}
        below, above = mark("{source}: no hour is below --base {base}"), mark("{source}: no hour is above --base {base}")
        raise CaseError.because(below if kind == "heating" else above, **words)
    values = away / away.mean() * (1 - degrees.floor) + degrees.floor
    return values if days == 365 else np.insert(values, 59 * 24, values[58 * 24 : 59 * 24])


def scaled(values: np.ndarray, start: date, energies: Sequence[float]) -> np.ndarray:
    """The shape with these energies [MWh] in the months, quarters, days or the whole of its year.

    Raises CaseError where there is energy in a span without any shape.
    """
    index = pd.date_range(start, periods=len(values), freq="h")
    spans = {1: np.zeros(len(values), dtype=int), 4: index.quarter.to_numpy() - 1, 12: index.month.to_numpy() - 1}.get(
        len(energies), index.dayofyear.to_numpy() - 1
    )
    if spans.max() + 1 != len(energies):
        words = mark("{count} amounts are none of a year of {days} days; 1, 4, 12 or {days} are needed")
        raise CaseError.because(words, count=len(energies), days=len(values) // 24)
    sums = np.bincount(spans, weights=values)
    empty = [i + 1 for i, (s, e) in enumerate(zip(sums, energies, strict=True)) if s <= 0 < e]
    if empty:
        words = mark("amount {number} of {count} is above 0 where the shape is 0 all the time; say another --base, or a --floor")
        raise CaseError.because(words, number=empty[0], count=len(energies))
    factors = np.divide(np.asarray(energies, dtype=float), sums, out=np.zeros(len(sums)), where=sums > 0)
    return values * factors[spans]


# --- a shape with bills ----------------------------------------------------------------------------------------------------


def read_bills(path: Path, asked: Asked, carrier: str, content: float | None, told: Told) -> tuple[Billed, list[float], str]:
    """(bills, their amounts in MWh, their carrier: steam or gas where they count it). Raises CaseError for an amount below 0."""
    billed = read_billed(read_source(path), asked, told)
    unit = read_unit(billed.unit)
    carrier = unit.content if unit is not None and unit.content and carrier == "electricity" else carrier
    amount = amount_of(billed.unit, carrier, billed.texts, "", content)
    amount.tell(told)
    if billed.amounts.min() < 0:
        raise CaseError.because("{path}: an amount is below 0", path=path)
    return billed, (billed.amounts * amount.times).tolist(), carrier


def read_shape(kind: str, a: Answers, told: Told) -> Proposal:
    """The demand of a kind of user with the energy of bills, or of a year. Raises CaseError with all that has to be said."""
    faults = [] if kind in KINDS else [is_no("kind", kind, Message("known shape"), KINDS)]
    if kind in DEGREES and a.weather is None:
        faults.append(Message("{kind}: follows the outside temperature; give a weather file with --weather", kind=kind))
    if a.bills is not None and a.energy:
        faults.append(Message("--bills, --energy: contradict each other; give one"))
    found = re.fullmatch(r"\s*([\d.]+)\s*(\S+)\s*", a.energy)
    said, amount = (read_unit(found[2]), number_of(found[1], "point")) if found else (None, None)
    if a.energy and (amount is None or said is None or said.is_rate or said.content):
        faults.append(Message("--energy {energy}: is no energy; write for example 12000MWh", energy=a.energy))
    elif amount is not None and said is not None and amount * said.size > MOST * HOURS:
        words = mark("--energy {energy}: is more than any park uses; at most {most} MWh")
        faults.append(Message(words, energy=a.energy, most=f"{MOST * HOURS:g}"))
    if faults:
        raise CaseError(faults)
    first, name, energies, read = weekday_of(a), a.name or kind, list[float](), None
    check_output(a, [name])
    carrier, year = a.carrier or {"heating": "heat", "cooling": "cold"}.get(kind, "electricity"), a.year
    with told.asking():
        if a.bills is not None:
            asked = Asked(a.column, "", a.unit, a.year, a.decimal, a.despite_heading)
            billed, energies, carrier = read_bills(a.bills, asked, carrier, a.content, told)
            read, year = Recognised(billed.unit, 0, (billed.decimal,)), a.year or billed.year
        elif amount is not None and said is not None:
            energies = [amount * said.size]
        if year is None:
            told.ask("year", 2025, mark("--year: is needed, since weekdays and holidays depend on it, e.g. --year 2025"))
    sky = None if a.weather is None else read_years([a.weather], "", zone_of(a.zone), None, False, told, place_of(a.park))[0]
    assert year is not None, "asked above"
    degrees = Degrees(a.base if a.base is not None else (15.0 if kind == "heating" else 20.0), a.floor)
    profile = shape_profile(kind, year, a.holidays, first, sky, degrees, energies, name, carrier, told, read)
    return Proposal(name, told, [profile])


# --- bills in a park -------------------------------------------------------------------------------------------------------

BILLS, PRICES = "bills.csv", "prices.csv"
BILL_KEY, PRICE_KEY = ("supply", "year"), ("supply", "item", "year")
#: Carriers that are demanded as they are bought, where no plant is named.
DIRECT = ("electricity", "steam", "heat", "cooling", "hydrogen")
#: Currencies of countries that have no value-added tax.
UNTAXED = ("USD",)


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
        asked = Asked(a.column, a.cost, a.unit, a.year, a.decimal, a.despite_heading)
        billed = read_billed(read_source(file, sheet=a.sheet), asked, told)
        case = read_unfinished(a.park)
        supply, currency = case.supply(a.supply), case.park.currency
        year = billed.year or case.park.base_year
        if billed.year is None:
            told.ask("year", year, mark("{file}: of which year it is is not told; say --year"), file=file)
        amount = amount_of(billed.unit, supply.carrier, billed.texts, a.heating, a.content)
        energy = billed.amounts * amount.times
        if energy.sum() <= 0 or energy.min() < 0:
            raise CaseError.because("{file}: its amounts are 0 or below it", file=file)
        amount.tell(told)
        money = told.or_ask("vat", 0.13, billed.money, lambda: _money(billed, a, currency, file, told))
        if a.price and money is None:
            raise CaseError.because("{file}: no column holds money, so there is no price; say --cost", file=file)
    total, source = float(energy.sum()), f"bills {file.name}"
    bill: dict[str, object] = {"supply": a.supply, "year": year, "value": f"{total:.3f}", "unit": "MWh", "source": source}
    rows, profiles = [TableRows(BILLS, BILL_KEY, [bill])], list[Profile]()
    if money is not None:
        bill["cost"] = f"{money.sum():.2f}"
    if a.price and money is not None:
        mean = {"value": f"{money.sum() / total:.6g}", "unit": f"{currency}/MWh", "source": f"{source}; mean of the year"}
        rows.append(TableRows(PRICES, PRICE_KEY, [{"supply": a.supply, "item": "energy", "year": year, **mean}]))
    if a.demand:
        carrier, efficiency = _served(case, supply.carrier, a, told)
        served, weekday = list(energy * efficiency), case.park.first_weekday
        profile = shape_profile(a.shape, year, a.holidays, weekday, None, None, served, a.demand, carrier, Told())
        profiles, rows = [profile], [*rows, TableRows(DEMAND, DEMAND_KEY, [profile.demand])]
    shown = _table(bill, amount.unit, [billed.amounts, energy, *([] if money is None else [money])], choose_language(a.language))
    return Proposal(a.supply, told, profiles, rows, shown)


def _money(billed: Billed, a: Answers, currency: str, file: Path, told: Told) -> np.ndarray | None:
    """The money of the bills without VAT. Raises CaseError where VAT is in it and its rate is not known, or where it is another."""
    column = billed.spent
    if billed.money is None or column is None:
        return None
    if column.currency not in ("", currency):
        words = mark("{file}: column {column}: is in {own}, the park's money is {currency}")
        raise CaseError.because(words, file=file, column=repr(column.heading), own=column.currency, currency=currency)
    rate = a.vat if a.vat is not None else column.tax
    if column.basis == "net":
        told.say(mark("money is {column}, without VAT"), column=column.heading)
        return billed.money
    if rate is None and column.basis == "gross":
        words = mark("{file}: column {column}: holds VAT; say its rate, e.g. --vat 0.13, or --vat 0 if the park cannot deduct it")
        raise CaseError.because(words, file=file, column=repr(column.heading))
    if rate is not None:
        told.say(mark("money is {column}; VAT of {rate} was taken off"), column=column.heading, rate=f"{rate:.3g}")
    elif column.currency not in UNTAXED:
        told.warn(mark("whether {column} holds VAT is not said; if it does, say --vat 0.13"), column=column.heading)
    return billed.money / (1 + (rate or 0.0))


def _served(case: Unfinished, carrier: str, a: Answers, told: Told) -> tuple[str, float]:
    """(carrier, MWh of it by MWh billed) of the demand. Raises CaseError where the plant is not clear."""
    if not a.by and carrier in DIRECT:
        return carrier, 1.0
    takes = {p.type: p.ratio for p in case.ports if p.carrier == carrier and p.direction == "in"}
    plants = [t for t in case.technologies if t.type_name in takes and (t.existing > 0 or t.technology == a.by)]
    found = [t for t in plants if t.technology == a.by] if a.by else plants
    if len(found) != 1:
        names = ", ".join(t.technology for t in plants) or "–"
        raise CaseError.because("--by: say which plant is served by {carrier}; there are {names}", carrier=carrier, names=names)
    plant = found[0]
    outs = [p for p in case.ports if p.type == plant.type_name and p.direction == "out" and p.carrier != "co2"]
    if len(outs) != 1:
        words = mark("--by {plant}: makes {count} carriers; state the demands of each by hand")
        raise CaseError.because(words, plant=plant.technology, count=len(outs))
    efficiency = outs[0].ratio / takes[plant.type_name]
    words = mark("{plant} makes {share} MWh of {carrier} of one")
    told.say(words, plant=plant.technology, share=f"{efficiency:.4g}", carrier=outs[0].carrier)
    return outs[0].carrier, efficiency


def _table(bill: dict[str, object], unit: str, columns: Sequence[np.ndarray], language: Language) -> Table:
    """Months with what was billed, its energy and its money; the sum below."""
    say, year = language.translate, bill["year"]
    title = say("Bills of {supply}, {year}", supply=str(bill["supply"]), year=year)
    tell = (language.amount, language.amount, language.number)
    table = titled_table(title, (say("month"), plain(unit), "MWh", *([say("cost")] if len(columns) > 2 else [])))
    for month, row in enumerate(np.array(columns).T.tolist(), start=1):
        shown = [own(value) for own, value in zip(tell, row, strict=False)]
        table.add_row(str(month) if len(columns[0]) > 1 else str(year), *shown)
    if len(columns[0]) > 1:
        sums = [own(float(column.sum())) for own, column in zip(tell, columns, strict=False)]
        table.add_row(say("sum"), *sums, style="bold")
    return table
