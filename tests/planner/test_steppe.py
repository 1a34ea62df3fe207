"""The third example park, a green direct connection: its rules bind, and each is told with the paragraph that it comes from."""

import pandas as pd
import pytest

from planner.examples import park_folder
from planner.park import read_case
from planner.planning.run import Options, plan_park

#: On two days; what binds there binds in every hour.
QUICK = Options(days=2, compare=False, verify=False)


@pytest.fixture(scope="module")
def case():
    return read_case(park_folder("steppe"))


def test_its_rules_are_those_of_the_notice_with_a_margin_from_the_year_in_which_its_plants_work(case):
    notice = pd.read_csv(park_folder("steppe").parents[1] / "catalogue" / "rules.csv").query("rule == 'cn-green-direct'")
    stated = notice[notice["year"].isna()].set_index("metric")["limit"]
    own = {rule.metric: rule for rule in case.rules if rule.rule == "cn-green-direct"}
    assert set(own) == set(stated.index) == {"self_use_share", "own_supply_share", "export_share"}
    for metric, rule in own.items():
        margin = 0.01 if rule.sense == ">=" else -0.01
        assert rule.limit == pytest.approx(stated[metric] + margin) and rule.year == 2028 and "No. 650" in rule.source


def test_it_is_planned_on_every_hour(case):
    assert case.park.typical_days == 0 and case.hours == 8760


@pytest.mark.slow
def test_what_may_be_sold_grows_with_what_is_built(case):
    plan = plan_park(case, QUICK).target
    rules: pd.DataFrame = plan.tables["rules"]
    assert rules["holds"].all() and set(rules["year"]) == {2028}
    shares = rules[rules["metric"] == "export_share"]["value"]
    assert shares.item() == pytest.approx(0.19, abs=1e-4)  # it sells all that it may
    stages = plan.tables["stages"]
    assert stages["holds"].all() and set(stages["factors"]) == {"standard"}
