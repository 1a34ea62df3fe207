"""A form while it is filled: the run, what a person said, the energy and CO2 of the years before, and the tables of the form.

A form is a file of `data/forms`: `table` says what stands in its rows and from which files, `field` names single numbers,
`blank` what only a person knows; the sentences stand in its Word templates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from models.case import Case
from models.inputs.finance import resolve_standard
from planner.answer import series
from planner.answer.money import usual
from planner.answer.purchase import Titles, titled, titles_of
from planner.answer.standing_words import titled as titled_standard
from planner.answer.summary import PROPOSAL
from planner.application.baseline import BILLS, OPERATION, OWN, PROCESS, Entry, Inventory
from planner.application.details import FILE, YEARS, Details, key_of
from planner.export.load import Loaded
from planner.language import words as registers
from planner.language.language import NONE, Language, mark
from planner.plan import REFERENCE, TARGET
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
class Grid:
    """A table: its label (`Table 2-1`), title, heads, cells as they are shown, columns that are blank, file and rows of each
    source."""

    label: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    hidden: str
    sources: tuple[tuple[str, str], ...]

    @property
    def source(self) -> str:
        """The files that its numbers are from."""
        return "; ".join(f"{file} ({rows})" if rows else file for file, rows in self.sources)


@dataclass
class FormDraft:
    """A form while it is filled. `inventory` is None where the base year can neither be operated nor is billed."""

    form: str
    spec: Mapping[str, Any]
    run: Loaded
    language: Language
    details: Details
    inventory: Inventory | None
    chapter: str = ""
    made: dict[str, list[Grid]] = field(default_factory=dict)
    _missing: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    _labels: dict[str, int] = field(default_factory=dict)

    # --- the run -----------------------------------------------------------------------------------------------------------

    def say(self, text: str, **values: object) -> str:
        """Words of the program in the language of the form."""
        return self.language.translate(text, **values)

    def pick(self, words: Sequence[str]) -> str:
        """Words of a form in its language, with the values that they name."""
        return words[self.language.code == "zh"].format(**self.values)

    @property
    def case(self) -> Case:
        """The park."""
        return self.run.case

    @property
    def summary(self) -> Mapping[str, Any]:
        """What summary.json says."""
        return self.run.summary

    @property
    def tables(self) -> Tables:
        """Tables of the target plan, as they were written."""
        return self.run.plans[TARGET]

    @cached_property
    def titles(self) -> Titles:
        """What things are called."""
        return titles_of(self.run.output, self.language)

    @cached_property
    def titled(self) -> Output:
        """The output with titles for names."""
        return titled(self.run.output, self.titles)

    @property
    def by(self) -> int:
        """The year of the goal."""
        return int(self.summary["by"])

    @cached_property
    def years(self) -> list[int]:
        """Years of the plan that are shown: the first, those of the stages, the last, and some between."""
        years = self.run.output.years
        shown = {years[0], years[-1], *(year for _, year in self.run.output.steps if year in years)}
        for year in years:
            if year % 5 == 0 and len(shown) < MOST_YEARS:
                shown.add(year)
        return sorted(shown)

    @cached_property
    def money(self) -> tuple[str, float]:
        """Unit of money, and how much it is."""
        return self.language.money_unit(self.run.output.currency, self.summary["system_cost"])

    def in_money(self, value: float | None) -> str:
        """An amount in that unit, to ten thousand of the currency or finer."""
        return self.language.number(None if value is None else value / self.money[1], 2 if self.money[1] == 1e6 else 0)

    @cached_property
    def against(self) -> str:
        """The plan that money is compared with; '' where there is none."""
        known = [str(name) for name in dict.fromkeys(self.run.output.alone["finance"]["against"])]
        wanted = self.summary["compared_with"] or usual(self.summary) or REFERENCE
        return str(wanted) if wanted in known or not known else known[0]

    @cached_property
    def standard(self) -> str:
        """What the standard of the goal is called; of one that is this project's proposal that it is no official one."""
        found = self.summary.get("standing") or {"name": self.case.park.standard, "title_en": "", "title_zh": "", "rules": ()}
        name, own = titled_standard(self.language, found), {r["standing"] for r in found["rules"]} == {PROPOSAL}
        words = mark("{standard} (a proposal of this program, not an official standard)")
        return self.say(words, standard=name) if own else name

    @cached_property
    def texts(self) -> dict[tuple[str, str], str]:
        """Texts of application.toml, and what the plan says in their place."""
        return dict(self.details.texts)

    @cached_property
    def values(self) -> dict[str, Any]:
        """What words of a form and of its templates may name."""
        texts, park = self.details.texts, self.case.park
        return {
            "body": texts.get(("applicant", "body"), self.blank),
            "date": texts.get(("applicant", "date"), self.blank),
            "park": texts.get(("park", "title"), park.name),
            "by": self.by,
            "base": park.base_year,
            "first": self.years[0],
            "last": self.years[-1],
            "first_year": park.first_year,
            "price_year": park.price_year,
            "unit": self.money[0],
            "currency": self.run.output.currency,
            "standard": self.standard,
            "rules": park.standard,
            "stage": registers.named(self.language, registers.STAGES, self.summary["target"]),
            "against": registers.named(self.language, registers.PLANS, self.against),
            "against_plan": self.against,
            "compared": self.summary["compared_with"],
            "accounting": park.accounting,
            "certified": "scope2_certified" if park.accounting == "market" else "",
            "is_ruled": any(self.past(year).ruled is not None for year in self.past_years),
            "version": self.run.output.facts["parkzero"],
            "hash": self.run.output.facts["case_sha256"],
        }

    # --- the years before --------------------------------------------------------------------------------------------------

    @property
    def past_years(self) -> range:
        """The base year and those before it that an authority asks for."""
        return range(self.case.park.base_year - YEARS + 1, self.case.park.base_year + 1)

    def past(self, year: int) -> YearBefore:
        """What is known of the base year or a year before it: what a person said, else bills, else the operation."""
        said, found = self.details.years.get(year, {}), self.recorded(year)
        return YearBefore(said.get("energy", found.energy), said.get("co2", found.co2), origin="details") if said else found

    def recorded(self, year: int) -> YearBefore:
        """What bills or the operation say of a year."""
        entries, basis = self.entries(year), self.case.park.accounting
        if not entries:
            return YearBefore()
        energy = sum(e.tce for e in entries) or None  # the park states no coal equivalent
        origin = BILLS if any(e.kind == BILLS for e in entries) else OPERATION
        return YearBefore(energy, sum(getattr(e, basis) for e in entries), *self._ruled(entries, year), origin)

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
            factor = standard.factor.get((e.source, basis, year))
            co2 += getattr(e, basis) if factor is None else factor * e.energy
            each = standard.tce_electricity.get(year) if e.kind == OWN else standard.tce.get((e.source, year))
            energy += e.tce if each is None else each * e.energy
        return energy, co2

    def ratio(self, co2: float | None, energy: float | None) -> str:
        """t of CO2 a tce."""
        return NONE if not energy or co2 is None else self.language.number(co2 / energy, 3)

    # --- what a person says ------------------------------------------------------------------------------------------------

    @property
    def blank(self) -> str:
        """What marks a blank."""
        return self.say("[to fill in]")

    def fill_in(self, what: str, key: str, of: str = "") -> str:
        """Note that something is left blank, of a project where it is of one, and give its mark."""
        of_which = self._missing.setdefault((what, self.chapter, key), [])
        if of and of not in of_which:
            of_which.append(of)
        return self.blank

    @property
    def missing(self) -> list[list[str]]:
        """All that is left blank: chapter, what, with the projects of which it is, and the key that states it; by chapter."""
        found = []
        for (what, chapter, key), of in self._missing.items():
            told = self.say("{title}: {words}", title=what, words=self.say(", ").join(of)) if of else what
            found.append([chapter, told, key])
        return sorted(found, key=lambda row: row[0])

    def stated(self, *tables: str) -> list[tuple[str, str]]:
        """What it is, and the text, of all that is said under these tables (or keys: `park.feedstock`); the rest is blank."""
        return [(words, text) for words, text in self._asked(tables) if text]

    def lacking(self, *tables: str) -> str:
        """What is blank of these tables or keys."""
        return self.say(", ").join(words for words, text in self._asked(tables) if not text)

    def _asked(self, tables: Sequence[str]) -> Iterator[tuple[str, str]]:
        for blank in self.spec["blank"]:
            table, key = key_of(blank["key"])
            if table in tables or f"{table}.{key}" in tables:
                yield self.pick(blank["words"]), self.texts.get((table, key), "")

    def note_blanks(self) -> None:
        """Note every text of the form that nobody said."""
        for blank in self.spec["blank"]:
            if key_of(blank["key"]) not in self.texts:
                self.chapter = blank["chapter"]
                self.fill_in(self.pick(blank["words"]), blank["key"])

    # --- tables ------------------------------------------------------------------------------------------------------------

    def grids(self, makers: Mapping[str, Any]) -> None:
        """Make every table of the form, or one for each value of what `each` names; none without rows, which may be a blank.
        `makers` has functions by the ids of tables."""
        for spec in self.spec["table"]:
            self.chapter = spec["chapter"]
            made = self.made[spec["id"]] = []
            for value, name in (makers[spec["each"]](self) if "each" in spec else {"": ""}).items():
                self.values |= {"value": value, "name": name}
                rows = self._by_year(spec["years"], makers) if "years" in spec else makers[spec["id"]](self)
                if rows:
                    made.append(self._grid(spec, rows))
            if not made and "missing" in spec:
                self.fill_in(self.pick(spec["missing"]["words"]), spec["missing"]["key"])

    def _grid(self, spec: Mapping[str, Any], rows: Sequence[Sequence[str]]) -> Grid:
        heads = [self.years if words == "years" else [self.pick(words)] for words in spec.get("columns", YEARLY)]
        head, columns = [str(words) for several in heads for words in several], [*zip(*rows, strict=True)]
        blank = [c for c, cells in enumerate(columns) if spec.get("hide") and self.blank in cells and {*cells} <= {self.blank, ""}]
        shown = [c for c, cells in enumerate(columns) if c not in blank and any(cells)]
        number = self._labels[self.chapter] = self._labels.get(self.chapter, 0) + 1
        label = f"{self.say('Table')}{'' if self.language.code == 'zh' else ' '}{self.chapter}-{number}"
        hidden, cells = self.say(", ").join(head[c] for c in blank), [[row[c] for c in shown] for row in rows]
        return Grid(label, self.pick(spec["title"]), [head[c] for c in shown], cells, hidden, self._sources(spec))

    def _sources(self, spec: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        """File and rows of each source of a table: those of its rows by year, and those that it names."""
        found = list[tuple[str, str]]()
        for row in spec.get("years", ()):
            plan = row.get("plan", TARGET)
            for where in (row[key] for key in ("where", "over") if key in row):
                which = ", ".join(f"{c} = {', '.join(v) if isinstance(v, list) else v}" for c, v in where.items())
                found.append((row["file"] if plan == TARGET else f"{plan}/{row['file']}", which))
        for file, rows in spec.get("sources", ()):
            if file == "@inventory":
                found += [own for year in (self.past_years if rows else [self.values["base"]]) for own in self._origin(year, rows)]
            elif file.startswith("*/"):
                found += [(file[2:] if name == TARGET else f"{name}/{file[2:]}", rows) for name in self.run.plans]
            else:
                found.append((file, rows))
        filled = [(file.format(**self.values), rows.format(**self.values)) for file, rows in found]
        return tuple(dict.fromkeys((f, rows) for f, rows in filled if "/" not in f or f.split("/")[0] in self.run.plans))

    def _origin(self, year: int, stated: str) -> Iterator[tuple[str, str]]:
        """The files that an inventory of a year is from."""
        if stated and self.past(year).origin == "details":
            yield FILE, f"[[year]] year = {year}"
            return
        kinds = {e.kind for e in self.entries(year)}
        if BILLS in kinds:
            yield "bills.csv", f"year = {year}"
        if worked_out := [kind for kind in (OPERATION, OWN) if kind in kinds]:
            yield "plan check --baseline, baseline.csv", f"year = {year}, kind = {', '.join(worked_out)}"
        if PROCESS in kinds:
            yield "process_emissions.csv", self.say("interpolated to {year}", year=year)

    def fields(self) -> dict[str, str]:
        """Single numbers of sentences: of a file of the plan, in a year that is named."""
        return {
            row["id"]: self.language.number(self._frame(row, TARGET)[""].get(self.values[row["year"]]))
            for row in self.spec.get("field", ())
        }

    def _by_year(self, rows: Sequence[Mapping[str, Any]], makers: Mapping[str, Any]) -> list[list[str]]:
        """Rows with a number for each year: sums of rows of a file, by the values of a column where `by` names one, over others
        where `over` does. `sum` is that of the rows by a column, and of those that are to be taken off (`less`), before it; it is
        left out where none was added since the sum before."""
        out, added, summed = list[list[str]](), list[pd.Series](), 0
        for row in rows:
            plan, name = row.get("plan", TARGET), self.values["name"]
            if "made" in row:
                out += [[*own] for own in makers[row["made"]](self)]
                continue
            if plan not in self.run.plans or ("sum" in row and summed == len(added)):
                continue
            frame = pd.concat(added, axis=1).sum(axis=1).to_frame("") if "sum" in row else self._frame(row, plan)
            summed = len(added) if "sum" in row else summed
            unit, size, digits = row.get("unit", ""), -1.0 if "less" in row else 1.0, row.get("digits", 0)
            if unit == "money":
                unit, size, digits = *self.money, 2 if self.money[1] == 1e6 else 0
            for key in frame:
                numbers = frame[key].reindex(self.years)
                if "sum" not in row and not numbers.abs().max() >= row.get("least", 0.0):
                    continue
                added += [-frame[key] if "less" in row else frame[key]] if {"by", "less"} & {*row} else []
                called = registers.named(self.language, getattr(registers, row["called"]), key) if "called" in row else key
                self.values["name"] = self.say("other") if key == series.OTHER else called
                words = self.pick(row["words"]) if "words" in row else self.values["name"]
                out.append([words, frame.attrs.get(key, unit), *(self._number(v / size, digits) for v in numbers)])
            self.values["name"] = name
        return out

    def _number(self, value: float, digits: int) -> str:
        if digits < 0:  # three significant figures, of capacity
            return self.language.amount(value) if value else NONE
        return self.language.number(value, digits)

    def _frame(self, row: Mapping[str, Any], plan: str) -> pd.DataFrame:
        """A column for each name (or one) by year."""
        output = self.titled if row.get("by") in ("name", "technology") else self.run.output
        of, amount = output.plans[plan][row["file"].removesuffix(".csv")], row.get("value", "value")

        def chosen(where: Mapping[str, Any]) -> pd.DataFrame:
            rows = of
            for column, wanted in where.items():
                known = [text.format(**self.values) for text in (wanted if isinstance(wanted, list) else [wanted])]
                rows = rows[rows[column].isin(known)]
            return rows

        found = chosen(row["where"])
        if "by" in row:
            frame = series.over_years(found, row["by"], amount).reindex(self.run.output.years, fill_value=0.0)
            frame = series.largest(frame) if row.get("largest") else frame
            frame.attrs |= {} if "unit" in row else found.drop_duplicates(row["by"]).set_index(row["by"])["unit"].to_dict()
            return frame
        sums = found.groupby("year")[amount].sum().reindex(self.run.output.years, fill_value=0.0 if "less" in row else None)
        if "over" in row:
            sums = sums / chosen(row["over"]).groupby("year")[amount].sum().replace(0.0, float("nan"))
        return sums.to_frame("")


#: Heads of a table whose rows have a number for each year.
YEARLY: Sequence[Any] = (["item", "项目"], ["unit", "单位"], "years")
