"""Boundary: supplies, their prices in every hour and factors, and the contracts and connections that bind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.case import Case, Price, Supply, TariffRow
from models.inputs.calendar import HOURS_OF_YEAR, TypicalDays, months_of_hours, on_snapshots
from models.inputs.finance import each_over_years
from models.units import factor, names_year


def in_billing_months(case: Case, price: Price, days: TypicalDays | None) -> np.ndarray:
    """Whether each snapshot is in the period of a charge, in each billing month (months, snapshots).

    An hour of a typical day is in it in a month where it is on some calendar day of that month that the day stands for. Of a
    stylised profile all hours are in the one month.
    """
    hours = case.hours
    within, month = fits(case, price), months_of_hours(hours)
    if days is None:
        return within[None, :] if hours != HOURS_OF_YEAR else np.array([within & (month == m) for m in range(1, 13)])
    found = np.zeros((12, days.count, 24), dtype=bool)
    for day, of in enumerate(days.of_day.tolist()):
        found[month[24 * day] - 1, of] |= within[24 * day : 24 * day + 24]
    return found.reshape(12, -1)


def hourly_factor(case: Case, supply: str, item: str) -> np.ndarray:
    """Factor of every hour of the profiles; the first matching row wins, 1 where none matches."""
    found, open_hours = np.ones(case.hours), np.ones(case.hours, dtype=bool)
    for row in case.tariff:
        if (row.supply, row.item) != (supply, item):
            continue
        matches = open_hours & fits(case, row)
        found[matches] = row.factor
        open_hours &= ~matches
    return found


def fits(case: Case, row: TariffRow | Price) -> np.ndarray:
    """Whether each hour of the profiles is in the months, on the days and in the hours of a row."""
    hours = np.arange(case.hours)
    weekend = (hours // 24 + case.park.first_weekday) % 7 >= 5
    month, hour = np.isin(months_of_hours(case.hours), sorted(ranges(row.months, 1, 12))), sorted(ranges(row.hours, 0, 23))
    return month & np.isin(hours % 24, hour) & _on_days(row, weekend)


def _on_days(row: TariffRow | Price, weekend: np.ndarray) -> np.ndarray:
    if row.days == "weekday":
        return ~weekend
    return weekend if row.days == "weekend" else np.ones_like(weekend)


def ranges(text: str, first: int, last: int) -> set[int]:
    """Numbers of a list of ranges, `8-11;17-21`; inclusive, wrapping (`22-5`); empty means all.

    Raises ValueError where the text is no such list or leaves first … last.
    """
    if not text.strip():
        return set(range(first, last + 1))
    found: set[int] = set()
    for part in text.split(";"):
        ends = [int(n) for n in part.split("-")]
        start, end = ends[0], ends[-1]
        if len(ends) > 2 or not (first <= start <= last and first <= end <= last):
            raise ValueError(f"{part!r} is no range within {first}-{last}")
        whole = range(start, end + 1) if start <= end else (*range(start, last + 1), *range(first, end + 1))
        found.update(whole)
    return found


# --- contracts ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Contracts:
    """What binds a supply beyond its limits and prices.

    contracts   as-generated contracts and the years in which they are offered   tuple of (s,y)
    most        most that may be contracted                                MW or t/h (s)
    shape       what a MW contracted generates in each hour                1 (s) -> (snapshots,)
    take        share of what is generated that is paid in any case        1 (s)
    least_paid  bought or paid for in a year at least                      MWh (s); absent = none
    fixed       paid in a year in which the supply is used                 money (s,y); absent = none
    optional    supplies and years whose use is a yes or no; others are used whenever they are offered   tuple of (s,y)
    import_most, export_most   most in an hour where use is a yes or no    MW or t/h (s)
    direct      supplies that come by a line of their own                  set of s
    """

    contracts: tuple[tuple[str, int], ...]
    most: dict[str, float]
    shape: dict[str, np.ndarray]
    take: dict[str, float]
    least_paid: dict[str, float]
    fixed: dict[tuple[str, int], float]
    optional: tuple[tuple[str, int], ...]
    import_most: dict[str, float]
    export_most: dict[str, float]
    direct: frozenset[str]

    def paid_share(self, s: str) -> float:
        """Share of the price that is paid for what is imported, and not for what is generated."""
        return 1 - self.take[s] if s in self.most else 1.0


def resolve_contracts(case: Case, years: Sequence[int], days: TypicalDays | None, existing_only: bool) -> Contracts:
    """Contracts on the snapshots. With `existing_only` as-generated ones that do not say that they had begun are left out."""
    rows = [s for s in case.supplies if s.is_as_generated]
    fixed = {(name, y): money for (name, _, y), money in fixed_prices(case, years).items()}
    offered = {(s.supply, y): s for s in case.supplies for y in years if is_offered(s, y, existing_only)}
    limits = {s.supply: _import_limit(s, case) for s in case.supplies}

    def is_optional(s: Supply, y: int) -> bool:
        is_asked = (s.supply, y) in fixed or (s.min_year is not None and s.is_as_generated)
        return is_asked and limits[s.supply] is not None

    return Contracts(
        contracts=tuple(key for key, s in offered.items() if s.is_as_generated),
        most={s.supply: s.contract_max for s in rows if s.contract_max is not None},
        shape={s.supply: (days.profiles if days else case.profiles)[s.profile] for s in rows},
        take={s.supply: s.take for s in rows},
        least_paid={s.supply: s.min_year for s in case.supplies if s.min_year},
        fixed={key: money for key, money in fixed.items() if key in offered},
        optional=tuple((s.supply, y) for (_, y), s in offered.items() if is_optional(s, y)),
        import_most={s: most for s, most in limits.items() if most is not None},
        export_most={s.supply: s.max_export for s in case.supplies if s.max_export is not None},
        direct=frozenset(s.supply for s in case.supplies if s.direct),
    )


def is_offered(s: Supply, y: int, existing_only: bool) -> bool:
    """True if it imports or exports in the year; an as-generated contract in the base year only if it says that it had begun."""
    has_begun = not s.is_as_generated or s.first_year is not None
    return s.is_offered(y) and (has_begun or not existing_only)


def _import_limit(s: Supply, case: Case) -> float | None:
    """Most that it imports: its own limit, or that of its connection; None where there is no limit."""
    if not s.can_import:
        return 0.0
    behind = [c for c in case.connections if c.connection == s.connection]
    shared = [c.max_capacity if c.type else c.max_import for c in behind]
    found = [most for most in (s.max_import, s.contract_max if s.is_as_generated else None, *shared) if most is not None]
    return min(found, default=None)


def fixed_prices(case: Case, years: Sequence[int]) -> dict[tuple[str, str, int], float]:
    """Money of each year for a supply or a connection (name, scheme, y); the scheme is empty where it is paid under each."""
    currency, rows = case.park.currency, [p for p in case.prices if p.item == "fixed"]
    return each_over_years((((p.supply, p.scheme), p.year, p.value * factor(p.unit, "money/year", currency)) for p in rows), years)


# --- connections -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Connections:
    """Connections c.

    connections  names
    importers    supplies behind it that can buy                   (c) -> tuple of s
    exporters    supplies behind it that can sell or give away     (c) -> tuple of s
    import_max   most that they buy together in an hour            MW or t/h (c); absent = no limit of its own
    export_max   most that they sell together in an hour           MW or t/h (c); absent = no limit of its own
    schemes      schemes of those that have any, of which one is in force in each year   (c) -> tuple of names
    scheme_years years between two changes of scheme at least                            1 (c)
    scheme_of    scheme that a supply is sold under, as `scheme_key`         (s); absent = under each
    fixed        paid in a year whatever is bought              money (c,y); absent = none
    scheme_fixed paid in a year in which a scheme is in force   money (σ,y), σ as `scheme_key`; absent = none
    one_way      those whose imports and exports share each hour, and the limit of each, 0 of one with a type    MW or t/h (c)
    unit         what the import limit loses with a unit out         MW (c); absent = none counts
    sized        those whose capacity is an investment, an asset of the same name: it limits both ways   set of c
    """

    connections: tuple[str, ...]
    importers: dict[str, tuple[str, ...]]
    exporters: dict[str, tuple[str, ...]]
    import_max: dict[str, float]
    export_max: dict[str, float]
    schemes: dict[str, tuple[str, ...]]
    scheme_years: dict[str, int]
    scheme_of: dict[str, str]
    fixed: dict[tuple[str, int], float]
    scheme_fixed: dict[tuple[str, int], float]
    one_way: dict[str, tuple[float, float]]
    sized: frozenset[str]
    unit: dict[str, float]

    def of_outages(self, kind: str) -> dict[str, float]:
        """Limits of those with units whose capacity is no investment, as `capacity` of an operation with a unit out, or the `loss`
        of one unit (MW)."""
        own = {c: self.import_max[c] for c in self.unit if c not in self.sized}
        return {c: min(most, self.unit[c]) for c, most in own.items()} if kind == "loss" else own

    def keys(self, c: str) -> tuple[str, ...]:
        """The schemes of a connection, each as `scheme_key`."""
        return tuple(scheme_key(c, name) for name in self.schemes.get(c, ()))

    def scheme_in(self, key: str) -> str:
        """The name of a scheme, without its connection."""
        return next(name for c, names in self.schemes.items() for name in names if scheme_key(c, name) == key)

    def of(self, s: str) -> str:
        """The connection that a supply is behind; empty where there is none."""
        return next((c for c in self.connections if s in self.importers[c] or s in self.exporters[c]), "")


def scheme_key(connection: str, scheme: str) -> str:
    """One name for a scheme of a connection."""
    return f"{connection}: {scheme}"


def schemes_of(case: Case, connection: str) -> tuple[str, ...]:
    """The schemes named by the supplies of a connection, by its charges and by theirs, in the order of the tables."""
    behind = [s for s in case.supplies if s.connection == connection]
    payers = {connection, *(s.supply for s in behind)}
    named = [s.scheme for s in behind] + [p.scheme for p in case.prices if p.supply in payers]
    return tuple(dict.fromkeys(name for name in named if name))


def resolve_connections(case: Case, years: Sequence[int]) -> Connections:
    """Limits of the connections, the supplies behind them, and what each costs a year."""
    rows = case.connections
    names = {c.connection for c in rows}
    fixed = {key: money for key, money in fixed_prices(case, years).items() if key[0] in names}
    behind = {c.connection: [s for s in case.supplies if s.connection == c.connection] for c in rows}
    return Connections(
        connections=tuple(c.connection for c in rows),
        importers={c: tuple(s.supply for s in own if s.can_import) for c, own in behind.items()},
        exporters={c: tuple(s.supply for s in own if s.can_export) for c, own in behind.items()},
        import_max={c.connection: c.max_import for c in rows if c.max_import is not None},
        export_max={c.connection: c.max_export for c in rows if c.max_export is not None},
        one_way={c.connection: (0.0, 0.0) if c.type else (c.max_import or 0.0, c.max_export or 0.0) for c in rows if c.one_way},
        schemes={c.connection: schemes for c in rows if (schemes := schemes_of(case, c.connection))},
        scheme_years={c.connection: c.scheme_years for c in rows},
        scheme_of={s.supply: scheme_key(s.connection, s.scheme) for s in case.supplies if s.scheme},
        fixed={(c, y): money for (c, scheme, y), money in fixed.items() if not scheme},
        scheme_fixed={(scheme_key(c, scheme), y): money for (c, scheme, y), money in fixed.items() if scheme},
        sized=frozenset(c.connection for c in rows if c.type),
        unit={c.connection: c.unit_size for c in rows if c.unit_size},
    )


# --- supplies ----------------------------------------------------------------------------------------------------------------

#: Prices of scope 1 as a whole stand under this name.
ALL_SCOPE_1 = "*"


@dataclass(frozen=True)
class Supplies:
    """Supplies s.

    supplies             all of them; carrier and zone of each                  (s)
    importers, exporters those that can buy, those that can sell or give away
    scope                scope of what is bought                                (s)
    import_max           most in an hour                                        MW or t/h (s); absent = no limit
    export_max           most in an hour                                        MW or t/h (s)
    import_year_max      most in a year                                         MWh or t (s); absent = no limit
    export_year_max      most in a year                                         MWh or t (s); absent = no limit
    offered              those that import or export in the year; the others stand still  (y) -> set of s
    price                of what is bought                                      money/MWh or money/t (s,y)
    export_price         received                                               money/MWh or money/t (s,y); absent = 0
    shape                what tariff and profile multiply a price by            1 (s,item) -> (snapshots,); absent = 1
    highest              most that a profile multiplies a price by, either sign 1 (s,item); absent = 1
    billed               whose imports a charge is on: a supply alone, or all behind a connection   (b) -> tuple of s
    payer                supply or connection whose charge it is                (b)
    bill_scheme          scheme under which a charge is paid, as `scheme_key`   (b); absent = under each
    demand_charge        on the highest import of each month                    money/MW/month (b,y); absent = none
    year_charge          on the highest import of the year, under a name of its own      money/MW/year (b,y); absent = none
    ratchet              share of the highest peak of the year that each month pays for  1 (b); absent = 0. It is a charge of the
                         year of its own, of that share of the months' charges
    ratchet_of           name of that charge                                             (b)
    period               hours that a charge is of, by a name; absent = all              (b)
    period_hours         whether a snapshot, in a month, is in a period                  (payer,period) -> (months, snapshots)
    charge_of            whose charge that is: under its own name for all others          (b)
    peak_factor          what is billed of the highest hour                              1 (b)
    capacity_charge      on a contracted capacity                               money/MW/month (b,y); absent = none
    shared_contracts     most contracted, where that is one decision of futures of which none is ever known   MW (b,y)
    carbon_price         after free allowances                                  money/t (s,y), s may be ALL_SCOPE_1
    location, market     what counts of an import in scope 2, or in scope 1     t/MWh (s,y)
    factor_profile       profile that multiplies such a factor                  (s,basis) -> name; absent = none
    factor_shape         what it multiplies it by                               1 (name) -> (snapshots,)
    green_share          share that is clean energy                             1 (s)
    tce                  coal equivalent                                        tce/MWh (s)
    tce_electricity      that of the grid supply of it that is first by name    tce/MWh
    certificates         names; whose imports each greens                       (c)
    certificate_price    of a certified MWh                                     money/MWh (c,y)
    certificate_share    most of the imports                                    1 (c,y)
    """

    supplies: tuple[str, ...]
    carrier: dict[str, str]
    zone: dict[str, str]
    importers: tuple[str, ...]
    exporters: tuple[str, ...]
    scope: dict[str, int]
    import_max: dict[str, float]
    export_max: dict[str, float]
    import_year_max: dict[str, float]
    export_year_max: dict[str, float]
    offered: dict[int, frozenset[str]]
    price: dict[tuple[str, int], float]
    export_price: dict[tuple[str, int], float]
    shape: dict[tuple[str, str], np.ndarray]
    highest: dict[tuple[str, str], float]
    billed: dict[str, tuple[str, ...]]
    payer: dict[str, str]
    bill_scheme: dict[str, str]
    demand_charge: dict[tuple[str, int], float]
    year_charge: dict[tuple[str, int], float]
    ratchet: dict[str, float]
    ratchet_of: dict[str, str]
    period: dict[str, str]
    period_hours: dict[tuple[str, str], np.ndarray]
    charge_of: dict[str, str]
    peak_factor: dict[str, float]
    capacity_charge: dict[tuple[str, int], float]
    carbon_price: dict[tuple[str, int], float]
    location: dict[tuple[str, int], float]
    market: dict[tuple[str, int], float]
    factor_profile: dict[tuple[str, str], str]
    factor_shape: dict[str, np.ndarray]
    green_share: dict[str, float]
    tce: dict[str, float]
    tce_electricity: float
    certificates: tuple[str, ...]
    certificate_supply: dict[str, str]
    certificate_price: dict[tuple[str, int], float]
    certificate_share: dict[tuple[str, int], float]
    shared_contracts: Mapping[tuple[str, int], float] = field(default_factory=dict)

    def contracted_charge(self, b: str, y: int) -> float:
        """A twelfth of what a MW contracted, or of the highest import of the year, costs in a year (money/MW)."""
        return self.capacity_charge[b, y] if (b, y) in self.capacity_charge else self.year_charge[b, y] / 12

    def in_period(self, b: str) -> np.ndarray | None:
        """Whether each snapshot, in each billing month, is billed by a charge (months, snapshots); None: all are."""
        return self.period_hours[self.payer[b], self.period[b]] if b in self.period else None

    def most(self, limits: Mapping[str, float], s: str, y: int) -> float | None:
        """A limit of a supply in a year: 0 where it is not offered, None where there is none."""
        return limits.get(s) if s in self.offered[y] else 0.0

    def hourly_price(self, s: str, y: int, item: str, snapshots: int) -> np.ndarray:
        """Price of each snapshot: that of the year times the tariff's factor and the profile."""
        base = (self.price if item == "energy" else self.export_price).get((s, y), 0.0)
        return base * self.shape.get((s, item), np.ones(snapshots))

    def hourly_factor(self, s: str, y: int, basis: str, snapshots: int) -> np.ndarray:
        """What a MWh bought in each snapshot counts (t/MWh) on a basis."""
        base = (self.market if basis == "market" else self.location).get((s, y), 0.0)
        profile = self.factor_profile.get((s, basis))
        return base * (np.ones(snapshots) if profile is None else self.factor_shape[profile])


