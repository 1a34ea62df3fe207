"""From what people have to the profiles of a park: meters, bills and weather files become columns of profiles.csv.

A profile is made in four steps, each a file: what the file says (source, columns), when it was (stamps, clock), a whole
series without holes (series, gaps), and one year of the park's calendar (year). What was done on the way is told.
Weather is read in `weather`; `pv`, `wind` and `heatpump` make availabilities and efficiencies of it.
"""
