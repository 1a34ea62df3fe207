"""Contracts of supplies: what belongs together, and what belongs nowhere."""

import pytest


@pytest.fixture
def contracted(park):
    """The small park with an as-generated contract beside its grid."""
    park.edit("supplies.csv", "scope,fuel\n", "scope,fuel,profile,contract_max,take,min_year\n")
    text = (park.folder / "supplies.csv").read_text().splitlines()
    rows = [text[0], *(line + ",,,," for line in text[1:]), "sun-farm,electricity,grid,,,2,grid-cn,sun,4,0.8,1000"]
    park.write("supplies.csv", "\n".join(rows) + "\n")
    park.add("prices.csv", "sun-farm,energy,2025,400,CNY/MWh")
    park.add("prices.csv", "sun-farm,fixed,2025,20,kCNY/year")
    return park


def test_an_as_generated_contract_is_read(contracted):
    farm = contracted.read().supplies[3]
    assert (farm.profile, farm.contract_max, farm.take, farm.min_year) == ("sun", 4, 0.8, 1000)
    assert farm.is_as_generated


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (
            "sun,4,0.8,1000",
            "sun,,0.8,1000",
            ["supplies.csv line 5: profile 'sun': is of an as-generated contract, which needs a contract_max too"],
        ),
        (
            "sun,4,0.8,1000",
            ",4,0.8,1000",
            ["supplies.csv line 5: contract_max = 4: is of an as-generated contract, which needs a profile too"],
        ),
        (
            "sun,4,0.8,1000",
            ",,0.8,1000",
            ["supplies.csv line 5: take = 0.8: is of an as-generated contract only; it needs profile and contract_max"],
        ),
        (
            "sun,4",
            "day,4",
            [
                "profiles.csv line 3: day = 2: is above 1; an availability is a share of the capacity, from 0 to 1 (12 hours are wrong)"
            ],
        ),
        (
            "store,co2,sink,,3,,,,,,",
            "store,co2,sink,,3,,,,,,50",
            ["supplies.csv line 4: min_year = 50: is of what is imported, and 'store' imports nothing; leave it blank"],
        ),
    ],
)
def test_every_fault_of_a_contract_is_said(contracted, old, new, lines):
    contracted.edit("supplies.csv", old, new)
    assert list(contracted.complaints()) == lines


def test_a_yearly_fee_is_money_a_year(contracted):
    contracted.edit("prices.csv", "20,kCNY/year", "20,CNY/MWh")
    (line,) = contracted.complaints()
    assert line.startswith("prices.csv line 9: unit 'CNY/MWh'")
