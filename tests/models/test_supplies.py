"""The boundary: tariffs, calendars of weekends and months, limits of the hour and of the year, exports."""

import numpy as np
import pytest
from parks import Draft, emitted, energy, paid

from models.errors import LedgerError
from planner.ledger.ledger import check_plan
from planner.planning.run import Options, plan_park

YEAR = 876_000.0


def park(hours: int = 24, last: int = 2026, **fields) -> Draft:
    """1 MW of demand and a grid at 100 CNY/MWh."""
    supply = fields.pop("supply", {})
    found = Draft(2026, last, hours=hours, **fields)
    found.demand()
    found.supply(**supply)
    return found


def shape(found: Draft) -> np.ndarray:
    return found.inputs().supplies.shape["grid", "energy"]


def test_hours_and_months_of_a_tariff_wrap_and_its_first_row_wins():
    found = park()
    found.tariff(2.0, hours="8-11")
    assert found.cost() == pytest.approx(YEAR * 28 / 24)
    found = park()
    found.tariff(0.5, hours="22-5")  # 8 hours
    assert found.cost() == pytest.approx(YEAR * 20 / 24)
    found = park(hours=8760)
    found.tariff(0.0, hours="0", months="1")
    assert np.flatnonzero(shape(found) == 0).tolist() == [24 * d for d in range(31)]
    found = park(hours=8760)
    found.tariff(3.0, months="11-2")
    assert (shape(found) == 3.0).sum() == 24 * 120
    assert shape(found)[[0, 24 * 59 - 1, 24 * 59, 24 * 304 - 1, 24 * 304]].tolist() == [3.0, 3.0, 1.0, 1.0, 3.0]
    found = park()
    found.tariff(9.0, months="2-12")
    assert found.cost() == pytest.approx(YEAR)
    found = park()
    found.tariff(0.5, hours="0-11")
    found.tariff(0.25, hours="6-23")
    assert found.cost() == pytest.approx(YEAR * (0.5 + 0.25) / 2)


def test_a_weekend_is_two_days_of_seven_and_a_weekday_is_what_is_none():
    found = park(hours=168)
    found.tariff(0.0, days="weekend")
    assert found.cost() == pytest.approx(YEAR * 5 / 7)
    found = park(hours=168)
    found.tariff(0.0, days="weekday")
    assert found.cost() == pytest.approx(YEAR * 2 / 7)


@pytest.mark.parametrize(("weekday", "free"), [(3, 0), (4, 24), (5, 48), (6, 24), (0, 0)])
def test_first_weekday_says_where_the_weekend_falls(weekday, free):
    # Two days from Thursday, Friday, Saturday, Sunday, Monday.
    found = park(hours=48, first_weekday=weekday)
    found.tariff(0.0, days="weekend")
    assert found.cost() == pytest.approx(YEAR * (48 - free) / 48)


def test_limits_hold_by_the_hour_and_by_the_year():
    found = park(last=2030, supply={"price": {2027: 100.0, 2029: 200.0}})
    assert found.cost() == pytest.approx(8760 * (100 + 100 + 150 + 200 + 200))
    found = park(supply={"max_import": 0.4})
    found.supply("dear", price=300.0)
    assert found.cost() == pytest.approx(0.4 * YEAR + 0.6 * 8760 * 300)
    found = park(supply={"max_import_year": 0.4 * 8760})
    found.supply("dear", price=300.0)
    found.tariff(2.0, supply="dear", hours="0-11")
    plan = found.solve()
    assert energy(plan, "import", "grid") == pytest.approx(3504)
    assert plan.system_cost == pytest.approx(3504 * 100 + 876 * 600 + 4380 * 300)


def exporter(**fields) -> Draft:
    """2 MW stand and cost nothing, 1 MW is needed."""
    found = park(supply=fields)
    found.converter("hydro", existing=2.0)
    return found


def test_what_is_sold_is_paid_up_to_its_limits():
    assert exporter(prices={"export": 50.0}).cost() == pytest.approx(0)
    assert exporter(prices={"export": 50.0}, max_export=0.5).cost() == pytest.approx(-0.5 * 8760 * 50)
    plan = exporter(prices={"export": 50.0}, max_export=0.5, max_export_year=1000.0).solve()
    assert plan.system_cost == pytest.approx(-50_000) and energy(plan, "export", "grid") == pytest.approx(1000)
    found = exporter(prices={"export": 50.0}, max_export=0.5)
    found.tariff(3.0, item="export", hours="0-11")
    assert found.cost() == pytest.approx(-0.5 * 8760 * 50 * 2)
    assert park(supply={"prices": {"export": 120.0}, "max_export": 1.0}).cost() == pytest.approx(YEAR - 20 * 8760)


