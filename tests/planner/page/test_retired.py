"""What is retired early stands in words: what, how much, in which year, of which order, and the value that is given up."""

from types import SimpleNamespace

import pandas as pd
from reading import read, rows

from planner.answer.page.report import Report
from planner.answer.page.schedule import retired_early
from planner.answer.purchase import Titles
from planner.language.language import Language


def test_what_is_retired_early_is_told_with_what_is_given_up() -> None:
    """3 MW that stood go in 2028; of an order of 2027 2 MW go in 2030 and 1 MW in 2032, and 500 of value with them."""
    gone = [(2028, "boiler", 0, 3.0, "MW"), (2030, "chp", 2027, 2.0, "MW"), (2032, "chp", 2027, 1.0, "MW")]
    costs = [(2027, "value_given_up", "chp", 500.0), (2027, "capital", "chp", 9000.0)]
    target = {"retirements": pd.DataFrame(gone, columns=["year", "technology", "ordered", "retired", "unit"]),
        "system_cost": pd.DataFrame(costs, columns=["year", "item", "name", "value"])}
    report = Report(SimpleNamespace(target=target, currency="CNY"), Language(), Titles({}, {}, {}, {}))  # type: ignore[arg-type]
    _, *shown = rows(read(retired_early(report)).all("table")[0])
    assert shown == [["boiler", "3 (2028)", "MW", "stood before", "–"], ["chp", "2 (2030); 1 (2032)", "MW", "2027", 500.0]]
    target["retirements"] = target["retirements"].iloc[:0]
    assert retired_early(report) is None
