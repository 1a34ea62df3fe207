"""park.toml, [finance]: what its numbers and names must be."""

import pytest


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


@pytest.mark.parametrize(("text", "fault"), [
    ("finance = 3\n", "park.toml line 10: finance: is no table; write [finance] and below it `tax_rate = 0.25`"),
    ("[finance]\ntax = 0.25\n", "park.toml line 11: key 'tax': is no key of [finance]; did you mean 'tax_rate'?"),
    ("[finance]\ntax_rate = 25\n", "park.toml line 11: tax_rate = 25: is not below 1; write a share (0.25), not a percentage"),
    ('[finance]\ninterest = "5%"\n',
     "park.toml line 11: interest = '5%': is no number; write it without quotes, with a decimal point"),
    ("[finance]\ntenor = 2.5\n", "park.toml line 11: tenor = 2.5: is no whole number"),
    ("[finance]\ntenor = 3\ngrace = 3\n", "park.toml line 12: grace = 3: is not below tenor 3; debt is paid back after it"),
    ("[finance]\ngrants = 0.2\n",
     "park.toml line 11: grants: is no table; write [finance.grants] and below it a line for each name"),
    ("[finance.grants]\nmeasure = 20\n", "park.toml line 11: measure = 20: is above 1; write a share (0.2), not a percentage"),
    ("[finance.depreciation]\ngas-boiler = 0\n", "park.toml line 11: gas-boiler = 0: is below 1; write a number of at least 1"),
    ("[finance.depreciation]\ngas-boilr = 9\n",
     "park.toml: [finance.depreciation] 'gas-boilr': is no technology, measure, planting, nor a type, measure or project of the park; did you mean 'gas-boiler'?"),
    ("[finance.depreciation]\nmeasure = 5\n[finance.grants]\nmeasure = 20\n",
     "park.toml line 13: measure = 20: is above 1; write a share (0.2), not a percentage"),
    ("[finance]\nowners = 3\n",
     "park.toml line 11: owners: is no table; write [finance.owners] and below it a table [finance.owners.NAME] for each owner"
    ),
    ("[finance.owners]\npark = 3\n",
     "park.toml line 11: park: is no table; write [finance.owners.park] and below it `tax_rate = 0.25`"),
    ("[finance]\ntax_rate = 0.25\n[finance.owners.park]\ntax_rate = 25\n",
     "park.toml line 13: tax_rate = 25: is not below 1; write a share (0.25), not a percentage"),
    ("[finance.owners.park]\ninterst = 0.02\n",
     "park.toml line 11: key 'interst': is no key of [finance.owners.park]; did you mean 'interest'?"),
    ("[finance]\ntenor = 3\n[finance.owners.park]\ngrace = 3\n",
     "park.toml line 13: grace = 3: is not below tenor 3; debt is paid back after it"),
    ("[finance]\ngrace = 2\n[finance.owners.park]\ntenor = 2\n",
     "park.toml line 13: grace = 2: is not below tenor 2; debt is paid back after it"),
    ("[finance.owners.tenant]\ntenor = 2\n",
     "park.toml: [finance.owners] 'tenant': is no owner of anything in the park; write 'park'"),
    ("[finance.owners.park]\nsaving_share = 0.5\n",
     "park.toml line 11: saving_share: is what an owner does not pass on to the park; state it of another owner"),
])
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