def resolve_supplies(case: Case, years: Sequence[int], days: TypicalDays | None, existing_only: bool = False) -> Supplies:
    """Limits, prices on the snapshots, factors and certificates."""
    rows = case.supplies
    prices = _prices(case, years)
    payers, bills = _payers(case), _bills(case)
    ratchet = {bill_name(p): p.ratchet for p in case.prices if p.ratchet}
    charge_of = {_of_year(b): b for b in bills} | {_ratchet_of(b): b for b in ratchet} | {b: b for b in bills}
    periods = {bill_name(p): p.period for p in case.prices if p.period}
    billed_as = {b: bills[of] for b, of in charge_of.items()}
    factors = {row.supply: row.peak_factor for row in rows} | {c.connection: c.peak_factor for c in case.connections}
    free = case.park.carbon_free_share
    location, market = _factors(case, years)
    profiles = _factor_profiles(case)
    certified = {c.certificate: c.supply for c in case.certificates}
    return Supplies(
        supplies=tuple(s.supply for s in rows),
        carrier={s.supply: s.carrier for s in rows},
        zone={s.supply: s.zone for s in rows},
        importers=tuple(s.supply for s in rows if s.can_import),
        exporters=tuple(s.supply for s in rows if s.can_export),
        scope={s.supply: s.scope for s in rows if s.scope is not None},
        import_max={s.supply: s.max_import for s in rows if s.max_import is not None},
        export_max={s.supply: s.max_export for s in rows if s.max_export is not None},
        import_year_max={s.supply: s.max_import_year for s in rows if s.max_import_year is not None},
        export_year_max={s.supply: s.max_export_year for s in rows if s.max_export_year is not None},
        offered={y: frozenset(s.supply for s in rows if is_offered(s, y, existing_only)) for y in years},
        price=prices["energy"],
        export_price=prices["export"],
        shape=_shapes(case, days),
        highest={key: float(np.abs(case.profiles[name]).max()) for key, name in _price_profiles(case).items()},
        billed={b: payers.get(payer, ()) for b, (payer, _) in billed_as.items()},
        payer={b: payer for b, (payer, _) in billed_as.items()},
        bill_scheme={b: scheme for b, (_, scheme) in billed_as.items() if scheme},
        demand_charge=prices["demand_charge"],
        year_charge={(_of_year(b), y): price for (b, y), price in prices["year_charge"].items()}
        | {(_ratchet_of(b), y): 12 * ratchet[b] * price for (b, y), price in prices["demand_charge"].items() if b in ratchet},
        ratchet=ratchet,
        ratchet_of={b: _ratchet_of(b) for b in ratchet},
        period={b: periods[of] for b, of in charge_of.items() if of in periods},
        period_hours={(p.supply, p.period): in_billing_months(case, p, days) for p in case.prices if p.period},
        charge_of=charge_of,
        peak_factor={b: factors.get(payer, 1.0) for b, (payer, _) in billed_as.items()},
        capacity_charge=prices["capacity_charge"],
        carbon_price={key: value * (1 - free) for key, value in prices["carbon"].items()},
        location=location,
        market=market,
        factor_profile=profiles,
        factor_shape={name: on_snapshots(case.profiles[name], days) for name in dict.fromkeys(profiles.values())},
        green_share={s.supply: s.green_share or 0.0 for s in rows},
        tce={s.supply: s.tce_per_mwh or 0.0 for s in rows},
        tce_electricity=(case.first_grid.tce_per_mwh or 0.0) if case.first_grid else 0.0,
        certificates=tuple(certified),
        certificate_supply=certified,
        certificate_price=each_over_years((((c.certificate,), c.year, c.price) for c in case.certificates), years),
        certificate_share=each_over_years((((c.certificate,), c.year, c.max_share) for c in case.certificates), years),
    )


