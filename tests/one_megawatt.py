"""A park of one year and 1 MW of electricity, from a grid at 500 CNY/MWh: 4.38 M CNY. Capital lives a year, so the horizon bears
all of it."""


def one_megawatt(rule: str = "gross_ratio,<=,2") -> dict[str, str]:
    """File -> text. `rule`: metric, sense and limit of its goal."""
    return {
        "park.toml": 'name = "One Megawatt"\ncurrency = "CNY"\nprice_year = 2025\ndiscount_rate = 0.06\nbase_year = 2025\n'
        'base_emissions = 4380.0\nfirst_year = 2026\nlast_year = 2026\nstandard = "ladder"\n',
        "goal.toml": 'target = "zero-carbon"\nby = 2026\n',
        "stages.csv": f"standard,stage,order,metric,sense,limit\nladder,zero-carbon,3,{rule}\n",
        "demand.csv": "demand,carrier,year,value,unit\nmachines,electricity,,8760,MWh\n",
        "supplies.csv": "supply,carrier,kind,max_import,scope\ngrid,electricity,grid,2,2\n",
        "prices.csv": "supply,item,year,value,unit\ngrid,energy,,500,CNY/MWh\n",
        "emission_factors.csv": "supply,basis,year,value,unit\ngrid,,,0.5,t/MWh\n",
    }
