"""What summary.json and run.json must say so that an output can be told of again: keys, and what their values are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import CaseError
from planner.language.message import Message
from planner.tables.safe import Damaged

Number = Annotated[float, Field(ge=-1e300, le=1e300, allow_inf_nan=False)]
Year = Annotated[int, Field(ge=1, le=9999)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Status = Literal["optimal", "feasible", "infeasible", "failed"]
#: Faults of one file that are said; the rest is counted.
SHOWN = 5
#: Of the files of an output: another number, where what was read before is read no longer.
FORMAT = 1


class _Said(BaseModel):
    """Keys that are not named here may hold anything: nothing is told from them."""

    model_config = ConfigDict(strict=True, extra="allow")


class OnDaysFacts(_Said):
    """What the search on typical days ended with."""

    count: Count
    cost: Number | None
    bound: Number | None
    gap: Number | None


class DifferenceFacts(_Said):
    """One plan less another: money, and for each tonne of net emissions less."""

    money: Number
    per_tonne_discounted: Number | None
    per_tonne_undiscounted: Number | None


class CompositionFacts(_Said):
    """What net emissions of a year are made of (t)."""

    year: Year
    emitted_by_source: dict[str, Number]
    certificates: Number
    captured: Number
    restoration: Number
    credits: Number
    gross: Number
    net: Number
    gross_location: Number


class PlanFacts(_Said):
    """What is said of one plan."""

    status: Status
    system_cost: Number | None
    bound: Number | None
    gap: Number | None
    proof: str | None
    typical_days: OnDaysFacts | None
    verified: bool | None = None
    repairs: Count | None = None
    hourly_gap: Number | None = None
    hourly_failure: str | None = None
    operated_cost: Number | None = None
    net_emissions_last_year: Number | None = None
    abatement_cost: DifferenceFacts | None = None
    note: str | None = None


class BreachFacts(_Said):
    """A rule that is broken or blocks."""

    stage: str
    metric: str
    year: Year
    amount: Number
    unit: str


class RangeFacts(_Said):
    """Between which amounts the cost of the goal lies."""

    typical_days: Count
    cost: Number
    least: Number
    most: Number
    gap: Number
    gap_without_goal: Number


class ForesightFacts(_Said):
    """What a chain of plans that know some years ahead costs more than the plan that knows all."""

    years: Count
    cost: Number | None
    known: Number
    more: Number | None
    ends: Year | None


class Summary(PlanFacts):
    """summary.json."""

    park: str
    target: str
    by: Year
    milestones: dict[str, Year]
    standard: str
    currency: str
    price_year: Year
    discount_rate: Annotated[Number, Field(gt=-1)]
    timing: Literal["end", "start"] = "end"
    accounting: Literal["location", "market"]
    base_emissions: Number | None
    base_location: Number | None = None
    compared_with: str | None
    composition: CompositionFacts | None
    goal_cost: DifferenceFacts | None
    goal_cost_range: RangeFacts | None = None
    foresight: ForesightFacts | None = None
    blocking: list[BreachFacts]
    breaches: list[BreachFacts]
    explanation: list[str]
    plans: dict[str, PlanFacts]
    warnings: list[str]


class OptionFacts(_Said):
    """Options of a run."""

    park: str
    costs: list[str]
    target: str | None
    by: Year | None
    milestones: list[tuple[str, Year]]
    days: Annotated[int, Field(ge=0, le=366)] | None
    gap: Annotated[Number, Field(ge=0, lt=1)]
    time_limit: Number | None
    compare: bool
    method: str
    verify: bool
    fewest_orders: bool
    quick: bool


class MessageFacts(_Said):
    """A sentence with what it was made of."""

    text: str
    template: str
    values: dict[str, str | MessageFacts]


class MessagesFacts(_Said):
    """Sentences of a run with what they were made of, in the order of summary.json."""

    matrix: str | MessageFacts
    warnings: list[str | MessageFacts]
    explanation: list[str | MessageFacts] = []


Picture = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]*={0,2}$", max_length=20_000)]


class DemandFacts(_Said):
    """A demand as it was read: MWh of its year, MW, and a small picture of its hours as base64, '' where there is none."""

    demand: str
    carrier: str
    year: Year | None
    energy: Number
    lowest: Number
    highest: Number
    load_factor: Number
    quiet: list[str]
    calendar: Picture


class BillFacts(_Said):
    """A bill: MWh, and what it cost where it says so."""

    supply: str
    carrier: str
    year: Year
    energy: Number
    cost: Number | None


class TariffFacts(_Said):
    """Lowest and highest price of a supply by hour and month, with a small picture of them as base64: workdays and weekends, or
    workdays, Saturdays and Sundays."""

    supply: str
    kinds: Literal[2, 3]
    lowest: Number
    highest: Number
    picture: Picture


class LoadFacts(_Said):
    """What the park uses, pays and was billed, as it was read."""

    demands: list[DemandFacts]
    bills: list[BillFacts]
    tariffs: list[TariffFacts]


class RunFacts(_Said):
    """run.json."""

    parkzero: str
    case_sha256: str
    files: dict[str, str]
    tables: dict[str, str]
    options: dict[str, Any]
    versions: dict[str, str]
    matrix: str = ""
    seconds: dict[str, Number] = {}
    messages: MessagesFacts | None = None
    loads: LoadFacts | None = None


class Repeatable(RunFacts):
    """run.json of a run that can be repeated: it says what was planned, and how."""

    options: OptionFacts  # type: ignore[assignment]


def check_format(path: Path, found: Mapping[str, Any]) -> None:
    """Raise CaseError where a run.json is of an output whose files another version wrote in another way."""
    if "parkzero" in found and found.get("format") != FORMAT:
        raise CaseError.because(
            "{folder}: was made by version {version}; plan it again", folder=path.parent, version=found["parkzero"]
        )


def check_facts(path: Path, found: dict[str, Any], kind: type[BaseModel]) -> list[Damaged]:
    """What is wrong with the keys of a JSON file; nothing where it can be told from."""
    try:
        kind.model_validate_json(json.dumps(found))
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        faults = [Damaged(path, "{words}", words=_told(d["loc"], d["type"], d["msg"])) for d in details[:SHOWN]]
        more = len(details) - SHOWN
        return faults + ([Damaged(path, "and {more} more of its keys are wrong", more=more)] if more > 0 else [])
    return []


def _told(where: Sequence[object], kind: str, message: str) -> str:
    key = ".".join(map(str, where))
    if kind == "missing":
        return Message("has no {key}", key=repr(key))
    return f"{key}: {message[:1].lower()}{message[1:].replace('Input should be', 'should be')}".replace("input should", "should")
