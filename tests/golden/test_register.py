"""What the register of families says of each is so in the models of the golden rows: all are there, how often, what they tie."""

from collections.abc import Iterator
from dataclasses import fields as fields_of
from types import SimpleNamespace
from typing import Any

import pytest
from families import FIRST, families, in_motion, inputs_of_hours, master, two_days, two_hours
from parks import Draft
from pyomo.core import ConcreteModel, Constraint, Var
from pyomo.core.expr import identify_variables

from models import families as register
from models.case import Committed, ParkRule
from models.metrics import KNOWN, METRICS
from models.operation.cost import unit_costs
from models.operation.links import KINDS, STATED, Links
from models.park import build_account, build_hours, build_park
from planner.futures.master import key_of
from planner.solve.hours.all_hours import three_hours
from planner.tables.schema import TABLES

#: What rows tie together, the widest last.
WIDTHS = ("", "hours", "month", "days", "year")
WHOLE = (two_hours(), two_days(), in_motion())
HOURS = {(family.name, family.is_row): family for family in register.HOURS}
ROWS = [family for family in register.HOURS if family.is_row]


def names(model: ConcreteModel) -> set[tuple[str, bool]]:
    return {(c.local_name, kind is Constraint) for kind in (Var, Constraint) for c in model.component_objects(kind)}


def test_every_family_of_the_models_is_in_the_register_and_every_one_of_the_register_is_in_a_model():
    inputs = inputs_of_hours()
    apart = (master(), build_hours(inputs, FIRST), build_account(inputs, FIRST))
    assert set().union(*map(names, (*WHOLE, *apart))) == {(family.name, family.is_row) for family in register.ALL}


def test_every_constraint_of_the_register_has_a_golden_file():
    assert set(families()) == {family.name for family in register.ALL if family.is_row}


def test_every_integer_of_an_asset_says_in_the_register_what_it_decides():
    draft = Draft(2026, 2029)
    draft.demand()
    draft.supply()
    for name, fields in (("units", {"unit_size": 0.5}), ("sizes", {"min_build": 0.2})):
        draft.converter(name, existing=1.0, capital_cost=10.0, fixed_cost=5e3, lifetime=9, max_capacity=4.0, partial_retirement=0,
            **fields)
    draft.add(Committed(technology="units", year=2026, build=1.0))
    park = build_park(draft.inputs())
    found = {v.parent_component().local_name for v in integers_of(park) if str(v.index()[0]) in ("units", "sizes")}
    assert {"is_built", "units", "retire_units"} <= found <= {*register.INTEGERS_OF_ASSETS}


def integers_of(park: ConcreteModel) -> Iterator[Any]:
    """Every integer of the decisions that has an index of several."""
    for component in park.component_objects(Var, descend_into=False):
        yield from (v for v in component.values() if not v.is_continuous() and isinstance(v.index(), tuple))


def test_a_model_with_a_family_that_is_in_no_register_is_refused():
    park = two_hours()
    park.year[FIRST].unheard = Var(doc="of which nobody was told [MW]")
    park.year[FIRST].odd = Constraint(expr=park.year[FIRST].unheard <= 1.0)
    with pytest.raises(ValueError, match=r"not in models/families\.py: rows odd, variables unheard"):
        register.refuse_unregistered(park)


def test_every_decision_says_in_the_register_with_which_futures_of_a_tree_it_is_shared():
    """What is the leaf's alone is decided as if its future were known from the first year on, so none is without a word."""
    assert {family.name for family in register.INVESTMENT if not family.is_row} == {*register.NODES}
    assert all(not family.node for family in register.ALL if family.is_row) and register.SIGNED == ("contracted",)


def test_what_the_register_does_not_know_is_not_silently_of_one_future():
    tree = SimpleNamespace(first_year=FIRST, last_year=FIRST, node=lambda _, y: f"until {y}", path=lambda _: ())
    park = two_hours()
    park.unheard = Var([("boiler", FIRST)])
    with pytest.raises(ValueError, match="with which futures unheard is shared"):
        key_of(tree, "leaf", park.unheard["boiler", FIRST])
    build = next(iter(park.build.values()))
    assert key_of(tree, "leaf", build)[:3] == ("decision", f"until {build.index()[-1]}", "build")


def test_two_families_of_one_name_stand_for_the_same_table():
    assert all(family.table == register.TABLES[family.name] for family in register.ALL)


