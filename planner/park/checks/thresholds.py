"""From where on a figure cannot be, or can hardly be, what was meant: each threshold with its reason, all in one place.

What a single figure usually is, by type and carrier, stands in ranges.csv of the catalogue, with a source each. Here is what
no table knows: what a share can be, and how sizes of one park go together. A threshold lies where honest parks do not come near,
and where the slip that it is for (percent for a share, kW for MW, MWh for kWh, 2205 for 2025) surely is: such a slip is a
factor of 100 or 1000.
"""

from __future__ import annotations

# Shares.
#: A ratio to the base emissions: a growing park may let them rise by a quarter at first; no transition lets them more than double,
#: so 3 is 3 %; what no percentage is either, 100 or 1000, is written for a row that shall say nothing, and says nothing.
RATIO_USUAL, RATIO_MOST, RATIO_NEVER = 1.25, 2.0, 100.0
#: A reserve of more than twice the highest demand, beside it, has nobody: 10 is 10 %.
MARGIN_MOST = 2.0
#: Change of output in an hour, of what is on: 10 is from nothing to all in six minutes. 30 is 30 % an hour.
RAMP_MOST = 10.0
#: More than half of the highest demand in reserve has hardly anybody.
MARGIN_USUAL = 0.5
#: t/tce. Lignite has 3; electricity of lignite, at 0.1229 tce/MWh, has 9.
INTENSITY_USUAL = 10.0
#: A budget of tonnes over years below this share of one year's base emissions is a share that was meant.
BUDGET_OF_BASE = 1e-3

# Years.
#: So many years before all years of the park nobody's series begins: 2003 for 2030.
YEARS_BEFORE = 20
#: So many years after the horizon no series ends; paths of scenarios go to 2100.
YEARS_AFTER = 75
#: A base year so long before the horizon: 1990, of the Kyoto protocol, is 36 years before 2026.
BASE_BEFORE = 40

# Sizes.
#: So many times what can ever be used nobody builds; kW for MW is 1000 times.
CAPACITY_TO_USE = 30.0
#: So many times what can ever be used nobody connects; a connection may be that of a district.
IMPORT_TO_USE = 100.0
#: A roof or field that takes so many times what can ever be used; m2 for ha is 10,000 times.
SITE_TO_USE = 100.0
#: Hours of all that can ever be used that a store holds: a month, a seasonal one two years. kWh for MWh is 1000 times.
STORE_HOURS, SEASONAL_HOURS = 730.0, 17_520.0
#: So small a share of what stands ready nobody uses.
USED_TO_READY = 0.003
#: The largest demand by the next: GWh for MWh, or MWh for kWh, is 1000 times, and the two are seldom alike.
DEMAND_TO_NEXT = 1000.0
#: A price of energy by another of the same carrier; money/kWh for money/MWh is 1000 times.
PRICE_TO_PRICE = 100.0
#: A figure of a series that is so many times its neighbour.
JUMP = 8.0
#: A budget of a year below this share of a year's energy bill buys nothing.
BUDGET_TO_BILL = 1e-3
#: Emissions of processes of the base year by base_emissions, of which they are part; a capture plant may take some of them.
PROCESS_TO_BASE = 1.5
#: A single measure that saves so much of a demand is a large one: it costs more a MWh than what is set right by hand.
LARGE_SAVING = 0.3
#: GJ in a MWh.
GJ = 3.6
#: A site whose technologies take no more than this share of it at their limits, all stated: one of the two is doubled or halved.
SITE_TAKEN = 0.55
#: A load of one hour so many times what all but a thousandth of the hours reach is no load.
SPIKE_TO_USUAL, SPIKE_SHARE = 4.0, 0.001

# Bills.
#: Energy of a bill may be so far from the demands, plants as the catalogue has them; gross for net calorific value is a tenth.
BILL_ENERGY = 0.08
#: Money of a bill by prices, tariff and charges: the load of a demand is not that of the meter. VAT is 6 to 22 %.
BILL_MONEY = 0.07
#: A ratio is the mark of a slip where it is so near to it.
LIKE_A_SLIP = 0.015
#: Gross by net calorific value, of natural gas.
GROSS_TO_NET = 1.108
#: Rates of VAT: China 13, 9; elsewhere Germany 19, France and Britain 20, Spain 21, Italy 22, Poland 23, Sweden 25.
VAT_RATES = {"CNY": (0.13, 0.09), "": (0.19, 0.20, 0.21, 0.22, 0.23, 0.25)}

# Hours.
#: Noon of the sun by the clock of a zone: 10:30 at the east end of a wide zone, 15:00 at the west end of China's (Kashgar).
NOON_FROM, NOON_TO = 10.0, 15.6
#: Hours of the year in which a profile of the sun stands at its highest, near 1, and how many values weather has: an inverter
#: smaller than its modules cuts off; a share of the peak power of the modules reaches 1 in few hours, if at all.
CUT_HOURS, CUT_LEVEL, WEATHER_VALUES = 100, 0.97, 500
#: A working day has its middle from 8 to 18:30, whatever the shifts; a load that swings less than this share has no day.
#: China's 12:30 is 4:30 in UTC.
LOAD_FROM, LOAD_TO, LOAD_SWING = 8.0, 18.5, 0.25
#: Hours of one value: from 20 days on, a holiday is over; after 75 days a season is likelier than a meter.
STILL_FROM, STILL_TO = 480, 1800
#: The weeks before and after, by the mean of all other hours: a season fades out. So many long runs have loads made of steps.
STILL_BESIDE, STILL_RUNS = 0.5, 3
#: What quiet days have of the quietest other day, by their number; how far the others may be apart, by the fall to the quiet ones.
QUIET_DAYS = {2: 0.92, 1: 0.75}
QUIET_SPREAD = 0.5
#: Days of the year (first, last + 1) of three weeks before and after the clocks are changed, in spring and in autumn, in Europe and
#: in America.
SUMMER = ((38, 59), (94, 115), (247, 268), (311, 332))
#: Squares of what is left after an hour's move, by those before it; so small a sum of squares before it says nothing. Loads of
#: offices, works, towns and households that follow one clock have 0.68 and more, moved ones 0.01 to 0.62.
MOVED_ERROR, MOVED_LEAST = 0.5, 1e-3
#: Currencies of countries whose clocks are not changed in summer.
NO_SUMMER_TIME = ("CNY", "HKD", "TWD", "INR", "JPY", "KRW", "SGD", "MYR", "THB", "VND", "IDR")
#: Hours by which a tariff may be shifted against that of the catalogue which it has the factors of.
SHIFTS = (-3, -2, -1, 1, 2, 3)
