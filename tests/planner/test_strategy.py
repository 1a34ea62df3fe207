"""What a run decides by the size of its park."""

from dataclasses import replace

from models.inputs import resolve
from models.inputs.reserves import Outages
from planner.days import choose_days
from planner.examples import park_folder
from planner.park import read_case
from planner.planning.strategy import columns, is_large, outage_columns


def test_operations_with_a_unit_out_count_for_the_size_of_a_park():
    """Five years of lakeside on one day are few columns; on the stress days with each unit out they are many."""
    case = read_case(park_folder())
    case = case.model_copy(update={"park": case.park.model_copy(update={"last_year": 2030})})
    inputs = resolve(case, case.goal, 1e5, choose_days(case, 1))
    operations = len(inputs.outages.all)
    assert operations > 100 and outage_columns(inputs) > operations * 24 * len(inputs.supplies.supplies)
    bare = replace(inputs, outages=Outages())
    assert columns(bare) == columns(inputs) and outage_columns(bare) == 0 and is_large(inputs) and not is_large(bare)
