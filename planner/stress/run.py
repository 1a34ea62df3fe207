"""A run read back with the park that it was planned for, and stressed: in every leaf of a tree, or with each unit out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_limits

from models.case import Case
from models.errors import CaseError
from models.inputs import resolve
from models.inputs.outages import all_months
from planner.futures.paths import path_case
from planner.futures.tree import Tree
from planner.language.message import Message
from planner.machine.stopping import Watch, watched
from planner.park import read_case
from planner.planning.base_of import base_of
from planner.planning.outages import short_rows
from planner.planning.rerun import Earlier, read_run
from planner.planning.run import Options, plan_park
from planner.stress.demand import demand_swing
from planner.stress.leaf import Stressed, keep_orders, stress
from planner.stress.moving import moving_table
from planner.stress.stores import stores_table
from planner.tables.output import Output, read_output
from planner.tables.place import refuse_kept
from planner.tables.schema import TABLES


@dataclass(frozen=True)
class Stress:
    """A run, its park with the futures that it is tried in, and the options that it was planned with; base emissions (t)."""

    output: Output
    case: Case
    options: Options
    base: float

    def leaves(self, has_regret: bool) -> Iterator[Stressed]:
        """The run in every leaf, one after the other."""
        tree = Tree.of(self.case.futures, self.case.park)
        with watched(Watch(None)), threadpool_limits(1, user_api="blas"):
            for name in tree.leaves:
                case = path_case(self.case, tree, name)
                found = stress(case, name, tree.probability(name), self.base, self.output.target)
                yield replace(found, least=self._least(case, found.cost)) if has_regret else found

    def _least(self, case: Case, cost: float | None) -> float | None:
        """The least cost of a leaf that is known from the start: that of its own plan, or of the kept one where that is cheaper."""
        known = case.model_copy(update={"park": case.park.model_copy(update={"base_emissions": self.base})})
        options = replace(self.options, compare=False, time_limit=None)
        plan = plan_park(known, options).target
        if plan.system_cost is None:
            return None
        return plan.system_cost if cost is None else min(plan.system_cost, cost)

    def months(self, done: Callable[[int], None]) -> pd.DataFrame:
        """stress_outages.csv: every month of every year with each unit out."""
        inputs = resolve(self.case, self.case.goal, self.base, None)
        if not inputs.outages.out:
            raise CaseError.because(
                "--outages: no reserve of the park holds by operation; state operated = 1 and largest_out = 1 in reserves.csv"
            )
        with watched(Watch(None)), threadpool_limits(1, user_api="blas"):
            kept = keep_orders(inputs, self.output.target)
            if kept.cost is None:
                raise CaseError.because("{out}: its orders are not those of a plan of this park", out=self.output.folder)
            rows, _ = short_rows(kept.model, inputs, all_months(self.case, inputs.years, inputs.outages), done)
        return pd.DataFrame(rows, columns=list(TABLES["stress_outages"].names))

    def moving(self, done: Callable[[int], None]) -> pd.DataFrame:
        """moving.csv: what moving saves in every year."""
        with watched(Watch(None)), threadpool_limits(1, user_api="blas"):
            found = moving_table(self.case, self.base, self.output.target, done)
        if found is None:
            raise CaseError.because("{out}: its orders are not those of a plan of this park", out=self.output.folder)
        return found

    def demand(self, done: Callable[[str], None]) -> pd.DataFrame:
        """stress_demand.csv: what other demand does to the saving."""
        with watched(Watch(None)), threadpool_limits(1, user_api="blas"):
            return demand_swing(self.case, self.base, self.output, self.options.days, done)

    def stores(self, done: Callable[[int], None]) -> pd.DataFrame:
        """stores.csv: what each store earns in every year."""
        with watched(Watch(None)), threadpool_limits(1, user_api="blas"):
            found = stores_table(self.case, self.base, self.output.target, done)
        if found is None:
            raise CaseError.because("{out}: its orders are not those of a plan of this park", out=self.output.folder)
        return found


def open_stress(out: Path, futures: Path | None, needs_futures: bool) -> Stress:
    """Read a run of one future, and the tree that it is tried in: of a file, or of the park's folder as it is now.

    Raises CaseError where the folder is no run with a plan, its park has changed, or no futures are stated.
    """
    output = read_output(out)
    if not output.has_plan:
        raise CaseError.because("{out}: holds no plan; there is nothing to try", out=out)
    refuse_kept(out, output.facts["options"])
    earlier: Earlier = read_run(out / "run.json", None)
    order = replace(earlier.order, has_futures=False, futures=None)
    replace(earlier, order=order).check()
    case = read_case(order.folder, order.costs, order.goal, futures=futures, has_futures=needs_futures)
    if needs_futures and not case.futures:
        raise CaseError.because(
            "{folder}: states no futures; write futures.csv (`plan new --futures` shows one), or name a tree with --futures FILE",
            folder=order.folder,
        )
    base = case.park.base_emissions or base_of(case.model_copy(update={"futures": (), "future_values": ()}))
    return Stress(output, case, order.options, base)


def short_months(table: pd.DataFrame) -> list[Message]:
    """What is said of the months with a unit out: of each unit the month in which it is missed most."""
    short = table[table["energy_short"] > 0]
    if short.empty:
        return [Message("with any one unit out all demand is met in every month of every year")]
    found = []
    for name, own in short.groupby("technology", sort=False):
        worst = own.loc[own["energy_short"].idxmax()]
        found.append(
            Message(
                "{name} out: {count} of {all} months are short, most that of day {day} in {year}: {energy} MWh, at worst "
                "{power} MW",
                name=name,
                count=len(own),
                all=int((table["technology"] == name).sum()),
                day=int(worst["first_day"]),
                year=int(worst["year"]),
                energy=f"{worst['energy_short']:,.1f}",
                power=f"{worst['worst']:,.2f}",
            )
        )
    return found