def _prices(case: Case, years: Sequence[int]) -> dict[str, dict[tuple[str, int], float]]:
    carrier = {s.supply: s.carrier for s in case.supplies}
    monthly = "money/MW/month"
    unit = {"demand_charge": monthly, "year_charge": "money/MW/year", "capacity_charge": monthly, "carbon": "money/t"}
    points = []
    for p in (row for row in case.prices if row.item != "fixed"):
        item: str = "year_charge" if p.item == "demand_charge" and names_year(p.unit, case.park.currency) else p.item
        to = unit.get(item, "money/t" if carrier.get(p.supply) == "co2" else "money/MWh")
        value = p.value * factor(p.unit, to, case.park.currency)
        points.append(((item, bill_name(p)), p.year, value))
    found: dict[str, dict[tuple[str, int], float]] = {
        item: {} for item in ("energy", "export", "demand_charge", "year_charge", "capacity_charge", "carbon")
    }
    for (item, s, y), value in each_over_years(points, years).items():
        found[item][s, y] = value
    return found


def bill_name(price: Price) -> str:
    """Name of what is paid: the supply or connection, with the scheme that it is paid under."""
    name = f"{price.supply} ({price.scheme})" if price.scheme else price.supply
    return f"{name} [{price.period}]" if price.period else name


