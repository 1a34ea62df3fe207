"""One small park and one small catalogue as files, for tests that change a line and read them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from models.case import Case
from models.errors import CaseError
from planner.park import GoalRequest, read_case

PARK = {
    "park.toml": """name = "Small Park"
currency = "CNY"
price_year = 2025
discount_rate = 0.06
base_year = 2025
base_emissions = 5000.0
first_year = 2026
last_year = 2035
standard = "ladder"
""",
    "goal.toml": """target = "zero-carbon"
by = 2030

[milestones]
low-carbon = 2027
""",
    "technologies.csv": """technology,type,existing,max_capacity,max_build,min_build,profile,site,area
roof,solar-rooftop,0,,,,sun,roofs,1
boiler,gas-boiler,5,8,,,,,
battery,,0,10,,,,,
capture,scrubber,0,2,,,,,
""",
    "types.csv": """type,role,charge_efficiency,min_load
gas-boiler,converter,,
battery,store,0.95,
scrubber,capture,,
""",
    "ports.csv": """type,carrier,direction,ratio
gas-boiler,gas,in,1.1
gas-boiler,heat,out,1
battery,electricity,in,1
scrubber,electricity,in,0.1
scrubber,co2,out,1
""",
    "costs.csv": """type,parameter,year,value,unit
gas-boiler,capital_cost,2025,500,CNY/kW
gas-boiler,fixed_cost,2025,2,%/year
gas-boiler,lifetime,,20,year
battery,capital_cost,2025,1200,CNY/kWh
battery,lifetime,,12,year
scrubber,capital_cost,2025,9000000,CNY/(t/h)
scrubber,variable_cost,2025,40,CNY/t
scrubber,lifetime,,25,year
""",
    "captures.csv": """technology,source,rate
capture,boiler,0.9
capture,kiln,0.9
""",
    "sites.csv": """site,area
roofs,3
""",
    "demand.csv": """demand,carrier,year,value,unit,profile
machines,electricity,2025,8760,MWh,day
machines,electricity,2035,9000,MWh,day
halls,heat,2025,4,GWh/year,
""",
    "measures.csv": """measure,capital_cost,fixed_cost,lifetime,group,requires
led,100000,0,10,light,
sensors,50000,0,10,light,
sealing,50000,0,10,,insulation
insulation,200000,0,20,,
""",
    "savings.csv": """measure,demand,saving,adds,adds_ratio
led,machines,0.05,,
sensors,machines,0.02,,
sealing,halls,0.1,,
insulation,halls,0.2,machines,0.3
""",
    "process_emissions.csv": """source,year,value,unit,scope,capturable
kiln,2025,1000,t,1,1
""",
    "supplies.csv": """supply,carrier,kind,max_import,max_export,scope,fuel
grid,electricity,grid,20,5,2,grid-cn
gas,gas,fuel,,,1,
store,co2,sink,,3,,
""",
    "prices.csv": """supply,item,year,value,unit
grid,energy,2025,600,CNY/MWh
grid,export,2025,250,CNY/MWh
grid,demand_charge,2025,40,CNY/kW/month
gas,energy,2025,300,CNY/MWh
store,export,2025,-200,CNY/t
*,carbon,2025,80,CNY/t
""",
    "tariff.csv": """supply,item,months,days,hours,factor
grid,energy,6-8;12-2,weekday,8-11;17-21,1.5
""",
    "emission_factors.csv": """supply,basis,year,value,unit
gas,,,0.202,t/MWh
""",
    "certificates.csv": """certificate,supply,year,price,max_share
gec,grid,2025,10,0.5
""",
    "offsets.csv": """offset,kind,year,price,max_volume
credits,avoidance,2025,80,100
credits,avoidance,2035,120,200
""",
    "restoration.csv": """project,max_area,capital_cost,lifetime
wood,10,20000,30
""",
    "uptake.csv": """project,age,value
wood,0,1
wood,10,8
""",
    "budget.csv": """year,capital
2026,1000000
""",
    "profiles.csv": "hour,sun,day\n" + "".join(f"{h},{0.5 if 6 < h < 18 else 0},{1 + h % 2}\n" for h in range(24)),
}

CATALOGUE = {
    "types.csv": """type,role,lead_time,green,title,source,grade
