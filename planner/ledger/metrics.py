"""What the ledger divides for each metric: its own table, apart from that of the model."""

#: Metric -> numerator and denominator, figures of a year as the ledger works them out.
METRICS = {
    "gross_ratio": ("gross", "base"),
    "net_ratio": ("net", "base"),
    "avoidance_ratio": ("avoidance", "base"),
    "offset_ratio": ("offset_volume", "base"),
    "intensity": ("gross", "energy_use"),
    "clean_share": ("clean_energy", "energy_use"),
    "direct_green_share": ("direct_green", "electricity_used"),
    "certificate_share": ("certified_electricity", "electricity_used"),
    "low_carbon_share": ("low_carbon", "electricity_used"),
}
#: Shares of rules.csv: figures of `available_of`.
SHARES = {
    "self_use_share": ("self_used", "available"),
    "export_share": ("exported", "available"),
    "curtailed_share": ("curtailed", "available"),
    "own_supply_share": ("own_supply", "electricity_used"),
}
#: Shares of green power in the hour of its use: figures of `matched_of`.
MATCHED = {"hourly_green_share": ("matched", "hourly_use")}
RATIOS = {**METRICS, **SHARES, **MATCHED}
#: Budgets over years: item of emissions.csv.
BUDGETS = {"cumulated_gross": "gross", "cumulated_net": "net"}
