r"""Prices from which the column generation of each year in all hours starts: the duals of its typical days, corrected.

.. math:: T^{\text{hours}}(\pi) \approx T^{\text{days}}(\pi) + d

Typical days answer prices π of the yearly totals much as all hours do, but their totals are others: d. So a year on typical days is
solved with decisions fixed and d added to its totals in the account; its duals are then near those of all hours. This is space
mapping (Bandler, Biernacki, Chen, Grobelny and Hemmers, "Space mapping technique for electromagnetic optimization", 1994): a cheap
model shifted until it agrees with the dear one.

1. Starting prices: with the shift of the last year that has rules of the same names and was served; with none where there is no
   such year.
2. The months are solved at these prices. The shift moves by `SHARE` to what their totals differ now; the duals with it are the
   prices that are tried next.
3. Once the year is solved, the shift is what its totals differ in the end.

A price that typical days do not have, of what months hand over, is that of the other year, as are the parts of the charge for
contracted capacity that fall on each month: of the nearest year that was served. Where a method has no years on typical days, all
prices are those of the other year.

Returns prices (money/MWh, money/t) by total. Raises Stopped once the watch in force is over.

T  yearly totals   MWh, t     π  their prices     d  shift
"""

from __future__ import annotations

from collections.abc import Mapping

from models.errors import SolverError
from models.inputs import Inputs
from planner.planning.methods import Method
from planner.solve import CONTRACTED, Operation, Operator, Total

#: Part of the way that a shift goes to what the totals of the months differ at the first prices, where one is known before.
SHARE = 0.5


class StartingPrices:
    """Starting prices of the years of one plan, which are operated one after the other."""

    def __init__(self, inputs: Inputs, method: Method) -> None:
        self.inputs, self.method = inputs, method
        self.years: dict[int, Operation] = {}
        self.shift: dict[int, Mapping[Total, float]] = {}
        #: Totals of typical days at the prices told last.
        self.totals: Mapping[Total, float] = {}

    def of(self, y: int) -> Mapping[Total, float]:
        """Prices for a year to start from."""
        served = [z for z in self.years if not self.years[z].unserved]
        if not served:
            return self._duals(y, {}) or {}
        like = [z for z in served if self._rules(z) == self._rules(y)]
        near = min(reversed(like or served), key=lambda z: abs(z - y))
        other = self.years[near].prices
        contracts = {total: price for total, price in other.items() if total[0] == CONTRACTED}
        own = self._duals(y, self.shift.get(near, {}) if like else {})
        if own is None:
            return other if like else contracts
        return {**other, **own} if like else {**own, **contracts}

    def corrected(self, y: int, totals: Mapping[Total, float]) -> Mapping[Total, float] | None:
        """Prices to try after the first ones, at which the months came to these totals; None where typical days have none."""
        if not self.totals:
            return None
        shift, before = self._differs(totals), self.shift.get(y)
        if before is not None:
            shift = {total: (1 - SHARE) * before.get(total, 0.0) + SHARE * amount for total, amount in shift.items()}
        return self._duals(y, shift)

    def ended(self, y: int, operation: Operation, operator: Operator) -> None:
        """A year is solved."""
        self.years[y] = operation
        if self.totals:
            self.shift[y] = self._differs(operator.totals(y, operation))

    def _differs(self, totals: Mapping[Total, float]) -> dict[Total, float]:
        return {total: totals[total] - amount for total, amount in self.totals.items() if total in totals}

    def _duals(self, y: int, shift: Mapping[Total, float]) -> Mapping[Total, float] | None:
        """Duals of typical days with a shift; None where they have none, as a shift may ask for more than there is."""
        self.totals = {}
        try:
            response = self.method.response(y, shift)
        except SolverError:
            return None
        if response is None:
            return None
        if any(response.prices.values()):
            self.totals = response.totals
            if shift:
                self.shift[y] = shift
        return response.prices

    def _rules(self, y: int) -> list[tuple[str, str, str]]:
        return [(r.stage, r.metric, r.sense) for r in self.inputs.carbon.rules.get(y, ())]
