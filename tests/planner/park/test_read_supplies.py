"""Supplies, prices, tariff, factors, certificates."""


def by_the_hour(park, table: str, *rows: str) -> None:
    """Give a table a column of profiles, and rows of its own; `dip` is below 0 in one hour, `warm` in none."""
    text = (park.folder / table).read_text().splitlines()
    park.write(table, "\n".join([f"{text[0]},profile", *(f"{row}," for row in text[1:]), *rows]) + "\n")
    hours = (park.folder / "profiles.csv").read_text().splitlines()
    dips = [f"{row},{-1 if i == 3 else 1},{1 + i % 3}" for i, row in enumerate(hours[1:])]
    park.write("profiles.csv", "\n".join([f"{hours[0]},dip,warm", *dips]) + "\n")


def test_buying_to_sell_is_warned_of_in_the_hours_of_the_profiles(park):
    by_the_hour(park, "prices.csv")
    assert not any("buying to sell" in warning for warning in park.read().warnings)
    park.edit("prices.csv", "grid,export,2025,250,CNY/MWh,", "grid,export,2025,250,CNY/MWh,warm")
    assert any("250" not in w and "750" in w for w in park.read().warnings if "buying to sell" in w)
