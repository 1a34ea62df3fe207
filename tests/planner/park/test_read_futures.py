"""futures.csv and future_values.csv: the tree, every fault at once, and the tables of a path."""

import pytest
from tabled import cases_of

from models.case import Uncertainty
from planner.futures.paths import path_case
from planner.futures.tree import ROOT, Tree

TREE = """future,parent,from_year,probability
dear,,2028,0.4
cheap,,2028,0.6
dry,dear,2031,
wet,dear,2031,
"""
HEAD = "future,table,name,item,sense,year,factor,value,unit\n"


def with_futures(park, values="", tree=TREE):
    park.write("futures.csv", tree)
    if values:
        park.write("future_values.csv", HEAD + values)
    return park


def paths(park, values, tree=TREE):
    """The park of each leaf by its name."""
    case = with_futures(park, values, tree).read()
    tree = Tree.of(case.futures, case.park)
    return {leaf: path_case(case, tree, leaf) for leaf in tree.leaves}


def series(rows):
    return {row.year: row.value for row in rows}


def of(case, item, supply="grid"):
    return series(row for row in case.prices if (row.supply, row.item) == (supply, item))


def test_the_tree_has_nodes_leaves_and_probabilities(park):
    case = with_futures(park).read()
    tree = Tree.of(case.futures, case.park)
    assert tree.leaves == ("cheap", "dry", "wet") and tree.assumed == ("dry", "wet")
    assert {leaf: tree.probability(leaf) for leaf in tree.leaves} == pytest.approx({"cheap": 0.6, "dry": 0.2, "wet": 0.2})
    assert tree.nodes() == {ROOT: (2026, 2027), "cheap": tuple(range(2028, 2036)), "dear": (2028, 2029, 2030),
        "dry": tuple(range(2031, 2036)), "wet": tuple(range(2031, 2036))}
    assert tree.leaves_of("dear") == ("dry", "wet") and tree.leaves_of(ROOT) == tree.leaves
    assumed = [(a.name, a.value) for a in case.assumptions if a.table == "futures"]
    assert assumed == [("dry", "0.5"), ("wet", "0.5")]


def test_a_future_that_is_never_known_belongs_to_the_node_above(park):
    tree = "future,parent,from_year\nnew,,2028\nold,,2028\nmild,new,\nharsh,new,\n"
    case = with_futures(park, "mild,demand,machines,,,,0.9,,\n", tree).read()
    found = Tree.of(case.futures, case.park)
    assert found.node("mild", 2027) == found.node("harsh", 2027) == ROOT and found.node("mild", 2030) == "new"
    assert series(path_case(case, found, "mild").demand[:11])[2026] == pytest.approx(0.9 * 8784)


def test_figures_change_from_the_year_of_the_future_on(park):
    """600 before 2028; dear 1.1 rising to 1.8 by 2035, of which 2029 has 1.2; dry takes its own half of that from 2031 on."""
    found = paths(park, "dear,prices,grid,energy,,2028,1.1,,\ndear,prices,grid,energy,,2035,1.8,,\ndry,prices,grid,energy,,,0.5,,\n"
        "cheap,prices,grid,energy,,,,0.4,CNY/kWh\n",)
    dear, dry, cheap = (of(found[leaf], "energy") for leaf in ("wet", "dry", "cheap"))
    assert (dear[2027], dear[2028], dear[2029], dear[2035]) == pytest.approx((600, 660, 720, 1080))
    assert (dry[2030], dry[2031], dry[2035]) == pytest.approx((dear[2030], dear[2031] / 2, 540))
    assert (cheap[2025], cheap[2027], cheap[2028]) == pytest.approx((600, 600, 400))
    assert found["dry"].futures == () and of(found["dry"], "export") == {2025: 250}


