"""What the goal hangs on: each part that takes emissions off, left out by hand."""

import pytest
from parks import Draft

from planner.answer.hangs_on import GoalPart, hangs_on, told_hangs_on
from planner.language.language import Language
from planner.planning.run import Options, plan_park


def bought() -> Draft:
    """A year of 1 MW from a grid of 0.5 t/MWh: 3,000 MWh are certified, 1,000 t of credits bought; gas emits 500 t beside it."""
    park = Draft(2026, 2026, base_emissions=10_000.0)
    park.demand()
    park.demand("kiln", "heat", mwh=2500.0)
    park.supply(factor=0.5)
    park.supply("gas", "gas", price=10.0, factor=0.2)
    park.converter("boiler", {"heat": 1.0, "gas": -1.0}, existing=1.0)
    park.certificate(price=10.0)
    park.offset("removals", "removal", price=5.0, max_volume=1000.0)
    park.rule("net_ratio", "<=", 0.238)
    park.rule("gross_ratio", "<=", 0.6)
    return park


def parts_of(park: Draft, accounting: str = "market") -> list[GoalPart]:
    case = park.case()
    tables = plan_park(case, Options()).target.tables
    return hangs_on(tables, accounting, case.goal.target, 2026)


def test_without_what_is_bought_net_emissions_are_above_their_limit() -> None:
    """4,880 t less 1,500 t certified are 3,380 gross, less 1,000 t of credits 2,380 net: as many as may be."""
    certificates, credits = parts_of(bought())
    assert (certificates.kind, certificates.metrics, certificates.over) == ("certificates", ("net_ratio",),
        pytest.approx(1500, abs=1))
    assert (credits.kind, credits.gross, credits.over) == ("credits", 0.0, pytest.approx(1000, abs=1))
    told = told_hangs_on(Language(), [certificates, credits], 2026)
    assert told == (
        "The goal of 2026 hangs on each of these: green certificates (1,500 t), credits (1,000 t). Without any one, all else as "
        "planned, it is missed by so much.")
    said = "2026 年目标取决于碳信用（1,000 t）：其他均按方案执行，若缺此项，目标即相差括号内的数量。"
    assert told_hangs_on(Language("zh"), [credits], 2026) == said


def test_what_a_rule_has_room_for_ends_nothing() -> None:
    """Gross emissions may be 3,380 t, as many as there are, and 1,000 t of credits are bought for a net limit of 3,400 t."""
    park = bought()
    park.rows["stages"].clear()
    park.rule("gross_ratio", "<=", 0.338)
    (certificates,) = parts_of(park)
    assert certificates.is_missed and certificates.over == pytest.approx(1500, abs=1)
    park.rows["stages"].clear()
    park.rule("certificate_share", "<=", 0.4)
    assert parts_of(park) == []  # no rule of emissions


def test_a_green_contract_that_is_cut_comes_from_the_grid() -> None:
    """1 MW, half of it by a contract of 0 t: the other half emits 2,190 t, all of it from the grid 4,380, where 2,190 may be."""
    park = Draft(2026, 2026, hours=24, base_emissions=4380.0, accounting="market")
    park.profile("flat", [1.0] * 24)
    park.demand()
    park.supply(price=100.0, factor=0.5)
    park.supply("wind", price=200.0, factor=0.0, profile="flat", contract_max=0.5, take=1.0)
    park.rule("gross_ratio", "<=", 0.5)
    (contract,) = parts_of(park)
    assert (contract.kind, contract.name, contract.gross) == ("contract", "wind", pytest.approx(2190, abs=1))
    assert contract.is_missed and contract.over == pytest.approx(2190, abs=5)
    assert told_hangs_on(Language(), [contract], 2026).startswith(
        "The goal of 2026 hangs on wind, its power bought from the grid (2,190 t): without it")