solar-rooftop,converter,0,1,Solar on roofs,a book,seen
solar-ground,converter,0,1,Solar on land,a book,seen
""",
    "ports.csv": """type,carrier,direction,ratio
solar-rooftop,electricity,out,1
""",
    "costs.csv": """type,parameter,year,value,unit,source,note,grade
solar-rooftop,capital_cost,2025,400,EUR/kW,a book,price year 2025,seen
solar-rooftop,capital_cost,2035,300,EUR/kW,a book,price year 2025,seen
solar-rooftop,fixed_cost,,2,%/year,a book,,derived
solar-rooftop,lifetime,,25,year,a book,,seen
gas-boiler,variable_cost,,1,EUR/MWh,a book,,seen
cable,capital_cost,,500,EUR/MW/km,a book,,seen
cable,lifetime,,40,year,a book,,seen
""",
    "supplies.csv": """supply,carrier,kind,scope,green_share,tce_per_mwh,source
grid-cn,electricity,grid,2,0.3,0.1229,a norm
natural-gas,gas,fuel,1,0,0.123,a norm
""",
    "emission_factors.csv": """supply,basis,year,value,unit,biogenic,source
grid-cn,location,2025,0.55,t/MWh,0,a ministry
grid-cn,market,2025,0.6,t/MWh,0,a ministry
natural-gas,,,0.202,t/MWh,0,a norm
""",
    "stages.csv": """standard,stage,order,metric,sense,limit,source
ladder,low-carbon,1,gross_ratio,<=,0.7,a proposal
ladder,near-zero-carbon,2,gross_ratio,<=,0.2,a proposal
ladder,zero-carbon,3,gross_ratio,<=,0.1,a proposal
ladder,zero-carbon,3,net_ratio,<=,0,a proposal
""",
    "offsets.csv": """offset,kind,year,price,max_volume,source
ccer,avoidance,2025,75,,a market
ccer,avoidance,2030,130,,a market
""",
    "measures.csv": """measure,capital_cost,fixed_cost,lifetime,first_year,group,source
led,6000000,120000,9,2026,,a survey
""",
    "restoration.csv": """project,max_area,capital_cost,fixed_cost,lifetime,buffer,source
forest,,22500,640,40,0.1,a survey
""",
    "uptake.csv": """project,age,value,source
forest,0,0.5,a survey
forest,10,8,a survey
""",
    "certificates.csv": """certificate,supply,year,price,max_share,source
gec,,2025,5,1,a market
""",
    "money.csv": """item,currency,year,value,source
exchange_rate,EUR,,1,definition
exchange_rate,CNY,2025,8,a bank
exchange_rate,USD,2025,1.25,a bank
""",
}


@dataclass
class ParkFolder:
    """A park on disk that a test changes and reads."""

    folder: Path
    catalogue: Path

    def write(self, name: str, text: str | bytes) -> None:
        """Replace a file."""
        content = text.encode() if isinstance(text, str) else text
        (self.folder / name).write_bytes(content)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a piece of a file that must be there."""
        text = (self.folder / name).read_text()
        assert old in text, f"{old!r} is not in {name}"
        (self.folder / name).write_text(text.replace(old, new, 1))

    def add(self, name: str, line: str) -> None:
        """Add a line at the end of a file."""
        with (self.folder / name).open("a") as file:
            file.write(line + "\n")

    def read(self, costs: tuple[Path, ...] = (), goal: GoalRequest | None = None, **futures: Any) -> Case:
        """The case, read with the small catalogue."""
        return read_case(self.folder, costs=costs, goal=goal, catalogue=self.catalogue, **futures)

    def complaints(self, costs: tuple[Path, ...] = (), goal: GoalRequest | None = None) -> tuple[str, ...]:
        """What is wrong with it; () if nothing is."""
        try:
            self.read(costs, goal)
        except CaseError as error:
            return error.complaints
        return ()


@pytest.fixture
def park(tmp_path: Path) -> ParkFolder:
    """The small park, without a fault."""
    for name, files in (("park", PARK), ("catalogue", CATALOGUE)):
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / file).write_text(text)
    return ParkFolder(tmp_path / "park", tmp_path / "catalogue")
