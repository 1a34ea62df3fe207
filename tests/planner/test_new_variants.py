"""Examples with more tables: what a variant of one is laid over, and the variants that there are."""

import pytest

from models.case import Case
from planner.examples import new_park, park_folder
from planner.park import read_case
from planner.templates.variants import add_variants, lay_over

#: Heat of the frozen goods (MWh a year), and electricity that a MWh of it takes.
FROZEN, PER_MWH = 3764, 0.5


def test_a_row_of_the_same_key_and_year_takes_the_cells_laid_over_it_and_others_come_after(tmp_path):
    own, over = tmp_path / "demand.csv", tmp_path / "over.csv"
    own.write_text('demand,year,value,note\nmills,2025,10,"a, b"\nmills,2030,20,\nlamps,,5,kept\n')
    over.write_text("demand,year,value,shift_share\nmills,2025,8,0.3\ncold,,2,\n")
    lay_over(own, over)
    assert (own.read_text()
        == 'demand,year,value,note,shift_share\nmills,2025,8,"a, b",0.3\nmills,2030,20,,\nlamps,,5,kept,\ncold,,2,,\n')


def test_hours_get_columns_and_tables_without_a_key_more_rows(tmp_path):
    own, over = tmp_path / "profiles.csv", tmp_path / "over.csv"
    own.write_text("hour,sun\n0,0.1\n1,0.2\n")
    over.write_text("hour,cold\n0,1.5\n1,0.5\n")
    lay_over(own, over)
    assert own.read_text() == "hour,sun,cold\n0,0.1,1.5\n1,0.2,0.5\n"
    own, day = tmp_path / "sessions.csv", "chargers,arrive,leave,energy\ndepot,18:00,06:00,0.2\n"
    own.write_text(day)
    over.write_text(day)
    lay_over(own, over)
    assert own.read_text().count("depot") == 2


def example(folder, *variants: str, name: str = "lakeside") -> Case:
    """An example with its variants."""
    new_park(folder, name)
    add_variants(folder, name, list(variants))
    return read_case(folder)


def base_power(case: Case) -> float:
    """Electricity that is asked in the base year."""
    return sum(row.value for row in case.demand if row.carrier == "electricity" and row.year in (None, 2025))


def test_the_flexible_example_uses_what_the_example_uses_and_its_demand_moves(tmp_path):
    """Waste water and cold stores are 12 GWh in the example; of them waste water is 10.1 and frozen goods take 1.88."""
    case = example(tmp_path / "mine", "flexible")
    own = read_case(park_folder())
    assert base_power(own) == 150_000 and base_power(case) + PER_MWH * FROZEN == pytest.approx(base_power(own), abs=20)
    assert {row.demand for row in case.demand if row.shift_share} == {"treatment"}
    assert {row.technology for row in case.technologies} - {row.technology for row in own.technologies} == {"freezer", "cold-rooms",
        "depot"}
    (lorries,) = case.sessions
    assert lorries.number == 40 and {row.year: row.fleet for row in case.chargers} == {2026: 0, 2030: 1}


def test_examples_that_are_operated_have_units_that_may_be_out_and_all_variants_go_together(tmp_path):
    case = example(tmp_path / "mine", "flexible", "futures")
    assert {row.carrier for row in case.reserves if row.operated} == {"heat", "steam", "cooling"}
    assert len(case.futures) == 4 and case.sessions
    steel = example(tmp_path / "steel", name="steelworks")
    assert {(row.carrier, row.zone) for row in steel.reserves if row.operated} == {("steam", "works"), ("heat", "town")}
    for row in (*case.technologies, *steel.technologies):
        assert row.unit_size or not row.technology.endswith(("-tank", "-store")), row.technology


@pytest.mark.parametrize(("example_name", "variant"), [("lakeside", "--flexible"), ("lakeside", "--futures"), ("steppe", "--futures")])
def test_a_variant_has_no_fault_and_no_warning_of_its_own(plan, example_name, variant):
    assert plan("new", "mine", "--from", example_name, variant).code == plan("new", "own", "--from", example_name).code == 0
    said, own = (plan("check", folder) for folder in ("mine", "own"))
    assert said.code == 0 and said.err == own.err
    assert [line for line in said.out.splitlines() if "warning" in line] == [
        line for line in own.out.splitlines() if "warning" in line]


def test_an_example_without_a_variant_is_told_before_anything_is_written(plan, tmp_path):
    said = plan("new", "mine", "--from", "steppe", "--flexible")
    assert said.code == 2 and "--flexible: 'steppe' has no such variant; lakeside has one" in said.err
    said = plan("new", "mine", "--blank", "--flexible")
    assert said.code == 2 and "--flexible: only of an example; leave out --blank and --excel" in said.err
    assert not (tmp_path / "mine").exists()
