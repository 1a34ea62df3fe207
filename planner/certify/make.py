"""What a certificate says of a run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from models.case import Case
from models.inputs import Inputs
from models.inputs.costs import CostTable
from models.metrics import CUMULATED
from models.operation.green_power import converted_groups, direct_green
from planner import __version__
from planner.certify.programme import programme_of
from planner.export.load import load_run, planned_inputs
from planner.language.message import Message
from planner.plan import TARGET
from planner.tables.drafts import check_target
from planner.verify.certificate import is_certificate, write_certificate
from planner.verify.sums import BESIDE, DRAWS, FEEDS

#: Tables that the arithmetic needs, and those that say what was decided.
TABLES = (
    "costs",
    "system_cost",
    "investments",
    "retirements",
    "measures",
    "restoration",
    "certificates",
    "offsets",
    "emissions",
    "emission_sources",
    "stages",
    "rules",
    "energy",
    "capacity",
)
#: What is said of the run as its summary has it.
OF_SUMMARY = (
    "park",
    "target",
    "by",
    "milestones",
    "standard",
    "currency",
    "price_year",
    "discount_rate",
    "accounting",
    "base_emissions",
    "system_cost",
    "bound",
    "gap",
    "verified",
)
#: Name of the file within the folder of a run.
NAME = "certificate.zip"


def certify(out: Path, to: Path | None, seconds: float, park: Path | None = None) -> tuple[Path, list[str]]:
    """Write the certificate of a run; gives its file and what is not in it.

    Raises CaseError where the folder is no run with a plan, or its park has changed, and where a file stands in the way that is no
    certificate.
    """
    path = to or out / NAME
    if path.absolute().parent.is_dir():  # or there is no such run
        check_target(path, str(path) if to is None else f"--to {path}", is_certificate)
    run = load_run(out, park, needs_dispatch=False)
    run.output.check_unchanged()
    target, summary, terms, inputs = run.plans[TARGET], run.summary, _Terms.of(run.case), planned_inputs(run)
    found = programme_of(run, inputs, seconds, float(run.output.facts["options"]["gap"]))
    told: dict[str, Any] = {
        **{key: summary[key] for key in OF_SUMMARY},
        "gap_told": "–" if summary["gap"] is None else f"{summary['gap']:.2%}",
        "future": run.output.future,
        "first_year": run.case.park.first_year,
        "last_year": run.case.park.last_year,
        "parkzero": __version__,
        "versions": run.output.facts["versions"],
        "case_sha256": run.case.digest,
        "park_files": run.output.facts["files"],
        "files": _files(out, run.output.facts.get("tables")),
        "lifetimes": terms.lifetimes(target),
        "project_costs": terms.project_costs(target),
        "stage_rules": [
            {"stage": r.stage, "metric": r.metric, "sense": r.sense, "limit": r.limit, "source": r.source}
            for r in run.case.stages
            if r.standard == run.case.park.standard
        ],
        **_stated(inputs),
        "programme": None if found is None else found[0],
    }
    tables = {name: _told(target, name).to_csv(index=False, float_format="%.17g", lineterminator="\n") for name in TABLES}
    write_certificate(path, told, tables, {} if found is None else found[1])
    missing = Message(
        "no programme in it: within the time the plan was not shown to be a point of one, or that had no relaxed optimum; the "
        "bound of the run is believed"
    )
    return path, [missing] if found is None else []


def _told(tables: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """A table with what the arithmetic can say something of."""
    table = tables[name]
    if name == "energy":
        return table[table["flow"].isin((*FEEDS, *DRAWS, *BESIDE))]
    return table.drop(columns=["embodied"]) if name == "investments" else table


def _stated(inputs: Inputs) -> dict[str, Any]:
    """What stood before, what is signed, the rules of rules.csv, and what energy counts as."""
    capacity, supplies, carbon = inputs.capacity, inputs.supplies, inputs.carbon
    standing, signed = dict[str, dict[str, float]](), dict[str, dict[str, float]]()
    for (k, y), size in capacity.existing.items():
        standing.setdefault(k, {})[str(y)] = size
    for (k, v), size in capacity.committed.items():
        signed.setdefault(k, {})[str(v)] = size
    rules = [(r.stage, r.metric, r.sense, y, r.limit) for y, own in carbon.rules.items() for r in own if r.lasting]
    rules = [r for r in rules if r[1] not in CUMULATED]
    rules += [(b.name, b.rule.metric, b.rule.sense, b.first, b.rule.limit) for b in carbon.budgets]
    return {
        "standing": standing,
        "signed": signed,
        "rules": [dict(zip(("rule", "metric", "sense", "year", "limit"), r, strict=True)) for r in rules],
        "energy": {
            "tce": dict(supplies.tce),
            "green_share": {s: supplies.green_share[s] for s in supplies.importers},
            "electricity": supplies.tce_electricity,
            "green": sorted(inputs.conversion.green),
            "varying": sorted(converted_groups(inputs).get("varying", ())),
            "direct": direct_green(inputs) if carbon.counts_available else [],
        },
    }


def _files(out: Path, written: Mapping[str, str] | None) -> dict[str, str]:
    """The tables of the run and what it says, by their digests; not what questions that are asked of it later write.

    written  what the run wrote; None: one of before, which does not say
    """
    found = {p.name for p in out.glob("*.csv")}
    names = sorted((found if written is None else found & set(written)) | {"summary.json", "run.json"})
    return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in names}


@dataclass(frozen=True)
class _Terms:
    """What the park states of what is ordered: cost table, and type of each technology, link and connection."""

    case: Case
    costs: CostTable
    types: Mapping[str, str]

    @classmethod
    def of(cls, case: Case) -> _Terms:
        """Those of a park."""
        years = range(case.park.first_year, case.park.last_year + 1)
        types = {t.technology: t.type_name for t in case.technologies} | {link.link: link.type_name for link in case.links}
        types |= {c.connection: c.type for c in case.connections if c.type}
        return cls(case, CostTable(case.costs, years, case.park.currency), types)

    def lifetimes(self, tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, float]]:
        """Item of a cost -> what is ordered of it -> years of its life."""
        planted = tables["restoration"][tables["restoration"]["item"] == "planted"]
        adopted, grown = set(tables["measures"]["measure"]), set(planted[planted["value"] != 0]["project"])
        return {
            "capital": {str(k): self.costs.lifetime(self.types[k]) for k in sorted(set(tables["investments"]["technology"]))},
            "measures": {m.measure: float(m.lifetime) for m in self.case.measures if m.measure in adopted},
            "restoration": {p.project: float(p.lifetime) for p in self.case.restoration if p.project in grown},
        }

    def project_costs(self, tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, float]]:
        """Technology -> year -> what was paid for an order whatever its size, grants taken off, where it is retired early."""
        orders, retired, found = tables["investments"], tables["retirements"], dict[str, dict[str, float]]()
        decided = orders[orders["committed"] == 0]
        early = {*zip(retired["technology"], retired["ordered"], strict=True)}
        for k, v in {*zip(decided["technology"], decided["year"], strict=True)} & early:
            project, grant = (self.costs.series(self.types[k], p, u) for p, u in (("project_cost", "money"), ("grant", "1")))
            if money := (1 - grant.get(v, 0.0)) * project.get(v, 0.0):
                found.setdefault(str(k), {})[str(v)] = money
        return found
