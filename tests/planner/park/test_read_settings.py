"""park.toml and goal.toml."""

import tomllib

import pytest

FAULTS = [
    ([("park.toml", "discount_rate = 0.06", "discount_rate = 6")],
     ["park.toml line 4: discount_rate = 6: is above 1; write a share (0.06), not a percentage"]),
    ([("park.toml", "discount_rate = 0.06", 'discount_rate = "6%"')],
     ["park.toml line 4: discount_rate = '6%': is no number; write it without quotes, with a decimal point"]),
    ([("park.toml", "discount_rate = 0.06", "discount_rat = 0.06")],
     ["park.toml line 4: key 'discount_rat': is no key of park.toml; did you mean 'discount_rate'?"]),
    ([("park.toml", "discount_rate = 0.06", "discount_rate 0.06")],
     ["park.toml line 4: is no TOML (expected '=' after a key in a key/value pair); write `key = value`, texts in quotes"]),
    ([("park.toml", "last_year = 2035", "last_year = 2025")],
     ["park.toml line 8: last_year = 2025: is before first_year 2026; write a later year"]),
    ([("park.toml", "last_year = 2035", "last_year = 2200")],
     ["park.toml line 8: last_year = 2200: makes 175 years; at most 100 can be planned"]),
    ([("park.toml", '"CNY"', '"RMB yuan"')],
     ["park.toml line 2: currency 'RMB yuan': is no currency; write its ISO code in capitals (CNY, EUR)"]),
    ([("park.toml", '"CNY"', '"ZZZ"')], [
        "park.toml: currency 'ZZZ': the catalogue's figures are in EUR and it has no exchange rate for ZZZ; state the figures in your own tables",
        "prices.csv line 2: unit 'CNY/MWh': is in CNY, the park's money is ZZZ; currencies are never converted silently",
        "prices.csv line 3: unit 'CNY/MWh': is in CNY, the park's money is ZZZ; currencies are never converted silently",
        "prices.csv line 4: unit 'CNY/kW/month': is in CNY, the park's money is ZZZ; currencies are never converted silently",
        "prices.csv line 5: unit 'CNY/MWh': is in CNY, the park's money is ZZZ; currencies are never converted silently",
        "prices.csv line 6: unit 'CNY/t': is in CNY, the park's money is ZZZ; currencies are never converted silently",
        "prices.csv line 7: unit 'CNY/t': is in CNY, the park's money is ZZZ; currencies are never converted silently",
        "costs.csv line 2: unit 'CNY/kW': is in CNY, the park's money is ZZZ; currencies are never converted silently",
        "costs.csv line 5: unit 'CNY/kWh': is in CNY, the park's money is ZZZ; currencies are never converted silently",
        "costs.csv line 7: unit 'CNY/(t/h)': is in CNY, the park's money is ZZZ; currencies are never converted silently",
        "costs.csv line 8: unit 'CNY/t': is in CNY, the park's money is ZZZ; currencies are never converted silently",
    ]),
    ([("park.toml", '"ladder"', '"lader"')],
     ["park.toml: standard 'lader': is no standard; did you mean 'ladder'? `plan catalogue` lists them all"]),
    ([("park.toml", "first_year = 2026", 'first_year = 2026\ncount_embodied = "yes"')],
     ["park.toml line 8: count_embodied = 'yes': is neither true nor false; write one of them, without quotes"]),
    ([("park.toml", "first_year = 2026", "first_year = 2026.5")], ["park.toml line 7: first_year = 2026.5: is no whole number"]),
    ([("park.toml", "first_year = 2026", "first_year = true")],
     ["park.toml line 7: first_year = true: is no number; write it without quotes, with a decimal point"]),
    (
        [("park.toml", "first_year = 2026",
          'first_year = 2026\ncarbon_free_share = 20\naccounting = "markt"\nfirst_weekday = 7\ntypical_days = nan')],
        [
            "park.toml line 8: carbon_free_share = 20: is above 1; write a share (0.2), not a percentage",
            "park.toml line 9: accounting 'markt': is no accounting; did you mean 'market'?",
            "park.toml line 10: first_weekday = 7: is above 6; write a whole number of at most 6",
            "park.toml line 11: typical_days = nan: is no number",
        ],
    ),
    ([("park.toml", "base_emissions = 5000.0", "base_emissions = 0")],
     ["park.toml line 6: base_emissions = 0: is not above 0; write a number above 0"]),
    ([("goal.toml", "by = 2030", "by = 2050")],
     ["goal.toml line 2: by = 2050: is after last_year 2035; choose an earlier year or a later last_year"]),
    ([("goal.toml", "by = 2030", "by = 2027")],
     ["goal.toml line 2: by = 2027: zero-carbon and low-carbon are both due in 2027; leave one out"]),
    ([("goal.toml", "by = 2030", "by = 2026")],
     ["goal.toml line 2: by = 2026: zero-carbon is due before low-carbon (2027), which comes first; change a year"]),
    ([("goal.toml", "by = 2030", 'by = "2030"')], ["goal.toml line 2: by = '2030': is no year; write it as 2030"]),
    ([("goal.toml", "by = 2030\n", "")], ["goal.toml: by: is missing; a goal has a target and a year (`by` beside `target`)"]),
    ([("goal.toml", "by = 2030\n", 'by = 2030\nplan = "target"\nplam = 1\n')],
     ["goal.toml line 4: key 'plam': is no key of goal.toml; did you mean 'plan'?"]),
    ([("goal.toml", "zero-carbon", "zero-carbn")],
     ["goal.toml line 1: target 'zero-carbn': is no stage of standard 'ladder'; did you mean 'zero-carbon'?"]),
    ([("goal.toml", "low-carbon = 2027", "low-carbo = 2027")],
     ["goal.toml line 5: low-carbo = 2027: stage 'low-carbo': is no stage of standard 'ladder'; did you mean 'low-carbon'?"]),
    ([("goal.toml", "low-carbon = 2027", "zero-carbon = 2027")],
     ["goal.toml line 5: zero-carbon = 2027: is the target's own stage, due in 2030; leave the milestone out"]),
]


@pytest.mark.parametrize(("edits", "lines"), FAULTS)
def test_every_fault_of_the_settings_is_said_and_nothing_else(park, edits, lines):
    for file, old, new in edits:
        park.edit(file, old, new)
    assert list(park.complaints()) == lines


def test_a_blank_park_of_any_name_is_read_with_that_name(plan, tmp_path):
    """Quotes and backslashes of a name stay what they are in park.toml."""
    name = '<script>alert("1")</script> \\ "x\''
    assert plan("new", "attack", "--blank", "--name", name).code == 0
    assert tomllib.loads((tmp_path / "attack" / "park.toml").read_text(encoding="utf-8"))["name"] == name
    assert plan("check", "attack").code == 0
