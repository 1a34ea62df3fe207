"""What would change, planned anew: on the page things are called by their titles."""

import pandas as pd

from planner.answer.page.questions import called_anew
from planner.answer.purchase import Titles


def test_what_changes_and_each_order_is_called_by_its_title() -> None:
    titles = Titles({"gas": "Natural gas", "roof-pv": "Rooftop PV", "led": "LED lighting"}, {}, {}, {})
    rows = pd.DataFrame({"name": ["gas", None], "orders": ["roof-pv 11.7 → 16.2 MW; led 0 → 1; new 0 → 3 MW", None]})
    called = called_anew(rows, titles)
    assert called["name"].tolist() == ["Natural gas", ""]
    assert called["orders"].tolist() == ["Rooftop PV 11.7 → 16.2 MW; LED lighting 0 → 1; new 0 → 3 MW", ""]
