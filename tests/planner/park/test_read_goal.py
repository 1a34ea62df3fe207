"""The goal of the command line and that of goal.toml."""

import pytest

from planner.language.language import Language
from planner.park import GoalRequest


def test_the_command_lines_target_replaces_the_goal_and_its_milestones_add_to_it(park):
    goal = park.read(goal=GoalRequest("near-zero-carbon", 2031, ())).goal
    assert goal.steps == (("near-zero-carbon", 2031),)
    goal = park.read(goal=GoalRequest(None, None, (("near-zero-carbon", 2029), ("low-carbon", 2028)))).goal
    assert goal.steps == (("low-carbon", 2028), ("near-zero-carbon", 2029), ("zero-carbon", 2030))


def test_milestones_of_the_file_that_the_command_lines_goal_puts_aside_are_named(park):
    """On the console and, with the other warnings, on the page; one that the command line repeats is used."""
    said = [Language().tell(w) for w in park.read(goal=GoalRequest("zero-carbon", 2031, ())).warnings]
    (stated,) = (w for w in said if "milestones" in w)
    assert stated == "goal.toml: its milestones are not used, since the goal is the command line's: low-carbon = 2027"
    kept = park.read(goal=GoalRequest("zero-carbon", 2031, (("low-carbon", 2027),)))
    assert not [w for w in kept.warnings if "milestones" in Language().tell(w)]
    assert not [w for w in park.read().warnings if "milestones" in Language().tell(w)]


def test_a_goal_may_be_none_before_the_horizon_or_repeat_itself(park):
    assert park.read(goal=GoalRequest("low-carbon", 2020, ())).goal.by == 2020
    goal = park.read(goal=GoalRequest("zero-carbon", 2030, (("zero-carbon", 2030),))).goal
    assert goal.milestones == {}
    (park.folder / "goal.toml").unlink()
    assert park.read().goal is None


@pytest.mark.parametrize(("request_", "line"), [
    (GoalRequest("zero-carbon", None, ()), "--target zero-carbon: has no year; add --by YEAR"),
    (GoalRequest(None, 2030, ()), "--by 2030: has no stage; add --target STAGE"),
    (GoalRequest("zero-carbon", 2050, ()),
     "--target zero-carbon --by 2050: is after last_year 2035; choose an earlier year or a later last_year"),
    (GoalRequest("zero", 2030, ()),
     "--target zero --by 2030: stage 'zero': is no stage of standard 'ladder'; did you mean 'zero-carbon'?"),
    (GoalRequest("zero-carbon", 2030, (("low-carbon", 2031),)),
     "--target zero-carbon --by 2030: zero-carbon is due before low-carbon (2031), which comes first; change a year"),
    (GoalRequest("zero-carbon", 2030, (("low-carbon", 2030),)),
     "--target zero-carbon --by 2030: zero-carbon and low-carbon are both due in 2030; leave one out"),
    (GoalRequest("zero-carbon", 2030, (("zero-carbon", 2029),)),
     "--milestone zero-carbon=2029: is the target's own stage, due in 2030; leave the milestone out"),
    (GoalRequest("zero-carbon", 2030, (("low-carbon", 2027), ("low-carbon", 2028))),
     "--milestone low-carbon=2028: is given twice; 2027 was said before"),
])
def test_a_wrong_request_is_said(park, request_, line):
    assert park.complaints(goal=request_) == (line,)


def test_a_milestone_without_any_goal_is_said(park):
    (park.folder / "goal.toml").unlink()
    request = GoalRequest(None, None, (("low-carbon", 2027),))
    assert park.complaints(goal=request) == ("--milestone: is on the way to a goal; give --target and --by, or write goal.toml",)


def test_a_stage_that_the_standard_leaves_out_is_an_error(park):
    park.write("stages.csv", "standard,stage,order,metric,sense,limit\nladder,zero-carbon,3,gross_ratio,<=,0\n")
    assert park.complaints() == (
        "goal.toml line 5: low-carbon = 2027: stage 'low-carbon': is no stage of standard 'ladder'; write 'zero-carbon'",)


