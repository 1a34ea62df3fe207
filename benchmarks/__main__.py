"""`python -m benchmarks`: make the park, run methods, write the page. Run by hand, on a machine that does nothing else."""

from __future__ import annotations

import argparse
import json
import platform
import resource
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.environments import compare
from benchmarks.harness import Plan, disagreements, read_sizes, run_all
from benchmarks.methods import METHODS, run_method
from benchmarks.park import write_park
from benchmarks.report import write_report

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
RESULTS = Path(__file__).parent / "results"


def main(words: list[str] | None = None) -> int:
    """Parse, choose, run; gives the exit code: 1 where objectives disagree, 2 where the command is wrong."""
    arguments = _parser().parse_args(words)
    try:
        return int(arguments.call(arguments) or 0)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="run methods on sizes and write a file of results")
    run.add_argument("--sizes", default="5x12,10x12", help="YEARSxDAYS, …; 8760 days: every hour")
    run.add_argument("--methods", default=",".join(METHODS), help=f"of {', '.join(METHODS)}")
    run.add_argument("--mixed", action="store_true", help="with twelve measures and whole CHP units")
    run.add_argument("--repeat", type=int, default=3)
    run.add_argument("--gap", type=float, default=1e-3)
    run.add_argument("--seconds", type=float, help="most that a run may take")
    run.add_argument("--memory", type=float, help="most MiB that a run may take")
    run.add_argument("--out", type=Path, help="file of results; left out: benchmarks/results/SIZES.json")
    run.set_defaults(call=_run)
    one = commands.add_parser("one", help="run one method on a park, in this process")
    one.add_argument("method", choices=METHODS)
    one.add_argument("--park", type=Path, required=True)
    one.add_argument("--days", type=int, required=True)
    one.add_argument("--gap", type=float, default=1e-3)
    one.add_argument("--algorithm", choices=["simplex", "ipm", "hipo"])
    one.add_argument("--memory", type=float)
    one.set_defaults(call=_one)
    park = commands.add_parser("park", help="write the park folder")
    park.add_argument("folder", type=Path)
    park.add_argument("--years", type=int, default=10)
    park.add_argument("--mixed", action="store_true")
    park.set_defaults(call=lambda a: print(write_park(a.folder, a.years, a.mixed)))
    places = commands.add_parser("environments", help="plan one park in several environments: cost and orders of each")
    places.add_argument("park", type=Path)
    places.add_argument("options", nargs=argparse.REMAINDER, help="of plan, e.g. --days 2")
    places.set_defaults(call=lambda a: print(compare(a.park, a.options)))
    report = commands.add_parser("report", help=f"write {PAGE.relative_to(ROOT)} from files of results")
    report.add_argument("results", type=Path, nargs="*", help="left out: all of benchmarks/results")
    report.set_defaults(call=lambda a: write_report(a.results or sorted(RESULTS.glob("*.json")), PAGE))
    return parser


def _one(arguments: argparse.Namespace) -> None:
    if arguments.memory:
        most = int(arguments.memory * 2**20)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    measured = run_method(arguments.method, arguments.park, arguments.days, arguments.algorithm, arguments.gap)
    print(json.dumps(measured.as_dict()))


def _run(arguments: argparse.Namespace) -> int:
    methods = [m.strip() for m in arguments.methods.split(",")]
    unknown = [m for m in methods if m not in METHODS]
    if unknown:
        raise ValueError(f"--methods {unknown[0]}: is none of {', '.join(METHODS)}")
    sizes = read_sizes(arguments.sizes, arguments.mixed)
    out = arguments.out or RESULTS / f"{'-'.join(s.name.replace(' ', '-') for s in sizes)}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    plan = Plan(methods, sizes, arguments.repeat, arguments.gap, arguments.seconds, arguments.memory)
    runs = []
    for record in run_all(plan, lambda line: print(line, file=sys.stderr, flush=True)):
        runs.append(record)
        # What has been measured is kept, whatever becomes of the rest.
        out.write_text(json.dumps({**_facts(plan), "runs": runs}, indent=1) + "\n", encoding="utf-8")
    print(out)
    found = disagreements(runs, plan.gap)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found or not any(r["status"] == "ok" for r in runs) else 0


def _facts(plan: Plan) -> dict:
    """When, on what, with which versions; no name of the machine."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "gap": plan.gap,
        "machine": {"system": platform.system(), "processor": platform.machine()},
        "versions": {p: _version(p) for p in ("parkzero", "highspy", "pyomo", "pypsa", "linopy", "pandas")},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


if __name__ == "__main__":
    sys.exit(main())
