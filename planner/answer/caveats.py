"""What a reader must know beside the numbers: milestones that are left out, plans that are missing, orders that a later stage
contradicts, and what is proven."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from planner.answer.summary import Facts, day_count, is_of_all_hours
from planner.language.language import Language, mark
from planner.language.message import Message
from planner.language.words import PLANS, STAGES, STATUSES, named, stopped_by, told_days
from planner.machine.stopping import CTRL_C
from planner.park.remarks import PUT_ASIDE
from planner.plan import BUSINESS, LEAST_COST, REFERENCE, TARGET, Plan, Run
from planner.planning.repair_loop import ASKED_MORE

# --- aside -----------------------------------------------------------------------------------------------------------------
# Milestones of the park that are no part of a plan, in words for its page: its goal is the command line's.


def aside_of(text: str) -> str | None:
    """The milestones that a warning says are not used, `low-carbon = 2027`; None of any other warning."""
    words = text.values.get("words") if isinstance(text, Message) else None
    return str(words.values["milestones"]) if isinstance(words, Message) and words.template == PUT_ASIDE else None


def aside_words(warnings: Iterable[str], language: Language) -> list[str]:
    """The park's own milestones, which do not bind this plan since the goal comes from the command line."""
    say, lines = language.translate, []
    for milestones in filter(None, map(aside_of, warnings)):
        told = []
        for one in milestones.split(", "):
            stage, _, year = one.partition(" = ")
            told.append(say("{stage} by {year}", stage=named(language, STAGES, stage), year=year))
        words = mark(
            "The milestones that the park states are not required of this plan, and whether it meets them was not looked at: "
            "{milestones}."
        )
        lines.append(say(words, milestones=say(", ").join(told)))
    return lines


# --- missing ---------------------------------------------------------------------------------------------------------------
# Why a plan that the target is compared with is missing, and what stands in for it.


def missing_words(run: Run, language: Language) -> Iterator[str]:
    """A line for each plan that the target is compared with and that there is none of."""
    say = language.translate
    by_hand = any(CTRL_C in plan.note for plan in run.plans.values())
    for plan in run.plans.values():
        if plan.name == TARGET or plan.has_tables:
            continue
        reason = _unproven(plan, by_hand, language) if plan.status != "infeasible" else _impossible(plan, language)
        line = told_of(language, named(language, PLANS, plan.name), named(language, STATUSES, plan.status))
        line += f" ({reason})" if reason else ""
        has_other = LEAST_COST in run.plans and run.plans[LEAST_COST].has_tables
        yield line + say("; ") + say("compared with least-cost") if plan.name == REFERENCE and has_other else line


def _unproven(plan: Plan, by_hand: bool, language: Language) -> str:
    """Why none was found, though that is not proven; `by_hand`: the run was ended with Ctrl-C."""
    if plan.note and (plan.name == BUSINESS or plan.note == ASKED_MORE):
        return language.tell(plan.note)
    return language.tell(stopped_by(CTRL_C)) if by_hand else language.translate("no plan within the time")


def _impossible(plan: Plan, language: Language) -> str:
    """Why there is none."""
    say = language.translate
    if plan.name == REFERENCE:
        return say("without new kinds of equipment the demand cannot be met")
    if plan.name != BUSINESS:
        return ""
    reason = say("today's equipment, renewed kind for kind within its limits and the budget, cannot meet the demand")
    return told_of(language, reason, plan.note) if plan.note else reason


def told_of(language: Language, what: str, words: str) -> str:
    """What is told, and what is told of it."""
    return language.translate("{what}: {words}", what=what, words=words)


# --- contradicted ----------------------------------------------------------------------------------------------------------
# Orders that a later stage contradicts: what stands still from its first year on, or is retired then, before its time.

#: Of its most energy of a year, less than this share is none.
STILL = 0.01
#: Years by which a life must go on beyond the stage.
LEFT = 2
#: What is said beside an order.
STANDS_STILL = mark("stands still from {year} on ({stage}), good until {until}")
GOES = mark("retired in {year} ({stage}), good until {until}")


class Contradicted(NamedTuple):
    """An order: its technology and year, the year from which it is not used any more, the stage that begins then, the last year of
    its life, and whether it is retired then or stands still."""

    technology: str
    ordered: int
    year: int
    stage: str
    until: int
    is_retired: bool

    def told(self, language: Language) -> str:
        """What is said beside the order."""
        words = GOES if self.is_retired else STANDS_STILL
        return language.translate(words, year=self.year, stage=named(language, STAGES, self.stage), until=self.until)


def contradicted(tables: Mapping[str, pd.DataFrame]) -> list[Contradicted]:
    r"""Orders of a plan that made or took energy before a stage and none of it, or are retired, from the stage's first year on.

    .. math::
        E_{k,y} \le 0.01 \max_z E_{k,z} \;\; \forall y \ge y_s

    for k what is ordered before the first year y_s of a later stage s and would work two years or more beyond it.

    E  energy out, of a plant that gives none what it takes   MWh (k,y)
    """
    begins = tables["stages"].groupby("stage")["year"].min().sort_values()
    used = _used(tables["energy"])
    found = []
    for r in tables["investments"].itertuples():
        own = used.get(str(r.technology))
        for stage, year in ((str(s), int(y)) for s, y in begins.items()):
            if own is None or not r.works_from < year <= r.works_until - LEFT:
                continue
            little = STILL * max(own.values())
            before, after = ([value for y, value in own.items() if (y >= year) == is_later] for is_later in (False, True))
            if max(before, default=0.0) > little and max(after, default=0.0) <= little:
                gone = tables["retirements"]
                gone = gone[(gone["technology"] == r.technology) & (gone["ordered"] == r.year) & (gone["year"] == year)]
                retired = float(gone["retired"].sum()) >= 0.5 * r.build
                found.append(Contradicted(str(r.technology), int(r.year), year, stage, int(r.works_until), retired))
                break
    return found


