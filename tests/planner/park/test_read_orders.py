"""park.toml, [orders]: what its years must be."""

import pytest
from tabled import cases_of


def orders(park, text: str) -> list[str]:
    park.write("park.toml", (park.folder / "park.toml").read_text() + text)
    return list(park.complaints())


def test_years_of_orders_are_read(park):
    assert orders(park, "\n[orders]\nyears = [2026, 2030]\n") == [] and park.read().park.orders.years == (2026, 2030)


def test_left_out_it_is_every_year(park):
    assert park.read().park.may_order(2031) and orders(park, "\n[orders]\n") == [] and park.read().park.may_order(2031)


@pytest.mark.parametrize(("text", "fault"), cases_of(__file__, "orders"))
def test_what_is_wrong_with_them_is_said(park, text, fault):
    assert fault in orders(park, text)
