"""What is allowed in a park and yet looks wrong, in words: each sentence stands here once, so that a page can say it too.

A value of a sentence is text already: a name in quotes, a number as it is to be read.
"""

from __future__ import annotations

from planner.language.language import mark

#: How the source of a row begins that a blank park has as an example.
EXAMPLE = "example:"
EXAMPLES = mark("lines {lines}: are examples still; write your own, or delete them")
NO_DEMAND = mark("states no demand, so nothing has to be supplied")
ABOVE_MOST = mark("{column} = {least}: is above the {most} that may be built, so nothing can be")
NOWHERE_TO_GO = mark(
    "technology {technology}: makes {carrier}, which nothing takes; it can only stand still (a sink with max_export would take it)"
)
NOWHERE_TO_GO_IN_ZONE = mark(
    "technology {technology}: makes {carrier}, which nothing takes in zone {zone}; "
    "it can only stand still (a sink with max_export would take it)"
)
DEAD_END = mark("zone {zone}: nothing is in it and no other link of {carrier} ends there, so {link} is of no use")
DEAD_END_NEAR = mark(
    "zone {zone}: nothing is in it and no other link of {carrier} ends there, so {link} is of no use; did you mean {near}?"
)
DROPPED = mark("metric {metric}: holds for {earlier} and no longer for {later}, which comes after it")
BUY_TO_SELL = mark(
    "supply {supply}: sells at {price} what {other} sells to the park at {cheapest} "
    "in some hours of {year} ({currency}); buying to sell would pay, up to the limits"
)
CONVERTED = mark("{count} figures were converted ({rates}); see assumptions.csv, and state your own where they matter")
OTHER_FACTOR = mark(
    "supply {supply}: has {own} {unit}, and the rules of {standard} are worked out with {factor} {unit}; the inventory keeps {own}"
)
CALORIFIC = mark(
    "supply {supply}: names no fuel and states no tce_per_mwh; {tce} tce/MWh, the calorific value of electricity, is taken, "
    "since the rule on {metric} is by energy"
)
OPERATED_EARLY = mark(
    "reserve of {carrier}: is operated from {year} on, and no order of the first year works before {first}, so it holds from "
    "{first} on"
)
NO_UNIT = mark(
    "technology {technology}: falls in limits.csv by no whole number of units of {unit}, as its type says, so any part of what "
    "stands may be retired; write existing_unit for other units"
)
ONLY_CAPITALS = mark("{column} {name}: differs from {other} in capitals only; is it the same?")
MORE = mark("{count} more warnings")
UNUSED_COSTS = mark("type {type}: no technology or link of the park is of this type, so its costs are not used")
UNUSED_COSTS_NEAR = mark(
    "type {type}: no technology or link of the park is of this type, so its costs are not used; did you mean {near}?"
)
NO_COSTS_USED = mark("states costs of {count} technologies, and none of them is a type that the park uses")
BELOW_USUAL = mark("{what} = {value}: is below what is usual, {low} to {high}{unit} ({source}); check the number and its unit")
ABOVE_USUAL = mark("{what} = {value}: is above what is usual, {low} to {high}{unit} ({source}); check the number and its unit")
PERCENT = mark(
    "{what} = {value}: is above what is usual, {low} to {high}{unit} ({source}); if it is a percentage, write a share ({meant})"
)
PER_GJ = mark(
    "{what} = {value}: is below what is usual, {low} to {high}{unit} ({source}); if it is the price of a GJ, write the unit {meant}"
)
CHEAP_SAVING = mark(
    "saving = {saving}: {measure} would cost {value} for each MWh that it saves in a year, below what is usual of so large a "
    "saving, {low} to {high}{unit} ({source}); if {percent} % is meant, write {share}"
)
FREE = mark("value = 0: is the capital_cost of {names} ({count} in all), so building costs nothing; write what it costs if it does")
NO_HOUR = mark("factor = {factor}: no hour comes to this row, since rows before it have all of its hours; put it above them")
HIDDEN = mark(
    "factor = {factor}: does not hold in some of its hours, since line {line} (factor {other}) has them and the first row wins; "
    "check which of the two stands first"
)
HIDDEN_WHOLLY = mark(
    "factor = {factor}: no hour comes to this row, since line {line} (factor {other}) stands before it and the first row wins; "
    "put the more special row above"
)
JUMP = mark("{what} = {value} in {year}: the row before has {before}; check the number")
PEAK_TOO_HIGH = mark(
    "demand of {carrier}: peaks at {peak} MW in {year}, above the {most} MW that can be bought and made; check numbers and units"
)
PEAK_TODAY = mark(
    "demand of {carrier}: peaks at {peak} MW at first, above the {most} MW that stand and are connected today; "
    "check numbers and units"
)
USED_TOO_LITTLE = mark(
    "demand of {carrier}: is {mean} MW in the mean with all that can take it, next to nothing of the {ready} MW that stand ready; "
    "check numbers and units"
)
TOO_LARGE = mark(
    "{column} = {size}: of {name} at most {use} MW can ever be used; it is in MW or MWh; if it is in {unit}, write {smaller}"
)
SITE_TOO_LARGE = mark(
    "area = {area}: takes {fits} MW of {technology}, and at most {use} can ever be used; it is in ha; "
    "if it is in m2, write {smaller}"
)
DEMAND_APART = mark(
    "value = {value}: demand {demand} is {times} times the next largest, {other} ({next}); check the units of both (MWh, GWh, kWh)"
)
PRICE_APART = mark(
    "value = {value}: of {supply} is {times} times apart from {other} ({price}), both of {carrier}; "
    "check the units of both (money/MWh, money/kWh)"
)
SWAPPED = mark(
    "value = {value}: is paid for what {supply} takes back, more than the {energy} for what it delivers; are the two swapped? "
    "Item energy is what the park pays, export what it is paid"
)
PROCESS_ABOVE_BASE = mark(
    "value = {value}: processes come to {total} t, more than base_emissions of {base} t, of which they are part; "
    "check both and their units"
)
TOKEN_BUDGET = mark(
    "capital = {capital}: is next to nothing beside a year's energy of about {bill} {currency}; it is in whole units of money"
)
BILL_APART = mark(
    "bill of {supply}: has {billed} MWh, and the demands that it serves take {needed} MWh ({ratio} times as much); check both"
)
BILL_SLIP = mark(
    "bill of {supply}: has {billed} MWh, and the demands that it serves take {needed} MWh ({ratio} times as much): {hint}; "
    "check both"
)
HINT_GROSS = mark("that is the gross by the net calorific value, which all figures of fuels are of")
HINT_INTERVAL = mark("that is the number of intervals of an hour, as of a power read as energy")
HINT_THOUSAND = mark("that is a factor of 1000, as of kWh and MWh")
HINT_TONNES = mark("that is the MWh in a tonne of steam")
HINT_MULTIPLIER = mark("is a multiplier of transformers left out, or in it twice?")
COST_APART = mark(
    "bill of {supply}: costs {cost} {currency}, and by prices, tariff and charges its energy comes to {expected} ({ratio} times as "
    "much on the bill); check both, and demand charges by month or year"
)
COST_SLIP = mark(
    "bill of {supply}: costs {cost} {currency}, and by prices, tariff and charges its energy comes to {expected} ({ratio} times as "
    "much on the bill): {hint}; check both"
)
HINT_VAT = mark("that is VAT of {rate} % in the bill")
HINT_VAT_IN_PRICES = mark("that is VAT of {rate} % in the prices")
HINT_PER_TONNE = mark("is it a price of a tonne, written as one of a MWh?")
SPIKE = mark(
    "profile {profile}: hour {hour} has {times} times what all but a thousandth of its hours reach; a reading gone wrong sizes "
    "equipment and charges"
)
NOON = mark(
    "profile {profile}: of {technology} has its middle at {noon}; the sun's noon is not there in any zone: is it in UTC, or of "
    "another zone?"
)
CUT_OFF = mark(
    "profile {profile}: of {technology} stands at {most} in {hours} hours, as of an inverter that cuts off: a share of kWac, and "
    "capacities and costs of the sun's plants are by kWp; divide it by kWp/kWac (1.1 to 1.4), and write existing in MWp"
)
NIGHT = mark(
    "profile {profile}: has the middle of its day at {middle}, so most is used at night; is it in UTC, or of another zone? "
    "Hour 0 is midnight of the park: move it by the hours between"
)
STILL = mark(
    "profile {profile}: has one value, {value}, for {hours} hours ({first} to {last}), and a usual load before and after; "
    "if the meter stood still, write what was used; leave it if nothing ran"
)
TWO_QUIET = mark(
    "first_weekday = {stated}: contradicts the quiet days of profile {profile}; if these are Saturday and Sunday, write "
    "first_weekday = {first}"
)
ONE_QUIET = mark(
    "first_weekday = {stated}: contradicts the quiet day of profile {profile}; if this is Sunday, write first_weekday = {first}"
)
SUMMER = mark(
    "profile {profile}: is an hour {direction} from spring to autumn, as of clocks that are changed; profiles are in standard time "
    "all year: move it back"
)
SAME_HOUR = mark(
    "hours {hours}: end with hour {hour}, with which line {other} begins; the last hour is counted (21 is until 22:00): "
    "end an hour earlier if that is meant"
)
HOUR_APART = mark(
    "hours {hours}: are one more than {other} of line {line}, the same price of the other direction; "
    "the last hour is counted (21 is until 22:00)"
)
HOUR_LEFT = mark("hour {hour}: is in no row, and all others of the day are, so its factor is 1; check first and last hours")
HOUR_LONGER = mark(
    "hours {hours}: end an hour later than in {other} of the catalogue, whose factors and months the tariff has; "
    "the last hour is counted (21 is until 22:00)"
)
SHIFTED = mark(
    "tariff of {supply}: has the factors and months of {other} of the catalogue, {hours} hours {direction}; check its hours "
    "(first hour to last hour, 0 to 23)"
)
VAT_TAKEN_OFF = mark("VAT of {rate} % was taken off {count} figures; all money of plans and pages is without it")
PUT_ASIDE = mark("its milestones are not used, since the goal is the command line's: {milestones}")
LATER, EARLIER = mark("later"), mark("earlier")
#: Where it stands: a row of a file; and a remark with it.
PLACE = mark("{file} line {line}")
PLACED = mark("{place}: {words}")