def told_in_one(found: Iterable[Contradicted], language: Language) -> str:
    """All of them in a sentence, the first three by name; empty without any."""
    own = list(found)
    parts = [f"{c.technology} {c.ordered} ({c.told(language)})" for c in own[:3]]
    if len(own) > 3:
        parts.append(language.translate("and {count} more", count=len(own) - 3))
    return language.translate("A later stage contradicts: {orders}.", orders="; ".join(parts)) if own else ""


def _used(energy: pd.DataFrame) -> dict[str, dict[int, float]]:
    """Energy of each technology by year, 0 where none is listed: what it gives, else what it takes."""
    rows = list(zip(*(energy[column].tolist() for column in ("name", "flow", "carrier", "year", "value")), strict=True))
    years = sorted(set(energy["year"].tolist()))
    found: dict[str, dict[int, float]] = {}
    for flows in (("in", "captured"), ("out", "discharge")):  # what is given has the last word
        sums: dict[str, dict[int, float]] = {}
        for name, flow, carrier, year, value in rows:
            if flow in flows and carrier != "co2":
                sums.setdefault(str(name), dict.fromkeys(years, 0.0))[year] += value
        found |= sums
    return found


# --- proof -----------------------------------------------------------------------------------------------------------------
# One sentence that says what is proven of a plan's cost, for every place that tells of it.


def told_proof(language: Language, facts: Facts, currency: str) -> str:
    """What is proven of a plan's cost and what is not, as a clause without a full stop.

    `facts` are those of the plan in summary.json; it must have a cost. Of a chain of plans what not knowing costs, too.
    """
    chain = filter(None, [told_chain_cost(language, facts, currency)])
    return language.translate("; ").join([*_on_days(language, facts), _in_all_hours(language, facts, currency), *chain])


def proof_sentence(language: Language, facts: Facts, currency: str) -> str:
    """The same as a sentence of its own."""
    clause = told_proof(language, facts, currency)
    return language.translate("{sentence}.", sentence=clause[:1].upper() + clause[1:])


def _on_days(language: Language, facts: Facts) -> list[str]:
    """What was found on typical days; nothing where there are none."""
    if not day_count(facts):
        return []
    found = facts["typical_days"]
    values = {"days": told_days(language, day_count(facts)), "gap": told_share(language, found["gap"])}
    if found["gap"] is None and found.get("repaired_gap") is not None:
        values["gap"] = told_share(language, found["repaired_gap"])
        words = mark("least cost on {days} as repaired to {gap}, how far above the least cost there without repairs is not known")
        return [language.translate(words, **values)]
    if found["gap"] is None:
        return [language.translate("planned on {days}, how far above the least cost there is not known", **values)]
    return [language.translate("least cost on {days} to {gap}", **values)]


def _in_all_hours(language: Language, facts: Facts, currency: str) -> str:
    say, cost, bound = language.translate, facts["system_cost"], facts["bound"]
    values = {"cost": language.money(cost, currency)}
    if not is_of_all_hours(facts):
        return say("it costs {cost} on these days, what it costs in all hours is not known", **values)
    if bound is None:
        return say("in all hours it costs {cost}; how far above the least possible is not proven", **values)
    if bound <= 0:
        above = language.money(cost - bound, currency)
        return say("in all hours it costs {cost}, at most {above} above the least possible", above=above, **values)
    above = told_share(language, (cost - bound) / bound)
    return say("in all hours it costs {cost}, at most {above} above the least possible", above=above, **values)


def told_chain_cost(language: Language, facts: Facts, currency: str) -> str:
    """That a plan is a chain of plans which know some years ahead only, and what not knowing costs it, as a clause; empty of any
    other plan. `facts` are those of summary.json."""
    found = facts.get("foresight")
    if not found or found["more"] is None:
        return ""
    return language.translate(
        "a chain of plans, years known ahead {count}; not knowing the others costs {money}",
        count=found["years"],
        money=language.money(max(found["more"], 0.0), currency),
    )


def told_share(language: Language, share: float | None) -> str:
    """A share of which `at most` is said: rounded up to hundredths of a per cent."""
    return language.percent(None if share is None else math.ceil(1e4 * share - 1e-6) / 1e4, 2)


#: Headings of gaps.
ON_DAYS_GAP, HOURS_GAP = mark("gap on typical days"), mark("gap in all hours")


def gap_columns(plans: Mapping[str, Facts]) -> dict[str, dict[str, float | None]]:
    """Heading -> plan -> gap, of those that any plan has: that on typical days, and that in all hours."""
    found = {
        ON_DAYS_GAP: {name: (facts["typical_days"] or {}).get("gap") for name, facts in plans.items()},
        HOURS_GAP: {name: facts["gap"] for name, facts in plans.items()},
    }
    return {words: own for words, own in found.items() if any(gap is not None for gap in own.values())}
