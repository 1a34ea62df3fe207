"""Pencil parks: a Case made of rows, so small that its optimum can be derived by hand.

Most have a demand of 8760 MWh, which is 1 MW in every hour, and a grid at 100 CNY/MWh: 876,000 CNY a year. The discount
rate is 0 and the horizon one year unless a test says otherwise.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.case import (
    PARAMETERS,
    Budget,
    Capture,
    Case,
    Certificate,
    Chargers,
    Committed,
    Connection,
    Cost,
    Demand,
    EmissionFactor,
    EquipmentType,
    Goal,
    Link,
    Measure,
    Offset,
    Park,
    Port,
    Price,
    ProcessEmission,
    Product,
    Response,
    Restoration,
    Row,
    Saving,
    Session,
    Site,
    StageRule,
    Supply,
    TariffRow,
    Technology,
    Uptake,
)
from models.inputs import Inputs, TypicalDays, resolve
from models.park import build_park
from planner.ledger.ledger import check_plan
from planner.plan import Plan, Run
from planner.planning.run import Options, plan_park
from planner.solve.handover.matrix import compile_model
from planner.solve.handover.solver import Solver
from planner.solve.whole.whole import Limits, solve_whole
from planner.tables.accounts import plan_tables

GAP = 1e-9
FLAT = 8760.0
"""MWh in a year of 1 MW."""

#: A figure of all years, or of the years named.
Series = float | Mapping[int, float]


def _points(series: Series) -> list[tuple[int | None, float]]:
    return [*series.items()] if isinstance(series, Mapping) else [(None, series)]


class Draft:
    """A park while it is being written down; each method adds rows."""

    def __init__(self, first: int = 2026, last: int | None = None, hours: int = 24, **park: Any) -> None:
        fields: dict[str, Any] = {"discount_rate": 0.0, "base_emissions": 4380.0, "base_year": first - 1} | park
        self.park = Park(name="Pencil Park", currency="CNY", price_year=2025, first_year=first, last_year=last or first,
            standard="pencil", typical_days=0, **fields)
        self.hours = hours
        self.profiles: dict[str, np.ndarray] = {}
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.aim: Goal | None = None

    def add(self, *rows: Row) -> None:
        """Rows of any table."""
        for row in rows:
            self.rows[row.table].append(row)

    def profile(self, name: str, values: Sequence[float]) -> str:
        """A profile; shorter ones are repeated."""
        self.profiles[name] = np.resize(np.asarray(values, dtype=float), self.hours)
        return name

    # --- energy -------------------------------------------------------------------------------------------------------

    def demand(self, name: str = "power", carrier: str = "electricity", mwh: Series = FLAT, **fields: Any) -> None:
        """An end use of energy."""
        self.add(*(Demand(demand=name, carrier=carrier, year=y, value=v, **fields) for y, v in _points(mwh)))

    def supply(
        self,
        name: str = "grid",
        carrier: str = "electricity",
        price: Series | None = 100.0,
        factor: Series | Mapping[str, float] = 0.0,
        biogenic: int = 0,
        prices: Mapping[str, Series] | None = None,
        **fields: Any,
    ) -> None:
        """A grid for electricity, a fuel else; without a price it is a sink. `factor` may be given by basis."""
        electric = carrier == "electricity"
        kind = "sink" if price is None else "grid" if electric else "fuel"
        scope = None if price is None else 2 if electric else 1
        self.add(Supply(**({"supply": name, "carrier": carrier, "kind": kind, "scope": scope} | fields)))
        unit = {"demand_charge": "CNY/MW/month", "capacity_charge": "CNY/MW/month", "carbon": "CNY/t", "fixed": "CNY/year"}
        energy = "CNY/t" if carrier == "co2" else "CNY/MWh"
        given = ({} if price is None else {"energy": price}) | dict(prices or {})
        for item, series in given.items():
            self.add(*(Price(supply=name, item=item, year=y, value=v, unit=unit.get(item, energy)) for y, v in _points(series)))
        if price is None:
            return
        by_basis = factor if isinstance(factor, Mapping) and "market" in factor else {"": factor}
        for basis, series in by_basis.items():
            self.add(*(EmissionFactor(supply=name, basis=basis, year=y, value=v, biogenic=biogenic) for y, v in _points(series)))

    def price(self, name: str, item: str, series: Series, unit: str) -> None:
        """A price on its own."""
        self.add(*(Price(supply=name, item=item, year=y, value=v, unit=unit) for y, v in _points(series)))

    def by_the_hour(self, name: str, profile: str, item: str = "", basis: str = "") -> None:
        """Let a profile multiply a price (`item`), or the emission factor of a supply on a basis."""
        table = "prices" if item else "emission_factors"
        self.rows[table] = [row.model_copy(update={"profile": profile})
            if row.supply == name and getattr(row, "item" if item else "basis") == (item or basis) else row
            for row in self.rows[table]]

    def tariff(self, factor: float, supply: str = "grid", **fields: Any) -> None:
        """A row of the tariff."""
        self.add(TariffRow(supply=supply, factor=factor, **fields))

    def certificate(self, name: str = "gec", supply: str = "grid", price: float = 5.0, max_share: float = 1.0) -> None:
        """Guarantees of origin."""
        self.add(Certificate(certificate=name, supply=supply, price=price, max_share=max_share))

    # --- equipment ----------------------------------------------------------------------------------------------------

    def converter(self, name: str, ports: Mapping[str, float] | None = None, **fields: Any) -> None:
        """A converter; port ratios are above 0 out of it, below 0 into it. Without ports it makes electricity. `port_profiles`:
        carrier -> profile of its port."""
        self._equipment(name, "converter", "MW", {"electricity": 1.0} if ports is None else ports, fields)

    def chargers(self, name: str = "depot", fleet: Series = 1.0, **fields: Any) -> None:
        """A group of chargers that lose nothing unless said otherwise; with costs or `existing` a technology of that name."""
        own = {k: fields.pop(k) for k in list(fields) if k in Chargers.model_fields}
        self.add(*(Chargers(**({"chargers": name, "efficiency": 1.0} | own), year=y, fleet=v) for y, v in _points(fleet)))
        if fields:
            self._costs(name, "MW", fields)
            self.add(EquipmentType(type=name, role="charger"), Technology(technology=name, **fields))

    def session(
        self, arrive: str, leave: str, energy: float, power: float, name: str = "depot", day: str = "all", **fields: Any
    ) -> None:
        """A row of sessions.csv."""
        self.add(Session(chargers=name, day=day, arrive=arrive, leave=leave, energy=energy, power=power, **fields))

    def response(self, demand: str, share: float, price: Series, name: str = "call", **fields: Any) -> None:
        """A contract that pays for a share of a demand that may be called off."""
        self.add(*(Response(response=name, demand=demand, share=share, price=v, year=y, **fields) for y, v in _points(price)))

    def store(self, name: str = "battery", carrier: str = "electricity", **fields: Any) -> None:
        """A store; with all its power in one hour and no losses unless said otherwise."""
        self._equipment(name, "store", "MWh", {carrier: -1.0}, fields)

    def capture(self, name: str, sources: Mapping[str, float], ports: Mapping[str, float] | None = None, **fields: Any) -> None:
        """A capture plant and the rate at which it can take each source's CO2."""
        self._equipment(name, "capture", "(t/h)", {"co2": 1.0, **(ports or {})}, fields)
        self.add(*(Capture(technology=name, source=q, rate=rate) for q, rate in sources.items()))

    def link(self, name: str, from_zone: str, to_zone: str, carrier: str = "electricity", **fields: Any) -> None:
        """A line or pipe between zones."""
        self._costs(name, "(t/h)" if carrier == "co2" else "MW", fields)
        self.add(Link(link=name, carrier=carrier, from_zone=from_zone, to_zone=to_zone, **fields))

    def connection(self, name: str = "line", carrier: str = "electricity", **fields: Any) -> None:
        """A connection that supplies share; with a type of its own name where it has costs."""
        if "capital_cost" in fields:
            self._costs(name, "(t/h)" if carrier == "co2" else "MW", fields)
            fields["type"] = name
        self.add(Connection(**({"connection": name, "carrier": carrier} | fields)))

    def _equipment(self, name: str, role: str, per: str, ports: Mapping[str, float], fields: dict[str, Any]) -> None:
        self._costs(name, per, fields)
        own = {k: fields.pop(k) for k in list(fields) if k in EquipmentType.model_fields}
        profiles = fields.pop("port_profiles", {})
        self.add(EquipmentType(type=name, role=role, **own), Technology(technology=name, **fields))
        for carrier, ratio in ports.items():
            direction = "out" if ratio > 0 else "in"
            self.add(Port(type=name, carrier=carrier, direction=direction, ratio=abs(ratio), profile=profiles.get(carrier, "")))

    def _costs(self, name: str, per: str, fields: dict[str, Any]) -> None:
        """Cost rows; what has a capital cost and no lifetime lives a year."""
        basis = fields.pop("basis", "")
        if "capital_cost" in fields or "annuity" in fields:
            fields.setdefault("lifetime", 1)
        unit = {"capital_cost": f"CNY/{per}", "retirement_cost": f"CNY/{per}", "start_cost": f"CNY/{per}", "embodied": f"t/{per}",
            "project_cost": "CNY", "grant": "1", "lifetime": "year", "fixed_cost": f"CNY/{per}/year", "annuity": f"CNY/{per}/year",
            "variable_cost": "CNY/t" if per == "(t/h)" else "CNY/MWh"}
        for parameter in [p for p in PARAMETERS if p in fields]:
            for y, v in _points(fields.pop(parameter)):
                own = basis if parameter == "fixed_cost" else ""
                self.add(Cost(type=name, parameter=parameter, year=y, value=v, unit=unit[parameter], basis=own))

    def site(self, name: str, area: float) -> None:
        """An area that technologies share."""
        self.add(Site(site=name, area=area))

    # --- measures, land, credits, rules -------------------------------------------------------------------------------

    def measure(self, name: str, saving: Mapping[str, float], capital_cost: float = 0.0, **fields: Any) -> None:
        """A measure that lives a year, and the shares of demands that it saves; `adds` goes with all of them."""
        added = {k: fields.pop(k) for k in ("adds", "adds_ratio") if k in fields}
        self.add(Measure(**({"measure": name, "capital_cost": capital_cost, "lifetime": 1} | fields)))
        self.add(*(Saving(measure=name, demand=u, saving=s, **added) for u, s in saving.items()))

    def process(self, name: str = "kiln", tonnes: Series = 1000.0, **fields: Any) -> None:
        """Emissions that no energy causes."""
        self.add(*(ProcessEmission(source=name, year=y, value=v, **fields) for y, v in _points(tonnes)))

    def product(self, name: str, amount: Series, tenant: str = "", share: float | None = None, unit: str = "t") -> None:
        """What a tenant makes in a year."""
        self.add(*(Product(tenant=tenant, product=name, year=y, amount=v, unit=unit, share=share) for y, v in _points(amount)))

    def offset(self, name: str, kind: str, price: float, max_volume: float | None = None) -> None:
        """Credits."""
        self.add(Offset(offset=name, kind=kind, price=price, max_volume=max_volume))

    def restoration(self, name: str, uptake: Mapping[int, float], **fields: Any) -> None:
        """A project that lives 30 years, and what a hectare takes up by age."""
        self.add(Restoration(**({"project": name, "capital_cost": 0.0, "lifetime": 30} | fields)))
        self.add(*(Uptake(project=name, age=age, value=value) for age, value in uptake.items()))

    def budget(self, year: int, capital: float) -> None:
        """Money for capital in a year."""
        self.add(Budget(year=year, capital=capital))

    def rule(self, metric: str, sense: str, limit: float, stage: str = "zero-carbon") -> None:
        """A rule of a stage."""
        order = ("low-carbon", "near-zero-carbon", "zero-carbon").index(stage) + 1
        self.add(StageRule(standard="pencil", stage=stage, order=order, metric=metric, sense=sense, limit=limit))

    def goal(self, by: int, target: str = "zero-carbon", **milestones: int) -> None:
        """The goal; left out: zero-carbon from the first year on."""
        self.aim = Goal(target=target, by=by, milestones={k.replace("_", "-"): y for k, y in milestones.items()})

    # --- answers ------------------------------------------------------------------------------------------------------

    def case(self) -> Case:
        """The case as it now stands."""
        goal = self.aim or Goal(target="zero-carbon", by=self.park.first_year)
        rows = {table: tuple(rows) for table, rows in self.rows.items()}
        return Case(park=self.park, goal=goal, hours=self.hours, profiles=self.profiles, **rows)

    def run(self) -> Run:
        """All plans."""
        return plan_park(self.case(), Options(gap=GAP))

    def solve(self) -> Plan:
        """The plan under the goal, which must be optimal."""
        plan = self.try_to_solve()
        assert plan.status == "optimal", plan.status
        return plan

    def try_to_solve(self) -> Plan:
        """The plan under the goal, or its status alone."""
        return plan_park(self.case(), Options(gap=GAP, compare=False)).target

    def cost(self) -> float:
        """System cost under the goal."""
        cost = self.solve().system_cost
        assert cost is not None
        return cost

    def solve_twice(self, gap: float = 1e-6) -> Plan:
        """The plan under the goal, found by both methods, whose costs must agree; that of the whole method."""
        whole = self.solve()
        other = plan_park(self.case(), Options(gap=gap, compare=False, method="decomposed")).target
        assert other.status == "optimal", other.status
        assert whole.system_cost is not None and other.system_cost is not None
        within = 2 * gap * max(1.0, abs(whole.system_cost))
        assert abs(other.system_cost - whole.system_cost) <= within, (whole.system_cost, other.system_cost)
        return whole

    def inputs(self, days: TypicalDays | None = None) -> Inputs:
        """What the equations would be given."""
        case = self.case()
        return resolve(case, case.goal, case.park.base_emissions or 1.0, days)

    def solve_on_days(self, of_day: Sequence[int], **profiles: Sequence[float]) -> Plan:
        """The plan on typical days drawn by hand: which one each of the 365 is, and by profile 24 values of each. The ledger must
        agree with it."""
        days = typical_days(of_day, **profiles)
        plan, case = solve_inputs(self.inputs(days), days), self.case()
        check_plan(case, plan, case.park.base_emissions or 1.0)
        return plan