def test_orders_that_differ_within_a_stage_or_are_shared_are_errors(park):
    park.write("stages.csv", "standard,stage,order,metric,sense,limit\n"
        "own,low-carbon,1,gross_ratio,<=,0.9\nown,low-carbon,2,offset_ratio,<=,0\n"
        "own,zero-carbon,1,gross_ratio,<=,0\n",)
    assert park.complaints() == ("stages.csv line 3: order = 2: stage 'low-carbon' has order 1 in another row; keep one",
        "stages.csv line 4: order = 1: is that of stage 'low-carbon' too; the stages follow each other")


def test_a_rule_that_a_later_stage_drops_is_a_warning(park):
    park.write("stages.csv",
        "standard,stage,order,metric,sense,limit\nladder,low-carbon,1,offset_ratio,<=,0\nladder,zero-carbon,3,gross_ratio,<=,0\n")
    assert park.read().warnings[-1] == (
        "stages.csv line 2: metric 'offset_ratio': holds for low-carbon and no longer for zero-carbon, which comes after it")


def test_whose_coal_equivalent_is_that_of_electricity_is_told_where_grids_differ_in_it(park):
    def told(bulk: str, limit: str = "intensity,<=,0.5"):  # type: ignore[no-untyped-def]
        park.write("stages.csv",
            f"standard,stage,order,metric,sense,limit\nladder,low-carbon,1,{limit}\nladder,zero-carbon,3,{limit}\n")
        park.write("supplies.csv",
            "supply,carrier,kind,max_import,max_export,scope,fuel,tce_per_mwh\ngrid,electricity,grid,20,5,2,grid-cn,\n"
            f"gas,gas,fuel,,,1,,0.12\nbulk,electricity,grid,0,,2,grid-cn,{bulk}\nstore,co2,sink,,3,,,\n",)
        return [w for w in map(str, park.read().warnings) if "first by name" in w]
    assert told("") == told("0.3", "gross_ratio,<=,0.5") == []
    assert told("0.3") == [
        "supplies.csv line 4: supply 'bulk': its 0.3 tce/MWh are those of electricity that the park makes or sells, since it is the "
        "grid supply first by name; 'grid' has 0.1229 tce/MWh"]


def test_a_grid_without_a_fuel_counts_its_calorific_value_where_a_rule_is_by_energy_and_says_so(park):
    """0.1229 tce/MWh; without such a rule none is counted and nothing is said; 0 stays 0, and gas still asks."""
    park.edit("supplies.csv", "grid,electricity,grid,20,5,2,grid-cn", "grid,electricity,grid,20,5,2,")
    park.edit("emission_factors.csv", "gas,,,0.202,t/MWh", "gas,,,0.202,t/MWh\ngrid,,,0.6,t/MWh")
    def counted():  # type: ignore[no-untyped-def]
        case = park.read()
        told = [a.value for a in case.assumptions if (a.table, a.name, a.parameter) == ("supplies", "grid", "tce_per_mwh")]
        grid = next(s for s in case.supplies if s.supply == "grid")
        return grid.tce_per_mwh, told, [w for w in case.warnings if "calorific" in w]
    assert counted() == (None, [], [])
    park.write("stages.csv",
        "standard,stage,order,metric,sense,limit\nladder,low-carbon,1,gross_ratio,<=,1\nladder,zero-carbon,3,intensity,<=,0.5\n")
    assert park.complaints() == (
        "supplies.csv line 3: tce_per_mwh: is blank; the rule on intensity needs it (0 to say zero)",)
    park.edit("supplies.csv", "scope,fuel\ngrid,electricity,grid,20,5,2,\ngas,gas,fuel,,,1,",
        "scope,fuel,tce_per_mwh\ngrid,electricity,grid,20,5,2,,\ngas,gas,fuel,,,1,,0.1228")
    park.edit("supplies.csv", "store,co2,sink,,3,,", "store,co2,sink,,3,,,")
    value, told, warned = counted()
    assert (value, told) == (0.1229, ["0.1229"])
    assert warned == [
        "supplies.csv line 2: supply 'grid': names no fuel and states no tce_per_mwh; 0.1229 tce/MWh, the calorific value of "
        "electricity, is taken, since the rule on intensity is by energy"]
    park.edit("supplies.csv", "20,5,2,,\n", "20,5,2,,0\n")
    assert counted() == (0.0, [], [])
