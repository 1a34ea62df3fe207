"""The farmer of Birge and Louveaux as a park: fields are equipment, yields are profiles, what is grown is a carrier.

500 acres of wheat, corn and beets, planted before the yields are known: 20 % less, as usual, 20 % more, each as likely. Feed of 200 t
of wheat and 240 t of corn, bought at 238 and 210, sold at 170 and 150; beets at 36 up to 6,000 t, and at 10 above.
"""

from parks import Draft

from models.case import Future, FutureValue

#: Crop -> yield of a good year (t/acre), cost of an acre.
CROPS = {"wheat": (3.0, 150.0), "corn": (3.6, 230.0), "beets": (24.0, 260.0)}
YIELDS = {"good": 1.0, "usual": 1 / 1.2, "bad": 0.8 / 1.2}


def farm() -> Draft:
    park = Draft(2026, 2026, discount_rate=0.0, base_emissions=1.0)
    park.site("land", 500.0)
    for name, share in YIELDS.items():
        park.profile(name, [share])
        park.add(Future(future=name, probability=1 / 3), FutureValue(future=name, changed="profiles", name="usual", value=name))
    for crop, (tonnes, cost) in CROPS.items():
        park.converter(crop, {crop: tonnes / 8760}, capital_cost=cost, site="land", area=1.0, profile="usual")
    for crop, feed, bought, sold in (("wheat", 200, 238, 170), ("corn", 240, 210, 150)):
        park.demand(f"{crop} for feed", crop, feed)
        park.supply(f"{crop} market", crop, price=bought, prices={"export": sold}, max_export=1e4)
    park.supply("beet quota", "beets", price=None, prices={"export": 36.0}, max_export=1e4, max_export_year=6000.0)
    park.supply("beets", "beets", price=None, prices={"export": 10.0}, max_export=1e4)
    return park
