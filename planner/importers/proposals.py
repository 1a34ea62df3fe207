"""A mapping proposed for a quotation: where the headings stand, which columns hold item, price and unit, and for each line the type
that it is most likely of. What the proposal does not know is left blank there, and left out of the costs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from models.errors import CaseError
from planner.importers.cost_units import currency_in
from planner.importers.quantities import CONTENTS
from planner.importers.quotations import (
    GUESSES,
    HEADINGS,
    amounts_in,
    cell_at,
    cop_in,
    efficiency_in,
    is_work,
    lifetime_in,
    price_of,
    tax_in,
    text_of,
    texts_with_units,
)
from planner.importers.source import NUMBER, Cell, number_in, read_source, sign_of
from planner.language.message import Message

#: MW of a boiler that gives a tonne of steam an hour.
STEAM = CONTENTS["steam"][0]
#: A capacity in an item: `1,000 kW`, `2,5 MW`, `640 kWc`; what a W is of does not count.
_SIZE = re.compile(rf"(?<![\d.,])({NUMBER}) ?(kWh|MWh|kW|MW|t/h)(?:p|c|th|el|e)?\b(?![/·]?h)")


def proposal(path: Path, sheet: str, year: int, currency: str, decimal: str = "") -> str:
    """A mapping for a quotation, as TOML. Raises CaseError where it has no headings, or a capacity can be read in two ways."""
    table = read_source(path, sheet=sheet)
    found = next((i for i, row in enumerate(table.rows) if _headings(row).keys() >= {"item", "price"}), None)
    if found is None:
        raise CaseError.because(
            "{path}: no row has headings of item and price; write a mapping by hand and name it with --map", path=path
        )
    header = [str(cell).strip() for cell in table.rows[found]]
    at = {key: header.index(text) for key, text in _headings(table.rows[found]).items()}
    said = next(filter(None, map(currency_in, header)), currency)
    text = [
        '# What a quotation says, in words of costs.csv. A line whose type is "" is left out.',
        f"sheet = {_quoted(sheet)}",
        f"header = {table.lines[found]}  # row of the headings",
        *(f"{key} = {_quoted(header[at[key]] if key in at else '')}  # heading of the column" for key in HEADINGS),
        f"currency = {_quoted(said)}",
        f"price_year = {year}  # year of its money",
        f"tax = {tax_in(table)}  # value-added tax that its prices hold and that is to be taken off: 0.13",
        "",
        "# type: of `plan catalogue` or your types.csv. parameter: capital_cost, project_cost, fixed_cost, variable_cost.",
        '# unit: where the file has none or another is meant, e.g. "CNY/kW". capacity: of a piece, e.g. "2.5 MW", "10 MWh".',
        "# sum = true: a position of one plant, times its quantity; those of a type are added, each by the capacity of the plant.",
        "# lifetime: years. efficiency (0.92) and cop (3.1) become ratios of ports.csv, with --park.",
    ]
    sign, guesses, faults = (
        decimal or sign_of(texts_with_units(table, amounts_in(table.rows[found + 1 :], at))),
        list[_Guess](),
        list[Message](),
    )
    for cells, line in zip(table.rows[found + 1 :], table.lines[found + 1 :], strict=True):
        item = str(cell_at(cells, at, "item")).strip()
        if not item or all(price_of(cell_at(cells, at, "price"), s)[0] is None for s in ("point", "comma")):
            continue
        kind = next((kind for words, kind in GUESSES if re.search(words, item.lower())), "")
        amount = f"{text_of(cell_at(cells, at, 'quantity'))} {text_of(cell_at(cells, at, 'unit'))}"
        try:
            capacity = _capacity_in(item, kind, sign) or _capacity_in(amount, kind, sign) or '""'
        except ValueError as error:
            faults.append(Message("{place}: {words}", place=f"{path} line {line}: {item}", words=error.args[0]))
            continue
        guesses.append(_Guess(" ".join(map(text_of, cells)), item, kind, capacity))
    if faults:
        raise CaseError(faults)
    return "\n".join([*text, *_lines(guesses)]) + "\n"


@dataclass(frozen=True)
class _Guess:
    """What a line with a price is likely of: its text, item, type, and capacity in TOML."""

    text: str
    item: str
    kind: str
    capacity: str


def _lines(guesses: list[_Guess]) -> list[str]:
    """A table of each line with a price. Work at a plant is a position of the plant of the line above it."""
    text, plant = list[str](), ("", '""')
    for i, own in enumerate(guesses):
        is_position = is_work(own.item) and bool(plant[0])
        guess, capacity = plant = plant if is_position else (own.kind, own.capacity)
        text += ["", "[[lines]]", f"item = {_quoted(own.item)}", f"type = {_quoted(guess)}", 'parameter = "capital_cost"']
        text += ['unit = ""', f"capacity = {capacity}"]
        if guess and (is_position or (i + 1 < len(guesses) and is_work(guesses[i + 1].item))):
            text.append("sum = true")
        stated = (("lifetime", lifetime_in(own.text)), ("efficiency", efficiency_in(own.text)), ("cop", cop_in(own.text)))
        text += [f'{key} = "{value}"' for key, value in stated if value and guess and not is_position]
    return text


def _capacity_in(text: str, guess: str, sign: str) -> str:
    """A capacity that a text states, in TOML: `燃气锅炉 7MW`; '' for none. Boilers are sold by tonnes of steam, and counted in MW.

    Raises ValueError where its number can be read in two ways.
    """
    found = _SIZE.search(text)
    if found is None:
        return ""
    size = number_in(found[1], sign)
    if found[2] == "t/h" and "capture" not in guess:
        return f'"{STEAM * size:g} MW"  # {size:g} t/h of steam at {STEAM:g} MW each'
    return _quoted(f"{size:.10g} {found[2]}")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _headings(row: list[Cell]) -> dict[str, str]:
    """The heading of each column that is wanted, by the words that it has."""
    texts = [str(cell).strip() for cell in row]
    found: dict[str, str] = {}
    for key, words in HEADINGS.items():
        for word in words:
            heading = next((t for t in texts if word in t.lower() and t not in found.values() and len(t) < 30), None)
            if heading is not None:
                found[key] = heading
                break
    return found
