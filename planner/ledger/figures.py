"""Figures: what the case states, year by year, in MW, MWh, t, h, ha and the park's money.

Read from the rows of the case a second time, apart from `models.inputs`: what the two read differently is found.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd

from models.case import Case, Connection, EquipmentType, Link, Price, Supply, Technology, said_of_orders
from models.errors import LedgerError, Message
from models.units import UnitError, factor, names_year, yearly_factor

# --- compare ---------------------------------------------------------------------------------------------------------------
# Comparison: what the model said beside what the ledger found, and every disagreement of the two.
#
# A number disagrees where it is off by more than 1e-6 of its scale: the larger of the two numbers, or what the quantity
# comes to in the year. `noise` is what the tables leave out (an order below 1e-6 is not listed) or what the solver's own
# tolerance lets pass in a row (1e-7, of which a yearly sum may gather more).

#: Relative to the scale of a quantity.
TOLERANCE = 1e-6
#: Absolute: below this, nothing is listed in the tables.
NOISE = 1e-6
#: Absolute, of a yearly sum: what the solver's tolerance lets pass in a row, 1e-7, in every hour.
YEARLY = 8760 * 1e-7


@dataclass(frozen=True)
class Disagreement:
    """One number of the model and the ledger's own; `relation` is how they should stand: =, <= or >=.

    quantity  a template without values, or a Message
    """

    quantity: str
    year: int | None
    name: str
    said: float
    found: float
    relation: str = "="

    @property
    def told(self) -> Message:
        """The two numbers, and of what they are."""
        quantity = self.quantity if isinstance(self.quantity, Message) else Message(self.quantity)
        what = Message("{quantity} of {name}", quantity=quantity, name=self.name)
        if self.year is not None:
            what = Message("{quantity} of {name} in {year}", quantity=quantity, name=self.name, year=self.year)
        values = {"what": what, "said": f"{self.said:.10g}", "found": f"{self.found:.10g}"}
        if self.relation == "<=":
            return Message("{what}: the plan says {said}, at most {found}", **values)
        if self.relation == ">=":
            return Message("{what}: the plan says {said}, at least {found}", **values)
        return Message("{what}: the plan says {said}, the ledger {found}", **values)

    def __str__(self) -> str:
        return str(self.told)


class Book:
    """All disagreements found so far."""

    def __init__(self) -> None:
        self.disagreements: list[Disagreement] = []

    def equal(
        self, quantity: str, year: int | None, name: str, said: float, found: float, scale: float = 0.0, noise: float = NOISE
    ) -> None:
        """The two are the same."""
        allowed = TOLERANCE * max(abs(said), abs(found), abs(scale)) + noise
        if not abs(said - found) <= allowed:  # a NaN disagrees
            self._note(quantity, year, name, said, found, "=")

    def at_most(
        self, quantity: str, year: int | None, name: str, said: float, limit: float, scale: float = 0.0, noise: float = NOISE
    ) -> None:
        """The plan's number is within its limit."""
        allowed = TOLERANCE * max(abs(scale), 0.0 if np.isinf(limit) else abs(limit)) + noise
        if not said <= limit + allowed:
            self._note(quantity, year, name, said, limit, "<=")

    def at_least(
        self, quantity: str, year: int | None, name: str, said: float, limit: float, scale: float = 0.0, noise: float = NOISE
    ) -> None:
        """The plan's number is no lower than its limit."""
        if not said >= limit - TOLERANCE * max(abs(scale), abs(limit)) - noise:
            self._note(quantity, year, name, said, limit, ">=")

    def equal_hours(self, quantity: str, year: int, name: str, said: np.ndarray, found: np.ndarray, scale: float = 0.0) -> None:
        """Two series are the same; the worst hour is told."""
        off = np.abs(said - found)
        t = int(off.argmax())
        if off[t] <= NOISE:
            return
        largest = max(float(np.abs(said).max()), float(np.abs(found).max()), scale)
        if not off[t] <= TOLERANCE * largest + NOISE:
            self._note(
                quantity,
                year,
                Message("{name}, hour {hour}", name=name, hour=t),
                float(said[t]),
                float(np.broadcast_to(found, said.shape)[t]),
                "=",
            )

    def at_most_hours(
        self,
        quantity: str,
        year: int,
        name: str,
        said: np.ndarray,
        limit: np.ndarray | float,
        scale: float = 0.0,
        noise: float = NOISE,
    ) -> None:
        """A series stays within its limit in every hour; the worst hour is told."""
        over = said - limit
        t = int(over.argmax())
        if over[t] <= noise:
            return
        if not over[t] <= TOLERANCE * max(scale, float(np.abs(said).max())) + noise:
            most = float(np.broadcast_to(limit, said.shape)[t])
            self._note(quantity, year, Message("{name}, hour {hour}", name=name, hour=t), float(said[t]), most, "<=")

    def equal_items(
        self,
        quantity: str,
        year: int | None,
        said: Mapping[Any, float],
        found: Mapping[Any, float],
        scale: float = 0.0,
        noise: Mapping[Any, float] | None = None,
    ) -> None:
        """Two tables are the same, item by item; what only one of them has is 0 in the other."""
        for key in dict.fromkeys([*said, *found]):
            name = key if isinstance(key, str) else " ".join(str(k) for k in key)
            more = (noise or {}).get(key, 0.0)
            self.equal(quantity, year, name, said.get(key, 0.0), found.get(key, 0.0), scale, NOISE + more)

    def _note(self, quantity: str, year: int | None, name: str, said: float, found: float, relation: str) -> None:
        self.disagreements.append(Disagreement(quantity, year, name, float(said), float(found), relation))

    def close(self, plan: str) -> None:
        """Raise LedgerError where anything disagreed."""
        if self.disagreements:
            raise LedgerError(plan, self.disagreements)


