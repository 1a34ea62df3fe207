"""The page of a plan for several futures, from tables worked out by hand: what the search leaves open, and what follows."""

import re
import string
import tomllib
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from planner.answer import tree as told
from planner.answer.tree import (
    WrittenTree,
    lines_of,
    orders_by_future,
    orders_in_every_future,
    regret_words,
    signs_to_watch,
    tree_page,
    tree_part,
)
from planner.language.language import Language

ZH = Language("zh")
M = 1e6


def tree_of(regrets=None, gap=0.004, bounds=(99.7, 99.5)) -> WrittenTree:
    """Two futures of a least cost of 100 M each, known from 2028 on; regrets by plan (M), bounds of the least costs (M)."""
    regrets = regrets or {"expected": (0, 0), "dear": (0.2, 0.3)}
    names = ("dear", "cheap")
    figures = [(n, p, item, value * M, "CNY") for n, p, b in zip(names, (0.3, 0.7), bounds, strict=True)
        for item, value in (("least_cost", 100), ("least_cost_bound", b))]
    figures += [(n, 0.5, f"net_emissions_{y}", 10.0, "t") for n in names for y in (2026, 2031)]
    leaves = [
        {"name": n, "probability": p, "cost": 100 * M, "regret": 0.0, "net": 0.0} for n, p in zip(names, (0.3, 0.7), strict=True)]
    differs = {n: {"parent": "", "from_year": 2028, "figures": []} for n in names}
    block = {"objective": "expected", "expected_cost": 100 * M, "value": 100 * M, "gap": gap, "leaves": leaves, "evpi": 0.0,
        "evpi_range": [0.0, 0.5 * M], "vss": 0.0, "vss_range": [0.0, 0.4 * M], "mean_plan_can_be_kept": True, "recourse": "whole"}
    summary = {"park": "Park", "status": "feasible", "currency": "CNY", "target": "zero-carbon", "by": 2030, "standard": "x",
        "first_year": 2026, "last_year": 2031, "typical_days": 2, "price_year": 2025, "discount_rate": 0.06, "futures": block,
        "differs": differs, "in_all_hours": [], "warnings": [], "blocking": [], "alone_failed": [], "ended": "", "time_limit": None}
    commit = pd.DataFrame(
        [("", 2026, "pv", 2.0, "MW", 5 * M, "now", 1.0), ("", 2026, "forest", 3.0, "ha", 0.0, "now", 1.0),
         ("", 2027, "wind", 1.0, "MW", 7 * M, "now", 1.0)],
        columns=["node", "year", "item", "build", "unit", "capital_cost", "when", "share"],
    )
    rows = [(plan, n, (100 + r) * M, 100 * M, r * M) for plan, own in regrets.items() for n, r in zip(names, own, strict=True)]
    tables = {
        "futures": pd.DataFrame(figures, columns=["future", "probability", "item", "value", "unit"]),
        "commit": commit,
        "regret": pd.DataFrame(rows, columns=["plan", "future", "cost", "least_cost", "regret"]),
    }
    return WrittenTree(Path("out"), summary, tables)


def in_chinese(tree: WrittenTree) -> WrittenTree:
    return replace(tree, language=ZH)


def with_more(tree: WrittenTree, block=None, **more) -> WrittenTree:
    """The tree with more in its summary, and in the block of it."""
    return replace(tree, summary={**tree.summary, "futures": {**tree.block, **(block or {})}, **more})


def page_of(tree: WrittenTree, part: str) -> str:
    return str(tree_part(tree, part).content)


def test_every_line_has_its_words_in_both_languages_and_names_the_same_fields():
    text = tomllib.loads(Path(told.__file__).with_name("tree.toml").read_text(encoding="utf-8"))
    words = [line["words"] for part in text["part"] for line in part.get("line", ())] + [part["title"] for part in text["part"]]
    fields = [[sorted((name, spec) for _, name, spec, _ in string.Formatter().parse(one) if name) for one in both]
        for both in [*words, *text["called"].values()]]
    assert all(len(both) == 2 and both[0] == both[1] for both in fields)


def test_a_regret_is_at_most_what_was_found_and_what_the_bound_of_that_future_leaves_open():
    """Least cost 100 M in each, proven to 99.7 (dear) and 99.5 (cheap): 0.3 and 0.5 M are open, 0.4 M of the plan itself."""
    tree = tree_of()
    assert tree.left_open == pytest.approx(0.5 * M)
    assert [regret_words(tree, n, 0.0) for n in ("dear", "cheap")] == ["at most 0.3 M CNY", "at most 0.5 M CNY"]
    assert [regret_words(tree, n, v * M) for n, v in (("dear", 0.2), ("cheap", 0.3))] == ["at most 0.5 M CNY", "at most 0.8 M CNY"]
    assert regret_words(tree, "dear", 2 * M) == "2.0 M CNY, at most 2.3 M CNY"
    assert regret_words(tree, "dear", float("nan")) == "cannot be kept"
    proven = tree_of(gap=1e-7, bounds=(100, 100))
    assert [regret_words(proven, "dear", v * M) for v in (0, 2)] == ["nothing", "2.0 M CNY"]


