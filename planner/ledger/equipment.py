"""Equipment in operation: converters, stores, capture plants and links run within what stands and as their type says."""

from __future__ import annotations

import numpy as np

from models.case import EquipmentType
from models.message import Message
from planner.ledger.compare import TOLERANCE, YEARLY
from planner.ledger.figures import CO2, ELECTRICITY, Figures
from planner.ledger.flows import LedgerYear
from planner.ledger.hours import column_of

AIR = "air"


def ratios(year: LedgerYear, technology: str) -> dict[tuple[str, str], np.ndarray]:
    """Ratio of each port in every hour."""
    ports, profiles = year.figures.ports[technology], year.figures.port_profiles[technology]
    return {key: ratio * year.hours.profile(profiles[key]) for key, ratio in ports.items()}


def activity_of(year: LedgerYear, technology: str) -> np.ndarray:
    """Activity of a converter or a capture plant in every hour, told by its first port that flows.

    Where none does in an hour, its least is taken: no flow and no cost tells of more.
    """
    row = year.figures.technologies[technology]
    least = 0.0 if row.profile else year.figures.types[row.type_name].min_load
    activity = np.full(year.hours.count, least * year.capacity.get(technology, 0.0))
    is_told = np.zeros(year.hours.count, dtype=bool)
    for (direction, carrier), ratio in ratios(year, technology).items():
        tells = ~is_told & (ratio > 0) & (direction == "out" or carrier not in year.figures.beside[technology])
        activity[tells] = year.flow(direction, technology, carrier)[tells] / ratio[tells]
        is_told |= tells
    return activity


def check_converters(year: LedgerYear) -> None:
    """Ports flow in their ratios; activity is between the minimum load and what capacity and weather allow."""
    for k, kind in year.figures.of_role("converter").items():
        capacity, profile = year.capacity.get(k, 0.0), year.figures.technologies[k].profile
        activity = activity_of(year, k)
        _check_ports(year, k, activity)
        most = year.hours.profile(profile) * capacity
        year.book.at_most_hours("activity within capacity and availability", year.y, k, activity, most, scale=capacity)
        if not profile and not year.figures.is_committed(k):
            year.book.at_most_hours("minimum load within activity", year.y, k, kind.min_load * capacity - activity, 0.0, capacity)
        out = next((ratio for (d, _), ratio in ratios(year, k).items() if d == "out"), None)
        if profile and out is not None:
            unused = np.maximum(most - activity, 0.0) * out
            year.book.equal_hours("curtailed power", year.y, k, year.flow("curtailed", k), unused, scale=capacity)


def _check_ports(year: LedgerYear, k: str, activity: np.ndarray) -> None:
    for (direction, carrier), ratio in ratios(year, k).items():
        quantity = Message("flow of {carrier} {direction}", carrier=carrier, direction=direction)
        if direction == "in" and carrier in year.figures.beside[k]:
            _check_beside(year, quantity, k, carrier, ratio * activity)
            continue
        year.book.equal_hours(
            quantity,
            year.y,
            k,
            year.flow(direction, k, carrier),
            ratio * activity,
            scale=float(ratio.max()) * year.capacity.get(k, 0.0),
        )


def _check_beside(year: LedgerYear, quantity: Message, k: str, carrier: str, taken: np.ndarray) -> None:
    """What flows in is that of the activity, of what is on and of what starts: at least what more is on than in the hour before, at
    most all that is on."""
    no_load, per_start = year.figures.beside[k][carrier]
    on, flow = year.flow("online", k), year.flow("in", k, carrier)
    running, scale = taken + no_load * on, year.capacity.get(k, 0.0)
    least = running + per_start * np.maximum(on - on[year.hours.before], 0.0)
    year.book.at_most_hours(quantity, year.y, k, least, flow, scale=scale)
    year.book.at_most_hours(quantity, year.y, k, flow, running + per_start * on, scale=scale)


