"""What is wrong with files, cells and the goal of a park, in words that several places say; what one place says stands there.

A value of a sentence is text already: a name in quotes, a number as it is to be read; or a sentence of its own.
"""

from __future__ import annotations

from planner.language.language import mark
from planner.language.message import Message

#: What was given, and what is wrong with it.
OF = mark("{what}: {words}")
#: Below all faults, where there are too many to tell.
MORE_FAULTS = mark("{count} more faults; put these right first")

#: A word that names nothing: `is no type; did you mean 'solar-rooftop'?`
IS_NO = mark("is no {noun}; {hint}")
NEAR, NONE_STATED = mark("did you mean {near}?"), mark("none is stated")
WRITE, UNLIKE = mark("write {choices}"), mark("none of the {count} known ones is like it")
OR, AFTER_QUESTION, AFTER_HINT = mark("{first} or {others}"), mark("{hint} {more}"), mark("{hint}; {more}")
LISTED = mark("`plan catalogue` lists them all")
#: Things that a word may name.
NOUNS = {
    "carrier": mark("carrier"),
    "carrier of the park": mark("carrier of the park"),
    "converter": mark("converter"),
    "demand": mark("demand"),
    "group of chargers.csv": mark("group of chargers.csv"),
    "fuel of the catalogue": mark("fuel of the catalogue"),
    "future": mark("future"),
    "kind of day": mark("kind of day"),
    "measure": mark("measure"),
    "profile of profiles.csv": mark("profile of profiles.csv"),
    "rule": mark("rule"),
    "site": mark("site"),
    "standard": mark("standard"),
    "supply": mark("supply"),
    "table of a park": mark("table of a park"),
    "technology": mark("technology"),
    "tenant of the park": mark("tenant of the park"),
    "technology or link": mark("technology or link"),
    "type": mark("type"),
    "type, and its cell type is blank": mark("type, and its cell type is blank"),
    "zone": mark("zone"),
}
COLUMN_OF, KEY_OF, STAGE_OF = mark("column of {file}"), mark("key of {place}"), mark("stage of standard {standard}")

#: Files.
LONG_TABLE = mark("has more than {count} rows; this is no table of a park")
LONG_FILE = mark("has more than {count} lines; this is no table of a park")
WIDE_LINE = mark("has {count} commas; no table of a park has as many columns")
NOT_CSV = mark('cannot be read as CSV ({error}); look for a quote (") that is not closed')
EMPTY_FILE = mark("is empty; write a header row or remove the file")
TOO_MANY_CELLS = mark(
    "has {given} cells, the header {needed}; quote a text that has a comma in it, and write numbers with a decimal point"
)
TOO_FEW_CELLS = mark("has {given} cells, the header {needed}; end a row with commas where its last cells are blank")
SEPARATED = mark('cells are separated by {sign}; separate them by commas (in Excel: "CSV UTF-8")')
SEMICOLONS, TABS = mark("semicolons"), mark("tabs")
COLUMN_TWICE = mark("column {column}: is there twice; remove one")
NAMELESS = mark("column {number} has no name; name it in the header or remove it")
TOO_MANY_NAMES = mark("names {count} in column {column}; at most {most} can be planned")

#: Cells and keys.
BLANK_CELL = mark("{column}: is blank; it is needed ({says})")
NO_COLUMN = mark("column {column}: is missing; it is needed ({says})")
NO_KEY, EMPTY_KEY = mark("{column}: is missing; it is needed ({says})"), mark("{column}: is empty; it is needed ({says})")
NO_NUMBER = mark("is no number")
TOO_LARGE = mark("is too large; no figure of a park is above 1e12")
TOO_SMALL = mark("is too small; write 0, or another unit: no figure of a park is below 1e-9")
UNSEEN = mark("holds a line break or a character that cannot be seen; remove it")
LONG_NAME = mark("has {count} characters; a name has at most {most}")
LONG_FILE_NAME = mark("has {count} bytes; a name of a file has at most {most}")
NO_FILE_NAME = mark(
    "is no name of a file on every system; it has none of {signs}, no dot or blank at its ends, and is no device as CON"
)
FORMULA = mark("begins with {sign}, which a spreadsheet takes for a formula; begin it with a letter or a digit")
SHEET_ERROR = mark("is the error of a formula; put it right in the spreadsheet, or write what is meant")
A_FORMULA = mark("; it is a formula: save the sheet with its values")
NOT_CALCULATED = mark("is a formula without its value; let a spreadsheet calculate it, and save the sheet with its values")
NOT_WHOLE = mark("is no whole number")
NO_TEXT = mark('is no text; write it in quotes ("{given}")')
NO_FLAG = mark("is neither true nor false; write one of them, without quotes")
QUOTED_NUMBER = mark("is no number; write it without quotes, with a decimal point")
BELOW = mark("is below {least}; {hint}")
ABOVE, NOT_BELOW = mark("is above {most}; {hint}"), mark("is not below {most}; {hint}")
NOT_ABOVE = mark("is not above {least}; write a number above {least}")
NO_CURRENCY = mark("is no currency; write its ISO code in capitals (CNY, EUR)")
AT_LEAST, AT_MOST = mark("write a number of at least {least}"), mark("write a number of at most {most}")
ZERO_OR_ONE, WHOLE_AT_MOST = mark("write 0 or 1"), mark("write a whole number of at most {most}")
NO_PERCENTAGE, A_SHARE = mark("write a share ({share}), not a percentage"), mark("write a share of 1")

#: park.toml.
NO_PARK = mark("is missing; every park folder has one (`plan new DIR` starts a folder)")
LONG_LINE = mark("has {count} characters; a line has at most {most}")
NO_TOML = mark("is no TOML ({error}); write `key = value`, texts in quotes")
UNREAD_TOML = mark("is no TOML that can be read ({error}); write `key = value`, texts in quotes")
NO_YEARS_LIST = mark("years: is no list of years; write it as [2026, 2030], or leave it out for every year")
NO_RULES_LIST = mark('rules: is no list of different names; write it as ["cn-green-direct"]')
YEAR_OUTSIDE = mark("years: {year} is outside the horizon, {first} to {last}")
YEAR_TWICE = mark("years: {year} is there twice; keep one")
TOO_MANY_YEARS = mark("last_year = {last}: makes {years} years; at most {most} can be planned")

#: profiles.csv.
NO_HOUR_COLUMN = mark("column 'hour': is missing; number the rows 0, 1, 2 … in it")
LEAP_YEAR = mark("has {hours} hours; a leap day is never present, take out 29 February")
OTHER_HOURS = mark("has {hours} hours; {needed} hourly values are needed")

#: The goal.
WAY_TO_NOTHING = mark("is on the way to a goal; give --target and --by, or write goal.toml")
TWICE = mark("is given twice; {year} was said before")
NO_YEAR, NO_STAGE = mark("has no year; add --by YEAR"), mark("has no stage; add --target STAGE")


def fault(template: str, **values: object) -> Message:
    """What is wrong, in the words of a template."""
    return Message(template, **values)


def of(what: str, words: object) -> Message:
    """What was given, and what is wrong with it; the words may be the error that says so."""
    told = words.args[0] if isinstance(words, ValueError) and words.args else words
    return Message(OF, what=what, words=told)


def any_of(choices: list[str]) -> str:
    """`'a' or 'b' or 'c'`."""
    first, *others = choices
    return Message(OR, first=first, others=any_of(others)) if others else first
