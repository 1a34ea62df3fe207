"""Connections that supplies share: their limits, their monthly peak, their contracted capacity, and their size."""

import pytest
from parks import Draft, built, energy, paid, standing


def park(shape=(1.0,), mwh: float = 8760.0, last: int = 2026, **connection) -> Draft:
    """A demand of 1 MW, a cheap supply and a dear one; behind one connection if anything is said of it."""
    found = Draft(2026, last, hours=24)
    found.profile("shape", shape)
    found.demand(mwh=mwh, profile="shape")
    behind = {"connection": "line"} if connection else {}
    found.supply("cheap", price=50.0, max_import=0.6, **behind)
    found.supply("dear", price=100.0, **behind)
    if connection:
        found.connection(**connection)
    return found


def test_supplies_behind_a_connection_share_its_import_limit_beside_their_own():
    def with_plant(**connection):
        found = park(**connection)
        found.converter("engine", existing=1.0, variable_cost=300.0)
        return found
    assert with_plant().solve_twice().system_cost == pytest.approx(8760 * (0.6 * 50 + 0.4 * 100))
    plan = with_plant(max_import=0.8).solve_twice()
    assert plan.system_cost == pytest.approx(8760 * (0.6 * 50 + 0.2 * 100 + 0.2 * 300))
    assert energy(plan, "import", "dear") == pytest.approx(0.2 * 8760)
    plan = park(max_import=5.0).solve_twice()
    assert energy(plan, "import", "cheap") == pytest.approx(0.6 * 8760)


def test_supplies_behind_a_connection_share_its_export_limit():
    # 1 MW of sun beyond use is sold: 0.5 MW over each outlet, or 0.7 MW over both where they share a line.
    def sun(**connection):
        found = Draft()
        behind = {"connection": "line"} if connection else {}
        for name, received in (("one", 30.0), ("two", 20.0)):
            found.supply(name, price=None, prices={"export": received}, max_export=0.5, **behind)
        found.demand(mwh=0.0)
        found.converter("pv", existing=1.0, profile=found.profile("sun", [1.0]))
        if connection:
            found.connection(**connection)
        return found
    assert sun().solve_twice().system_cost == pytest.approx(-8760 * (0.5 * 30 + 0.5 * 20))
    assert sun(max_export=0.7).solve_twice().system_cost == pytest.approx(-8760 * (0.5 * 30 + 0.2 * 20))


def test_two_supplies_behind_one_connection_pay_one_peak():
    # 0.6 + 0.4 MW at the same time. One after the other is cheaper at no peak of their own: the sum is always 1 MW.
    # Two charges of 1000 on each: 12 x 1000 x (0.6 + 0.4); one charge on the connection: 12 x 1000 x 1.
    # With a day of 0.6 MW in 12 hours and 1.4 MW in 12 hours, cheap gives 0.6 MW and dear 0.8 MW: the same sum. Where the
    # cheap supply is sold by night only, its peak is 0.6 MW by night and that of the other 1 MW by day: two peaks, 1.6 MW.
    # Behind the connection 1 MW is paid.
    def bills(charges_of: tuple[str, ...], **connection):
        found = park(**connection)
        found.tariff(10.0, "cheap", hours="8-19")
        for name in charges_of:
            found.price(name, "demand_charge", 1000.0, "CNY/MW/month")
        return found.solve_twice()
    energy_cost = 8760 * (0.5 * (0.6 * 50 + 0.4 * 100) + 0.5 * 100)
    two = bills(("cheap", "dear"))
    one = bills(("line",), max_import=9.0)
    assert paid(two, "demand_charge") == pytest.approx(12_000 * 1.6) and paid(one, "demand_charge") == pytest.approx(12_000 * 1.0)
    assert one.system_cost == pytest.approx(energy_cost + 12_000)


def test_charges_of_a_connection_are_of_what_its_supplies_import_together():
    found = park(max_import=9.0)
    found.price("dear", "demand_charge", 100.0, "CNY/MW/month")
    found.price("line", "demand_charge", 1000.0, "CNY/MW/month")
    plan = found.solve_twice()
    assert paid(plan, "demand_charge") == pytest.approx(12 * (0.4 * 100 + 1000))
    found.price("line", "capacity_charge", 300.0, "CNY/MW/month")
    assert paid(found.solve_twice(), "capacity_charge") == pytest.approx(12 * 300)
    found = park(last=2027, max_import=9.0)
    found.price("line", "demand_charge", {2026: 500.0, 2027: 300.0}, "CNY/MW/month")
    found.price("line", "capacity_charge", 400.0, "CNY/MW/month")
    plan = found.solve_twice()
    assert paid(plan, "capacity_charge", 2026) == pytest.approx(4800) and paid(plan, "demand_charge", 2027) == pytest.approx(3600)


def test_the_size_of_a_connection_is_an_investment():
    # 2 MW for an hour and 22 / 23 MW for 23. A MW of line costs 1000 and an MWh of a plant beside it 300: over 2 MW the last hour
    # of each day would buy 365 MWh a MW at 100; so the line is 2 MW. At 100,000 a MW it is as large as for the other hours.
    shape = [1.0] * 23 + [2.0]
    def sized(cost: float, **size):
        found = Draft()
        found.profile("shape", shape)
        found.demand(mwh=365 * 25.0, profile="shape")
        found.supply(connection="line")
        found.converter("engine", existing=2.0, variable_cost=300.0)
        found.connection(capital_cost=cost, **size)
        return found.solve_twice()
    assert built(sized(1000.0), "line") == {2026: pytest.approx(2.0)}
    assert built(sized(100_000.0), "line") == {2026: pytest.approx(1.0)}
    plan = sized(100_000.0, existing=0.4)
    assert built(plan, "line") == {2026: pytest.approx(0.6)} and standing(plan, "line") == {2026: pytest.approx(1.0)}
    assert plan.system_cost == pytest.approx(60_000 + 100 * 8760 + 365 * 300)


def test_the_capacity_of_a_connection_limits_exports_too():
    # 3 MW of sun, sold at 30 over a line of 1 MW a MW of which costs 1000, or 1 million.
    def sold(cost: float):
        found = Draft()
        found.supply("sale", price=None, prices={"export": 30.0}, max_export=5.0, connection="line")
        found.demand(mwh=0.0)
        found.converter("pv", existing=3.0, profile=found.profile("sun", [1.0]))
        found.connection(capital_cost=cost, existing=1.0)
        return energy(found.solve_twice(), "export", "sale")
    assert sold(1000.0) == pytest.approx(3 * 8760) and sold(1e6) == pytest.approx(8760)


def test_a_connection_is_not_retired():
    # It costs 9 million a year to own, and nothing passes.
    found = Draft(2026, 2027)
    found.demand()
    found.supply("own")
    found.supply("other", connection="line")
    found.connection(capital_cost=1.0, fixed_cost=9e6, existing=1.0)
    assert found.solve().system_cost == pytest.approx(2 * (876_000 + 9e6))
