"""The first page of a plan for several futures, from tables worked out by hand: what the search leaves open, and what follows."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from planner.answer.tree.facts import WrittenTree, in_every_future, not_yet, today_words
from planner.answer.tree.left_open import conclusion, left_open_words, money_left_open, regret_words, signs_of
from planner.answer.tree.page import tree_page, tree_part
from planner.language.language import Language

SAY, ZH = Language("en"), Language("zh")
M = 1e6


def tree_of(regrets=None, gap=0.004, bounds=(99.7, 99.5)) -> WrittenTree:
    """Two futures of a least cost of 100 M each, known from 2028 on; regrets by plan (M), bounds of the least costs (M)."""
    regrets = regrets or {"expected": (0, 0), "dear": (0.2, 0.3)}
    names = ("dear", "cheap")
    figures = [(n, p, item, value * M, "CNY") for n, p, b in zip(names, (0.3, 0.7), bounds, strict=True)
        for item, value in (("least_cost", 100), ("least_cost_bound", b))]
    leaves = [
        {"name": n, "probability": p, "cost": 100 * M, "regret": 0.0, "net": 0.0} for n, p in zip(names, (0.3, 0.7), strict=True)]
    differs = {n: {"parent": "", "from_year": 2028, "figures": []} for n in names}
    block = {"objective": "expected", "expected_cost": 100 * M, "value": 100 * M, "gap": gap, "leaves": leaves, "evpi": 0.0,
        "evpi_range": [0.0, 0.5 * M], "vss": 0.0, "vss_range": [0.0, 0.4 * M], "mean_plan_can_be_kept": True, "recourse": "whole"}
    summary = {"park": "Park", "status": "feasible", "currency": "CNY", "target": "zero-carbon", "by": 2030, "standard": "x",
        "first_year": 2026, "last_year": 2031, "typical_days": 2, "price_year": 2025, "discount_rate": 0.06, "futures": block,
        "differs": differs, "in_all_hours": [], "warnings": []}
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


def test_a_regret_is_at_most_what_was_found_and_what_the_bound_of_that_future_leaves_open():
    """Least cost 100 M in each, proven to 99.7 (dear) and 99.5 (cheap): 0.3 and 0.5 M are open, 0.4 M of the plan itself."""
    tree = tree_of()
    assert money_left_open(tree) == pytest.approx(0.5 * M)
    assert [regret_words(tree, n, 0.0, SAY) for n in ("dear", "cheap")] == ["at most 0.3 M CNY", "at most 0.5 M CNY"]
    assert [regret_words(tree, n, v * M, SAY) for n, v in (("dear", 0.2), ("cheap", 0.3))] == ["at most 0.5 M CNY",
        "at most 0.8 M CNY"]
    assert regret_words(tree, "dear", 2 * M, SAY) == "2.0 M CNY, at most 2.3 M CNY"
    assert regret_words(tree, "dear", float("nan"), SAY) == "cannot be kept"
    proven = tree_of(gap=1e-7, bounds=(100, 100))
    assert [regret_words(proven, "dear", v * M, SAY) for v in (0, 2)] == ["nothing", "2.0 M CNY"]


def test_differences_that_cannot_be_told_apart_are_called_so_in_money():
    words = left_open_words(tree_of(), SAY)
    assert "Differences below 0.5 M CNY cannot be told apart" in words[0] and "none of these plans is better or worse" in words[1]
    assert len(left_open_words(tree_of({"expected": (0, 0), "dear": (0.2, 3)}), SAY)) == 1
    assert not left_open_words(tree_of(gap=0.0, bounds=(100, 100)), SAY)
    shown = str(tree_part(tree_of(), SAY, "wrong").content)
    assert "at most 0.8 M CNY" in shown and "Differences below 0.5 M CNY" in shown
    assert "低于 50 万元的差异无法分辨" in str(tree_part(tree_of(), ZH, "wrong").content)


def test_the_conclusion_stands_on_top_where_the_futures_make_no_difference():
    assert (
        "The futures make no difference to today's orders, as far as can be told: whichever comes, this plan costs at most 0.5 M CNY (0.50%) more"
        in conclusion(tree_of(), SAY))
    assert (conclusion(tree_of(gap=0.0, bounds=(100, 100)), SAY)
        == "The futures make no difference to today's orders: whichever comes, this plan costs no more than had it been known from the start.")
    assert conclusion(tree_of({"expected": (0, 3), "dear": (0, 4)}), SAY) == ""
    assert conclusion(tree_of({"expected": (0, 0), "dear": (0, 0)}), ZH).startswith("就目前所能分辨的")
    page = tree_page(tree_of(), SAY)
    assert page.index("make no difference to today") < page.index("Order this year")
    assert "However likely you hold each future, order the same" in str(tree_part(tree_of(), SAY, "sure").content)


def test_a_plan_on_typical_days_says_that_it_is_not_checked_and_what_to_do():
    words = " ".join(not_yet(tree_of(), SAY))
    assert words.startswith("Not yet checked over a full year: the plan is made on typical days only (2)")
    assert "Before signing" in words and "--days" in words and "--no-futures" in words and "plan what-if" in words
    assert "holds" not in words and "尚未作全年校核" in not_yet(tree_of(), ZH)[0]
    whole = tree_of()
    assert not not_yet(replace(whole, summary={**whole.summary, "typical_days": 0}), SAY)


def grown(tree: WrittenTree, rows, figures=None, **more) -> WrittenTree:
    """The tree with these orders after the branching, these figures of dear, and more in its summary."""
    later = pd.DataFrame([(node, y, item, size, "MW", money * M, "2028", 0.5) for node, y, item, size, money in rows],
        columns=tree.tables["commit"].columns)
    differs = {**tree.summary["differs"],
        "dear": {**tree.summary["differs"]["dear"], "title_en": "Dear carbon", "title_zh": "碳价上涨", "figures": figures or []}}
    tables = {**tree.tables, "commit": pd.concat([tree.tables["commit"], later])}
    return replace(tree, summary={**tree.summary, "differs": differs, **more}, tables=tables)


ROWS = (("dear", 2028, "tank", 1, 1), ("cheap", 2028, "tank", 1, 1), ("dear", 2029, "battery", 2, 4),
    ("cheap", 2029, "battery", 3, 6), ("dear", 2030, "dryer", 1, 2))
CARBON = {"figure": "prices * carbon", "table": "prices", "name": "*", "item": "carbon",
    "changes": [{"year": 2028, "factor": 1.5, "value": None, "unit": ""}]}


def test_what_is_decided_today_is_told_apart_from_what_is_not_and_from_what_differs():
    """5 M this year; 7 M of wind in 2027 and 1 M of a tank, which both futures order alike, are not for today; battery and dryer differ."""
    tree = grown(tree_of(), ROWS)
    assert today_words(tree, SAY) == ["To decide today: orders of 2026, 5.0 M CNY.",
        "Not today: 8.0 M CNY for 2027–2028, the same in every future; the next decision is due by the beginning of 2027."]
    assert [(row["year"], row["item"]) for row in in_every_future(tree, SAY)] == [(2027, "wind"), (2028, "tank")]
    page = tree_page(tree, SAY)
    waits = page[page.index('id="wait"') :]
    assert re.search(r"battery</th><td>2029</td><td>2 MW, 4.0 M CNY</td><td>3 MW, 6.0 M CNY", waits)
    assert re.search(r"dryer</th><td>2030</td><td>1 MW, 2.0 M CNY</td><td>–", waits) and "tank</th>" not in waits
    assert (re.search(r"forest</th><td>3 ha</td><td>–", page)
        and "planting, and what is paid by the year, are in the costs" in page and "0.00" not in page)
    assert "今天要定：2026 年订货，共 500 万元。" in tree_page(tree, ZH)


def test_a_sign_has_its_level_at_present_as_stated_and_in_the_future_and_where_that_is_the_nearer():
    """80 at present, 130 stated for 2028 and 1.5 times as much in the future: 195, nearer above (130 + 195) / 2 = 162.5, told as 163 or 162."""
    level = {"first_year": 2026, "year": 2028, "value": 80.0, "stated": 130.0, "then": 195.0, "unit": "CNY/t"}
    tree = grown(tree_of(), ROWS, [{**CARBON, "level": level}])
    (sign,) = signs_of(tree, "dear", SAY)
    assert vars(sign) == {"what": "price of carbon", "today": "80 CNY/t", "stated": "130 CNY/t", "here": "195 CNY/t",
        "nearer": f"above {SAY.amount(162.5)} CNY/t"}
    fallen = grown(tree_of(), ROWS, [{**CARBON, "level": {**level, "then": 90.0}}])
    assert signs_of(fallen, "dear", SAY)[0].nearer == "below 110 CNY/t"
    bare = grown(tree_of(), ROWS, [CARBON])
    (sign,) = signs_of(bare, "dear", SAY)
    assert (sign.what, sign.here, sign.nearer) == ("price of carbon", "× 1.5 in 2028", "–")
    assert "cheap, known in 2028: none of the signs of the others is seen." in tree_page(tree, SAY)
    page = tree_page(tree, ZH)
    assert "碳价上涨" in page and "prices * carbon" not in page and "更接近本情景的取值" in page
