"""Base emissions of a park that states none: those of its operation in the base year, which the ledger checks; and its bills."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from models.case import Case
from models.inputs.carbon import BaseEmissions
from models.units import yearly_factor
from planner.language.message import Message
from planner.ledger.carbon import check_base
from planner.planning.base import operate_base_year

#: A difference by more than this share of the bill is worth a look.
APART = 0.1


def base_of(case: Case, warn: Callable[[Message], None] = lambda _: None) -> BaseEmissions:
    """Base emissions (t) of a park that does not state them, of which the ledger approves; `warn` is told where its bills say
    otherwise. Raises what `operate_base_year` does."""
    base = operate_base_year(case)
    check_base(case, base.emissions, base.dispatch)
    for line in off_the_bills(case, base.dispatch):
        warn(line)
    return base.emissions


def net_imports(dispatch: pd.DataFrame, supply: str) -> tuple[float, float]:
    """What is bought from a supply and what is sold to it (MWh), by the columns of dispatch.parquet."""
    own = dispatch[dispatch["name"] == supply]
    bought, sold = (own[own["flow"] == flow] for flow in ("import", "export"))
    return float((bought["value"] * bought["weight"]).sum()), float((sold["value"] * sold["weight"]).sum())


def off_the_bills(case: Case, dispatch: pd.DataFrame) -> Iterator[Message]:
    """A warning for each supply whose bill of the base year and its operation are more than `APART` from each other."""
    for bill in case.bills:
        billed = bill.value * yearly_factor(bill.unit, "MWh")
        bought, sold = net_imports(dispatch, bill.supply)
        if bill.year == case.park.base_year and billed and abs(bought - sold - billed) > APART * billed:
            yield Message(
                "bills.csv: {supply} {year}: {billed} MWh on the bills, {modelled} MWh as operated ({apart}); base emissions, of "
                "which goals are shares, are those of the operation (`plan check --baseline` tells more)",
                supply=bill.supply,
                year=bill.year,
                billed=f"{billed:,.0f}",
                modelled=f"{bought - sold:,.0f}",
                apart=f"{(bought - sold - billed) / billed:+.1%}",
            )
