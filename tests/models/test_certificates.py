"""Certificates: they green imports on the market basis, within a share, and never twice."""

import pytest
from parks import Draft, emitted, paid

YEAR = 876_000.0


def park(accounting: str = "market", **shares: float) -> Draft:
    """4380 t from the grid, of a base of 4380 t; certificates at 5, 7, ... CNY/MWh."""
    found = Draft(accounting=accounting)
    found.demand()
    found.supply(factor=0.5)
    for i, (name, share) in enumerate(shares.items()):
        found.certificate(name, price=5.0 + 2 * i, max_share=share)
    return found


def test_a_certificate_is_bought_where_a_rule_asks_for_it():
    found = park(gec=1.0)
    found.rule("gross_ratio", "<=", 0.5)
    plan = found.solve()
    assert emitted(plan, "certified") == pytest.approx(4380) and emitted(plan, "gross") == pytest.approx(2190)
    assert plan.system_cost == pytest.approx(YEAR + 4380 * 5)
    found = park()
    found.rule("gross_ratio", "<=", 0.5)
    assert found.try_to_solve().status == "infeasible" and paid(park(gec=1.0).solve(), "certificates") == pytest.approx(0)


def test_both_books_are_kept_and_a_certificate_counts_on_the_market_basis_alone():
    found = park(gec=1.0)
    found.rule("gross_ratio", "<=", 0.0)
    plan = found.solve()
    assert emitted(plan, "scope2_market") == pytest.approx(0, abs=1e-6) and emitted(plan, "scope2_location") == pytest.approx(4380)
    found = park("location", gec=1.0)
    found.rule("gross_ratio", "<=", 0.5)
    assert found.try_to_solve().status == "infeasible"
    found = Draft(accounting="location")
    found.demand()
    found.supply(factor={"market": 0.8, "location": 0.5})
    plan = found.solve()
    assert emitted(plan, "scope2_market") == pytest.approx(7008) and emitted(plan, "scope2_location") == pytest.approx(4380)
    assert emitted(plan, "gross") == pytest.approx(4380)
    found.rows["supplies"] = [s.model_copy(update={"tce_per_mwh": 0.1}) for s in found.rows["supplies"]]
    found.rule("clean_share", ">=", 0.1)
    assert found.try_to_solve().status == "infeasible"


def test_a_certificate_greens_a_share_of_the_imports_at_most():
    found = park(gec=0.6)
    found.rule("gross_ratio", "<=", 0.5)
    assert found.try_to_solve().status == "optimal"
    found.rule("net_ratio", "<=", 0.3)
    assert found.try_to_solve().status == "infeasible"


def test_no_import_is_certified_twice():
    # 80 % at 5 and the remaining 20 % at 7, though the second could give 80 % too.
    found = park(gec=0.8, tigr=0.8)
    found.rule("gross_ratio", "<=", 0.0)
    plan = found.solve()
    assert emitted(plan, "certified") == pytest.approx(8760)
    assert plan.system_cost == pytest.approx(YEAR + 8760 * (0.8 * 5 + 0.2 * 7))
    # What is left over of the shares does not make up for a kiln.
    found.process("kiln", 100.0)
    assert found.try_to_solve().status == "infeasible"