# --- figures ---------------------------------------------------------------------------------------------------------------

#: Unit of a capacity by role.
PER = {"converter": "MW", "store": "MWh", "capture": "t/h", "charger": "MW"}
ELECTRICITY, CO2 = "electricity", "co2"


@dataclass(frozen=True)
class LedgerAsset:
    """A technology, a link or a connection as something that is built: its cost type, unit of capacity and lead time."""

    name: str
    type: str
    per: str
    lead_time: int
    row: Technology | Link | Connection
    kind: EquipmentType | None = None

    def of_orders(self, column: str) -> float:
        """What is said of its orders, by it or by its type."""
        return said_of_orders(self.row, self.kind, column)

    @property
    def length(self) -> float:
        """Kilometres, of a link."""
        return (self.row.length or 0.0) if isinstance(self.row, Link) else 0.0


class Figures:
    """The figures of a case in the years given (all of the horizon, or the base year)."""

    def __init__(self, case: Case, years: Sequence[int] | None = None) -> None:
        self.case, self.park = case, case.park
        self.years = tuple(years or range(case.park.first_year, case.park.last_year + 1))
        self.currency = case.park.currency
        self.technologies = {t.technology: t for t in case.technologies}
        self.types: dict[str, EquipmentType] = {t.type: t for t in case.types}
        self.supplies: dict[str, Supply] = {s.supply: s for s in case.supplies}
        self._of_orders: dict[int, Figures] = {}
        self._of_case: dict[Any, Any] = {}
        #: True where capacity is contracted for other futures too.
        self.shares_contracts = False

    def series(self, points: Iterable[tuple[int | None, float]]) -> dict[int, float]:
        """A figure of every year: linear between the years given, flat outside; without a year it holds always.

        Empty where there is none.
        """
        given = list(points)
        always = [value for year, value in given if year is None]
        if always or not given:
            return dict.fromkeys(self.years, always[0]) if always else {}
        at, values = zip(*sorted((y, v) for y, v in given if y is not None), strict=True)
        return dict(zip(self.years, np.interp(self.years, at, values).tolist(), strict=True))

    def of_case(self, what: Any, make: Callable[[], Any]) -> Any:
        """What follows from the case alone, made once."""
        if what not in self._of_case:
            self._of_case[what] = make()
        return self._of_case[what]

    # --- equipment ----------------------------------------------------------------------------------------------------

    @cached_property
    def assets(self) -> dict[str, LedgerAsset]:
        """Everything that has capacity."""
        found = {}
        for t in self.case.technologies:
            kind = self.types[t.type_name]
            found[t.technology] = LedgerAsset(t.technology, t.type_name, PER[kind.role], kind.lead_time, t, kind)
        for link in self.case.links:
            known = self.types.get(link.type_name)
            per = "t/h" if link.carrier == CO2 else "MW"
            found[link.link] = LedgerAsset(link.link, link.type_name, per, known.lead_time if known else 0, link)
        for c in self.case.connections:
            if c.type:
                known = self.types.get(c.type)
                per = "t/h" if c.carrier == CO2 else "MW"
                found[c.connection] = LedgerAsset(c.connection, c.type, per, known.lead_time if known else 0, c)
        return found

    def of_role(self, role: str) -> dict[str, EquipmentType]:
        """Technologies of a role, and the type of each."""
        kinds = {k: self.types[t.type_name] for k, t in self.technologies.items()}
        return {k: kind for k, kind in kinds.items() if kind.role == role}

    @cached_property
    def ports(self) -> dict[str, dict[tuple[str, str], float]]:
        """Ratio of every (direction, carrier) of each technology, in the order of ports.csv."""
        return {
            k: {(p.direction, p.carrier): p.ratio for p in self.case.ports if p.type == t.type_name}
            for k, t in self.technologies.items()
        }

    def is_committed(self, technology: str) -> bool:
        """True of a converter without a profile or a capture plant that has a ramp, a start cost, or `commitment`."""
        row = self.technologies[technology]
        kind = self.types[row.type_name]
        asks = kind.ramp is not None or kind.commitment == 1 or bool(self._costs.get((kind.type, "start_cost")))
        asks = asks or any(p.no_load or p.per_start for p in self.case.ports if p.type == kind.type)
        return asks and (kind.role == "capture" or (kind.role == "converter" and not row.profile))

    @cached_property
    def beside(self) -> dict[str, dict[str, tuple[float, float]]]:
        """What flows in of a carrier beside the activity of each technology, per capacity that is on and that starts."""
        own = [p for p in self.case.ports if p.no_load or p.per_start]
        return {
            k: {p.carrier: (p.no_load, p.per_start) for p in own if p.type == t.type_name} for k, t in self.technologies.items()
        }

    @cached_property
    def port_profiles(self) -> dict[str, dict[tuple[str, str], str]]:
        """Profile of every (direction, carrier) of each technology; empty where its ratio is always the same."""
        return {
            k: {(p.direction, p.carrier): p.profile for p in self.case.ports if p.type == t.type_name}
            for k, t in self.technologies.items()
        }

    @cached_property
    def _costs(self) -> dict[tuple[str, str], list]:
        found: dict[tuple[str, str], list] = {}
        for row in self.case.costs:
            found.setdefault((row.type, row.parameter), []).append(row)
        return found

    def cost(self, asset: LedgerAsset, parameter: str) -> dict[int, float]:
        """A figure of the cost table in every year; empty where there is none."""
        unit = {
            "capital_cost": f"money/({asset.per})",
            "retirement_cost": f"money/({asset.per})",
            "start_cost": f"money/({asset.per})",
            "annuity": f"money/({asset.per})/year",
            "fixed_cost": f"money/({asset.per})/year",
            "project_cost": "money",
            "embodied": f"t/({asset.per})",
            "grant": "1",
            "variable_cost": "money/t" if asset.per == "t/h" else "money/MWh",
        }[parameter]
        rows = self._costs.get((asset.type, parameter), [])
        if parameter == "fixed_cost" and rows and _is_share(rows[0].unit):
            share = self.series((r.year, r.value * factor(r.unit, "1/year")) for r in rows)
            capital = self.cost(asset, "capital_cost")
            return {y: share[y] * capital.get(y, 0.0) for y in self.years}
        return self.series((r.year, r.value * self._to(r.unit, unit, asset)) for r in rows)

    def cost_of_order(self, asset: LedgerAsset, parameter: str, v: int) -> float:
        """A figure of the cost table in the year of an order, which may lie before the horizon; 0 where there is none."""
        if (asset.type, parameter) not in self._costs:
            return 0.0
        if v not in self._of_orders:
            self._of_orders[v] = Figures(self.case, (v,))
        return self._of_orders[v].cost(asset, parameter).get(v, 0.0)

    def pays_by_order(self, asset: LedgerAsset) -> bool:
        """True if the fixed cost of each order is that of its own year."""
        return "order" in {row.basis for row in self._costs.get((asset.type, "fixed_cost"), [])}

    def _to(self, given: str, unit: str, asset: LedgerAsset) -> float:
        if isinstance(asset.row, Link) and "km" in given:
            return factor(given, f"{unit}/km", self.currency) * asset.length
        return factor(given, unit, self.currency)

    def limit(self, asset: LedgerAsset, item: str) -> dict[int, float]:
        """A limit of an asset in every year, by limits.csv or its own column; empty where there is none."""
        own = getattr(asset.row, item, None)
        rows = [(x.year, x.value) for x in self.case.limits if (x.technology, x.item) == (asset.name, item)]
        if not rows:
            return {} if own is None else dict.fromkeys(self.years, own)
        if item in ("max_capacity", "max_build"):
            return self.series(rows)
        found = dict.fromkeys(self.years, own or 0.0)
        for since, value in sorted((year or 0, value) for year, value in rows):
            found |= {y: value for y in self.years if y >= since}
        return found

    def lifetime(self, asset: LedgerAsset) -> float:
        """Years that a build lives, a fraction too; 0 where it has none: then it cannot be built."""
        rows = self._costs.get((asset.type, "lifetime"), [])
        return rows[0].value * factor(rows[0].unit, "year") if rows else 0.0

    @cached_property
    def park_cost(self) -> dict[int, float]:
        """What the park as a whole costs a year (money): the rows of the type `park`."""
        rows = self._costs.get(("park", "fixed_cost"), [])
        return dict.fromkeys(self.years, 0.0) | self.series(
            (r.year, r.value * factor(r.unit, "money/year", self.currency)) for r in rows
        )

    # --- boundary -----------------------------------------------------------------------------------------------------

    def price(self, supply: str, item: str, scheme: str = "", period: str = "") -> dict[int, float]:
        """A price in every year, of a charge that of a scheme; empty where there is none."""
        known = self.supplies.get(supply)
        energy = "money/t" if known is not None and known.carrier == CO2 else "money/MWh"
        month = "money/MW/month"
        unit = {
            "energy": energy,
            "export": energy,
            "demand_charge": month,
            "capacity_charge": month,
            "carbon": "money/t",
            "fixed": "money/year",
        }[item]
        rows = [p for p in self.case.prices if (p.supply, p.item, p.scheme, p.period) == (supply, item, scheme, period)]
        return self.series((p.year, p.value * factor(p.unit, unit, self.currency)) for p in rows)

    def demand_charges(self, supply: str, scheme: str = "", period: str = "") -> list[Price]:
        """The rows of a demand charge."""
        key = supply, "demand_charge", scheme, period
        return [p for p in self.case.prices if (p.supply, p.item, p.scheme, p.period) == key]

    def has_yearly_charge(self, supply: str, scheme: str = "", period: str = "") -> bool:
        """True if a demand charge is paid once a year: its unit says so."""
        return any(names_year(p.unit, self.currency) for p in self.demand_charges(supply, scheme, period))

    def carbon_content(self, supply: str, basis: str) -> tuple[dict[int, float], bool]:
        """Tonnes of CO2 per MWh of a supply on a basis, and whether they are biogenic; empty where not stated."""
        rows = [f for f in self.case.emission_factors if f.supply == supply]
        rows = [f for f in rows if f.basis == basis] or [f for f in rows if not f.basis] or rows
        content = self.series((f.year, f.value * factor(f.unit, "t/MWh")) for f in rows)
        return content, bool(rows) and bool(rows[0].biogenic)

    def factor_profile(self, supply: str, basis: str) -> str:
        """Profile that multiplies a factor of scope 2 hour by hour; empty where there is none."""
        rows = [f for f in self.case.emission_factors if f.supply == supply]
        rows = [f for f in rows if f.basis == basis] or [f for f in rows if not f.basis]
        return rows[0].profile if rows else ""

    def counted_factor(self, supply: str, basis: str) -> dict[int, float]:
        """Tonnes that a MWh of a supply counts on a basis: nothing where they are biogenic."""
        content, biogenic = self.carbon_content(supply, basis)
        return {y: 0.0 if biogenic else content.get(y, 0.0) for y in self.years}

    @cached_property
    def tce_of_electricity(self) -> float:
        """Coal equivalent of a MWh of electricity: that of the grid supply of it that is first by name."""
        grids = {s.supply: s for s in self.case.supplies if s.kind == "grid" and s.carrier == ELECTRICITY}
        return (grids[min(grids)].tce_per_mwh or 0.0) if grids else 0.0

    # --- demands, processes -------------------------------------------------------------------------------------------

    @cached_property
    def demand(self) -> dict[str, dict[int, float]]:
        """Energy of every demand before measures (MWh)."""
        names = dict.fromkeys(d.demand for d in self.case.demand)
        rows = {u: [d for d in self.case.demand if d.demand == u] for u in names}
        return {u: self.series((d.year, d.value * yearly_factor(d.unit, "MWh")) for d in own) for u, own in rows.items()}

    @cached_property
    def charged(self) -> list[tuple[str, str, str]]:
        """(name, zone, carrier) of each row of sessions.csv: a number follows the group's name where it has several."""
        groups = {c.chargers: c for c in self.case.chargers}
        rows = [s.chargers for s in self.case.sessions]
        found = []
        for i, name in enumerate(rows):
            label = f"{name} {rows[: i + 1].count(name)}" if rows.count(name) > 1 else name
            found.append((label, groups[name].zone, groups[name].carrier))
        return found

    @cached_property
    def process(self) -> dict[str, dict[int, float]]:
        """Tonnes of every process emission."""
        names = dict.fromkeys(e.source for e in self.case.process_emissions)
        rows = {q: [e for e in self.case.process_emissions if e.source == q] for q in names}
        return {q: self.series((e.year, e.value * yearly_factor(e.unit, "t")) for e in own) for q, own in rows.items()}

    @cached_property
    def process_scope(self) -> dict[str, int]:
        """Scope of every process emission."""
        return {e.source: e.scope for e in self.case.process_emissions}


