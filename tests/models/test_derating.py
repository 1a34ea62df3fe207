"""`derating`: the capacity of a converter falls from hour to hour, as a heat pump's in frost; it counts on as one without a profile."""

import pytest
from parks import Draft, energy, planned

from models.case import Reserve

FROST, HOURS = [0.5] * 12 + [1.0] * 12, 12 * 365
both = pytest.mark.parametrize("method", ["whole", "decomposed"])


def heated(shape: list[float], derating: list[float] | None = None, mwh: float = 8760.0, **pump) -> Draft:
    """Heat of this shape, a heat pump of 1 MW or what is ordered, and heat from outside at 100 CNY/MWh."""
    park = Draft()
    park.demand("warmth", "heat", mwh=mwh, profile=park.profile("shape", shape))
    park.supply("power", price=10.0)
    column = {"derating": park.profile("frost", derating)} if derating else {}
    park.converter("pump", {"heat": 1.0, "electricity": -1.0}, **({"existing": 1.0} | pump | column))
    return park


@pytest.mark.parametrize("fields", [{}, {"commitment": 1}, {"ramp": 0.9}])
def test_the_capacity_of_each_hour_is_derated(fields):
    for derating, missing in ((None, 0.0), (FROST, 0.5 * HOURS)):
        park = heated([1.0] * 24, derating, **fields)
        park.supply("district", "heat", price=100.0)
        plan = park.solve_twice()
        assert plan.system_cost == pytest.approx(10 * (8760 - missing) + 100 * missing)
        assert energy(plan, "curtailed", "pump") == 0


def test_the_least_load_is_that_of_the_derated_capacity():
    assert heated([1.0] * 24, mwh=0.4 * 8760, min_load=0.8, keep=1.0).try_to_solve().status == "infeasible"
    assert heated([1.0] * 24, [0.5] * 24, mwh=0.4 * 8760, min_load=0.8, keep=1.0).cost() == pytest.approx(10 * 0.4 * 8760)


@both
@pytest.mark.parametrize(("derated", "sizes"), [(False, (1.2, 2.0, 2.0)), (True, (2.4, 3.0, 3.0))])
def test_reserves_count_the_capacity_of_the_hour(method, derated, sizes):
    """The cold half of the day needs 1 MW, the warm one 0.2; with derating d a unit of 1 MW out leaves d (C - 1)."""
    shape = [1.0] * 12 + [0.2] * 12
    rows = ({"margin": 0.2}, {"largest_out": 1}, {"largest_out": 1, "operated": 1})
    for row, size in zip(rows, sizes, strict=True):
        pump = {"existing": 0.0, "capital_cost": 1000.0, "max_capacity": 9.0, "unit_size": 0.0 if "margin" in row else 1.0}
        park = heated(shape, FROST if derated else None, mwh=HOURS * 1.2, **pump)
        park.rows["prices"].clear()
        park.price("power", "energy", 0.0, "CNY/MWh")
        park.add(Reserve(carrier="heat", **row))
        plan = planned(park, method)
        assert plan.system_cost == pytest.approx(1000 * size)
        if "operated" not in row:
            own = dict(zip(plan.tables["reserves"]["item"], plan.tables["reserves"]["value"], strict=True))
            share, unit = 0.5 if derated else 1.0, size if "margin" in row else 1.0
            assert (own["firm"], own["largest_unit"], own["demand"]) == pytest.approx((share * size, share * unit, 1.0))
