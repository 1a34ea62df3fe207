"""Every number rebuilt from the files that a user gets, and no green electricity claimed twice."""

import runpy
from pathlib import Path

from planner.ledger.figures import Figures
from planner.ledger.ledger import check_plan
from planner.tables.accounts import COLUMNS

REFERENCE = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "reference.py"))


def test_the_ledger_finds_every_number_of_the_files_again(planned) -> None:
    case, base, plans = planned
    for plan in plans:
        check_plan(case, plan, base)


def test_no_green_electricity_is_claimed_twice(planned) -> None:
    """Certified, contracted and own green electricity together are no more than is used; exports are never counted. What is not
    bought has no row."""
    case, _, plans = planned
    figures = Figures(case)
    electric = [s.supply for s in case.supplies if s.carrier == "electricity" and s.can_import]
    for plan in plans:
        emissions = plan.tables["emissions"].set_index(["item", "year"])["value"]
        certificates = plan.tables["certificates"].groupby(["supply", "year"])["value"].sum()
        bought = plan.tables["energy"].query("flow == 'import'").groupby(["name", "year"])["value"].sum()
        for y in figures.years:
            certified = {s: certificates.get((s, y), 0.0) for s in electric}
            contracted = sum(bought.get((s, y), 0.0) - certified[s] for s in electric if figures.counted_factor(s, "market")[y] == 0
            )
            claimed = sum(certified.values()) + contracted + emissions["direct_green", y]
            assert claimed <= emissions["electricity_used", y] * (1 + 1e-6) + 1e-2, y


def test_every_item_of_the_tables_is_described(planned) -> None:
    """docs/words.toml has words for each."""
    _, _, plans = planned
    words = {name: set(REFERENCE["item_words"](name)) for name in COLUMNS}
    words["system_cost"] |= words["costs"]
    for plan in plans:
        for name, columns in COLUMNS.items():
            for column in {"item", "flow"} & set(columns) if name not in ("dispatch", "hourly") else ():
                assert set(plan.tables[name][column]) <= words[name], name
