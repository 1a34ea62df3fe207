"""What is proven of a plan is said in one sentence, and never more than was shown."""

import io
import json
import re
import shutil

import numpy as np
import openpyxl
import pandas as pd
import pytest
from parks import Draft
from rich.console import Console

from planner.answer.caveats import proof_sentence, told_proof, told_share
from planner.answer.console import print_run
from planner.answer.files import write_run
from planner.answer.summary import plan_facts, summary
from planner.compare import compare_outputs, comparison_csv
from planner.language.language import Language
from planner.plan import ALL_HOURS, TYPICAL_DAYS, OnDays, Plan, is_proven
from planner.planning.run import Options, plan_park

HOURS = np.arange(8760)
TERMS = pd.DataFrame({"value": [3e6, -1e6]})


def planned(bound: float | None = None, on_days: OnDays | None = None, **fields) -> Plan:
    """A plan of 2 M CNY."""
    emissions = pd.DataFrame({"year": [2026], "item": ["net"], "value": [0.0]})
    plan = Plan("target", "feasible", 2e6, on_days=on_days, tables={"system_cost": TERMS, "emissions": emissions}, **fields)
    return plan if bound is None else plan.with_bound(bound, 1e-3)


def said(plan: Plan, code: str = "en") -> str:
    return told_proof(Language(code), plan_facts(plan), "CNY")


EIGHT = OnDays(8, 1.9e6, 1.899_43e6, 3e-4)


@pytest.mark.parametrize(("plan", "words"), [
    (planned(1.999e6), "in all hours it costs 2.0 M CNY, at most 0.06% above the least possible"),
    (planned(2e6), "in all hours it costs 2.0 M CNY, at most 0.00% above the least possible"),
    (planned(-1e6), "in all hours it costs 2.0 M CNY, at most 3.0 M CNY above the least possible"),
    (planned(), "in all hours it costs 2.0 M CNY; how far above the least possible is not proven"),
    (planned(1.98e6, EIGHT, verified=True),
     "least cost on 8 typical days to 0.03%; in all hours it costs 2.0 M CNY, at most 1.02% above the least possible"),
    (planned(None, EIGHT, verified=True),
     "least cost on 8 typical days to 0.03%; in all hours it costs 2.0 M CNY; how far above the least possible is not "
     "proven",),
    (planned(None, EIGHT),
     "least cost on 8 typical days to 0.03%; it costs 2.0 M CNY on these days, what it costs in all hours is not known"),
    (planned(None, OnDays(1, 1.9e6)),
     "planned on one typical day, how far above the least cost there is not known; it costs 2.0 M CNY on these days, what it "
     "costs in all hours is not known",),
    (planned(None, OnDays(8, 1.9e6, repaired_gap=3e-4), verified=True),
     "least cost on 8 typical days as repaired to 0.03%, how far above the least cost there without repairs is not known; in all "
     "hours it costs 2.0 M CNY; how far above the least possible is not proven",),
    (planned(None, OnDays(8, 1.9e6, 1.881e6, 0.01, repaired_gap=3e-4), verified=True),
     "least cost on 8 typical days to 1.00%; in all hours it costs 2.0 M CNY; how far above the least possible is not "
     "proven",),
])
def test_the_sentence_says_what_is_proven_and_of_which_hours(plan, words) -> None:
    # 2.0 above 1.999 is 0.0500250…%, and above 1.98 it is 1.0101…%: what is said with "at most" is rounded up.
    assert said(plan) == words and proof_sentence(Language(), plan_facts(plan), "CNY") == words[0].upper() + words[1:] + "."


def test_a_share_of_which_at_most_is_said_is_never_rounded_down() -> None:
    assert [told_share(Language(), share) for share in (0.0, 1e-12, 1e-6, 1.1e-4, 1e-4, None)] == ["0.00%", "0.00%", "0.01%",
        "0.02%", "0.01%", "–"]


def test_a_plan_is_optimal_only_within_the_gap_asked_for_in_all_hours() -> None:
    assert planned(1.9985e6).status == "optimal"  # 0.075 %
    assert planned(1.9975e6).status == "feasible"  # 0.125 %
    assert planned(None, EIGHT, verified=True).status == "feasible"
    proven = planned(1.9985e6, EIGHT, verified=True)
    assert (proven.status, proven.proof, proven.bound) == ("optimal", ALL_HOURS, 1.9985e6) and proven.gap == pytest.approx(0.00075)
    assert planned(3e6).bound == 2e6  # the noise of a bound above the cost is no gain


def test_a_cost_within_a_millionth_of_its_largest_term_is_proven_at_every_gap() -> None:
    assert is_proven(2.0, 0.0, 0.0, TERMS) and not is_proven(4.0, 0.0, 0.0, TERMS)  # a millionth of 3e6 is 3
    assert is_proven(0.0, 0.0, 0.0, TERMS.iloc[:0])


