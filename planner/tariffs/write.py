"""A tariff put into a park."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from models.case import Case
from planner.language.language import Language
from planner.profiles.profile import Profile
from planner.profiles.rows import check_rows, put_rows, table_of
from planner.profiles.told import Told
from planner.profiles.write import check_park, put, write_into
from planner.tariffs.read import Tariff
from planner.tariffs.rows import hourly_prices, profile_of, tariff_rows, usual_price

PRICES, TARIFF = "prices.csv", "tariff.csv"
PRICE_KEY, TARIFF_KEY = ("supply", "item"), ("supply", "item")


def write_tariff(
    tariff: Tariff, case: Case, park: Path, supply: str, year: int, holidays: str, file: Path, replace: bool, language: Language
) -> list[Path]:
    """Rows of prices.csv and tariff.csv in place of those of the supply; gives the files.

    With holidays, or with Saturdays that are no Sundays, the prices are a profile of prices.csv, `tariff-SUPPLY`, and tariff.csv
    has no row of the supply. Raises CaseError, before anything is written, where the park has other prices of it.
    """
    prices, currency, source = hourly_prices(tariff), case.park.currency, f"tariff {file.name}"
    is_profile = tariff.knows_saturdays or (tariff.knows_holidays and holidays != "none")
    name = f"tariff-{supply}" if is_profile else ""
    base = {"supply": supply, "year": year, "source": source}
    rows: list[dict[str, object]] = [
        {
            **base,
            "item": "energy",
            "value": f"{usual_price(prices):.8g}",
            "unit": f"{currency}/MWh",
            **({"profile": name} if name else {}),
        }
    ]
    power = f"{currency}/MW/month"
    charges = (("demand_charge", tariff.demand, power), ("capacity_charge", tariff.capacity, power))
    for item, value, unit in (*charges, ("fixed", tariff.fixed, f"{currency}/year")):
        if value is not None:
            rows.append({**base, "item": item, "value": f"{value:.8g}", "unit": unit})
    hours = [] if name else tariff_rows(prices, supply)
    check_rows(park / PRICES, PRICE_KEY, rows, replace)
    check_rows(park / TARIFF, TARIFF_KEY, [{"supply": supply, "item": "energy"}], replace)
    files: list[Path] = []
    if name:
        check_park(park, [name], replace)
        values = profile_of(prices, year, holidays, case.park.first_weekday)
        files = write_into(park, [Profile(name, np.asarray(values), "1", Told(), case.park.first_weekday)], replace, language)
    files.append(put_rows(park / PRICES, PRICE_KEY, rows, replace))
    return [*files, _hours(park / TARIFF, supply, hours)]


def _hours(path: Path, supply: str, rows: list[dict[str, object]]) -> Path:
    """tariff.csv with these rows of the supply's energy in place of its own."""
    if rows:
        return put_rows(path, TARIFF_KEY, rows, replace=True)
    columns, there = table_of(path)
    kept = [row for row in there if (row.get("supply"), row.get("item") or "energy") != (supply, "energy")]
    out = io.StringIO()
    writer = csv.DictWriter(
        out, columns or ["supply", "item", "months", "days", "hours", "factor"], lineterminator="\n", restval=""
    )
    writer.writeheader()
    writer.writerows(kept)
    put(path, out.getvalue())
    return path