def typical_days(of_day: Sequence[int], **profiles: Sequence[float]) -> TypicalDays:
    """Typical days drawn by hand."""
    series = {name: np.asarray(values, dtype=float) for name, values in profiles.items()}
    days = np.asarray(of_day, dtype=int)
    return TypicalDays(of_day=days, drawn=np.unique(days, return_index=True)[1], profiles=series)


def solve_inputs(inputs: Inputs, days: TypicalDays | None = None) -> Plan:
    """The optimum of inputs as they are."""
    model = build_park(inputs)
    matrix = compile_model(model)
    answer = solve_whole(Solver(matrix), Limits(gap=GAP))
    assert answer.status == "optimal", answer.status
    matrix.load(answer.values)
    tables = plan_tables(model, inputs, "CNY", days)
    return Plan("target", answer.status, float(tables["system_cost"]["value"].sum()), tables=tables)


def built(plan: Plan, technology: str) -> dict[int, float]:
    """Builds of a technology by year of order."""
    own = plan.tables["investments"].query("technology == @technology")
    return dict(zip(own["year"].tolist(), own["build"].tolist(), strict=True))


def standing(plan: Plan, technology: str) -> dict[int, float]:
    """Capacity that works, by year."""
    own = plan.tables["capacity"].query("technology == @technology")
    return dict(zip(own["year"].tolist(), own["capacity"].tolist(), strict=True))


