"""The ledger works base emissions out a second time, from the operation of the base year."""

import pytest
from parks import Draft

from models.case import Bill, Case
from models.errors import LedgerError
from models.inputs.carbon import BaseEmissions
from planner.ledger.carbon import check_base
from planner.planning.base import Base, base_of, net_imports, operate_base_year


def works() -> Draft:
    """A works without a stated base: power and heat in two zones, two fuels, a store, a line that loses, captured kiln gas."""
    park = Draft(base_emissions=None, hours=24, accounting="market")
    shape = park.profile("shape", [1.0] * 8 + [2.0] * 10 + [1.0] * 6)
    sun = park.profile("sun", [0.0] * 7 + [0.3, 0.6, 0.8, 0.9, 1.0, 0.9, 0.8, 0.6, 0.3] + [0.0] * 8)
    park.demand("power", zone="a", mwh={2025: 8760.0, 2026: 9999.0}, profile=shape)
    park.demand("warmth", "heat", zone="b", mwh=4380.0)
    park.supply("grid", zone="a", price=100.0, factor={"location": 0.6, "market": 0.5}, max_export=0.5,
        prices={"demand_charge": 50.0, "export": 20.0})
    park.tariff(1.3, hours="8-11;17-21")
    park.supply("gas", "gas", zone="b", price=40.0, factor=0.2)
    park.supply("wood", "wood", zone="b", price=45.0, factor=0.35, biogenic=1)
    park.supply("well", "co2", zone="b", price=None, max_export=2.0, prices={"export": 60.0})
    park.converter("pv", zone="a", existing=2.0, profile=sun)
    park.converter("boiler", {"gas": -1.1, "heat": 1.0}, zone="b", existing=3.0)
    park.converter("oven", {"wood": -1.2, "heat": 1.0}, zone="b", existing=0.2, min_load=0.5)
    park.converter("heater", {"electricity": -1.0, "heat": 0.99}, zone="a", existing=0.5)
    park.link("pipe", "a", "b", "heat", loss=0.05, existing=1.0)
    park.store(zone="a", existing=2.0, charge_efficiency=0.9, standing_loss=0.001)
    park.capture("scrubber", {"kiln": 0.8}, {"electricity": -0.2}, zone="b", existing=0.05)
    park.link("line", "a", "b", existing=1.0)
    park.process("kiln", {2025: 900.0, 2026: 1.0}, capturable=1)
    return park


@pytest.fixture(scope="module")
def operated() -> tuple[Case, Base]:
    case = works().case()
    return case, operate_base_year(case)


def test_the_ledger_finds_the_base_emissions_of_the_operation(operated):
    case, base = operated
    check_base(case, base.emissions, base.dispatch)
    assert base_of(case) == base.emissions
    used = base.dispatch.groupby(["flow", "name"], observed=True)["value"].sum()
    assert {"pv", "boiler", "oven", "battery"} <= {name for (_, name), amount in used.items() if amount > 0}
    assert used["captured", "scrubber from kiln"] > 0


def test_the_base_year_is_known_by_location_too_and_another_number_is_refused(operated):
    """The grid has 0.6 t/MWh by location and 0.5 by market; all else is scope 1."""
    case, base = operated
    bought, _ = net_imports(base.dispatch, "grid")
    assert bought > 1000 and base.emissions.location == pytest.approx(base.emissions + 0.1 * bought)
    for share in (-1e-4, 1e-4):
        other = BaseEmissions(base.emissions, base.emissions.standard, base.emissions.location * (1 + share))
        with pytest.raises(LedgerError, match="base emissions by location"):
            check_base(case, other, base.dispatch)


def test_bills_of_the_base_year_go_before_the_operation(operated):
    """1,000 MWh of grid less than operated (0.5 t/MWh, 0.6 by location), gas as billed (0.2); coal that the model does not buy (0.9)."""
    case, base = operated
    bought = {name: net_imports(base.dispatch, name)[0] for name in ("grid", "gas")}
    park = works()
    park.supply("coal", "coal", zone="b", price=500.0, factor=0.9)
    park.add(Bill(supply="grid", year=2025, value=bought["grid"] - 1000))
    park.add(Bill(supply="gas", year=2025, value=(bought["gas"] + 500) / 1000, unit="GWh"))
    park.add(Bill(supply="coal", year=2025, value=100.0))
    park.add(Bill(supply="wood", year=2024, value=1.0))
    case = park.case()
    found = base_of(case)
    assert found.operated == pytest.approx(base.emissions) and found == pytest.approx(base.emissions - 500 + 100 + 90)
    assert found.location == pytest.approx(base.emissions.location - 600 + 100 + 90) and found.standard == found
    for other in (base.emissions, BaseEmissions(found * 1.001, found.standard, found.location, found.operated)):
        with pytest.raises(LedgerError, match="base emissions"):
            check_base(case, other, base.dispatch)


@pytest.mark.parametrize("share", [-1e-4, 1e-4])
def test_another_number_is_refused(operated, share):
    case, base = operated
    with pytest.raises(LedgerError, match="base emissions"):
        check_base(case, base.emissions * (1 + share), base.dispatch)


def test_an_operation_of_which_a_flow_is_changed_is_refused(operated):
    case, base = operated
    flows = base.dispatch.groupby(["flow", "name", "zone", "carrier"], observed=True)["value"].agg(lambda v: v.abs().idxmax())
    for place in flows:
        changed = base.dispatch.copy()
        if changed.loc[place, "value"] == 0:
            continue
        changed.loc[place, "value"] *= 1 + 1e-3
        with pytest.raises(LedgerError):
            check_base(case, base.emissions, changed)


def test_what_did_not_exist_in_the_base_year_is_refused(operated):
    """The operation is that of a park with more sun than existed."""
    _, base = operated
    park = works()
    park.rows["technologies"] = [
        t.model_copy(update={"existing": 1.0}) if t.technology == "pv" else t for t in park.rows["technologies"]]
    with pytest.raises(LedgerError, match="availability"):
        check_base(park.case(), base.emissions, base.dispatch)
