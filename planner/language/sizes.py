"""How large a model was, in words: all years at once, or the decisions and each year."""

from __future__ import annotations

from planner.language.language import mark

SIZE = mark("{rows} rows, {columns} columns, {nonzeros} nonzeros")
OF_YEARS = mark("decisions: {decisions}; {years} years, each about {year}; with decisions given {given}")
OF_MONTHS = mark("decisions: {decisions}; hours of a year, in {months} months: {year}")
