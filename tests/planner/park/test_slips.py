"""A dyeing park as a person would state it, and single slips of the pen in its numbers, units and names: nearly all are said."""

from pathlib import Path

import pytest
from tabled import cases_of, park_of

from models.errors import CaseError
from planner.park import read_case

DAY = [0.5, 0.5, 0.5, 0.5, 0.5, 0.6, 0.8, 1, 1, 1, 1, 1, 0.9, 1, 1, 1, 1, 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.5]
SUN = [0, 0, 0, 0, 0, 0, 0.02, 0.1, 0.22, 0.32, 0.4, 0.44, 0.44, 0.4, 0.32, 0.22, 0.1, 0.02, 0, 0, 0, 0, 0, 0]
DYEING = park_of(__file__, "dyeing")
OFFER = "type,parameter,year,value,unit\nbattery,capital_cost,2026,860,CNY/kWh\n"

#: What slipped: file, what was meant, what was written.
SLIPS = {
    "PV for 2.95 CNY/kW, the price of a watt": ("costs.csv", "2950,CNY/kW", "2.95,CNY/kW"),
    "PV in CNY/W at the number of CNY/kW": ("costs.csv", "2950,CNY/kW", "2950,CNY/W"),
    "the battery's price lost a digit": ("costs.csv", "2026,880,", "2026,88,"),
    "the battery's price of one year has one digit more": ("costs.csv", "2030,650,", "2030,6500,"),
    "a lifetime of two years": ("costs.csv", "lifetime,,20,", "lifetime,,2,"),
    "a type misspelt in the costs": ("costs.csv", "battery,capital_cost,2030", "batery,capital_cost,2030"),
    "a type misspelt in an offer": ("offer", "battery,", "batery,"),
    "a technology misspelt in an offer in PyPSA's layout": ("offer", OFFER,
        "technology,parameter,year,value,unit\nbatery,investment,2026,860,CNY/kWh\nsolar-rooftop,investment,2026,2900,CNY/kW\n"),
    "electricity at 0.64 CNY/MWh": ("prices.csv", "0.64,CNY/kWh", "0.64,CNY/MWh"),
    "electricity in fen": ("prices.csv", "0.64,CNY/kWh", "64,CNY/kWh"),
    "gas per cubic metre": ("prices.csv", "390,CNY/MWh", "3.9,CNY/MWh"),
    "a demand charge per MW": ("prices.csv", "48,CNY/kW/month", "48,CNY/MW/month"),
    "a carbon price a thousand times too high": ("prices.csv", "2025,62,CNY/t", "2025,62000,CNY/t"),
    "an export price above the import price": ("prices.csv", "0.25,CNY/kWh", "2.5,CNY/kWh"),
    "electricity of a year in kWh written as MWh": ("demand.csv", "2025,12000,MWh", "2025,12000000,MWh"),
    "one year of a demand lost a digit": ("demand.csv", "2030,12600", "2030,1260"),
    "steam in MWh instead of GWh": ("demand.csv", "40,GWh", "40,MWh"),
    "a connection below the peak": ("supplies.csv", "grid,10,2", "grid,1,0.2"),
    "a connection in kW": ("supplies.csv", "grid,10,2", "grid,10000,2"),
    "a boiler in kW": ("technologies.csv", "gas-boiler-steam,12,16", "gas-boiler-steam,12000,16000"),
    "a roof smaller than what stands on it": ("sites.csv", "roofs,6", "roofs,0.06"),
    "a roof in square metres": ("sites.csv", "roofs,6", "roofs,60000"),
    "an area per MW in square metres": ("technologies.csv", "roofs,1\n", "roofs,10000\n"),
    "a measure for 3 CNY": ("measures.csv", "motors,800000", "motors,3"),
    "a saving of a percentage": ("savings.csv", "dyeing,0.055", "dyeing,5.5"),
    "a saving with the point in the wrong place": ("savings.csv", "steam,0.05", "steam,0.95"),
    "a tariff row that no hour reaches": ("tariff.csv", "grid,energy,6-8;12-2,,14-21,1.49",
        "grid,energy,,,,1\ngrid,energy,6-8;12-2,,14-21,1.49"),
    "a tariff factor as a percentage": ("tariff.csv", "14-21,1.49\ngrid,energy,6", "14-21,149\ngrid,energy,6"),
    "base emissions in kilotonnes": ("park.toml", "base_emissions = 19000", "base_emissions = 19"),
    "a discount rate of six": ("park.toml", "0.06", "0.6"),
    "a budget in ten thousands": ("budget.csv", "20000000", "2000"),
    "an offset's price in fen": ("offsets.csv", ",,75,", ",,0.75,"),
    "a fuel misspelt": ("supplies.csv", "grid-jiangsu", "grid-jiangshu"),
    "a profile misspelt": ("demand.csv", "2025,12000,MWh,day", "2025,12000,MWh,dy"),
    "sun of watts per square metre over 1500": ("profiles.csv", "\n12,0.9,0.44", "\n12,0.9,440"),
}

#: In place of each slip, what a person may well mean: as odd as they come, the same in another unit, another name that there is.
HONEST = dict(cases_of(__file__, "slips, honest"))


@pytest.fixture
def dyeing(tmp_path: Path) -> Path:
    folder = tmp_path / "dyeing"
    folder.mkdir()
    for name, text in DYEING.items():
        (folder / name).write_text(text)
    (tmp_path / "offer.csv").write_text(OFFER)
    return folder


def said(folder: Path, offers: tuple[Path, ...] = ()) -> tuple[str, ...]:
    """Faults, or warnings beside that of the catalogue's currencies."""
    try:
        return tuple(w for w in read_case(folder, offers).warnings if not w.startswith("catalogue"))
    except CaseError as error:
        return error.complaints


def test_the_park_without_a_slip_has_nothing_to_say(dyeing):
    assert said(dyeing) == () and said(dyeing, (dyeing.parent / "offer.csv",)) == ()


@pytest.mark.parametrize("slip", SLIPS)
def test_an_honest_neighbour_of_a_slip_is_read_without_a_word(dyeing, slip):
    file, old, _ = SLIPS[slip]
    path = dyeing.parent / "offer.csv" if file == "offer" else dyeing / file
    path.write_text(path.read_text().replace(old, HONEST[slip], 1))
    assert said(dyeing, (path,) if file == "offer" else ()) == ()


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_said(dyeing, slip):
    file, old, new = SLIPS[slip]
    path = dyeing.parent / "offer.csv" if file == "offer" else dyeing / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    found = said(dyeing, (path,) if file == "offer" else ())
    assert found, slip
    where = "offer.csv" if file == "offer" else file
    assert any(line.split(":")[0].endswith(where) or where in line.split(":")[0] for line in found) or file in ("demand.csv",
        "supplies.csv", "profiles.csv"), found


def test_a_slip_is_said_with_the_range_and_its_source(dyeing):
    (dyeing / "costs.csv").write_text((dyeing / "costs.csv").read_text().replace("2950,CNY/kW", "2.95,CNY/kW"))
    line = said(dyeing)[0]
    assert line.startswith(
        "costs.csv line 2: solar-rooftop capital_cost = 2.95 CNY/kW: is below what is usual, 930 to 15,000 CNY/kW (")
