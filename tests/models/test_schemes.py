"""Tariff schemes of a connection: one is in force a year, kept for some years; charges and supplies belong to it."""

from dataclasses import replace

import pytest
from parks import Draft, energy, paid

import planner.planning.run
from models.case import Price, Reserve
from models.errors import LedgerError
from models.investment.boundary import dominated_schemes
from planner.planning.base import base_emissions


def park(last: int = 2026, years: int = 1, shape=(1.0,), **connection) -> Draft:
    """1 MW of use behind a connection whose supplies are sold under two schemes: flat at 100, or by the hour at 80 and a charge."""
    found = Draft(2026, last, hours=24)
    found.profile("shape", shape)
    found.demand(mwh=8760.0 * sum(shape) / len(shape), profile="shape")
    found.connection("line", **({"max_import": 5.0, "scheme_years": years} | connection))
    return found


def charge(found: Draft, value, item: str = "demand_charge", scheme: str = "two-part", supply: str = "line") -> None:
    """A charge under a scheme."""
    points = value.items() if isinstance(value, dict) else [(None, value)]
    found.add(*(Price(supply=supply, item=item, scheme=scheme, year=y, value=v, unit="CNY/MW/month") for y, v in points))


def fee(found: Draft, value, scheme: str = "", supply: str = "line") -> None:
    """A fixed price of the connection, under a scheme or under each."""
    points = value.items() if isinstance(value, dict) else [(None, value)]
    found.add(*(Price(supply=supply, item="fixed", scheme=scheme, year=y, value=v, unit="CNY/year") for y, v in points))


def in_force(plan) -> dict[int, str]:
    """The scheme of each year."""
    own = plan.tables["schemes"]
    return dict(zip(own["year"].tolist(), own["scheme"].tolist(), strict=True))


def test_the_cheaper_scheme_is_in_force_and_supplies_of_the_other_stand_still():
    # Flat: 876,000. Two-part: 80 x 8760 = 700,800 and 12 x 10,000 x 1 MW = 820,800.
    found = park()
    found.supply("flat", price=100.0, connection="line", scheme="flat")
    found.supply("cheap", price=80.0, connection="line", scheme="two-part")
    charge(found, 10_000.0)
    plan = found.solve_twice()
    assert in_force(plan) == {2026: "two-part"} and energy(plan, "import", "flat") == pytest.approx(0)
    assert plan.system_cost == pytest.approx(820_800)
    charge(found, 5_000.0, supply="cheap")  # 60,000 more for its own peak: flat is cheaper
    other = found.solve_twice()
    assert in_force(other) == {2026: "flat"} and paid(other, "demand_charge") == pytest.approx(0)
    assert other.system_cost == pytest.approx(876_000)


def test_what_has_no_scheme_always_holds():
    # 0.5 MW of a supply without scheme at 50, and a charge of 1000 without scheme on the peak of all.
    found = park()
    found.supply("hydro", price=50.0, max_import=0.5, connection="line")
    found.supply("flat", price=100.0, connection="line", scheme="flat")
    found.supply("cheap", price=80.0, connection="line", scheme="two-part")
    found.price("line", "demand_charge", 1000.0, "CNY/MW/month")
    charge(found, 10_000.0)
    # Two-part: 4380 x (50 + 80) + 12 x 11,000; flat: 4380 x 150 + 12 x 1000.
    plan = found.solve_twice()
    assert in_force(plan) == {2026: "flat"} and plan.system_cost == pytest.approx(4380 * 150 + 12_000)
    assert paid(plan, "demand_charge") == pytest.approx(12_000)


def test_schemes_may_differ_in_charges_alone():
    # A peak of 2 MW in one hour, 1 MW else. Two-part: 40 on the peak, 12 x 2 x 10,000. By capacity: 12 x 2 x 9,000.
    found = park(shape=[1.0] * 23 + [2.0])
    found.supply("grid", price=0.0, connection="line")
    charge(found, 10_000.0)
    charge(found, 9_000.0, item="capacity_charge", scheme="by-capacity")
    plan = found.solve_twice()
    assert in_force(plan) == {2026: "by-capacity"} and plan.system_cost == pytest.approx(12 * 2 * 9_000)


