"""One of the runs that are compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from planner.language.language import Language
from planner.output.output import Output
from planner.report.proof import proof_sentence
from planner.report.summary import is_of_all_hours

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

    def told_proof(self, language: Language) -> str | None:
        """What is proven of its cost, in words."""
        return proof_sentence(language, self.output.summary, self.output.currency) if self.output.has_plan else None

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