def adopted(plan: Plan) -> list[tuple[int, str]]:
    """Adoptions of measures: (year, measure)."""
    own = plan.tables["measures"]
    return sorted(zip(own["year"].tolist(), own["measure"].tolist(), strict=True))


def emitted(plan: Plan, item: str, year: int = 2026) -> float:
    """A figure of emissions.csv."""
    own = plan.tables["emissions"]
    (value,) = own[(own["item"] == item) & (own["year"] == year)]["value"]
    return float(value)


def energy(plan: Plan, flow: str, name: str, year: int = 2026, carrier: str = "") -> float:
    """A yearly flow (MWh, or t of co2); 0 where there is none."""
    own = plan.tables["energy"]
    own = own[(own["flow"] == flow) & (own["name"] == name) & (own["year"] == year)]
    return float(own[own["carrier"] == carrier if carrier else own["carrier"] != ""]["value"].sum())


def paid(plan: Plan, item: str, year: int = 2026, table: str = "costs") -> float:
    """Money of an item in a year, not discounted."""
    own = plan.tables[table]
    return float(own[(own["item"] == item) & (own["year"] == year)]["value"].sum())


def ratio(plan: Plan, metric: str, year: int = 2026) -> float:
    """A stage metric as it came out."""
    own = plan.tables["stages"]
    (value,) = own[(own["metric"] == metric) & (own["year"] == year)]["value"]
    return float(value)


def planned(park: Draft, method: str = "whole") -> Plan:
    """The target plan of a park to a gap that is none."""
    plan = plan_park(park.case(), Options(gap=1e-9, method=method, compare=False)).target
    assert plan.status == "optimal"
    return plan


def signed(found: Draft, year: int = 2026, build: float = 1.0, **fields) -> Draft:
    """An order that is signed."""
    found.add(Committed(technology="plant", year=year, build=build, **fields))
    return found
