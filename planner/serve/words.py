"""Words that the script of the workbench says, and what its tables are called."""

from __future__ import annotations

from planner.language.language import Language, mark

#: Key in the script -> words.
SCRIPT = {
    "gone": mark("The workbench does not answer: is it still running? A run goes on without it."),
    "rows": mark("{shown} of {all} rows"),
    "works": mark("works"),
    "unsaved": mark("{count} cells differ from what is saved"),
    "saved": mark("saved"),
    "checking": mark("is being checked …"),
    "right": mark("nothing is wrong here"),
    "wrong": mark("faults here: {count}"),
    "elsewhere": mark("faults in other tables: {count}"),
    "pasted": mark("{rows} rows pasted"),
    "commas": mark("{count} decimal commas were taken for points"),
    "unclear": mark("{count} numbers with a comma were left as they are: thousands, or decimals?"),
    "too_wide": mark("{count} columns of the block lie beyond the sheet and were left out"),
    "row": mark("row {row}"),
    "added": mark("row {row}, new"),
    "removed": mark("row {row}, taken out"),
    "more": mark("and {count} more"),
    "required": mark("must be stated"),
    "changed": mark(
        "The table was changed on disk. Load it anew (what you changed here is lost), or keep this page open to copy from it."
    ),
    "reload": mark("Load anew"),
    "over_years": mark("{name} over the years"),
    "over_hours": mark("{name}, its {count} hours: least and most of each day"),
    "of_hours": mark("{name}, hour by hour"),
}
#: What each table of a park states, in a few words; the schema says it in full.
TABLES = {
    "demand": mark("what uses energy, and how much in which year"),
    "supplies": mark("what is bought or sold, over which connection"),
    "prices": mark("what is paid and received at the boundary"),
    "bills": mark("what the bills of a year say was bought"),
    "technologies": mark("equipment that stands, and equipment that may be built"),
    "profiles": mark("shapes hour by hour: demand, sun, wind, prices"),
    "profile_years": mark("profiles that change from a year on"),
    "sites": mark("roofs and land, and how large they are"),
    "measures": mark("measures that save energy"),
    "savings": mark("what each measure saves of which demand"),
    "tariff": mark("hours in which a price is higher or lower"),
    "costs": mark("costs of types of equipment: your own in place of the catalogue's"),
    "types": mark("types of equipment of your own"),
    "ports": mark("what a type takes in and puts out"),
    "budget": mark("money for capital in each year"),
    "carriers": mark("temperatures of steam, hot water and cold"),
    "reserves": mark("firm capacity beside the highest demand"),
    "connections": mark("lines and pipes to the outside that supplies share"),
    "links": mark("lines and pipes between zones of the park"),
    "emission_factors": mark("CO2 of what is bought"),
    "process_emissions": mark("emissions that no energy causes"),
    "products": mark("what tenants make, for footprints"),
    "certificates": mark("green certificates that can be bought"),
    "offsets": mark("carbon credits that can be bought"),
    "captures": mark("plants that capture CO2"),
    "restoration": mark("land that can be planted"),
    "uptake": mark("what planted land takes up with its age"),
    "limits": mark("limits of equipment that change over the years"),
    "committed": mark("orders that are signed already"),
    "stages": mark("rules of a standard of your own"),
    "standards": mark("factors by which a standard counts"),
    "rules": mark("limits of law that every plan keeps"),
}


def script_words(language: Language) -> dict[str, str]:
    """The words of the script in a language."""
    return {key: language.translate(words) for key, words in SCRIPT.items()}
