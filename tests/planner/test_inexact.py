"""What HiGHS calls optimal though it is not exactly so: noise below its tolerance, and rows that are broken."""

from dataclasses import replace

import numpy as np
import pytest
from parks import Draft

from planner.solve.handover.solver import INEXACT, Answer, Solver
from planner.solve.year.year import Year


def year_of_sun() -> Year:
    """8760 MWh from a grid and from sun; what is left over goes to waste."""
    park = Draft()
    park.demand()
    park.supply("grid", price=100.0)
    park.converter("pv", existing=1.0)
    return Year(park.inputs(), 2026)


def test_a_plant_without_capacity_does_no_work_within_the_tolerance_of_the_solver(monkeypatch):
    """1.4e-6 t a year were captured on typical days by a plant that has no capacity, which the ledger refuses."""
    year, optimum = year_of_sun(), Solver.optimum
    def rough(solver: Solver, what: str, duals: bool = True) -> Answer:
        answer = optimum(solver, what, duals)
        return replace(answer, values=answer.values + 1.4e-8)
    monkeypatch.setattr(Solver, "optimum", rough)
    year.cut(np.zeros(len(year.links)))  # no capacity
    works = year.joined.template.series["activity"]["pv",]
    assert year.values[works].max() == 0.0


@pytest.mark.parametrize("rough", [0, 1, 2], ids=["exact", "factored anew", "from nothing"])
def test_an_answer_that_breaks_rows_is_found_again(monkeypatch, rough):
    """The first answers import 2e-5 MW more than balances, and come with a status of optimal."""
    year, optimum = year_of_sun(), Solver.optimum
    asked, begun = [], []
    def solved(solver: Solver, what: str, duals: bool = True) -> Answer:
        answer = optimum(solver, what, duals)
        asked.append(what)
        return replace(answer, values=answer.values + (2 * INEXACT if len(asked) <= rough else 0.0))
    monkeypatch.setattr(Solver, "optimum", solved)
    monkeypatch.setattr(Solver, "begin_from", lambda self, basis: begun.append("basis"))
    monkeypatch.setattr(Solver, "clear", lambda self: begun.append("nothing"))
    cut = year.cut(np.zeros(len(year.links)))
    assert len(asked) == 1 + rough and begun == ["basis", "nothing"][:rough] and cut.cost == pytest.approx(876_000.0)
    assert year.values[year.joined.template.series["imports"]["grid",]] == pytest.approx(1.0, abs=1e-9)


def test_slacks_serve_rows_too():
    """Nothing is imported without a grid: what is not served is slack, and no row is broken."""
    park = Draft()
    park.demand()
    park.converter("pv", existing=0.5)
    year = Year(park.inputs(), 2026)
    year.cut(np.zeros(len(year.links)))  # no capacity
    answer = year.solver.optimum("operation")
    assert answer.values[year.slacks].max() == pytest.approx(1.0) and year._error_of(answer) == pytest.approx(0.0, abs=1e-9)
    assert year._error_of(replace(answer, values=np.zeros(len(answer.values)))) == pytest.approx(1.0)
