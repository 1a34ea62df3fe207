"""In which order the years of a plan are operated."""

from types import SimpleNamespace

from planner.planning.verify import unlike_first


def test_once_a_year_failed_that_of_the_goal_and_the_first_come_before_its_neighbours() -> None:
    goal = SimpleNamespace(by=2030)
    assert unlike_first([2034, 2033, 2030, 2027, 2026], goal, 2026) == [2030, 2026, 2034, 2033, 2027]
    assert unlike_first([2034, 2033], goal, 2026) == [2034, 2033]
    assert unlike_first([2034, 2026], None, 2026) == [2026, 2034]