def test_a_sink_takes_for_a_price_below_zero():
    # Heat that comes with the power and must go: 0.5 per MWh, at 20 CNY.
    found = park()
    found.converter("engine", {"electricity": 1.0, "heat": 0.5}, existing=1.0)
    found.supply("dump", "heat", price=None, max_export=1.0, prices={"export": -20.0})
    plan = found.solve()
    assert plan.system_cost == pytest.approx(4380 * 20) and paid(plan, "export") == pytest.approx(87_600)


def test_the_tariff_of_a_typical_day_is_the_mean_of_the_days_it_stands_for():
    # One typical day for the year, dear in January at twice the price: (334 + 31 x 2) / 365.
    found = park(hours=8760)
    found.tariff(2.0, months="1")
    assert found.solve_on_days([0] * 365).system_cost == pytest.approx(YEAR * (334 + 62) / 365)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_a_supply_gives_only_in_the_years_in_which_it_is_offered(method):
    """A contract at 40 CNY/MWh in 2027 and 2028, the grid at 100 before and after: 876,000 x (1 + 0.4 + 0.4 + 1)."""
    park = Draft(2026, 2029)
    park.demand()
    park.supply(factor=0.5)
    park.supply("contract", price=40.0, factor=0.1, first_year=2027, until_year=2028)
    plan = plan_park(park.case(), Options(gap=1e-9, method=method, compare=False)).target
    assert plan.system_cost == pytest.approx(2.8 * 876_000)
    assert [energy(plan, "import", "contract", y) for y in range(2026, 2030)] == pytest.approx([0.0, 8760.0, 8760.0, 0.0])
    assert emitted(plan, "gross", 2028) == pytest.approx(876)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_nothing_is_sold_over_a_supply_that_is_not_offered(method):
    """0.5 MW of what is made is over; it is sold at 30 from 2027 on, and curtailed before."""
    park = Draft(2026, 2027)
    park.demand(mwh=4380.0)
    park.supply()
    park.supply("buyer", price=None, max_export=9.0, prices={"export": 30.0}, first_year=2027)
    park.converter("sun", existing=1.0, profile=park.profile("flat", [1.0]))
    plan = plan_park(park.case(), Options(gap=1e-9, method=method, compare=False)).target
    assert plan.system_cost == pytest.approx(-4380 * 30)
    assert [energy(plan, "export", "buyer", y) for y in (2026, 2027)] == pytest.approx([0.0, 4380.0])


def test_on_typical_days_too_a_supply_stands_still_in_other_years():
    park = Draft(2026, 2027, hours=8760)
    park.demand()
    park.supply()
    park.supply("contract", price=40.0, until_year=2026)
    plan = park.solve_on_days([day % 2 for day in range(365)])
    assert plan.system_cost == pytest.approx(1.4 * 876_000)


def test_certificates_of_a_supply_that_is_not_offered_are_none():
    """A rule on certificates can be met in 2027, when what they green is offered, and not in 2026."""
    park = Draft(2026, 2027)
    park.demand()
    park.supply(factor=0.5)
    park.supply("contract", price=200.0, factor=0.5, first_year=2027)
    park.certificate("gec", "contract")
    park.rule("certificate_share", ">=", 0.5)
    park.goal(2027)
    plan = park.solve()
    assert energy(plan, "import", "contract", 2027) == pytest.approx(4380)
    park.goal(2026)
    run = plan_park(park.case(), Options(gap=1e-9, compare=False))
    assert run.target.status == "infeasible" and [(b.metric, b.year) for b in run.blocking] == [("certificate_share", 2026)]


def test_a_peak_that_only_a_later_supply_could_serve_is_said():
    park = Draft(2026, 2027)
    park.demand()
    park.supply(max_import=0.4)
    park.supply("contract", first_year=2027)
    run = plan_park(park.case(), Options(gap=1e-9, compare=False))
    assert run.target.status == "infeasible" and "0.6 MW of electricity are missing in 2026" in run.explanation[0]


def test_the_ledger_refuses_what_crosses_over_a_supply_that_is_not_offered():
    park = Draft(2026, 2027)
    park.demand()
    park.supply()
    park.supply("contract", price=40.0)
    plan = park.solve()
    case = park.case()
    later = tuple(s.model_copy(update={"first_year": 2027}) if s.supply == "contract" else s for s in case.supplies)
    with pytest.raises(LedgerError, match="import within max_import of contract"):
        check_plan(case.model_copy(update={"supplies": later}), plan, 4380.0)
