"""Money of one year and currency in that of another."""

import pytest

from models.case import Origin
from planner.park.complaints import Complaints
from planner.park.money import money_of
from planner.park.tables import RawRow

ROWS = [("exchange_rate", "CNY", "2020", "8", "a bank"), ("exchange_rate", "CNY", "2025", "9", "a bank"),
    ("exchange_rate", "USD", "2025", "1.2", "a bank"), ("price_index", "USD", "2020", "100", "an office"),
    ("price_index", "USD", "2025", "120", "an office")]


def money():
    columns = ("item", "currency", "year", "value", "source")
    complaints = Complaints()
    made = money_of([RawRow(Origin("money.csv", 2), dict(zip(columns, row, strict=True))) for row in ROWS], complaints)
    assert not len(complaints)
    return made


def test_money_goes_to_another_year_and_currency():
    """100 USD of 2020 are 120 USD of 2025, which are 100 EUR, which are 900 CNY."""
    found = money().factor("USD", 2020, "CNY", 2025)
    assert 100 * found.value == pytest.approx(900)
    assert found.remark("USD", "CNY") == "prices of 2020 to 2025 by 1.2, converted from USD at 7.5 CNY per USD (an office; a bank)"
    found = money().factor("CNY", 2025, "CNY", 2025)
    assert (found.value, found.remark("CNY", "CNY")) == (1.0, "")
    assert money().factor("EUR", 2030, "CNY", 2031).value == pytest.approx(9)
    assert money().factor("EUR", 2019, "CNY", 2019).value == pytest.approx(8)
    with pytest.raises(KeyError, match="SEK"):
        money().factor("EUR", 2025, "SEK", 2025)


def test_the_catalogues_money_goes_to_the_parks_price_year(park):
    """400 EUR/kW of 2025 at a price index of 110 in 2025 and 100 in 2020: 400 / 1.1 EUR of 2020, at 8 CNY each."""
    with (park.catalogue / "money.csv").open("a") as file:
        file.write("price_index,EUR,2020,100,an office\nprice_index,EUR,2025,110,an office\n")
    park.edit("park.toml", "price_year = 2025", "price_year = 2020")
    cost = next(c for c in park.read().costs if c.type == "solar-rooftop" and c.parameter == "capital_cost")
    assert (cost.value, cost.unit) == (pytest.approx(400 / 1.1 * 8), "CNY/kW")
