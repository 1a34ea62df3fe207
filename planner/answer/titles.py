"""Things by their titles: the tables of an output with what things are called for a person in place of their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from planner.language.language import Language
from planner.tables.output import Output

#: Columns of the tables of a plan that name things of the case.
NAMED = ("technology", "measure", "project", "demand", "offset", "certificate", "supply", "connection", "name")


@dataclass(frozen=True)
class Titles:
    """What things are called.

    words  name -> title in the language of the page
    kinds  title -> kind of thing, which gives its colour
    carriers  title -> carrier that it gives, holds, carries or uses
    types  title -> name under which the catalogue knows it
    """

    words: Mapping[str, str]
    kinds: Mapping[str, str]
    carriers: Mapping[str, str]
    types: Mapping[str, str]

    def of(self, name: str) -> str:
        """The title of a name; the name where it has none."""
        return self.words.get(name, name)

    def table(self, rows: pd.DataFrame) -> pd.DataFrame:
        """A table of a plan with titles for names."""
        if rows.empty:
            return rows
        changed = {}
        for column in NAMED:
            if column in rows:
                text = rows[column]
                if isinstance(text.dtype, pd.CategoricalDtype):
                    changed[column] = text.cat.rename_categories(self.of)
                else:
                    changed[column] = text.map(lambda name: self.words.get(name, name))
        return rows.assign(**changed) if changed else rows


def titles_of(output: Output, language: Language) -> Titles:
    """The titles that the run wrote."""
    return titles_in(output.names, language)


def titles_in(names: pd.DataFrame, language: Language) -> Titles:
    """The titles of a table as names.csv is one."""
    column = "title_zh" if language.code == "zh" else "title_en"
    words = dict(zip(names["name"], names[column], strict=True))
    kinds, carriers, types = (
        {words[name]: value for name, value in zip(names["name"], names[c], strict=True)} for c in ("kind", "carrier", "type")
    )
    return Titles(words, kinds, carriers, types)


def titled(output: Output, titles: Titles) -> Output:
    """The output with titles for names in the tables of its plans."""
    return replace(output, plans={name: {k: titles.table(t) for k, t in tables.items()} for name, tables in output.plans.items()})
