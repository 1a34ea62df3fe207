"""Base emissions of a park that states none: those of its bills of the base year, and of its operation where it has no bill."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from models.case import Case
from models.inputs import resolve_existing
from models.inputs.carbon import BaseEmissions
from models.units import yearly_factor
from planner.language.message import Message
from planner.ledger.carbon import check_base
from planner.planning.base import operate_base_year, rounded

#: A difference by more than this share of the bill is worth a look.
APART = 0.1


def base_of(case: Case, warn: Callable[[Message], None] = lambda _: None) -> BaseEmissions:
    """Base emissions (t) of a park that does not state them, of which the ledger approves; `warn` is told where its bills and its
    operation are apart. Raises what `operate_base_year` does."""
    base = operate_base_year(case)
    emissions = with_bills(case, base.emissions, base.dispatch)
    check_base(case, emissions, base.dispatch)
    for line in off_the_bills(case, base.dispatch):
        warn(line)
    return emissions


def with_bills(case: Case, operated: BaseEmissions, dispatch: pd.DataFrame) -> BaseEmissions:
    r"""Base emissions with what the bills of the base year say was bought in place of what the operation buys.

    .. math::
        E = E^{op} + \sum_s f_s (q_s - \sum_t w_t x_{s,t}), \qquad f_s = \sum_t w_t x_{s,t} f_{s,t} / \sum_t w_t x_{s,t}

    for s in SUPPLIES with a bill; f of a supply that the operation does not buy is the mean over the hours.

    q  billed   MWh (s)     x  import of an hour   MW (s,t)     w  hours that it stands for   h (t)     f  factor   t/MWh (s,t)
    """
    billed = {b.supply: b.value * yearly_factor(b.unit, "MWh") for b in case.bills if b.year == case.park.base_year}
    if not billed:
        return operated
    inputs, (y, basis) = resolve_existing(case), (case.park.base_year, case.park.accounting)
    own = standard = location = 0.0
    for s, energy in billed.items():
        rows = dispatch[(dispatch["name"] == s) & (dispatch["flow"] == "import")]
        hours = (rows["value"] * rows["weight"]).to_numpy()
        bought, hours = float(hours.sum()), hours if hours.any() else np.ones(case.hours)
        of_basis = {b: hours @ inputs.supplies.hourly_factor(s, y, b, len(hours)) / hours.sum() for b in ("market", "location")}
        more, is_second = energy - bought, inputs.supplies.scope.get(s) == 2
        own += more * of_basis[basis]
        standard += more * inputs.standard.factor.get((s, basis, y), of_basis[basis])
        location += more * of_basis["location" if is_second else basis]
    by_location = None if operated.location is None else rounded(operated.location + location)
    return BaseEmissions(rounded(operated + own), rounded(operated.standard + standard), by_location, float(operated))


def net_imports(dispatch: pd.DataFrame, supply: str) -> tuple[float, float]:
    """What is bought from a supply and what is sold to it (MWh), by the columns of dispatch.parquet."""
    own = dispatch[dispatch["name"] == supply]
    bought, sold = (own[own["flow"] == flow] for flow in ("import", "export"))
    return float((bought["value"] * bought["weight"]).sum()), float((sold["value"] * sold["weight"]).sum())


def off_the_bills(case: Case, dispatch: pd.DataFrame) -> Iterator[Message]:
    """A warning for each supply whose bill of the base year and its operation are more than `APART` from each other."""
    for bill in case.bills:
        billed = bill.value * yearly_factor(bill.unit, "MWh")
        bought, _ = net_imports(dispatch, bill.supply)
        if bill.year == case.park.base_year and billed and abs(bought - billed) > APART * billed:
            yield Message(
                "bills.csv: {supply} {year}: {billed} MWh on the bills, {modelled} MWh as operated ({apart}); base emissions, of "
                "which goals are shares, are those of the bills (`plan check --baseline` tells more)",
                supply=bill.supply,
                year=bill.year,
                billed=f"{billed:,.0f}",
                modelled=f"{bought:,.0f}",
                apart=f"{(bought - billed) / billed:+.1%}",
            )
