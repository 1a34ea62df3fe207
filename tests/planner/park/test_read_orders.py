"""park.toml, [orders]: what its years must be."""

import pytest


def orders(park, text: str) -> list[str]:
    park.write("park.toml", (park.folder / "park.toml").read_text() + text)
    return list(park.complaints())


def test_years_of_orders_are_read(park):
    assert orders(park, "\n[orders]\nyears = [2026, 2030]\n") == [] and park.read().park.orders.years == (2026, 2030)


def test_left_out_it_is_every_year(park):
    assert park.read().park.may_order(2031) and orders(park, "\n[orders]\n") == [] and park.read().park.may_order(2031)


@pytest.mark.parametrize(("text", "fault"), [
    ("orders = 3\n", "park.toml line 10: orders: is no table; write [orders] and below it `years = [2026, 2030]`"),
    ("[orders]\nyear = [2026]\n", "park.toml line 11: key 'year': is no key of [orders]; did you mean 'years'?"),
    ("[orders]\nyears = 2026\n",
     "park.toml line 11: years: is no list of years; write it as [2026, 2030], or leave it out for every year"),
    ("[orders]\nyears = []\n",
     "park.toml line 11: years: is no list of years; write it as [2026, 2030], or leave it out for every year"),
    ("[orders]\nyears = [2026.5]\n",
     "park.toml line 11: years: is no list of years; write it as [2026, 2030], or leave it out for every year"),
    ("[orders]\nyears = [2025]\n", "park.toml line 11: years: 2025 is outside the horizon, 2026 to 2035"),
    ("[orders]\nyears = [2027, 2027]\n", "park.toml line 11: years: 2027 is there twice; keep one"),
])
def test_what_is_wrong_with_them_is_said(park, text, fault):
    assert fault in orders(park, text)
