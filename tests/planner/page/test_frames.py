"""Frames of charts: axes end where the values do, and an hour stands at one place in pictures one above the other."""

import pandas as pd
import pytest

from planner.answer.page.charts import frame_of
from planner.answer.page.hours import frames_of
from planner.language.language import ENGLISH


@pytest.mark.parametrize(("low", "high"),
    [(0.0, 103.0), (-4.0, 103.0), (-103.0, 4.0), (0.0, 0.0), (-7.0, 3e9), (2.0, 3.0), (-3.0, -2.0)])
def test_a_frame_holds_its_values_and_wastes_little(low: float, high: float) -> None:
    frame = frame_of(900, 320, low, high, 5, ENGLISH)
    assert frame.low <= min(low, 0.0) and frame.high >= max(high, 0.0)
    assert (frame.y(frame.low), frame.y(frame.high)) == pytest.approx((frame.bottom, frame.top))
    assert len(frame.marks) >= 2 and 0.0 in frame.marks and all(frame.low <= v <= frame.high for v in frame.marks)
    if high > low:
        assert (max(high, 0.0) - min(low, 0.0)) / (frame.high - frame.low) > 0.9


def test_flows_and_what_is_held_stand_one_above_the_other() -> None:
    flows = pd.DataFrame({"a": [0.5] * 24, "b": [-1.25] * 24})
    upper, lower = frames_of(flows, pd.DataFrame({"c": [100_000.0] * 24}), ENGLISH)
    assert [upper.x(h) for h in range(24)] == [lower.x(h) for h in range(24)]