def windy() -> Draft:
    """A park of one year in 8,760 hours whose one typical day is far from its hours: wind that blows every second day."""
    park = Draft(hours=8760)
    park.profile("wind", np.where(HOURS // 24 % 2 == 0, 1.0, 0.2))
    park.demand("power", mwh=8760.0)
    park.supply("grid", price=100.0, factor=0.5)
    park.converter("turbine", capital_cost=3e5, max_capacity=2.0, profile="wind")
    park.rule("net_ratio", "<=", 1.0)
    return park


@pytest.mark.slow
def test_a_plan_of_typical_days_has_no_bound_in_all_hours_unless_one_was_proven() -> None:
    case = windy().case()
    run = plan_park(case, Options(days=2, method="whole"))
    facts = summary(run, case)
    for told in (facts, *facts["plans"].values()):
        assert (told["status"], told["bound"], told["gap"], told["proof"]) == ("feasible", None, None, TYPICAL_DAYS)
        days = told["typical_days"]
        assert days["count"] == 2 and days["bound"] <= days["cost"] and days["gap"] <= 1e-3 and told["verified"]
    assert said(run.target).startswith("least cost on 2 typical days to ")


def test_without_the_hours_the_cost_is_of_the_days_and_nothing_is_said_of_the_hours() -> None:
    case = windy().case()
    facts = summary(plan_park(case, Options(days=2, method="whole", verify=False, compare=False)), case)
    assert (facts["status"], facts["bound"], facts["gap"], facts["proof"]) == ("feasible", None, None, TYPICAL_DAYS)
    assert facts["system_cost"] == facts["typical_days"]["cost"]


def test_a_plan_of_all_hours_is_optimal_with_the_proof_of_all_hours() -> None:
    case = windy().case()
    facts = summary(plan_park(case, Options(days=0, method="whole", compare=False)), case)
    assert (facts["status"], facts["proof"], facts["typical_days"]) == ("optimal", ALL_HOURS, None)
    assert facts["bound"] <= facts["system_cost"] and facts["gap"] <= 1e-3


@pytest.mark.slow
def test_the_console_of_a_plan_of_typical_days_says_optimal_nowhere() -> None:
    case = windy().case()
    for verify in (True, False):
        run = plan_park(case, Options(days=2, method="whole", verify=verify))
        text = " ".join(_console(run, case).split())
        assert not re.search(r"\boptimal\b", text) and "least cost on 2 typical days to " in text
        assert ("how far above the least possible is not proven" if verify else "what it costs in all hours is not known") in text


@pytest.fixture(scope="module")
def optimum() -> float:
    """The least cost of the windy park in all hours: one matrix of 8,760 hours, solved to the end."""
    plan = plan_park(windy().case(), Options(days=0, method="whole", gap=1e-7, compare=False)).target
    assert plan.system_cost is not None
    return plan.system_cost


@pytest.mark.slow
@pytest.mark.parametrize("days", [0, 1, 2, 6])
@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_the_bound_is_never_above_the_optimum_nor_the_cost_below_it(optimum, days, method) -> None:
    plan = plan_park(windy().case(), Options(days=days, method=method, compare=False)).target
    assert plan.verified and plan.system_cost is not None and plan.system_cost >= optimum * (1 - 1e-6)
    assert plan.bound is None or plan.bound <= optimum * (1 + 1e-6)
    assert (plan.bound is None) == (plan.proof != ALL_HOURS) and (plan.proof == ALL_HOURS or plan.status == "feasible")


@pytest.mark.slow
def test_what_typical_days_were_proven_to_cost_says_nothing_of_all_hours(optimum) -> None:
    """The reason for it all: on one day of mean wind the bound of the days lies below or above what all hours can cost."""
    plan = plan_park(windy().case(), Options(days=1, method="whole", compare=False)).target
    assert plan.on_days is not None and plan.on_days.gap is not None and plan.system_cost is not None and plan.on_days.gap <= 1e-3
    assert abs(plan.on_days.bound - optimum) > 0.01 * optimum


@pytest.mark.slow
def test_no_output_of_a_run_on_typical_days_says_more_than_was_shown(tmp_path, capsys) -> None:
    """Every text that a run writes is read: `optimal` stands nowhere, and `proven` only in what is not."""
    case = windy().case()
    out = tmp_path / "out"
    run = plan_park(case, Options(days=2, method="whole"))
    write_run(run, case, out, {"park": "none", "costs": []})
    texts = {"console": _console(run, case), **{f.name: f.read_text() for f in out.rglob("*.csv")}}
    texts |= {name: (out / name).read_text() for name in ("summary.json", "report.html")}
    book = openpyxl.load_workbook(out / "plan.xlsx")
    texts["plan.xlsx"] = " ".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None)
    shutil.copytree(out, tmp_path / "other")
    comparison = compare_outputs([out, tmp_path / "other"])
    texts["compare"] = " ".join([*comparison.notes(), comparison_csv(comparison)])
    for name, text in texts.items():
        words = " ".join(text.split())
        assert not re.search(r"\boptimal\b", words), name
        for proven in re.finditer(r"\bproven\b", words):
            assert re.search(r"(not |what is )$", words[: proven.start()]), (name, words[proven.start() - 60 : proven.end()])
    for name in ("console", "report.html", "plan.xlsx", "compare"):
        words = "how far above the least possible is not proven"
        assert words in " ".join(texts[name].split()), name
    assert json.loads(texts["summary.json"])["status"] == "feasible"


def _console(run, case) -> str:
    console = Console(width=100, file=io.StringIO())
    print_run(run, case, console, None)
    return console.file.getvalue()