def test_a_family_of_every_hour_has_the_snapshot_as_its_last_index_and_no_other_has():
    snapshots = {0, 1}
    for (name, is_row), family in HOURS.items():
        found = {index[-1] for index in getattr(WHOLE[0].year[FIRST], name) if isinstance(index, tuple)}
        if family.each == "hour":
            assert found <= snapshots, (name, is_row)
        elif family.each == "once":
            assert not found & snapshots, (name, is_row)


@pytest.mark.parametrize("family", ROWS, ids=lambda family: family.name)
def test_rows_tie_together_what_the_register_says(family):
    found = [tie for model in WHOLE for row in getattr(model.year[FIRST], family.name).values() for tie in ties(model, row)]
    assert max(found, key=WIDTHS.index) == family.ties


def ties(model: ConcreteModel, row: Any) -> Iterator[str]:
    """What a row ties together, by the columns of the year that stand in it; links and decisions are of no hour."""
    index = row.index()
    own = HOURS[row.parent_component().local_name, True]
    hours, months, days = set(), set(), set()
    yield ""
    for variable in identify_variables(row.body, include_fixed=True):
        name, place = variable.parent_component().local_name, variable.index()
        if variable.parent_block() is model or name == "nothing":
            continue
        family = HOURS[name, False]
        if family.is_total or family.each == "once":
            yield "year"
        else:
            {"hour": hours, "month": months, "day": days}[family.each].add((family.each, place[-1]))
    if len(hours) > 1 or (own.each == "hour" and hours - {("hour", index[-1])}):
        yield "hours"
    if hours and months:
        yield "month"
    if days and (hours or len(days) > 1 or own.each == "day"):
        yield "days"


def test_what_ties_an_hour_to_the_one_before_is_carried_from_month_to_month_or_stays_within_its_day():
    """Of the hours of a real year: no other column of the hour before stands in a row, or months could not be cut apart."""
    park = Draft(hours=8760)
    park.demand(shift_share=0.5, shift_hours=2)
    park.supply()
    park.store("tank", existing=1.0)
    park.supply("gas", "gas")
    park.converter("turbine", {"gas": -3.0, "electricity": 1.0}, existing=2.0, ramp=0.5)
    park.process(capturable=1)
    park.supply("well", "co2", price=None, max_export=2.0)
    park.capture("scrubber", {"kiln": 1.0}, existing=1.0, ramp=0.5)
    park.store("battery", existing=1.0)
    park.chargers()
    park.session("0", "3", 2.0, 1.0, day="")
    park.add(ParkRule(rule="law", metric="hourly_green_share", sense=">=", limit=0.1))
    inputs = park.inputs()
    year = build_hours(three_hours(inputs), 2026).year
    lagged = set()
    for family in ROWS:
        for index, row in getattr(year, family.name).items():
            if family.each == "hour":
                lagged |= {v.parent_component().local_name for v in identify_variables(row.body)
                    if HOURS.get((v.parent_component().local_name, False)) and isinstance(v.index(), tuple)
                    and HOURS[v.parent_component().local_name, False].each == "hour" and v.index()[-1] != index[-1]}
    assert lagged == {*register.DECIDED_AT_MONTH_END, *register.PRICED_AT_MONTH_END}


def test_what_the_register_says_is_told_is_told_in_a_table_of_the_output():
    assert {family.output for family in register.ALL} - {""} <= set(TABLES)


def test_every_variable_of_the_hours_that_costs_something_has_its_item():
    inputs = inputs_of_hours()
    assert set(unit_costs(inputs, FIRST)) == set(register.ITEMS)


@pytest.mark.parametrize("metric", METRICS.values(), ids=list(METRICS))
def test_a_metric_is_a_ratio_of_figures_that_a_sentence_can_name(metric):
    above, below = KNOWN[metric.numerator], KNOWN[metric.denominator]
    assert above.words and below.words and (metric.unit == "1") == (below.unit == metric.amount)


def test_every_link_is_decided_or_stated_and_has_a_variable_of_a_year_by_itself():
    """A kind of link is named in one list; what fixes, reads or prices the links of a year goes by it."""
    assert {field.name for field in fields_of(Links)} == {*KINDS, *STATED}
    assert {f"link_{kind}" for kind in (*KINDS, *STATED)} == {one.name for one in register.APART if one.name.startswith("link_")}
