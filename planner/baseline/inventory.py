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

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from models.case import Bill, Case
from models.errors import CaseError
from models.inputs import Inputs, resolve_existing
from models.inputs.finance import over_years
from models.units import factor, yearly_factor
from planner.baseline.money import Paid, paid, paid_together
from planner.park.catalogue import read_catalogue
from planner.park.complaints import Complaints
from planner.park.fill import calorific
from planner.planning.base import operate_base_year
from planner.planning.base_of import net_imports

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

    `lacking` says why there is no operation of the base year, '' where there is one; `paid` is what it pays by supply, and
    `together` by connection of which several import, with their names; `calorific` is what is counted of supplies that state no
    coal equivalent, in tce/MWh.
    """

    base_year: int
    accounting: str
    entries: tuple[Entry, ...]
    stated: float | None
    lacking: str = ""
    paid: Mapping[str, Paid] = field(default_factory=dict)
    currency: str = ""
    together: Mapping[str, tuple[tuple[str, ...], Paid]] = field(default_factory=dict)
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
    lacking, payments, together = "", dict[str, Paid](), dict[str, tuple[tuple[str, ...], Paid]]()
    try:
        dispatch = operate_base_year(case).dispatch
        entries += _operated(inputs, dispatch, base)
        found = {s.supply: paid(case, inputs, dispatch, s.supply, base) for s in case.supplies if s.can_import}
        payments = {name: payment for name, payment in found.items() if payment is not None}
        connections = dict.fromkeys(s.connection for s in case.supplies if s.connection)
        shared = {name: paid_together(case, inputs, dispatch, name, base) for name in connections}
        together = {name: payment for name, payment in shared.items() if payment is not None}
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
    return Inventory(
        base,
        case.park.accounting,
        tuple(entries),
        case.park.base_emissions,
        lacking,
        payments,
        case.park.currency,
        together,
        counted,
    )


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
