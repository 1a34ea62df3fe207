"""VAT that is taken off, and a nominal rate with inflation in place of a real one."""

import pytest
from tabled import cases_of


def value(case, table, **keys):
    (row,) = [r for r in getattr(case, table) if all(getattr(r, k) == v for k, v in keys.items())]
    return row.value


def test_one_switch_takes_vat_off_prices_costs_and_bills_and_off_nothing_else(park):
    park.write("bills.csv", "supply,year,value,cost\ngrid,2025,8760,6000000\n")
    before = park.read()
    park.edit("park.toml", 'standard = "ladder"\n', 'standard = "ladder"\n\n[tax]\nvat = 0.13\n')
    after = park.read()
    assert value(after, "prices", supply="grid", item="energy") == pytest.approx(600 / 1.13)
    assert value(after, "prices", supply="grid", item="demand_charge") == pytest.approx(40 / 1.13)
    assert value(after, "prices", item="carbon") == 80, "a carbon price holds none"
    assert value(after, "costs", type="gas-boiler", parameter="capital_cost") == pytest.approx(500 / 1.13)
    assert value(after, "costs", type="gas-boiler", parameter="fixed_cost") == 2, "per cent a year"
    assert value(after, "costs", type="battery", parameter="lifetime") == 12
    roof = {"type": "solar-rooftop", "parameter": "capital_cost", "year": 2025}
    assert value(after, "costs", **roof) == value(before, "costs", **roof), "the catalogue's is without"
    assert after.bills[0].cost == pytest.approx(6_000_000 / 1.13)
    told = [w for w in after.warnings if "VAT" in w]
    assert told == [
        "bills.csv: VAT of 13 % was taken off 1 figures; all money of plans and pages is without it",
        "costs.csv: VAT of 13 % was taken off 4 figures; all money of plans and pages is without it",
        "prices.csv: VAT of 13 % was taken off 5 figures; all money of plans and pages is without it",
    ]
    assert not [w for w in before.warnings if "VAT" in w]


def test_the_rate_of_a_row_goes_before_the_switch_and_stands_alone(park):
    park.write("prices.csv",
        "supply,item,year,value,unit,vat\ngrid,energy,2025,600,CNY/MWh,0.06\ngas,energy,2025,300,CNY/MWh,0\n*,carbon,2025,80,CNY/t,0.06\nstore,export,2025,-200,CNY/t,\n")
    for text, rates in (("", (0.06, 0, 0.06, 0)), ("\n[tax]\nvat = 0.13\n", (0.06, 0, 0.06, 0.13))):
        if text:
            park.edit("park.toml", 'standard = "ladder"\n', 'standard = "ladder"\n' + text)
        case = park.read()
        values = [value(case, "prices", supply=s) for s in ("grid", "gas", "*", "store")]
        assert values == pytest.approx([v / (1 + r) for v, r in zip((600, 300, 80, -200), rates, strict=True)])


def test_a_nominal_rate_and_inflation_make_the_real_one(park):
    park.edit("park.toml", "discount_rate = 0.06", "discount_rate_nominal = 0.0812\ninflation = 0.02")
    assert park.read().park.discount_rate == pytest.approx(0.06)


@pytest.mark.parametrize(("new", "line"), cases_of(__file__, "vat"))
def test_rates_that_contradict_each_other_are_refused(park, new, line):
    park.edit("park.toml", "discount_rate = 0.06", new)
    (complaint,) = park.complaints()
    assert line in complaint


def test_the_inflation_of_finance_serves_and_another_beside_it_is_refused(park):
    park.edit("park.toml", "discount_rate = 0.06", "discount_rate_nominal = 0.0812")
    park.write("park.toml", (park.folder / "park.toml").read_text() + "\n[finance]\ninflation = 0.02\n")
    assert park.read().park.discount_rate == pytest.approx(0.06)
    park.edit("park.toml", "discount_rate_nominal = 0.0812", "discount_rate_nominal = 0.0812\ninflation = 0.03")
    assert any("inflation = 0.03: is another than that of [finance], 0.02" in line for line in park.complaints())