def test_limits_rules_budget_and_shares_keep_their_ways(park):
    """The column of technologies.csv is a limit; existing holds from its year on; a budget only where it has a row."""
    park.write("rules.csv", "rule,metric,sense,year,limit\ncap,gross_ratio,<=,2027,0.9\nsum,cumulated_gross,<=,,9000\n")
    park.write("budget.csv", "year,capital\n2026,1000\n2030,3000\n")
    found = paths(park,
        "cheap,limits,battery,max_capacity,,,0.5,,\ncheap,limits,boiler,existing,,2030,,2,\ncheap,rules,cap,gross_ratio,,2029,0.5,,\n"
        "cheap,rules,sum,cumulated_gross,,,0.5,,\ncheap,budget,,capital,,,2,,\ncheap,certificates,gec,max_share,,,0.5,,\n",)
    own = found["cheap"]
    limits = {(r.technology, r.item, r.year): r.value for r in own.limits}
    assert limits["battery", "max_capacity", 2027] == 10 and limits["battery", "max_capacity", 2028] == 5
    assert limits["boiler", "existing", 2029] == 5 and limits["boiler", "existing", 2030] == 2
    cap = {r.year: r.limit for r in own.rules if r.rule == "cap"}
    assert (cap[2027], cap[2028], cap[2029]) == (0.9, 0.9, 0.45) and [r.limit for r in own.rules if r.rule == "sum"] == [4500]
    assert {b.year: b.capital for b in own.budget} == {2026: 1000, 2030: 6000}
    assert {c.year: (c.price, c.max_share) for c in own.certificates}[2030] == (10, 0.25)
    assert found["wet"].limits == () and found["wet"].budget[1].capital == 3000


def test_value_added_tax_is_taken_off_as_of_the_figure_that_it_replaces(park):
    park.edit("park.toml", 'standard = "ladder"', 'standard = "ladder"\n[tax]\nvat = 0.25\n')
    found = paths(park, "cheap,prices,grid,energy,,,,500,CNY/MWh\ncheap,prices,*,carbon,,,,90,CNY/t\n")
    assert of(found["cheap"], "energy")[2030] == pytest.approx(400) and of(found["cheap"], "carbon", "*")[2030] == 90


def test_another_column_takes_the_place_of_a_profile(park):
    found = paths(park, "cheap,profiles,sun,,,,,day2,\n".replace("day2", "sun"))
    assert found["cheap"].column("sun", 2028) == "sun" and found["cheap"].profile_years[0].year == 2028
    assert park_faults(park, "cheap,profiles,sun,,,,,day,\n") == [
        "profiles.csv line 3: day = 2: is above 1; an availability is a share of the capacity, from 0 to 1 (12 hours are wrong)"]


def park_faults(park, values="", tree=TREE):
    return list(with_futures(park, values, tree).complaints())


def test_every_fault_of_the_tree_is_told_at_once(park):
    found = park_faults(park,
        tree="future,parent,from_year,probability\na,,2028,0.5\nb,,2029,0.6\nc,a,2027,\nd,a,2027,1\ne,f,2030,\nf,e,2031,\ng,,,\nh,g,2030,\ni,nowhere,2050,1\n")
    wanted = ("line 3: from_year: is 2029 here and 2028 of its sibling 'a'",
        "line 4: from_year = 2027: is not after 2028, that of its parent 'a'", "line 4: probability: is blank",
        "line 6: parent 'f': leads back to 'e'", "line 8: from_year: is blank here",
        "line 9: from_year = 2030: 'g', its parent, has none", "line 10: parent 'nowhere': is no future",
        "line 10: from_year = 2050: is outside the horizon")
    assert [words for words in wanted if not any(f"futures.csv {words}" in line for line in found)] == []


@pytest.mark.parametrize(("row", "words"), cases_of(__file__, "futures"))
def test_what_cannot_differ_is_told(park, row, words):
    (found,) = park_faults(park, row + "\n")
    assert found.startswith(f"future_values.csv line 2: {words}")


def test_the_objective_is_read_and_checked(park):
    park.edit("park.toml", 'standard = "ladder"', 'standard = "ladder"\n[futures]\nobjective = "cvar"\ntail = 0.1\n')
    assert park.read().park.futures == Uncertainty(objective="cvar", tail=0.1)
    park.edit("park.toml", "tail = 0.1", "tail = 0\nobjectiv = 3")
    park.edit("park.toml", '"cvar"', '"worst"')
    assert len(park.complaints()) >= 1 and "key 'objectiv'" in " ".join(park.complaints())


def test_other_futures_and_none(park, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "tree.csv").write_text("future,from_year\nx,2030\n")
    (tmp_path / "mine" / "future_values.csv").write_text(HEAD + "x,demand,machines,,,,2,,\n")
    with_futures(park, "dry,demand,machines,,,,2,,\n")
    case = park.read(futures=tmp_path / "mine" / "tree.csv")
    assert [f.future for f in case.futures] == ["x"] and case.future_values[0].future == "x"
    assert park.read(has_futures=False).futures == () and len(park.read().futures) == 4
