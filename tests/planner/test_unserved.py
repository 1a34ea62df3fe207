"""Hours that a plan leaves unserved: which years are operated first, and which days join the typical ones."""

from types import SimpleNamespace

from planner.planning.verify import unlike_first, worst_days
from planner.solve.hours.operator import Unserved


def test_once_a_year_failed_that_of_the_goal_and_the_first_come_before_its_neighbours() -> None:
    goal = SimpleNamespace(by=2030)
    assert unlike_first([2034, 2033, 2030, 2027, 2026], goal, 2026) == [2030, 2026, 2034, 2033, 2027]
    assert unlike_first([2034, 2033], goal, 2026) == [2034, 2033] and unlike_first([2034, 2026], None, 2026) == [2026, 2034]


def test_the_days_of_a_cold_spell_join_after_the_worst_of_each_place():
    """Heat: 5 MWh on day 3, 4 on day 4, 1 on day 9 in one hour, which is its highest power beside the 5 of day 3; power: day 7."""
    heat = [Unserved(2030, "town", "heat", 24 * day + hour, mw)
        for day, hour, mw in ((3, 0, 2.5), (3, 1, 2.5), (4, 0, 2), (4, 1, 2), (9, 0, 1))]
    power = [Unserved(2030, "town", "electricity", 24 * 7, 2.0)]
    assert worst_days([*heat, *power]) == [3, 7, 4] and worst_days([]) == []
