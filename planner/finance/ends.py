r"""What ends a figure of the statements: the change of one thing at which a net present value is 0, or at which the cash of a year
just covers its debt service.

.. math::
    f(x_0) = L \qquad -1 \le x_0 \le 1

f is the figure with one thing taken 1 + x times in all years, all else as planned: the price of what is bought of a supply,
certificate or credit, or sold; a capital cost, or all of them; the carbon price; the whole operating saving; the interest. The
plans stay as they are, and so does the share of the capital that is borrowed: a bank has lent it when the price falls. Of the roots
the one nearest to 0 is told. It is sought in steps of a fifth to either side, then by halving. A net present value after tax is
linear in x; a cover is at least L in an interval of x around 0, so that no root is passed over.

f  figure  money or 1     L  0 of a present value, 1 of a cover     x  share by which it changes  1
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np
import pandas as pd

from planner.finance.accounts import Account, whole
from planner.finance.figures import present_values
from planner.finance.pieces import Piece
from planner.finance.statements import Statements, as_lent
from planner.finance.terms import Project, Terms, sums
from planner.plan import CAPITAL_ITEMS
from planner.tables.schema import TABLES

#: The least cover of debt.
COVER = "dscr_least"
#: Figure -> what it must not fall below.
LIMITS: Mapping[str, float] = {"npv_after_tax": 0.0, "npv_equity": 0.0, COVER: 1.0}
#: What changes of a name: what is bought of it, what is sold, its capital; of all: capital and the carbon price.
BOUGHT, SOLD, CAPITAL_COST, CARBON = "bought", "sold", "capital", "carbon"
#: Items of costs.csv that each kind of change is of: changes of one name at a time, and of all names together.
EACH = {BOUGHT: ("energy", "contract", "shortfall", "certificates", "offsets"), SOLD: ("export",), CAPITAL_COST: CAPITAL_ITEMS}
TOGETHER = {CAPITAL_COST: CAPITAL_ITEMS, CARBON: ("carbon",)}
#: All that is saved in operation; interest on debt.
SAVING, INTEREST = "saving", "interest"
#: By which share the figure is told lower and higher, and in how many steps to either side a root is sought.
BY, STEPS = 0.3, 5
#: Tolerance of a root (relative), and least change of a figure that counts as one (share of it).
NEAR, MOVED = 1e-5, 1e-6


@dataclass(frozen=True)
class FigureEnd:
    """What a figure comes to with one thing lower and higher by BY, and the change that ends it; None: none does, or there is no
    figure then.

    kind, name  a kind of EACH with its name, one of TOGETHER, SAVING or INTEREST without
    now         the figure as planned
    """

    figure: str
    kind: str
    name: str
    now: float
    lower: float | None
    higher: float | None
    ends_at: float | None


#: A change -> the figures with it.
At = Callable[[float], Mapping[str, float | None]]


def ends(statements: Statements, against: str) -> list[FigureEnd]:
    """Every figure of LIMITS that is met as planned, with each thing that moves it; none of a figure that is missed already."""
    pieces, projects = statements.pieces[against], statements.projects
    terms = as_lent(statements.terms, statements.accounts(against))
    now, found = _figures(whole(sums(pieces, terms), projects, terms), terms), []
    met = {figure: value for figure, value in now.items() if value is not None and value >= LIMITS[figure]}
    for kind, name, at in _changes(pieces, projects, terms):
        values = cache(at)
        for figure, before in met.items():
            lower, higher = values(-BY)[figure], values(BY)[figure]
            if any(v is None or abs(v - before) > MOVED * max(abs(before), 1.0) for v in (lower, higher)):
                found.append(FigureEnd(figure, kind, name, before, lower, higher, _root(values, figure)))
    return found


def _figures(account: Account, terms: Terms) -> dict[str, float | None]:
    """The figures of LIMITS of everything."""
    cover = account.cover[~np.isnan(account.cover)]
    found = {**present_values(account, terms.of(account.owner)), COVER: float(cover.min()) if len(cover) else None}
    return {figure: found[figure] for figure in LIMITS}


def _changes(pieces: Sequence[Piece], projects: Mapping[tuple[str, str], Project], terms: Terms) -> Iterator[tuple[str, str, At]]:
    """Kind, name and the figures with a change of each thing that something in the pieces follows."""
    flat = sums(pieces, terms)

    def following(of: Callable[[Piece], bool]) -> At:
        """The figures with these pieces taken 1 + x times."""
        more = sums((p for p in pieces if of(p)), terms)

        def at(x: float) -> Mapping[str, float | None]:
            changed = {who: own.with_more(more[who], x) if who in more else own for who, own in flat.items()}
            return _figures(whole(changed, projects, terms), terms)

        return at

    yield SAVING, "", following(lambda p: p.part == "operating")
    for kind, items in TOGETHER.items():
        yield kind, "", following(partial(_is_of, items, None))
    for kind, items in EACH.items():
        for name in sorted({p.key[1] for p in pieces if p.key is not None and p.key[0] in items}):
            yield kind, name, following(partial(_is_of, items, name))
    yield INTEREST, "", lambda x: _figures(whole(flat, projects, dearer := _with_interest(terms, x)), dearer)


def _is_of(items: Sequence[str], name: str | None, piece: Piece) -> bool:
    """True of a piece that follows one of the items, of a name where one is given."""
    return piece.key is not None and piece.key[0] in items and name in (None, piece.key[1])


def _with_interest(terms: Terms, x: float) -> Terms:
    """The terms with all interest 1 + x times as high."""
    finance = terms.finance
    own = {
        o: t if t.interest is None else t.model_copy(update={"interest": (1 + x) * t.interest}) for o, t in finance.owners.items()
    }
    return replace(terms, finance=finance.model_copy(update={"interest": (1 + x) * finance.interest, "owners": own}))


def _root(values: At, figure: str) -> float | None:
    """The change nearest to 0 at which a figure is at its limit; None where it is within -1 to 1 at none."""
    limit = LIMITS[figure]

    def is_met(x: float) -> bool:
        value = values(x)[figure]
        return value is None or value >= limit

    for step in range(1, STEPS + 1):
        missed = [side * step / STEPS for side in (-1, 1) if not is_met(side * step / STEPS)]
        if missed:
            return min((_halved(is_met, x, 1 / STEPS) for x in missed), key=abs)
    return None


def _halved(is_met: Callable[[float], bool], missed: float, width: float) -> float:
    """Where a figure stops to be met, between a change at which it is missed and the one a step nearer to 0."""
    met = missed - math.copysign(width, missed)
    while abs(missed - met) > NEAR:
        middle = (met + missed) / 2
        met, missed = (middle, missed) if is_met(middle) else (met, middle)
    return missed


def ends_table(statements: Statements) -> pd.DataFrame:
    """finance_ends.csv: against every plan."""
    rows = [
        (against, e.figure, e.kind, e.name, e.now, LIMITS[e.figure], e.lower, e.higher, e.ends_at, _unit(statements, e.figure))
        for against in statements.pieces
        for e in ends(statements, against)
    ]
    return pd.DataFrame(rows, columns=list(TABLES["finance_ends"].names))


def _unit(statements: Statements, figure: str) -> str:
    return "1" if figure == COVER else statements.currency
