"""One of the runs that are compared, and its numbers that are laid beside those of others: key columns and `value`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from planner.answer.summary import day_count, is_of_all_hours
from planner.language.language import Language
from planner.plan import CAPITAL_ITEMS
from planner.tables.decisions import decisions_of
from planner.tables.output import Output

#: Items of costs.csv that are paid and not built, by which the discount rate is told.
PAID = ("energy", "fixed_cost", "variable_cost", "carbon", "demand_charge")


@dataclass(frozen=True)
class ComparedRun:
    """A run and the name that its column has."""

    label: str
    output: Output

    @property
    def money(self) -> str:
        """Currency and price year: `CNY of 2025`."""
        return f"{self.output.currency} of {self.output.summary['price_year']}"

    def told_money(self, language: Language) -> str:
        """Currency and price year in words."""
        currency, year = self.output.currency, self.output.summary["price_year"]
        return language.translate("{currency} of {year}", currency=currency, year=year)

    @property
    def verified(self) -> bool | None:
        """Whether the plan was shown to hold in every hour; None where there is none, or its run does not say so."""
        return self.output.summary.get("verified") if self.output.has_plan else None

    def told_truth(self, language: Language) -> str | None:
        """Whether it holds in every hour, in words."""
        words = {True: language.translate("verified"), False: language.translate("unverified")}
        return None if self.verified is None else words[self.verified]

    @property
    def is_of_all_hours(self) -> bool | None:
        """Whether costs and emissions are those of every hour, and not of typical days; None where there is no plan."""
        summary = self.output.summary
        if not self.output.has_plan:
            return None
        return is_of_all_hours(summary)

    @property
    def cost(self) -> float | None:
        """System cost; None where there is no plan."""
        return self.output.summary["system_cost"]

    @property
    def horizon(self) -> str:
        """First and last year."""
        return f"{self.output.years[0]}–{self.output.years[-1]}" if self.output.has_plan else ""

    @cached_property
    def discount_rate(self) -> float | None:
        """Told by what is paid in the last year and what the objective counts of it; None where nothing is paid."""
        if not self.output.has_plan or len(self.output.years) < 2:
            return None
        first, last = self.output.years[0], self.output.years[-1]
        keys = ["item", "name"]
        cash, seen = (
            t[(t["year"] == last) & t["item"].isin(PAID)].set_index(keys)["value"]
            for t in (self.output.target["costs"], self.output.target["system_cost"])
        )
        if cash.empty or (largest := cash.abs().idxmax()) not in seen.index or not seen[largest] or not cash[largest]:
            return None
        return float(round((cash[largest] / seen[largest]) ** (1 / (last - first)) - 1, 6))


def largest_cost(runs: Iterable[ComparedRun]) -> float | None:
    """The largest system cost of runs, by which the unit of money is chosen; None where no run has one."""
    return max((run.cost for run in runs if run.cost is not None), default=None)


#: Items of emissions.csv that are compared.
EMISSIONS = (
    "gross",
    "scope1",
    "scope2_location",
    "scope2_market",
    "scope3",
    "avoidance",
    "removal_credits",
    "captured_removals",
    "restoration",
    "net",
)


def facts(run: ComparedRun) -> pd.DataFrame:
    """What the run is of, and what it ended with; empty where it has no plan."""
    said, output = run.output.summary, run.output
    days = said["typical_days"] or {}
    rows = [
        ("park", "", said["park"]),
        ("future", "", run.output.future or None),
        ("target", "", said["target"]),
        ("by", "year", said["by"]),
        ("standard", "", said["standard"]),
        ("status", "", said["status"]),
        ("horizon", "", run.horizon),
        ("typical_days", "", day_count(said)),
        ("verified", "", run.verified),
        ("money", "", run.money),
        ("discount_rate", "1/year", run.discount_rate),
        ("base_emissions", "t", said["base_emissions"]),
        ("case_sha256", "", output.facts["case_sha256"]),
        ("system_cost", "money", said["system_cost"]),
        ("bound", "money", said["bound"]),
        ("gap", "1", said["gap"]),
        ("proof", "", said["proof"]),
        *((f"typical_days_{item}", unit, days.get(item)) for item, unit in (("cost", "money"), ("bound", "money"), ("gap", "1"))),
    ]
    return pd.DataFrame(rows, columns=["item", "unit", "value"]).astype({"value": object})


def _costs(run: ComparedRun, money: str) -> pd.DataFrame:
    """Terms of the system cost by item, over all years."""
    terms = run.output.target["system_cost"]
    return _summed(terms, ["item"]).assign(unit=money)


def _capital(run: ComparedRun, money: str) -> pd.DataFrame:
    costs = run.output.target["costs"]
    found = costs[costs["item"].isin(CAPITAL_ITEMS)].groupby("year")["value"].sum()
    return found.reindex(run.output.years, fill_value=0.0).rename_axis("year").reset_index().assign(unit=money)


def _builds(run: ComparedRun, money: str) -> pd.DataFrame:
    """What is done in which year: built, retired, adopted (1), planted."""
    return _summed(decisions_of(run.output.target), ["action", "name", "unit", "year"])


def _emissions(run: ComparedRun, money: str) -> pd.DataFrame:
    table = run.output.target["emissions"]
    return table[table["item"].isin(EMISSIONS)]


def _stages(run: ComparedRun, money: str) -> pd.DataFrame:
    """Value, limit, tolerance and 1 or 0 for holds of every rule in force."""
    rules = run.output.target["stages"]
    long = rules.assign(holds=rules["holds"].astype(float)).melt(
        id_vars=["year", "stage", "metric", "sense"],
        value_vars=["value", "limit", "tolerance", "holds"],
        var_name="what",
        value_name="number",
    )
    return long.rename(columns={"number": "value"})


def _summed(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return rows.groupby(keys, sort=False)["value"].sum().reset_index()


#: Table -> its key columns, and what makes it from a run and the name of money.
FIGURES: dict[str, tuple[tuple[str, ...], Callable[[ComparedRun, str], pd.DataFrame]]] = {
    "costs": (("item", "unit"), _costs),
    "capital": (("year", "unit"), _capital),
    "builds": (("action", "name", "unit", "year"), _builds),
    "emissions": (("year", "item", "unit"), _emissions),
    "stages": (("year", "stage", "metric", "sense", "what"), _stages),
}
