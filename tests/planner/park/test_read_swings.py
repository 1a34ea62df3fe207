"""`low` and `high` of prices and capital costs: every fault with its line; VAT is taken off them as off the value."""


def prices(park, *rows: str) -> None:
    park.write("prices.csv", "\n".join(["supply,item,year,value,low,high,unit", *rows]) + "\n")


def test_ends_that_do_not_enclose_the_value_and_ends_of_what_does_not_swing_are_told(park):
    prices(park, "grid,energy,2025,600,620,,CNY/MWh", "gas,energy,2025,300,,250,CNY/MWh", "*,carbon,2025,80,60,,CNY/t")
    assert [text for text in park.complaints() if "prices.csv" in text] == [
        "prices.csv line 2: low 620: is above the value 600",
        "prices.csv line 3: high 250: is below the value 300",
        "prices.csv line 4: low = 60: is of energy and export only; leave it blank",
    ]
