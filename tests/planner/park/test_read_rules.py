"""Rules of rules.csv and of the catalogue."""

import pytest
from tabled import cases_of


@pytest.fixture
def ruled(park):
    """The small park with two rules of its own and one of the catalogue."""
    (park.catalogue / "rules.csv").write_text(
        "rule,metric,sense,year,limit,source,note,grade\nlaw,export_share,<=,,0.2,a notice,,seen\nlaw,export_share,<=,2030,0.1,a notice,,seen\n")
    park.write("rules.csv",
        "rule,metric,sense,year,limit\nown,gross_ratio,<=,,0.9\nown,gross_ratio,<=,2030,0.5\nown,cumulated_net,<=,,9000\n")
    park.edit("park.toml", 'standard = "ladder"', 'standard = "ladder"\nrules = ["law"]')
    return park


def test_rules_of_the_park_and_of_the_catalogue_are_read(ruled):
    case = ruled.read()
    assert [(r.rule, r.metric, r.year, r.limit) for r in case.rules] == [("law", "export_share", None, 0.2),
        ("law", "export_share", 2030, 0.1), ("own", "cumulated_net", None, 9000), ("own", "gross_ratio", None, 0.9),
        ("own", "gross_ratio", 2030, 0.5)]
    assert [a.value for a in case.assumptions if a.table == "rules"] == ["0.2", "0.1"]


def test_a_rule_of_the_catalogue_may_step_up_after_the_horizon(ruled):
    text = (ruled.catalogue / "rules.csv").read_text()
    (ruled.catalogue / "rules.csv").write_text(text.replace(",2030,0.1", ",2040,0.1"))
    assert [(r.year, r.limit) for r in ruled.read().rules if r.rule == "law"] == [(None, 0.2), (2040, 0.1)]


def test_a_rule_that_the_park_states_itself_takes_nothing_from_the_catalogue(ruled):
    ruled.add("rules.csv", "law,export_share,<=,,0.3")
    assert [r.limit for r in ruled.read().rules if r.rule == "law"] == [0.3]


@pytest.mark.parametrize(("file", "old", "new", "line"), cases_of(__file__, "rules"))
def test_every_fault_of_a_rule_is_said(ruled, file, old, new, line):
    ruled.edit(file, old, new)
    assert list(ruled.complaints()) == [line]