def test_a_fixed_price_of_a_scheme_is_paid_in_the_years_in_which_it_is_in_force():
    # A peak of 1 MW at 10,000 CNY a month, 120,000 a year; by capacity 100,000, then 150,000.
    found = park(2027)
    found.supply("grid", price=0.0, connection="line")
    charge(found, 10_000.0)
    fee(found, {2026: 100_000.0, 2027: 150_000.0}, "by-capacity")
    plan = found.solve_twice()
    assert in_force(plan) == {2026: "by-capacity", 2027: "two-part"}
    assert [paid(plan, item, y) for y in (2026, 2027) for item in ("fixed", "demand_charge")] == pytest.approx([1e5, 0, 0, 1.2e5])
    assert plan.system_cost == pytest.approx(220_000)


def test_a_fixed_price_of_a_connection_is_paid_in_every_year_whatever_is_bought():
    # 1 MW at 100 CNY/MWh; a plant at 30 CNY/MWh that leaves nothing to be bought saves the energy alone.
    def plan(fixed, running: float = 300.0, scheme: str = ""):
        found = park(2027, max_import=None)
        found.supply("grid", price=100.0, connection="line")
        found.converter("engine", existing=1.0, variable_cost=running)
        if fixed:
            fee(found, fixed, scheme)
        return found.solve_twice()
    assert plan(None).system_cost == pytest.approx(2 * 876_000)
    rising = plan({2026: 1000.0, 2027: 3000.0})
    assert rising.system_cost == pytest.approx(2 * 876_000 + 4000)
    own = rising.tables["costs"].query("item == 'fixed'")
    assert set(own["name"]) == {"line"} and own["value"].tolist() == pytest.approx([1000, 3000])
    assert plan(1000.0, running=30.0).system_cost == pytest.approx(2 * (8760 * 30 + 1000))


def test_fixed_prices_of_the_connection_and_of_its_scheme_and_its_supply_add_up():
    # 1000 always, 5000 under the scheme in force, 700 for the supply that is used; the other scheme costs 9000.
    found = park()
    found.supply("grid", price=100.0, connection="line", prices={"fixed": 700.0})
    fee(found, 1000.0)
    fee(found, 5000.0, "small")
    fee(found, 9000.0, "large")
    plan = found.solve_twice()
    assert in_force(plan) == {2026: "small"} and plan.system_cost == pytest.approx(876_000 + 6700)
    own = plan.tables["costs"].query("item == 'fixed'")
    assert dict(zip(own["name"], own["value"], strict=True)) == pytest.approx({"grid": 700, "line": 6000})


@pytest.mark.parametrize("field", ["fixed", "scheme_fixed"])
def test_the_ledger_works_fixed_prices_out_from_the_case(field: str, monkeypatch: pytest.MonkeyPatch):
    resolve = planner.planning.run.resolve
    def resolve_wrongly(*args):
        inputs = resolve(*args)
        dearer = {key: 1.001 * money for key, money in getattr(inputs.connections, field).items()}
        return replace(inputs, connections=replace(inputs.connections, **{field: dearer}))
    found = park()
    found.supply("grid", price=100.0, connection="line")
    fee(found, 1000.0)
    fee(found, 5000.0, "only")
    found.solve()
    monkeypatch.setattr(planner.planning.run, "resolve", resolve_wrongly)
    with pytest.raises(LedgerError) as caught:
        found.solve()
    assert {(d.quantity, d.name) for d in caught.value.disagreements} >= {("costs.csv", "fixed line")}