def test_differences_that_cannot_be_told_apart_are_called_so_in_money():
    assert "at most 0.8 M CNY" in page_of(tree_of(), "wrong")
    assert "Differences below 0.5 M CNY cannot be told apart" in page_of(tree_of(), "wrong")
    assert "Differences" not in page_of(tree_of(gap=0.0, bounds=(100, 100)), "wrong")
    assert "低于 50 万元的差异无法分辨" in page_of(in_chinese(tree_of()), "wrong")


def test_the_conclusion_stands_on_top_where_the_futures_make_no_difference():
    found = "The futures make no difference to today's orders, as far as can be told: whichever comes, this plan costs at most 0.5 M CNY (0.50%) more"
    page = tree_page(tree_of())
    assert any(line.startswith(found) for line in lines_of(tree_of(), "now"))
    assert page.index("make no difference to today") < page.index("Order this year")
    proven = "The futures make no difference to today's orders: whichever comes, this plan costs no more than had it been known from the start."
    assert proven in lines_of(tree_of(gap=0.0, bounds=(100, 100)), "now")
    assert "make no difference" not in tree_page(tree_of({"expected": (0, 3), "dear": (0, 4)}))
    assert "就目前所能分辨的" in page_of(in_chinese(tree_of({"expected": (0, 0), "dear": (0, 0)})), "now")
    assert "However likely you hold each future, order the same" in page_of(tree_of(), "sure")


def test_a_plan_on_typical_days_says_that_it_is_not_checked_and_what_to_do():
    words = " ".join(lines_of(tree_of(), "now"))
    assert words.startswith("Not yet checked over a full year: the plan is made on typical days only (2)")
    assert all(word in words for word in ("Before signing", "--days", "--no-futures", "plan what-if"))
    assert "尚未作全年校核" in lines_of(in_chinese(tree_of()), "now")[0]
    assert "Not yet checked" not in tree_page(with_more(tree_of(), typical_days=0))
    missed = [{"future": "dear", "cost": 1.0, "holds": False, "unserved": [], "missed": [{"year": 2030, "stage": "zero-carbon",
        "metric": "net", "amount": 5.0}]}]
    failing = with_more(tree_of(), in_all_hours=missed)
    assert lines_of(failing, "now")[0].startswith("Do not order on this yet: in all hours demand is not met or a rule is missed in dear")
    assert "All rules are kept in all hours in cheap only." in lines_of(failing, "now") and "missed by" in page_of(failing, "weather")


@pytest.mark.parametrize(("value", "least", "most", "evpi", "vss"), [
    (0.01, 0.005, 0.05, "about 1.0 M CNY, between 0.5 M CNY and 5.0 M CNY (EVPI)", ", between "),
    (0.01, 0.01, 0.01, "would be worth 1.0 M CNY (EVPI)", "later would cost 1.0 M CNY"),
    (0.0, 0.0, 0.0, "worth nothing (EVPI)", "cost nothing more than this plan (VSS)"),
    (0.0, 0.0, 0.01, "nothing as far as was found, at most 1.0 M CNY", "as far as was found, at most"),
])
def test_what_knowing_is_worth_has_what_the_bounds_leave_of_it(value, least, most, evpi, vss):
    block = {name: end for key in ("evpi", "vss") for name, end in ((key, value * 100 * M), (f"{key}_range", [least * 100 * M, most * 100 * M]))}
    first, second, meant = lines_of(with_more(tree_of(), block), "worth")
    assert evpi in first and vss in second and "perfect information" in meant
    assert "stuck" in lines_of(with_more(tree_of(), {**block, "mean_plan_can_be_kept": False}), "worth")[1]


def test_the_probability_at_which_other_first_orders_are_better():
    """The plan for dear costs 10 less if it comes and 4.5 more else: 10 p = 4.5 (1 - p) at p = 31 %."""
    tree = tree_of({"expected": (10, 0), "dear": (0, 4.5)})
    span = tree.ranges()["dear"]
    assert (span.low, span.high, span.above) == (0.0, pytest.approx(4.5 / 14.5), "dear")
    page = page_of(in_chinese(tree), "sure")
    assert "下限" in page and "上限" in page and "只考虑一种情景：dear" in page


def test_why_there_is_no_plan_and_what_to_do_next():
    failed = with_more(tree_of(), {"expected_cost": None, "gap": None}, status="failed", alone_failed=["cheap"])
    late = lines_of(with_more(failed, ended="the time limit", time_limit=60.0), "answer")
    assert "time limit of 60 s" in late[0] and "cheap" in late[1] and "--time-limit" in late[2] and len(late) == 3
    ended = lines_of(with_more(failed, alone_failed=[]), "answer")
    assert "solver" in ended[0] and "--no-futures" in ended[1] and len(ended) == 2
    none = lines_of(with_more(failed, status="infeasible"), "answer")
    assert "that is proven" in none[0] and "(2)" in none[1] and "a later year of the goal" in none[2] and len(none) == 3


