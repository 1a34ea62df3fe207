"""The small park with its goal, and a whole output of it."""

from pathlib import Path

from tabled import park_of

SMALL = park_of(str(Path(__file__).parents[1] / "planner" / "conftest.py"), "small")
GOAL = 'target = "zero-carbon"\nby = 2028\n'


def make_park(folder: Path) -> None:
    """Write the small park with its goal."""
    folder.mkdir()
    for name, text in {**SMALL, "goal.toml": GOAL}.items():
        (folder / name).write_text(text, encoding="utf-8")


def make_good(folder: Path) -> None:
    """The small park and a whole output of it, in the folders `park` and `good`."""
    from planner.answer.files import write_run
    from planner.park import GoalRequest, read_case
    from planner.planning.rerun import RunOrder
    from planner.planning.run import Options, plan_park

    make_park(folder / "park")
    case, options = read_case(folder / "park"), Options(verify=False)
    order = RunOrder(folder / "park", (), GoalRequest(), options, folder / "good")
    write_run(plan_park(case, options), case, folder / "good", order.facts())