def _ratchet_of(b: str) -> str:
    """Name of what is paid of a charge for the highest peak of the year."""
    return f"{b} (ratchet)"


def _of_year(b: str) -> str:
    """Name of a charge on the highest import of the year."""
    return f"{b} (highest of the year)"


def _bills(case: Case) -> dict[str, tuple[str, str]]:
    """Payer and scheme of everything that a demand or capacity charge can be named after."""
    found = {name: (name, "") for name in _payers(case)}
    connection = {s.supply: s.connection for s in case.supplies}
    for p in case.prices:
        if (p.scheme or p.period) and p.item != "fixed":
            found[bill_name(p)] = p.supply, scheme_key(connection.get(p.supply, p.supply), p.scheme) if p.scheme else ""
    return found


def _payers(case: Case) -> dict[str, tuple[str, ...]]:
    """Whose imports a demand or capacity charge of that name is on."""
    importers = [s for s in case.supplies if s.can_import]
    alone = {s.supply: (s.supply,) for s in importers}
    return alone | {c.connection: tuple(s.supply for s in importers if s.connection == c.connection) for c in case.connections}


def _factors(case: Case, years: Sequence[int]) -> tuple[dict[tuple[str, int], float], dict[tuple[str, int], float]]:
    """Factors of what is bought, by basis; biogenic CO2 counts 0."""
    tables: dict[str, dict[tuple[str, int], float]] = {"location": {}, "market": {}}
    for s in case.supplies:
        rows = [f for f in case.emission_factors if f.supply == s.supply]
        for basis, table in tables.items():
            own = [f for f in rows if f.basis == basis] or [f for f in rows if f.basis == ""] or rows
            counted = [((s.supply,), f.year, 0.0 if f.biogenic else f.value * factor(f.unit, "t/MWh")) for f in own]
            table.update(each_over_years(counted, years))
    return tables["location"], tables["market"]


def _factor_profiles(case: Case) -> dict[tuple[str, str], str]:
    """Profiles of the factors of scope 2, by supply and basis."""
    found = {}
    for s in (s for s in case.supplies if s.scope == 2):
        rows = [f for f in case.emission_factors if f.supply == s.supply]
        for basis in ("location", "market"):
            own = [f for f in rows if f.basis == basis] or [f for f in rows if f.basis == ""]
            if own and own[0].profile:
                found[s.supply, basis] = own[0].profile
    return found


def _shapes(case: Case, days: TypicalDays | None) -> dict[tuple[str, str], np.ndarray]:
    profiles = _price_profiles(case)
    keys: dict[tuple[str, str], None] = dict.fromkeys([*((t.supply, t.item) for t in case.tariff), *profiles])
    hourly = {key: hourly_factor(case, *key) * (case.profiles[profiles[key]] if key in profiles else 1.0) for key in keys}
    return {key: on_snapshots(own, days) for key, own in hourly.items()}


def _price_profiles(case: Case) -> dict[tuple[str, str], str]:
    """Profiles of prices, by supply and item."""
    return {(p.supply, p.item): p.profile for p in case.prices if p.profile}