@pytest.mark.slow
def test_a_scheme_is_kept_for_its_years_and_the_first_choice_counts():
    # Two-part costs 10, 30, 10, 30 a MW and month; flat always 20. Freely chosen: 10 + 20 + 10 + 20.
    def plan(years: int):
        found = park(2029, years)
        found.supply("grid", price=0.0, connection="line")
        charge(found, {2026: 10.0, 2027: 30.0, 2028: 10.0, 2029: 30.0})
        charge(found, 20.0, scheme="flat")
        return found.solve_twice()
    assert plan(1).system_cost == pytest.approx(12 * (10 + 20 + 10 + 20))
    kept = plan(2)
    # One change more, in 2028 or 2029: two-part until 2028, then flat, 10 + 30 + 10 + 20. Without a change 80 either way.
    assert kept.system_cost == pytest.approx(12 * 70)
    assert in_force(kept) == {2026: "two-part", 2027: "two-part", 2028: "two-part", 2029: "flat"}
    assert plan(4).system_cost == pytest.approx(12 * 80)
    assert plan(9).system_cost == pytest.approx(12 * 80)  # longer than the horizon


def test_two_changes_are_years_apart():
    # Two-part costs 10, 10, 30, 10, 10, 10; flat 20: one year of flat is not to be had with three years.
    def plan(years: int):
        found = park(2031, years)
        found.supply("grid", price=0.0, connection="line")
        charge(found, dict(zip(range(2026, 2032), (10.0, 10.0, 30.0, 10.0, 10.0, 10.0), strict=True)))
        charge(found, 20.0, scheme="flat")
        return found.solve_twice()
    assert in_force(plan(1))[2028] == "flat" and set(in_force(plan(3)).values()) == {"two-part"}


def test_the_capacity_of_a_connection_and_the_scheme_are_chosen_together():
    # 2 MW in one hour of the day; above 1 MW a plant at 300 saves: 365 MWh x 200 = 73,000. Under the scheme by capacity a MW costs
    # 12 x 10,000: the plant runs; under the other nothing is paid by capacity, energy is at 130.
    def plan(price: float):
        found = park(shape=[1.0] * 23 + [2.0])
        found.supply("by-mw", price=100.0, connection="line", scheme="by-capacity")
        found.supply("by-mwh", price=price, connection="line", scheme="by-energy")
        charge(found, 10_000.0, item="capacity_charge", scheme="by-capacity")
        found.converter("engine", existing=1.0, variable_cost=300.0)
        return found.solve_twice()
    assert plan(130.0).system_cost == pytest.approx(100 * 8760 + 300 * 365 + 120_000)
    cheap = plan(110.0)
    assert in_force(cheap) == {2026: "by-energy"} and cheap.system_cost == pytest.approx(110 * (8760 + 365))


def test_a_contract_and_a_fee_belong_to_their_scheme():
    found = park()
    found.profile("sun", [0.0] * 12 + [1.0] * 12)
    found.supply("grid", price=100.0, connection="line")
    found.supply("farm", price=20.0, profile="sun", contract_max=3.0, connection="line", scheme="green", prices={"fixed": 1e5})
    found.supply("night", price=50.0, max_import=1.0, connection="line", scheme="old")
    plan = found.solve_twice()
    # Green: 4380 x (20 + 100) + 100,000 = 625,600; old: 8760 x 50 = 438,000.
    assert in_force(plan) == {2026: "old"} and plan.system_cost == pytest.approx(438_000)


def test_the_base_year_takes_the_cheapest_scheme():
    # Flat power is clean; two-part power emits 0.5 t/MWh and is cheaper below a charge of 14,600.
    def base(value: float):
        found = park()
        found.supply("flat", price=100.0, connection="line", scheme="flat", factor=0.1)
        found.supply("cheap", price=80.0, connection="line", scheme="two-part", factor=0.5)
        charge(found, value)
        found.park = found.park.model_copy(update={"base_emissions": None})
        return base_emissions(found.case())
    assert base(10_000.0) == pytest.approx(4380) and base(20_000.0) == pytest.approx(876)