def _is_share(unit: str) -> bool:
    try:
        factor(unit, "1/year")
    except UnitError:
        return False
    return True


# --- orders ----------------------------------------------------------------------------------------------------------------
# Lines of a table as named tuples; orders and retirements as the tables list them, and what stood before.
#
# A plan has dozens of short tables, and each call of pandas' `itertuples` makes a class anew.

#: Stands in `ordered` for what stood before the horizon.
STOOD = 0


class Builds:
    """What a plan orders and retires: capacity by (asset, year of order), and by (asset, year of order, year).

    ordered is what was decided and what was signed before, `committed`.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        built, retired = tables["investments"], tables["retirements"]
        orders = [(bool(r.committed), (r.technology, int(r.year)), float(r.build)) for r in lines(built)]
        self.decided = {order: size for committed, order, size in orders if not committed}
        self.committed = {order: size for committed, order, size in orders if committed}
        self.ordered: dict[tuple[str, int], float] = dict(self.decided)
        for order, size in self.committed.items():
            self.ordered[order] = self.ordered.get(order, 0.0) + size
        self.retired: dict[tuple[str, int, int], float] = {
            (r.technology, int(r.ordered), int(r.year)): r.retired for r in lines(retired)
        }


def works(figures: Figures, asset: LedgerAsset, ordered: int) -> range:
    """The years in which an order works, those after the horizon too."""
    first = ordered + asset.lead_time
    return range(first, first + int(figures.lifetime(asset) + 1e-9))


def lasting(figures: Figures, asset: LedgerAsset, ordered: int, y: int) -> float:
    """Share of an order that wear leaves in a year."""
    fade = getattr(asset.row, "fade", 0.0)
    return max(0.0, 1.0 - fade * (y - works(figures, asset, ordered).start))


def existing(figures: Figures, asset: LedgerAsset) -> dict[int, float]:
    """What stood before, in the years in which it works, had nothing of it been retired."""
    until = getattr(asset.row, "existing_until", None) or figures.years[-1]
    return {y: size for y, size in figures.limit(asset, "existing").items() if y <= until and size}


def lines(table: pd.DataFrame) -> Iterator[Any]:
    """Every line, its cells under the names of the columns; numbers are those of Python."""
    if table.empty:
        return iter(())
    return map(_kind(tuple(table.columns))._make, table.to_numpy(object).tolist())


@cache
def _kind(columns: tuple[str, ...]) -> Any:
    return namedtuple("Line", columns, rename=True)
