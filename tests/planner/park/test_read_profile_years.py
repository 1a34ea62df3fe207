"""profile_years.csv: what it names is there, and each column serves what the profile is for."""



def with_years(park, *rows, **columns):
    """The park with these rows, and these columns in profiles.csv; each is a number or one for each hour."""
    lines = (park.folder / "profiles.csv").read_text().splitlines()
    named = lines[0].split(",")
    own = {name: values if isinstance(values, list) else [values] * (len(lines) - 1) for name, values in columns.items()}
    kept = [named.index(name) for name in named if name not in own]
    table = [",".join([*(line.split(",")[i] for i in kept), *(str(own[n][h]) for n in own)]) for h, line in enumerate(lines[1:])]
    park.write("profiles.csv", "\n".join([",".join([*(named[i] for i in kept), *own]), *table]) + "\n")
    park.write("profile_years.csv", "\n".join(["profile,year,column", *rows]) + "\n")
    return park


def test_rows_are_read(park):
    case = with_years(park, "sun,2030,haze", haze=0.4).read()
    assert [(r.profile, r.year, r.column) for r in case.profile_years] == [("sun", 2030, "haze")]
    assert case.column("sun", 2029) == "sun" and case.column("sun", 2030) == "haze" and case.in_year(2035).profiles["sun"][0] == 0.4


def test_a_profile_that_nothing_has_is_warned_of(park):
    case = with_years(park, "idle,2030,haze", haze=0.4, idle=1.0).read()
    assert any("profile 'idle': nothing has this profile, so its years are not used" in str(w) for w in case.warnings)
