"""park.toml, [finance]: what its numbers and names must be."""

import pytest
from tabled import cases_of


def faults(park, text: str) -> list[str]:
    park.write("park.toml", (park.folder / "park.toml").read_text() + text)
    return list(park.complaints())


def test_what_may_be_borrowed_where_no_share_is_stated(park):
    assert park.read().park.finance is None and faults(park, "[finance]\n") == [] and park.read().park.finance.most_debt == 0.0


def test_terms_are_read_with_tables_by_name(park):
    text = "[finance]\ninflation = 0.02\ntax_rate = 0.25\ninterest = 0.045\ntenor = 12\n[finance.depreciation]\ntechnology = 15\n"
    assert faults(park, text + "gas-boiler = 10\n[finance.grants]\nmeasure = 0.1\n") == []
    found = park.read().park.finance
    assert (found.inflation, found.tax_rate, found.interest, found.tenor, found.grace) == (0.02, 0.25, 0.045, 12, 0)
    assert found.depreciation == {"technology": 15, "gas-boiler": 10} and found.grants == {"measure": 0.1}


def test_with_a_cover_ratio_all_may_be_borrowed_unless_a_share_is_stated(park):
    assert faults(park, "[finance]\ncover_ratio = 1.3\n") == [] and park.read().park.finance.most_debt == 1.0


@pytest.mark.parametrize(("text", "fault"), cases_of(__file__, "financing"))
def test_what_is_wrong_is_said_with_its_line(park, text, fault):
    assert faults(park, text) == [fault]


def test_terms_of_owners_are_read_and_stand_in_place_of_those_of_all(park):
    text = (park.folder / "technologies.csv").read_text().splitlines()
    park.write("technologies.csv",
        "\n".join([text[0] + ",owner", text[1] + ",Energy Service", *(line + "," for line in text[2:])]) + "\n")
    terms = '[finance]\ntax_rate = 0.25\ninterest = 0.04\n[finance.owners."Energy Service"]\ninterest = 0.06\nsaving_share = 0.8\ndiscount_rate = 0.1\n'
    assert faults(park, terms) == []
    found = park.read().park.finance
    own = found.of_owner("Energy Service")
    assert (own.tax_rate, own.interest) == (0.25, 0.06) and found.of_owner("park").interest == 0.04
    assert (found.owners["Energy Service"].saving_share, found.owners["Energy Service"].discount_rate) == (0.8, 0.1)


def test_names_of_the_downside_case_are_of_the_park(park):
    names = "[finance.yield_p90]\ngas-boiler = 0.9\ngas-boilr = 0.9\n[finance.downside_prices]\ngas = 1.2\nmeasure = 2\n"
    told = faults(park, names)
    assert len(told) == 2 and "[finance.yield_p90]" in told[0] and "gas-boilr" in told[0] and "measure" in told[1]
