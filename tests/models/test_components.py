"""Families of variables and rows: made over their index, and made of nothing where one of its lists is empty."""

from pyomo.core import ConcreteModel, NonNegativeReals, value

from models.linear import rows, variables

HOURS = [0, 1]


def test_a_family_has_an_entry_for_each_pair_of_its_lists():
    model = ConcreteModel()
    model.flow = variables(["a", "b"], HOURS, within=NonNegativeReals, bounds=lambda _, name, t: (t, 5), doc="flow [MW]")
    assert [(*index, flow.lb, flow.ub) for index, flow in model.flow.items()] == [("a", 0, 0, 5), ("a", 1, 1, 5), ("b", 0, 0, 5),
        ("b", 1, 1, 5)]
    @rows(model, ["b"], HOURS, doc="no more than three [MW]")
    def flow_limit(model, name, t):
        return model.flow[name, t] <= 3
    assert flow_limit.__name__ == "flow_limit" and model.flow_limit.doc == "no more than three [MW]"
    assert [(*index, value(row.upper)) for index, row in model.flow_limit.items()] == [("b", 0, 3), ("b", 1, 3)]


def test_a_family_without_an_index_has_one_entry():
    model = ConcreteModel()
    model.total = variables(bounds=(0, 7), doc="total [MWh]")
    @rows(model, doc="half of it [MWh]")
    def half(model):
        return model.total <= 3.5
    assert (model.total.ub, len(model.half), value(model.half.upper)) == (7, 1, 3.5)


def test_a_family_for_which_the_park_has_nothing_is_in_the_model_and_asks_no_rule():
    model = ConcreteModel()
    model.flow = variables([], HOURS, bounds=(0, 1), doc="flow [MW]")
    model.state = variables({}, doc="state [1]")
    @rows(model, HOURS, (), doc="never asked [MW]")
    def flow_limit(model, t, name):
        raise AssertionError
    assert [(own.name, own.doc, list(own.items())) for own in (model.flow, model.state, model.flow_limit)] == [
        ("flow", "flow [MW]", []), ("state", "state [1]", []), ("flow_limit", "never asked [MW]", [])]
    assert ("a", 0) not in model.flow and all(own.is_constructed() for own in (model.flow, model.state, model.flow_limit))


def test_two_models_may_be_without_the_same_family():
    first, second = ConcreteModel(), ConcreteModel()
    for model in (first, second):
        model.flow = variables([], doc="flow [MW]")
    assert first.flow is not second.flow and (first.flow.model(), second.flow.model()) == (first, second)
