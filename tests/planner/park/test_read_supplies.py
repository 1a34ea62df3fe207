"""Supplies, prices, tariff, factors, certificates."""



def by_the_hour(park, table: str, *rows: str) -> None:
    """Give a table a column of profiles, and rows of its own; `dip` is below 0 in one hour, `warm` in none."""
    text = (park.folder / table).read_text().splitlines()
    park.write(table, "\n".join([f"{text[0]},profile", *(f"{row}," for row in text[1:]), *rows]) + "\n")
    hours = (park.folder / "profiles.csv").read_text().splitlines()
    dips = [f"{row},{-1 if i == 3 else 1},{1 + i % 3}" for i, row in enumerate(hours[1:])]
    park.write("profiles.csv", "\n".join([f"{hours[0]},dip,warm", *dips]) + "\n")


def test_a_price_has_a_profile_that_is_there_and_only_where_a_mwh_is_paid(park):
    by_the_hour(park, "prices.csv", "grid,capacity_charge,2025,30,CNY/kW/month,warm", "gas,energy,2030,300,CNY/MWh,warm")
    park.edit("prices.csv", "store,export,2025,-200,CNY/t,", "store,export,2025,-200,CNY/t,wram")
    assert list(park.complaints()) == [
        "prices.csv line 6: profile 'wram': is no profile of profiles.csv; did you mean 'warm'?",
        "prices.csv line 8: profile 'warm': is of energy and export only; leave it blank",
        "prices.csv line 9: profile 'warm': differs from '' in line 5; it is the same in all rows of supply 'gas', item 'energy'",
    ]


def test_a_price_below_0_in_some_hour_needs_a_limit_of_the_import(park):
    by_the_hour(park, "prices.csv")
    park.edit("prices.csv", "gas,energy,2025,300,CNY/MWh,", "gas,energy,2025,300,CNY/MWh,dip")
    park.edit("prices.csv", "grid,energy,2025,600,CNY/MWh,", "grid,energy,2025,600,CNY/MWh,dip")
    assert list(park.complaints()) == [
        "prices.csv line 5: profile 'dip': is below 0 in some hour, and import of 'gas' has no limit; give it a max_import"]
    park.edit("supplies.csv", "gas,gas,fuel,,", "gas,gas,fuel,9,")
    assert list(park.complaints()) == []


def test_a_factor_has_a_profile_where_it_is_of_scope_2_and_no_certificate_greens_it(park):
    by_the_hour(park, "emission_factors.csv", "grid,market,,0.6,t/MWh,warm", "grid,location,,0.6,t/MWh,dip")
    park.edit("emission_factors.csv", "gas,,,0.202,t/MWh,", "gas,,,0.202,t/MWh,warm")
    assert list(park.complaints()) == [
        "emission_factors.csv line 2: profile 'warm': 'gas' is of scope 1; only factors of scope 2 have a profile",
        "emission_factors.csv line 3: profile 'warm': certificates green 'grid' by the year, so its market factor has none; "
        "give the profile to a row of basis location only",]


def test_buying_to_sell_is_warned_of_in_the_hours_of_the_profiles(park):
    by_the_hour(park, "prices.csv")
    assert not any("buying to sell" in warning for warning in park.read().warnings)
    park.edit("prices.csv", "grid,export,2025,250,CNY/MWh,", "grid,export,2025,250,CNY/MWh,warm")
    assert any("250" not in w and "750" in w for w in park.read().warnings if "buying to sell" in w)