def check_stores(year: LedgerYear) -> None:
    """What is held follows from the hour before; it and the power stay within what stands."""
    for s, kind in year.figures.of_role("store").items():
        capacity = year.capacity.get(s, 0.0)
        charge, discharge, held = (year.flow(flow, s) for flow in ("charge", "discharge", "held"))
        if not kind.power_type:
            power = capacity / kind.full_power_hours
            year.book.at_most_hours("charge and discharge within power", year.y, s, charge + discharge, power, scale=power)
        most = year.figures.technologies[s].max_cycles
        if most is not None:
            total, scale = year.hours.total(discharge), 8760 * capacity
            year.book.at_most("discharge within max_cycles (MWh)", year.y, s, total, most * capacity, scale, noise=YEARLY)
        gain = kind.charge_efficiency * charge - discharge / kind.discharge_efficiency
        inflow = _inflow(year, s)
        if kind.seasonal and len(year.hours.of_day):
            _check_seasonal(year, s, kind, held, gain, inflow)
            continue
        kept = (1 - kind.standing_loss) * held[year.hours.before]
        _check_held(year, Message("energy held (MWh)"), s, held, kept + gain, inflow)
        _check_level(year, s, kind, held)
        if kind.initial_level is not None and year.hours.is_year:
            ends = np.flatnonzero(np.roll(year.hours.before, -1) != np.arange(year.hours.count))
            last = held[ends if len(ends) else [-1]]
            given = np.full(len(last), kind.initial_level * capacity)
            year.book.equal_hours("energy held at the end (MWh)", year.y, s, last, given, scale=capacity)
    _check_power(year)


def _check_level(year: LedgerYear, s: str, kind: EquipmentType, held: np.ndarray) -> None:
    """What is held is between the least level and the capacity."""
    capacity = year.capacity.get(s, 0.0)
    year.book.at_most_hours("energy held within capacity (MWh)", year.y, s, held, capacity, scale=capacity)
    year.book.at_most_hours("energy held below the least (MWh)", year.y, s, kind.min_level * capacity - held, 0.0, scale=capacity)


def _check_power(year: LedgerYear) -> None:
    """Stores of a zone whose type names the same power charge and discharge within what stands of it there."""
    figures = year.figures
    used: dict[tuple[str, str], np.ndarray] = {}
    for s, kind in figures.of_role("store").items():
        if kind.power_type:
            place = kind.power_type, figures.technologies[s].zone
            used[place] = used.get(place, 0.0) + year.flow("charge", s) + year.flow("discharge", s)
    for (power_type, zone), power in used.items():
        own = [k for k, t in figures.technologies.items() if (t.type_name, t.zone) == (power_type, zone)]
        stands = sum(year.capacity.get(k, 0.0) for k in own)
        name = f"{power_type} in {zone}"
        year.book.at_most_hours("charge and discharge within power", year.y, name, power, stands, scale=stands)


def _inflow(year: LedgerYear, s: str) -> np.ndarray:
    """What flows into a store in every hour (MW)."""
    row, figures = year.figures.technologies[s], year.figures
    if not row.inflow:
        return np.zeros(year.hours.count)
    shape = year.hours.profile(row.inflow_profile)
    total = year.hours.total(shape)
    if not year.hours.is_year:
        own = figures.case.profiles[column_of(figures.case, row.inflow_profile, year.y)] if row.inflow_profile else np.ones(1)
        total = 8760 * float(own.mean())
    return row.inflow * shape / total


def _check_held(year: LedgerYear, about: Message, s: str, held: np.ndarray, found: np.ndarray, inflow: np.ndarray) -> None:
    """What is held is what is found; with an inflow it may be less, by what is spilled."""
    capacity = year.capacity.get(s, 0.0)
    if inflow.any():
        year.book.at_most_hours(about, year.y, s, held, found + inflow, scale=capacity)
    else:
        year.book.equal_hours(about, year.y, s, held, found, scale=capacity)


def _check_seasonal(year: LedgerYear, s: str, kind: EquipmentType, held: np.ndarray, gain: np.ndarray, inflow: np.ndarray) -> None:
    """`held` is what the day has gained so far; seasonal.csv tells what each calendar day began with."""
    capacity, of_day = year.capacity.get(s, 0.0), year.hours.of_day
    gained, gains = held.reshape(-1, 24), gain.reshape(-1, 24)
    before = np.hstack([np.zeros((len(gained), 1)), gained[:, :-1]])
    found = (1 - kind.standing_loss) * before + gains
    _check_held(year, Message("energy gained in a day (MWh)"), s, gained.ravel(), found.ravel(), inflow)
    rows = year.tables["seasonal"]
    start = rows[rows["technology"] == s].sort_values("day")["held"].to_numpy()
    if len(start) != len(of_day):
        if gained.any():
            year.book.equal("days of a seasonal store", year.y, s, len(start), len(of_day))
        return
    kept = (1 - kind.standing_loss) ** np.arange(1, 25)
    within = start[:, None] * kept + gained[of_day]
    year.book.equal_hours("energy held as a day begins (MWh)", year.y, s, np.roll(start, -1), within[:, -1], scale=capacity)
    _check_level(year, s, kind, within.ravel())
    if kind.initial_level is not None:
        year.book.equal("energy held at the end (MWh)", year.y, s, float(start[0]), kind.initial_level * capacity)


