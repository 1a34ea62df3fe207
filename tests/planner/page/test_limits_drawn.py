"""Limits that are drawn beside the tonnes of a plan."""

from types import SimpleNamespace

import pandas as pd

from planner.answer.emitted import stage_limits
from planner.language.language import Language


def test_a_limit_is_drawn_where_its_tonnes_are_those_of_the_picture():
    """200 t at most of a base of 1,000 t; and 0.2 t/tce by a standard with coal equivalents of its own, which the park's do not give."""
    emissions = pd.DataFrame([(2028, "gross", 180.0), (2028, "net", 150.0), (2028, "base", 1000.0), (2028, "energy_use", 500.0)],
        columns=["year", "item", "value"])
    stages = pd.DataFrame([(2028, "net_ratio", "<=", 0.2, "park"), (2028, "intensity", "<=", 0.2, "standard")],
        columns=["year", "metric", "sense", "limit", "factors"])
    output = SimpleNamespace(target={"emissions": emissions, "stages": stages}, years=[2028])
    drawn = stage_limits(SimpleNamespace(output=output, language=Language("en")))
    assert drawn.loc[2028].tolist() == [200.0]
