"""The third example park, a green direct connection: its rules bind, and each is told with the paragraph that it comes from."""

from __future__ import annotations

import pandas as pd
import pytest

from planner.parks.new import park_folder
from planner.planning.run import Options, plan_park
from planner.read import read_case

#: On two days; what binds there binds in every hour.
QUICK = Options(days=2, compare=False, verify=False)


@pytest.fixture(scope="module")
def case():
    return read_case(park_folder("steppe"))


def test_it_takes_the_rules_of_the_catalogue_and_is_judged_by_the_notices_factors(case):
    assert {rule.metric for rule in case.rules} == {"self_use_share", "own_supply_share", "export_share"}
    sources = {a.source for a in case.assumptions if a.table == "rules"}
    assert all("No. 650" in source for source in sources)


def test_it_is_planned_on_every_hour(case):
    assert case.park.typical_days == 0 and case.hours == 8760


def test_what_may_be_sold_grows_with_what_is_built(case):
    plan = plan_park(case, QUICK).target
    rules: pd.DataFrame = plan.tables["rules"]
    assert rules["holds"].all()
    shares = rules[(rules["year"] == 2028) & (rules["metric"] == "export_share")]["value"]
    assert shares.item() == pytest.approx(0.2, abs=1e-4)  # it sells all that it may
    stages = plan.tables["stages"]
    assert stages["holds"].all() and set(stages["factors"]) == {"standard"}