def grown(tree: WrittenTree, rows, figures=None) -> WrittenTree:
    """The tree with these orders after the branching, and these figures of dear."""
    later = pd.DataFrame([(node, y, item, size, "MW", money * M, "2028", 0.5) for node, y, item, size, money in rows],
        columns=tree.tables["commit"].columns)
    differs = {**tree.summary["differs"],
        "dear": {**tree.summary["differs"]["dear"], "title_en": "Dear carbon", "title_zh": "碳价上涨", "figures": figures or []}}
    return replace(with_more(tree, differs=differs), tables={**tree.tables, "commit": pd.concat([tree.tables["commit"], later])})


ROWS = (("dear", 2028, "tank", 1, 1), ("cheap", 2028, "tank", 1, 1), ("dear", 2029, "battery", 2, 4),
    ("cheap", 2029, "battery", 3, 6), ("dear", 2030, "dryer", 1, 2))
CARBON = {"figure": "prices * carbon", "table": "prices", "name": "*", "item": "carbon",
    "changes": [{"year": 2028, "factor": 1.5, "value": None, "unit": ""}]}


def test_what_is_decided_today_is_told_apart_from_what_is_not_and_from_what_differs():
    """5 M this year; 7 M of wind in 2027 and 1 M of a tank, which both futures order alike, are not for today; battery and dryer differ."""
    tree = grown(tree_of(), ROWS)
    words = lines_of(tree, "now")
    assert "To decide today: orders of 2026, 5.0 M CNY." in words
    assert "Not today: 8.0 M CNY for 2027–2028, the same in every future; the next decision is due by the beginning of 2027." in words
    assert list(orders_in_every_future(tree)[["year", "item"]].itertuples(index=False, name=None)) == [("2027", "wind"), ("2028", "tank")]
    assert set(orders_by_future(tree)["item"]) == {"battery", "dryer"}
    page = tree_page(tree)
    waits = page[page.index('id="wait"') :]
    assert re.search(r"battery</th><td>2029</td><td>2 MW, 4.0 M CNY</td><td>3 MW, 6.0 M CNY", waits)
    assert re.search(r"dryer</th><td>2030</td><td>1 MW, 2.0 M CNY</td><td>–", waits) and "tank</th>" not in waits
    assert (re.search(r"forest</th><td>3 ha</td><td>–", page)
        and "planting, and what is paid by the year, are in the costs" in page and "0.00" not in page)
    assert "今天要定：2026 年订货，共 500 万元。" in tree_page(in_chinese(tree))


def test_what_plans_order_otherwise_at_first_stands_side_by_side():
    first = {plan: [{"year": 2026, "item": "pv", "amount": 2.0}, {"year": 2026, "item": "led", "amount": size}]
        for plan, size in (("expected", 1.0), ("dear", 3.0))}
    page = page_of(with_more(tree_of(), {"first_orders": first}), "sure")
    assert re.search(r"led</th><td>2026</td>.*1</td>.*3</td>", page) and "pv</th>" not in page


def test_a_sign_has_its_level_at_present_as_stated_and_in_the_future_and_where_that_is_the_nearer():
    """80 at present, 130 stated for 2028 and 1.5 times as much in the future: 195, nearer above (130 + 195) / 2 = 162.5, told as 163 or 162."""
    level = {"first_year": 2026, "year": 2028, "value": 80.0, "stated": 130.0, "then": 195.0, "unit": "CNY/t"}
    tree = grown(tree_of(), ROWS, [{**CARBON, "level": level}])
    (sign,) = signs_to_watch(tree).itertuples(index=False)
    assert (sign.what, sign.today, sign.stated, sign.here) == ("price of carbon", "80 CNY/t", "130 CNY/t", "195 CNY/t")
    assert sign.nearer == f"above {tree.language.amount(162.5)} CNY/t"
    fallen = grown(tree_of(), ROWS, [{**CARBON, "level": {**level, "then": 90.0}}])
    assert signs_to_watch(fallen)["nearer"].tolist() == ["below 110 CNY/t"]
    (sign,) = signs_to_watch(grown(tree_of(), ROWS, [CARBON])).itertuples(index=False)
    assert (sign.what, sign.here, sign.nearer) == ("price of carbon", "× 1.5 in 2028", "–")
    assert "cheap, known in 2028: none of the signs of the others is seen." in tree_page(tree)
    page = tree_page(in_chinese(tree))
    assert "碳价上涨" in page and "prices * carbon" not in page and "更接近本情景的取值" in page
