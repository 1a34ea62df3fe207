"""Tariffs of the catalogue, as rows of prices.csv and tariff.csv of a park."""

from __future__ import annotations

import csv
from difflib import get_close_matches

from models.errors import CaseError
from planner.language.message import Message
from planner.parks.new import data_folder
from planner.read.catalogue import PRICE_YEAR
from planner.read.complaints import Complaints
from planner.read.money import read_money
from planner.templates.blank import Row


def tariff_rows(name: str, supply: str, currency: str, year: int) -> tuple[list[Row], list[Row]]:
    """(rows of prices.csv, rows of tariff.csv) of a tariff of the catalogue, in money of a currency and year.

    Raises CaseError where there is none of that name.
    """
    folder = data_folder() / "catalogue"
    with (folder / "tariffs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = list(dict.fromkeys(row["tariff"] for row in rows))
    if name not in names:
        near = get_close_matches(name, names, 1)
        hint = Message("did you mean {near}?", near=repr(near[0])) if near else Message("there are {names}", names=", ".join(names))
        raise CaseError.because("--tariff {name}: is none of the catalogue; {hint}", name=name, hint=hint)
    money, prices, hours = read_money(folder, Complaints()), list[Row](), list[Row]()
    for row in rows:
        if row["tariff"] != name:
            continue
        if row["factor"]:
            own = {key: row[key] for key in ("item", "months", "days", "hours", "factor")}
            hours.append({"supply": supply, **own})
            continue
        given, found = row["unit"][:3], PRICE_YEAR.search(row["note"])
        factor = money.factor(given, int(found[1]) if found else year, currency, year)
        value = f"{float(row['value']) * factor.value:.6g}"
        source = "; ".join(part for part in (f"tariff {name}: {row['source']}", row["note"]) if part)
        unit = row["unit"].replace(given, currency)
        prices.append({"supply": supply, "item": row["item"], "year": str(year), "value": value, "unit": unit, "source": source})
    return prices, hours
