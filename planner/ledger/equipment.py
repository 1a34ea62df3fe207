"""Equipment in operation: converters, stores, capture plants and links run within what stands and as their type says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from models.case import Case, Chargers, EquipmentType, Session, Technology
from models.errors import Message
from models.units import factor
from planner.ledger.figures import CO2, ELECTRICITY, NOISE, TOLERANCE, YEARLY, Figures
from planner.ledger.flows import DAYS_OF_MONTH, LedgerYear, profile_in

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
    activity = least * year.capacity.get(technology, 0.0) * year.hours.profile(row.derating)
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
        activity, stands = activity_of(year, k), capacity * year.hours.profile(year.figures.technologies[k].derating)
        _check_ports(year, k, activity)
        most = year.hours.profile(profile) * stands
        year.book.at_most_hours("activity within capacity and availability", year.y, k, activity, most, scale=capacity)
        if not profile and not year.figures.is_committed(k):
            year.book.at_most_hours("minimum load within activity", year.y, k, kind.min_load * stands - activity, 0.0, capacity)
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
        total = 8760 * float(profile_in(figures.case, row.inflow_profile, year.y).mean())
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


# --- commitment ------------------------------------------------------------------------------------------------------------
# Commitment: what is on stands, what runs is on and above its minimum load, and changes within the ramp; outages are kept.


def check_commitment(year: LedgerYear) -> None:
    """Every committed plant, and every plant with an outage."""
    for k, row in year.figures.technologies.items():
        kind, capacity = year.figures.types[row.type_name], year.capacity.get(k, 0.0)
        _check_hours(year, k, row, kind.role, capacity)
        if kind.role == "store" or (kind.role == "converter" and row.profile):
            continue
        activity = captured_by(year, k) if kind.role == "capture" else activity_of(year, k)
        is_committed = year.figures.is_committed(k)
        if kind.outage:
            most, held = (1 - kind.outage) * 8760 * capacity, year.flow("online", k) if is_committed else activity
            year.book.at_most("work within what outages leave", year.y, k, year.hours.total(held), most, noise=YEARLY)
        if is_committed:
            _check_plant(year, k, activity, capacity)


def _check_hours(year: LedgerYear, k: str, row: Technology, role: str, capacity: float) -> None:
    """What is done in the year lies between the least and the most full-load hours."""
    if row.min_hours is None and row.max_hours is None:
        return
    done, scale = captured_by(year, k) if role == "capture" else activity_of(year, k), 8760 * capacity
    total = year.hours.total(done)
    if row.min_hours is not None:
        year.book.at_least("full-load hours of at least min_hours", year.y, k, total, row.min_hours * capacity, scale, noise=YEARLY)
    if row.max_hours is not None:
        year.book.at_most("full-load hours within max_hours", year.y, k, total, row.max_hours * capacity, scale, noise=YEARLY)


def _check_plant(year: LedgerYear, k: str, activity: np.ndarray, capacity: float) -> None:
    row = year.figures.technologies[k]
    kind = year.figures.types[row.type_name]
    book, y, on = year.book, year.y, year.flow("online", k)
    stands = capacity * year.hours.profile(row.derating)
    book.at_most_hours("capacity that is on within capacity", y, k, on, stands, scale=capacity)
    book.at_most_hours("activity within what is on", y, k, activity, on, scale=capacity)
    book.at_most_hours("minimum load of what is on within activity", y, k, kind.min_load * on, activity, scale=capacity)
    if kind.ramp is None:
        return
    begun, ended = started(year, k), started(year, k, stopped=True)
    stays, most = kind.ramp * (on - begun), max(kind.min_load, kind.ramp)
    change = activity - activity[year.hours.before]
    for name, moved, came, went in (("up", change, begun, ended), ("down", -change, ended, begun)):
        allowed = stays + most * came - kind.min_load * went
        book.at_most_hours(Message("change {name} within the ramp", name=name), y, k, moved, allowed, scale=capacity)


def started(year: LedgerYear, k: str, *, stopped: bool = False) -> np.ndarray:
    """Capacity that is started (or stopped) in every hour: by what more (or less) is on than in the hour before."""
    on = year.flow("online", k)
    change = on - on[year.hours.before]
    return np.maximum(-change if stopped else change, 0.0)


def captured_by(year: LedgerYear, k: str) -> np.ndarray:
    """All that a plant captures in every hour (t/h)."""
    sources = [c.source for c in year.figures.case.captures if c.technology == k]
    return sum((year.flow("captured", f"{k} from {q}") for q in sources), np.zeros(year.hours.count))


# --- vehicles --------------------------------------------------------------------------------------------------------------
# Vehicles: each row of sessions.csv is charged no earlier and no later than its vehicles can be, and with all that they need.
#
# Worked out from the clock times a second time: what a session has drawn at the earliest and at the latest by each full hour.


@dataclass(frozen=True)
class SessionRow:
    """A row of sessions.csv under its name in the tables: its days, its first and last hour there, what it draws."""

    name: str
    chargers: Chargers
    days: frozenset[int]
    begin: float
    end: float
    energy: float
    power: float

    def drawn(self, hours: np.ndarray, late: bool) -> np.ndarray:
        """What a session has drawn by each full hour, as early or as late as it can be (MWh)."""
        if late:
            return np.clip(self.energy - self.power * np.clip(self.end - hours, 0.0, None), 0.0, None)
        return np.minimum(self.energy, self.power * np.clip(hours - self.begin, 0.0, None))


def charged_rows(case: Case) -> Iterator[SessionRow]:
    """Every row of sessions.csv."""
    groups = {c.chargers: c for c in case.chargers}
    for session, (name, *_) in zip(case.sessions, Figures(case).charged, strict=True):
        own = groups[session.chargers]
        days, begin, end = _when(session, case)
        energy = session.number * session.energy * factor(session.unit, "MWh") / own.efficiency
        yield SessionRow(name, own, days, begin, end, energy, session.number * session.power)


def _when(session: Session, case: Case) -> tuple[frozenset[int], float, float]:
    count = -(-case.hours // 24)
    if not session.day:
        begin, end = float(session.arrive), float(session.leave)
        end += case.hours if end <= begin else 0.0
        first = int(begin) // 24
        return frozenset({first} if first < count else ()), begin - 24 * first, end - 24 * first
    begin, end = (int(h) + int(m) / 60 for h, m in (text.split(":") for text in (session.arrive, session.leave)))
    end += 24.0 if end <= begin else 0.0
    is_weekend = {d: (d + case.park.first_weekday) % 7 > 4 for d in range(count)}
    if session.day == "all":
        return frozenset(is_weekend), begin, end
    if session.day in ("weekday", "weekend"):
        return frozenset(d for d, own in is_weekend.items() if own == (session.day == "weekend")), begin, end
    month, day = (int(part) for part in session.day.split("-")[-2:])
    date = sum(DAYS_OF_MONTH[: month - 1]) + day - 1
    return frozenset({date} & set(is_weekend)), begin, end


def fleet_of(figures: Figures) -> dict[str, dict[int, float]]:
    """What multiplies the sessions of each group in every year."""
    names = dict.fromkeys(c.chargers for c in figures.case.chargers)
    return {g: figures.series((c.year, c.fleet) for c in figures.case.chargers if c.chargers == g) for g in names}


def charged_at_once(figures: Figures, y: int, row: SessionRow) -> np.ndarray:
    """What a row draws in every hour where each vehicle is charged as it arrives (MW)."""
    return _series(figures.case, row)[0] * fleet_of(figures)[row.chargers.chargers][y]


def _series(
    case: Case, row: SessionRow, chains: list[tuple[list[int], int]] | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """At once (MW), most that is drawn (MW), and by how much the latest is behind the earliest (MWh), a fleet of 1; chains as of
    `_chains`."""
    edges = np.arange(int(np.ceil(row.end)) + 1)
    early = row.drawn(edges, late=False)
    late = row.drawn(edges, late=True) if row.chargers.flexible else early
    there = np.clip(np.minimum(edges[1:], row.end) - np.maximum(edges[:-1], row.begin), 0.0, None)
    one = (np.diff(early), row.power * there, (early - late)[1:])
    found: tuple[list, list, list] = ([], [], [])
    for days, hours in chains or [(list(range(-(-case.hours // 24))), case.hours)]:
        share = 1.0 if hours != 24 else 1.0 / len(days)
        for own, values in zip(found, one, strict=True):
            sums = np.zeros(hours)
            for place, d in enumerate(days):
                if d in row.days:
                    for h, value in enumerate(values.tolist()):
                        sums[(24 * place + h) % hours] += value * share
            own.append(sums)
    return tuple(np.concatenate(own) for own in found)  # type: ignore[return-value]


def chains_of(year: LedgerYear) -> list[tuple[list[int], int]] | None:
    """Days and hours of each chain that closes on itself: a typical day has those that it stands for; None for the whole year."""
    of_day = year.hours.of_day
    return [(np.flatnonzero(of_day == d).tolist(), 24) for d in range(int(of_day.max()) + 1)] if len(of_day) else None


def check_vehicles(
    year: LedgerYear, chains: list[tuple[list[int], int]] | None = None, raised: Mapping[str, float] | None = None
) -> dict[str, np.ndarray]:
    """Every row within its band, with all that it needs; every group within its power. What each group draws (MW)."""
    figures, chains = year.figures, chains or chains_of(year)
    fleet, drawn = fleet_of(figures), dict[str, np.ndarray]()
    for row in charged_rows(figures.case):
        times = fleet[row.chargers.chargers][year.y] * (raised or {}).get(row.name, 1.0)
        at_once, power, room = (times * values for values in _series(figures.case, row, chains))
        said = year.flow("demand", row.name)
        drawn[row.chargers.chargers] = drawn.get(row.chargers.chargers, 0.0) + said
        year.book.at_most_hours("charging within power", year.y, row.name, said, power)
        if any(flow == "at_once" and name == row.name for flow, name, *_ in year.flows):
            year.book.equal_hours("charging at once", year.y, row.name, year.flow("at_once", row.name), at_once)
        for first, count in _chains(chains, year.hours.count):
            own = slice(first, first + count)
            asked, done = float(at_once[own].sum()), float(said[own].sum())
            year.book.equal("charging of a day or year (MWh)", year.y, row.name, done, asked, noise=1e-6 * count)
            gone = np.cumsum(said[own] - at_once[own])  # by how much it is ahead, but for what it began with
            least, most = float(gone.max()), float((room[own] + gone).min())
            year.book.at_most("charging between early and late (MWh)", year.y, row.name, least, most, asked, noise=1e-6 * count)
    for g, power in drawn.items():
        limit = _limit(year, g)
        if limit is not None:
            year.book.at_most_hours("charging within the chargers", year.y, g, power, limit, scale=limit)
    return drawn


def check_chargers(year: LedgerYear) -> None:
    """Every row within its band, and chargers.csv."""
    found: dict[tuple[str, str], float] = {}
    efficiency = {c.chargers: c.efficiency for c in year.figures.case.chargers}
    for g, power in check_vehicles(year).items():
        found[g, "delivered"], found[g, "peak"] = efficiency[g] * year.hours.total(power), float(power.max())
    year.book.equal_items("charging", year.y, year.said("chargers", "chargers", "item"), found)


def _chains(chains: list[tuple[list[int], int]] | None, count: int) -> Iterator[tuple[int, int]]:
    first = 0
    for _, hours in chains or [([], count)]:
        yield first, hours
        first += hours


def _limit(year: LedgerYear, g: str) -> float | None:
    own = next(c for c in year.figures.case.chargers if c.chargers == g)
    return year.capacity.get(g, 0.0) if g in year.figures.of_role("charger") else own.max_power


# --- flexibility -----------------------------------------------------------------------------------------------------------
# Flexibility: what of a demand moved or was shed is within what was agreed, and every figure of flexibility.csv.
#
# What is served is compared with what is asked by two running sums: with A what is asked and S what is served since a day (in all
# hours: the year) began, there must be an amount c with A(t - h) <= c + S(t) <= A(t + h) in every hour t.


def check_flexibility(year: LedgerYear) -> None:
    """Every demand of which a part may move or be shed."""
    found: dict[tuple[str, str], float] = {}
    noise: dict[tuple[str, str], float] = {}
    for u, energy in year.demand.items():
        moves, sheds = agreed(year, u, "shift_share"), agreed(year, u, "shed_share")
        if not moves and not sheds:
            continue
        whole = whole_of(year, u)
        asked, served, shed = moves * whole, year.flow("served", u), year.flow("shed", u)
        if moves:
            year.book.equal_hours("movable demand that is asked", year.y, u, year.flow("asked", u), asked)
            check_moves(year, u, asked, served, float(asked.max(initial=0.0)))
        year.book.at_most_hours("shed demand", year.y, u, shed, sheds * whole, scale=float(whole.max(initial=0.0)))
        hours = agreed(year, u, "shed_hours", np.inf)
        if np.isfinite(hours):
            year.book.at_most("demand shed in the year", year.y, u, year.hours.total(shed), hours * sheds * energy / 8760, energy)
        moved = year.hours.total(np.maximum(served - asked, 0.0))
        rows = {
            "asked": year.hours.total(asked),
            "moved": moved,
            "shed": year.hours.total(shed),
            "cost": agreed(year, u, "shift_cost") * moved + agreed(year, u, "shed_price") * year.hours.total(shed),
            "highest_served": float(served.max(initial=0.0)),
            "peak_less": _less_at_peak(year, u),
        }
        found |= {(u, item): value for item, value in rows.items()}
        noise[u, "peak_less"] = NOISE * float(whole.max(initial=0.0))
    said = year.said("flexibility", "demand", "item")
    year.book.equal_items("flexibility.csv", year.y, said, found, noise=noise)


def agreed(year: LedgerYear, u: str, column: str, otherwise: float = 0.0) -> float:
    """A column of demand.csv in the year; `otherwise` where no row states it."""
    rows = [(d.year, getattr(d, column)) for d in year.figures.case.demand if d.demand == u]
    return year.figures.series([(y, float(value)) for y, value in rows if value is not None]).get(year.y, otherwise)


def whole_of(year: LedgerYear, u: str) -> np.ndarray:
    """A demand after measures as it is asked for, hour by hour (MW)."""
    shape = year.hours.profile(next(d.profile for d in year.figures.case.demand if d.demand == u))
    return year.demand[u] * shape / year.hours.total(shape)


def shift_cash(year: LedgerYear) -> dict[tuple[str, str], float]:
    """What is paid for demand that moved and that was shed: (item, name) -> money."""
    found = {}
    for u in year.demand:
        moves, sheds = agreed(year, u, "shift_share"), agreed(year, u, "shed_share")
        price = agreed(year, u, "shift_cost")
        if moves and price:
            moved = np.maximum(year.flow("served", u) - moves * whole_of(year, u), 0.0)
            found["shift", u] = price * year.hours.total(moved)
        if sheds:
            found["shed", u] = agreed(year, u, "shed_price") * year.hours.total(year.flow("shed", u))
    return found


def noise_of_moves(year: LedgerYear) -> dict[tuple[str, str], float]:
    """What the tolerance of the solver in every hour may make of what is paid for moving."""
    hours = year.hours.total(np.ones(year.hours.count))
    return {("shift", u): 0.1 * NOISE * hours * agreed(year, u, "shift_cost") for u in year.demand}


def check_moves(year: LedgerYear, u: str, asked: np.ndarray, served: np.ndarray, highest: float) -> None:
    """All that is asked in a chain of hours is served in it, no more than so many hours before or after, within its power.

    highest   most that is asked in an hour of the year   MW
    """
    hours = int(next(d.shift_hours for d in year.figures.case.demand if d.demand == u) or 0)
    length = 24 if len(year.hours.of_day) else year.hours.count
    for first in range(0, year.hours.count, length):
        part, scale = slice(first, first + length), float(asked[first : first + length].sum())
        total, so_far = float(asked[part].sum()), np.cumsum(asked[part])

        def until(place: np.ndarray, total: float = total, so_far: np.ndarray = so_far) -> np.ndarray:
            return place // length * total + so_far[place % length]

        place, done = np.arange(length), np.cumsum(served[part])
        year.book.equal("movable demand that is served", year.y, u, float(done[-1]), total, scale)
        late, early = until(place - hours) - done, until(place + hours) - done
        year.book.at_most("demand served by the time it may come at the latest", year.y, u, late.max(), early.min(), scale)
    most = agreed(year, u, "shift_power", np.inf)
    if np.isfinite(most):
        year.book.at_most_hours("power of the movable demand", year.y, u, served, most * highest)


def _less_at_peak(year: LedgerYear, u: str) -> float:
    """By how much the highest hour of the demands of a place is lower than if all came as it is asked (MW), beside what vehicles
    there draw."""
    places = {d.demand: (d.zone, d.carrier) for d in year.figures.case.demand}
    here = [name for name in year.demand if places[name] == places[u]]
    charged = [r.name for r in charged_rows(year.figures.case) if (r.chargers.zone, r.chargers.carrier) == places[u]]
    as_asked, drawn = (
        np.sum([*(of(name) for name in here), *(year.flow("demand", name) for name in charged)], axis=0)
        for of in (lambda name: whole_of(year, name), lambda name: year.flow("demand", name))
    )
    return float(as_asked.max() - drawn.max())
