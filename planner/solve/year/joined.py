"""The operation of a year as one matrix: the hours, shared by years of one structure, and the account of the year.

Two matrices are joined in the columns that both have: yearly totals, which the hours define and the account bounds and prices, and
linking variables. Rows of the hours come first, then those of the account.

Returns the matrix and where its columns are. Raises nothing.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pyomo.core import value
from scipy import sparse

from models.inputs import Inputs
from models.operation.links import KINDS, link_variables
from planner.solve.handover.matrix import INFINITY, NOISE, Matrix, compile_model
from planner.solve.year.template import Template
from planner.solve.year.view import YearView


class Joined:
    """Hours and account of a year, joined in the columns that both have: yearly totals, capacities, and choices of tariffs.

    matrix    columns of the hours first, then those that only the account has; rows likewise
    account   the Pyomo block of the account
    rules     rows of the matrix that are rules
    """

    def __init__(self, inputs: Inputs, y: int, template: Template) -> None:
        self.y, self.template = y, template
        self.account = template.account(y).year
        self.of_account = compile_model(self.account.model())
        cost, self.cost_terms = template.cost_of(inputs, y, of_contracted=True)
        self.place, is_new = self._places()
        self.matrix = join(replace(template.matrix, cost=cost), template.rows, self.of_account, self.place, is_new)
        #: Cost of the account in all columns; the rest of the cost is of the hours.
        self.account_cost = np.zeros(len(self.matrix.columns))
        np.add.at(self.account_cost, self.place, self.of_account.cost)
        self.rules = len(template.matrix.rows) + self.of_account.rows_of(self.account.stage_rule.values())

    def _places(self) -> tuple[np.ndarray, np.ndarray]:
        """Place in the joined matrix of each column of the account, and which of them the hours do not have."""
        template, account, own = self.template, self.account, self.of_account.columns
        known = dict(zip(map(id, template.account_totals(account)), template.total_places.tolist(), strict=True))
        for (kind, name), place in template.links.items():
            if kind in KINDS and name in (own_links := getattr(account, f"link_{kind}")):
                known[id(own_links[name])] = place
        is_new = np.array([id(v) not in known for v in own], dtype=bool)
        places = np.array([known.get(id(v), 0) for v in own], dtype=int)
        places[is_new] = len(template.matrix.columns) + np.arange(is_new.sum())
        return places, is_new

    def links(self) -> dict[tuple[str, str], int]:
        """(kind, name) -> column, of all columns that are fixed for the year."""
        column = self.of_account.column
        of_account = {
            link: int(self.place[column[id(v)]])
            for link, v in link_variables(self.account, self.template.further)
            if id(v) in column
        }
        return self.template.links | of_account

    def stays(self) -> np.ndarray:
        """Rows that are kept as rows by the reduced problem even if singleton, since they have slacks or names: balances, sums,
        rules."""
        stays = np.zeros(len(self.matrix.rows), dtype=bool)
        for rows in (self.template.balance_rows, self.template.sum_rows, self.rules):
            stays[rows] = True
        return stays

    def columns_of(self, name: str) -> np.ndarray:
        """Columns of a family of the account."""
        return self.place[self.of_account.columns_of(getattr(self.account, name).values())]

    def view(self, values: np.ndarray) -> YearView:
        """A solution as the output tables read it; values below `NOISE` become 0, values outside bounds are clipped."""
        values = np.clip(np.where(np.abs(values) < NOISE, 0.0, values), self.matrix.lower, self.matrix.upper)
        hours = values[: len(self.template.matrix.columns)]
        self.of_account.load(values[self.place])
        self.template.load_totals(self.account, hours)
        terms = {key: own.at(hours) for key, own in self.cost_terms.items()}
        terms |= {key: float(value(term)) for key, term in self.account.cost_terms.items()}
        return YearView(self.template, hours, self.account, terms)


def join(first: Matrix, rows: sparse.csr_matrix, own: Matrix, place: np.ndarray, is_new: np.ndarray) -> Matrix:
    """Two matrices joined: `place` is where each column of `own` stands in the joined one; those that are new come last.

    `rows`: the first matrix by rows.
    """
    new, total = int(is_new.sum()), len(first.columns) + int(is_new.sum())
    lower, upper = np.concatenate([first.lower, np.full(new, -INFINITY)]), np.concatenate([first.upper, np.full(new, INFINITY)])
    np.maximum.at(lower, place, own.lower)
    np.minimum.at(upper, place, own.upper)
    cost = np.concatenate([first.cost, np.zeros(new)])
    np.add.at(cost, place, own.cost)
    coo = own.by_rows().tocoo()
    below = sparse.csr_matrix((coo.data, (coo.row, place[coo.col])), shape=(len(own.rows), total))
    above = sparse.csr_matrix((rows.data, rows.indices, rows.indptr), shape=(rows.shape[0], total))
    joined = sparse.vstack([above, below], format="csc")
    columns = [v for v, only_here in zip(own.columns, is_new.tolist(), strict=True) if only_here]
    return Matrix(
        columns=first.columns + columns,
        rows=first.rows + own.rows,
        cost=cost,
        offset=first.offset + own.offset,
        start=joined.indptr,
        index=joined.indices,
        value=joined.data,
        lower=lower,
        upper=upper,
        row_lower=np.concatenate([first.row_lower, own.row_lower]),
        row_upper=np.concatenate([first.row_upper, own.row_upper]),
        integer=np.zeros(total, dtype=bool),
    )
