"""Keys of a TOML file changed where they stand: what is not changed stays to the letter."""

import tomllib

import pytest

from planner.workbench.settings import NotEdited, edited

TEXT = """# The park.
name = "A # B"                  # its name
rules = [                       # of law
  "x",
]

# Terms.
[finance]
tax_rate = 0.25                 # of companies
"debt_share" = 0.7

[finance.owners."Stadt = Werke"]
tenor = 12
"""


def test_a_value_is_changed_where_it_stands_and_its_comment_stays():
    made = edited(TEXT, {("name",): "C", ("finance", "tax_rate"): 0.3, ("finance", "owners", "Stadt = Werke", "tenor"): 8})
    assert made == TEXT.replace('"A # B"', '"C"').replace("0.25", "0.3").replace("tenor = 12", "tenor = 8")


def test_a_key_is_added_to_its_table_and_a_table_is_made_where_there_is_none():
    made = edited(TEXT, {("region",): "cn", ("finance", "grace"): 2, ("tax", "vat"): 0.13, ("tax", "of", "x"): 1})
    stated = tomllib.loads(TEXT)
    assert tomllib.loads(made) == {**stated, "region": "cn", "finance": {**stated["finance"], "grace": 2},
        "tax": {"vat": 0.13, "of": {"x": 1}}}
    assert [line for line in TEXT.splitlines() if line and line not in made.splitlines()] == []


def test_a_key_that_is_taken_out_takes_its_table_along_where_that_states_nothing_more():
    without = edited(TEXT, {("finance", "owners", "Stadt = Werke", "tenor"): None})
    assert without.strip() == TEXT.partition("\n[finance.owners")[0].strip()
    assert "finance" not in tomllib.loads(edited(without, {("finance", "tax_rate"): None, ("finance", "debt_share"): None}))
    # A table that states nothing is one that a person wrote: it stays.
    assert edited("[finance]\n[tax]\nvat = 0.1\n", {("tax", "vat"): 0.2}) == "[finance]\n[tax]\nvat = 0.2\n"


@pytest.mark.parametrize("text",
    ["finance = { tax_rate = 0.2, owners = { park = { tenor = 9 } } }\n", "finance = {tax_rate = 0.2}\nfinance_ = 1\n",
     "finance.tax_rate = 0.2\n[tax]\nvat = 0.1\n", "[finance.owners.park]\ntenor = 9\n", "finance = {}\n"])
def test_however_a_table_is_written_its_keys_can_be_changed(text):
    changes = {("finance", "tax_rate"): 0.3, ("finance", "owners", "park", "tenor"): None, ("finance", "owners", "X", "grace"): 1}
    made = tomllib.loads(edited(text, changes))
    assert made["finance"] == {"tax_rate": 0.3, "owners": {"X": {"grace": 1}}}
    assert {**made, "finance": 0} == {**tomllib.loads(text), "finance": 0}


def test_what_cannot_be_said_is_refused():
    for text, changes in (("finance = 3\n", {("finance", "tax_rate"): 0.3}), ("[[a]]\nb = 1\n[[a]]\nb = 2\n", {("a", "b"): 3}),
        ("[finance]\nowners.park.tenor = 9\n", {("finance", "owners", "X", "grace"): 1})):
        with pytest.raises(NotEdited):
            edited(text, changes)