def test_the_base_year_pays_the_fixed_price_of_a_scheme():
    # Flat power is clean at 100 a MWh; the other emits 0.5 t/MWh at 80, and its scheme costs a fee: 175,200 is what it saves.
    def base(value: float):
        found = park()
        found.supply("flat", price=100.0, connection="line", scheme="flat", factor=0.1)
        found.supply("cheap", price=80.0, connection="line", scheme="by-capacity", factor=0.5)
        fee(found, 1000.0)
        fee(found, value, "by-capacity")
        found.park = found.park.model_copy(update={"base_emissions": None})
        return base_emissions(found.case())
    assert base(175_000.0) == pytest.approx(4380) and base(176_000.0) == pytest.approx(876)


def test_a_reserve_counts_the_supplies_of_the_scheme_in_force():
    # 1 MW of use and as much in reserve. The cheap scheme has 0.4 MW of import beside a plant of 0.5 MW: too little.
    def plan(with_reserve: bool):
        found = park()
        found.supply("flat", price=100.0, max_import=2.0, connection="line", scheme="flat")
        found.supply("cheap", price=20.0, max_import=0.4, connection="line", scheme="two-part")
        found.converter("engine", existing=0.5, variable_cost=50.0)
        found.converter("sun", existing=1.0, profile="shape", variable_cost=30.0)
        if with_reserve:
            found.add(Reserve(carrier="electricity", zone="park"))
        return found.solve_twice()
    assert in_force(plan(False)) == {2026: "two-part"} and in_force(plan(True)) == {2026: "flat"}


def dominated_of(found: Draft) -> set[str]:
    inputs = found.inputs()
    return dominated_schemes(inputs.supplies, inputs.connections, inputs.years)


def priced(of_peak, contracted, **fixed) -> Draft:
    """A peak of 2 MW in one hour, 1 MW else, charged on the peaks of months or on a contracted capacity, and a price a year."""
    found = park(2027, shape=[1.0] * 23 + [2.0])
    found.supply("grid", price=0.0, connection="line")
    charge(found, of_peak)
    charge(found, contracted, item="capacity_charge", scheme="by-capacity")
    for scheme, money in fixed.items():
        fee(found, money, scheme.replace("_", "-"))
    return found


@pytest.mark.parametrize(
    ("found", "dominated"),
    [
        (priced(10_000.0, 10_000.0), {"line: by-capacity"}),  # a contract covers every month's peak
        (priced(10_000.0, 9_999.0), set()),  # level peaks make the contract cheaper
        (priced(10_000.0, 833.0), {"line: two-part"}),  # twelve months of it are below one month of the other
        (priced(10_000.0, 834.0), set()),  # a peak in one month only is cheaper by the peak
        (priced({2026: 10_000.0, 2027: 12_000.0}, 11_000.0), set()),  # not in each year
        (priced(10_000.0, 11_000.0, two_part=1.0), set()),
        (priced(10_000.0, 11_000.0, two_part=1.0, by_capacity=1.0), {"line: by-capacity"}),
    ],
)
def test_a_scheme_that_never_costs_less_than_another_is_dominated(found, dominated):
    assert dominated_of(found) == dominated
    assert in_force(found.solve_twice())[2026] not in {key.removeprefix("line: ") for key in dominated}


def test_of_two_schemes_that_cost_the_same_the_first_stays():
    found = priced(10_000.0, 20_000.0)
    charge(found, 10_000.0, scheme="other")
    assert dominated_of(found) == {"line: by-capacity", "line: other"}


def test_a_scheme_under_which_something_is_sold_or_a_choice_of_charges_is_never_dominated():
    sold = priced(10_000.0, 20_000.0)
    sold.supply("cheap", price=0.0, connection="line", scheme="by-capacity")
    assert dominated_of(sold) == set()
    choice = priced(10_000.0, 20_000.0)
    charge(choice, 9_000.0, scheme="by-capacity")  # the basis of the lower of two charges
    assert dominated_of(choice) == set()
