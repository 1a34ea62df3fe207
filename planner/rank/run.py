"""Planning anew with each figure at its low and at its high, on few typical days, in as many processes as there are cores.

Of a large park each plan begins from what that as assumed found, and differs within its gap with what was planned before it.

Or on the workers of a Dask cluster, each plan a task; what a cluster that is lost has not answered is planned here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from models.case import Case
from models.errors import CaseError
from planner.clock import Progress as SearchProgress
from planner.machine.resources import cores as cores_of_this_process
from planner.planning.base_of import base_of
from planner.rank.figures import AssumedFigure, assumed_figures
from planner.rank.plan import GAP, Outcome, Ranking, as_assumed
from planner.rank.worker import Job, shared
from planner.solve import ClusterAsked, Tls

#: Told of what is tried next: the number of the figure, how many there are, and the figure; None, 0: the plan as assumed.
Progress = Callable[[int, int, AssumedFigure | None], None]
#: A process plans one park at a time.
_planning = Lock()


@dataclass(frozen=True)
class Cluster:
    """A Dask scheduler, and what is told where it is lost."""

    address: str
    tls: Tls | None
    say: Callable[[str], None]


@dataclass(frozen=True)
class Ranked:
    """A figure with its plans at low and high, against the plan as assumed."""

    figure: AssumedFigure
    base: Outcome
    low: Outcome
    high: Outcome

    @property
    def cost_changes(self) -> tuple[float | None, float | None]:
        """System cost at low and at high less that as assumed (money)."""
        return self._change(self.low), self._change(self.high)

    @property
    def order_change(self) -> float:
        """The largest change of capital in the first years: what is moved to other orders, added or left out (money)."""
        return (
            max(_moved(self.base.orders, other.orders) for other in (self.low, self.high) if other.cost is not None)
            if self._any
            else 0.0
        )

    @property
    def weight(self) -> float:
        """What it is ranked by: the larger change of cost, and of orders; a goal lost comes first."""
        if self.low.cost is None or self.high.cost is None:
            return float("inf")
        return max(abs(change) for change in self.cost_changes if change is not None) + self.order_change

    @property
    def gap(self) -> float:
        """What cannot be told from no change: the gap asked for, or those that the plans have (money)."""
        return max(GAP * abs(self.base.cost or 0.0), self.base.gap + max(self.low.gap, self.high.gap))

    def exceeds_gap(self, change: float | None) -> bool:
        """True if a change of cost is larger than the gaps of the two plans; also of None, where there is no plan."""
        return change is None or abs(change) > self.gap

    @property
    def has_effect(self) -> bool:
        """True if the cost changes by more than the gap, or there is no plan, at the low or at the high."""
        return any(map(self.exceeds_gap, self.cost_changes))

    @property
    def _any(self) -> bool:
        return self.low.cost is not None or self.high.cost is not None

    def _change(self, other: Outcome) -> float | None:
        return None if other.cost is None or self.base.cost is None else other.cost - self.base.cost


def _moved(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    return sum(abs(second.get(name, 0.0) - first.get(name, 0.0)) for name in {*first, *second})


def rank(
    case: Case,
    days: int,
    cores: int = 0,
    progress: Progress = lambda *_: None,
    cluster: Cluster | None = None,
    search: SearchProgress = lambda *_: None,
) -> tuple[Outcome, list[Ranked]]:
    """The plan as assumed, and the figures, those with an effect on the cost first (`Ranked.has_effect`), by what they change.

    cores     processes; 0: as many as there are cores, 1: this one alone
    progress  called as each plan begins that is made on this machine
    cluster   its workers plan in place of this machine
    search    called while the plan as assumed is searched

    Raises CaseError where the park has no goal, or no plan even as assumed.
    """
    if case.goal is None:
        raise CaseError.because("--rank: the park has no goal; write goal.toml")
    bare = case.model_copy(update={"assumptions": (), "warnings": ()})
    figures = assumed_figures(case)
    progress(0, len(figures), None)
    base, ranking = as_assumed(Ranking(bare, days, bare.park.base_emissions or base_of(bare)), search)
    if base.cost is None:
        raise CaseError.because("--rank: the goal cannot be met as the park stands; plan it first, which says why")
    jobs = [(figure, factor) for figure in figures for factor in (figure.low, figure.high)]

    def begins(job: int) -> None:
        """Told of each figure once, at its low."""
        if job % 2 == 0:
            progress(job // 2 + 1, len(figures), figures[job // 2])

    found = {} if cluster is None else _there(ranking, jobs, cluster)
    left = [job for job in range(len(jobs)) if job not in found]
    if left:
        own = [jobs[job] for job in left]
        found |= zip(left, _all(ranking, own, cores or cores_of_this_process(), lambda i: begins(left[i])), strict=True)
    ranked = [Ranked(figure, base, found[2 * i], found[2 * i + 1]) for i, figure in enumerate(figures)]
    return base, sorted(ranked, key=lambda r: (not r.has_effect, -r.weight))


def _there(ranking: Ranking, jobs: list[Job], cluster: Cluster) -> dict[int, Outcome]:
    """The outcomes that the workers of a cluster found, by the number of the job."""
    asked = ClusterAsked(ranking, cluster.address, cluster.tls, cluster.say)
    return asked.ask(_on_worker, dict(enumerate(jobs)))


def _on_worker(ranking: Ranking, _: str, __: int, figure: AssumedFigure, factor: float) -> Outcome:
    """A task: one plan of a changed case."""
    with _planning:
        return ranking.outcome(figure, factor)


def _all(ranking: Ranking, jobs: list[Job], cores: int, begins: Callable[[int], None]) -> list[Outcome]:
    if cores == 1:
        made = []
        for number, job in enumerate(jobs):
            begins(number)
            made.append(ranking.outcome(*job))
        return made
    return shared(ranking, jobs, cores, begins)
