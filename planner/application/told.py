"""What the chapters are told from: the run, its park, what a person said, and the inventory of the years before the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from models.case import Case
from models.inputs.standard import resolve_standard
from planner.answer import series
from planner.answer.standing import PROPOSAL
from planner.answer.standing_words import titled as titled_standard
from planner.answer.titles import Titles, titled, titles_of
from planner.application.details import YEARS, Details
from planner.baseline.inventory import BILLS, OPERATION, OWN, Entry, Inventory
from planner.export.load import Loaded
from planner.language.language import NONE, Language, mark
from planner.plan import TARGET
from planner.tables.output import Output, Tables

#: Most years that are the columns of a table.
MOST_YEARS = 6


@dataclass(frozen=True)
class YearBefore:
    """Energy and CO2 of a year before the plan; None where nobody knows.

    energy, co2          tce and t with the park's own factors
    ruled_energy, ruled  the same with those of the standard; None too where it fixes none
    origin               bills, operation (of the base year), details, or '' where nothing is known
    """

    energy: float | None = None
    co2: float | None = None
    ruled_energy: float | None = None
    ruled: float | None = None
    origin: str = ""


@dataclass(frozen=True)
class RunTold:
    """A run and all that is said beside it.

    inventory  None where the base year can neither be operated nor is billed
    """

    run: Loaded
    language: Language
    details: Details
    inventory: Inventory | None

    @property
    def case(self) -> Case:
        """The park."""
        return self.run.case

    @property
    def summary(self) -> Mapping[str, Any]:
        """What summary.json says."""
        return self.run.summary

    @cached_property
    def titles(self) -> Titles:
        """What things are called."""
        return titles_of(self.run.output, self.language)

    @cached_property
    def titled(self) -> Output:
        """The output with titles for names."""
        return titled(self.run.output, self.titles)

    @property
    def standard(self) -> str:
        """What the standard of the goal is called; of one that is this project's proposal that it is no official one."""
        found = self.summary.get("standing") or {"name": self.case.park.standard, "title_en": "", "title_zh": "", "rules": ()}
        name, own = titled_standard(self.language, found), {r["standing"] for r in found["rules"]} == {PROPOSAL}
        words = mark("{standard} (a proposal of this program, not an official standard)")
        return self.language.translate(words, standard=name) if own else name

    @cached_property
    def plans(self) -> Mapping[str, Tables]:
        """Tables of the plans, with titles for names."""
        return self.titled.plans

    @property
    def tables(self) -> Tables:
        """Tables of the target plan, as they were written."""
        return self.run.plans[TARGET]

    @property
    def by(self) -> int:
        """The year of the goal."""
        return int(self.summary["by"])

    @property
    def base_year(self) -> int:
        """The base year."""
        return self.case.park.base_year

    @cached_property
    def columns(self) -> list[int]:
        """Years of the plan that are shown: the first, those of the stages, the last, and some between."""
        years = self.run.output.years
        kept = {years[0], years[-1], *(year for _, year in self.run.output.steps if year in years)}
        for year in years:
            if year % 5 == 0 and len(kept) < MOST_YEARS:
                kept.add(year)
        return sorted(kept)

    @cached_property
    def money(self) -> tuple[str, float]:
        """Unit of money, and how much it is."""
        return self.language.money_unit(self.run.output.currency, self.summary["system_cost"])

    def in_money(self, value: float | None) -> str:
        """An amount in that unit, to ten thousand of the currency or finer."""
        return self.language.number(None if value is None else value / self.money[1], 2 if self.money[1] == 1e6 else 0)

    @cached_property
    def emissions(self) -> pd.DataFrame:
        """emissions.csv of the target plan, a column an item."""
        return series.over_years(self.tables["emissions"], "item")

    def past(self, year: int) -> YearBefore:
        """What is known of the base year or a year before it: what a person said, else bills, else the operation."""
        said = self.details.years.get(year, {})
        found = self.recorded(year)
        if said:
            co2, energy = said.get("co2", found.co2), said.get("energy", found.energy)
            return YearBefore(energy, co2, None, None, "details")
        return found

    def recorded(self, year: int) -> YearBefore:
        """What bills or the operation say of a year."""
        entries = self.entries(year)
        if not entries:
            return YearBefore()
        energy = sum(e.tce for e in entries) or None  # the park states no coal equivalent
        co2 = sum(getattr(e, self.case.park.accounting) for e in entries)
        kinds = {e.kind for e in entries}
        ruled = self._ruled(entries, year)
        return YearBefore(energy, co2, *ruled, BILLS if BILLS in kinds else OPERATION)

    def entries(self, year: int) -> Sequence[Entry]:
        """The inventory of a year; none where it says nothing of its energy."""
        entries = self.inventory.best(year) if self.inventory is not None else []
        return entries if any(e.kind in (BILLS, OPERATION) for e in entries) else []

    def _ruled(self, entries: Sequence[Entry], year: int) -> tuple[float | None, float | None]:
        """Energy and CO2 with the factors of the standard."""
        standard = resolve_standard(self.case, [year])
        if not standard.applies:
            return None, None
        basis, energy, co2 = self.case.park.accounting, 0.0, 0.0
        for e in entries:
            own = getattr(e, basis)
            factor = standard.factor.get((e.source, basis, year))
            co2 += own if factor is None else factor * e.energy
            each = standard.tce_electricity.get(year) if e.kind == OWN else standard.tce.get((e.source, year))
            energy += e.tce if each is None else each * e.energy
        return energy, co2

    @property
    def past_years(self) -> range:
        """The base year and those before it that an authority asks for."""
        return range(self.base_year - YEARS + 1, self.base_year + 1)

    def ratio(self, co2: float | None, energy: float | None) -> str:
        """t of CO2 a tce."""
        return NONE if not energy or co2 is None else self.language.number(co2 / energy, 3)