def check_captures(year: LedgerYear) -> None:
    """What is captured is within the plant and within what the sources give off; the ports follow it."""
    figures = year.figures
    taken: dict[str, np.ndarray] = {}
    for k in figures.of_role("capture"):
        captured = np.zeros(year.hours.count)
        for c in (c for c in figures.case.captures if c.technology == k):
            of_source = year.flow("captured", f"{k} from {c.source}")
            captured = captured + of_source
            taken[c.source] = taken.get(c.source, np.zeros(year.hours.count)) + of_source / c.rate
        capacity = year.capacity.get(k, 0.0)
        _check_ports(year, k, captured)
        year.book.at_most_hours("capture within capacity (t/h)", year.y, k, captured, capacity, scale=capacity)
    for q, needed in taken.items():
        if q != AIR:
            given_off = flue_gas(year, q)
            largest = float(given_off.max())
            year.book.at_most_hours("capture within what a source gives off (t/h)", year.y, q, needed, given_off, scale=largest)


def flue_gas(year: LedgerYear, source: str) -> np.ndarray:
    """CO2 that a source gives off in every hour (t/h)."""
    if source in year.figures.technologies:
        found = np.zeros(year.hours.count)
        for carrier, per_activity in carbon_burnt(year, source).items():
            found += per_activity / year.figures.ports[source]["in", carrier] * year.flow("in", source, carrier)
        return found
    return np.full(year.hours.count, year.figures.process[source][year.y] / 8760)


def carbon_burnt(year: LedgerYear, technology: str) -> dict[str, float]:
    """CO2 of each fuel that goes in, per activity, its profile left out (t/MWh)."""
    figures, found = year.figures, {}
    for (direction, carrier), ratio in figures.ports[technology].items():
        fuel = fuel_of(figures, carrier)
        if direction == "in" and fuel:
            found[carrier] = ratio * figures.carbon_content(fuel, figures.park.accounting)[0].get(year.y, 0.0)
    return found


def fuel_of(figures: Figures, carrier: str) -> str:
    """The first supply of scope 1 that a carrier is bought from; empty where there is none."""
    return next((s.supply for s in figures.case.supplies if s.carrier == carrier and s.scope == 1 and s.can_import), "")


def captured_of(year: LedgerYear) -> dict[str, float]:
    """Tonnes captured of each source in the year."""
    found: dict[str, float] = {}
    for c in year.figures.case.captures:
        tonnes = year.total("captured", [f"{c.technology} from {c.source}"])
        found[c.source] = found.get(c.source, 0.0) + tonnes
    return found


def check_links(year: LedgerYear) -> None:
    """Each direction is within the capacity, and delivers what is sent less the loss."""
    for link in year.figures.case.links:
        capacity = year.capacity.get(link.link, 0.0)
        for start, end in ((link.from_zone, link.to_zone), (link.to_zone, link.from_zone)):
            sent = year.flow("sent", link.link, zone=start)
            arrived = year.flow("arrived", link.link, zone=end)
            name = f"{link.link} from {start}"
            year.book.at_most_hours("sent within capacity", year.y, name, sent, capacity, scale=capacity)
            year.book.equal_hours("arrived", year.y, name, arrived, (1 - link.loss) * sent, scale=capacity)


def electricity_made(year: LedgerYear, green_only: bool = False) -> float:
    """Electricity of converters in the year (MWh): all, or that of green technologies."""
    names = [k for k, kind in year.figures.of_role("converter").items() if kind.green or not green_only]
    return year.total("out", names, ELECTRICITY)


def check_sinks(year: LedgerYear) -> None:
    """All that is captured leaves the park: what sinks take is what was captured."""
    captured = sum(captured_of(year).values())
    sinks = [s.supply for s in year.figures.case.supplies if s.carrier == CO2]
    if captured > TOLERANCE and not any(link.carrier == CO2 and link.loss for link in year.figures.case.links):
        year.book.equal("captured CO2 that is stored (t)", year.y, "all sinks", year.total("export", sinks), captured, noise=YEARLY)
