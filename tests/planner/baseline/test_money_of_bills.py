"""Money of bills beside the operation of a pencil park: 1 MW all year, a price with a tariff and a demand charge."""

import pytest

from planner.application.baseline import explained, inventory
from planner.park import read_case

#: 8,760 MWh; 12 of 24 hours at 1.5 times 600; a demand charge of 30 CNY/kW/month on 1 MW.
ENERGY, CHARGE = 8760 * 600 * 1.25, 12 * 30_000.0
PRICES = "supply,item,year,value,unit\ngrid,energy,2025,600,CNY/MWh\ngrid,demand_charge,2025,30,CNY/kW/month\n"


@pytest.fixture
def pencil(small):
    small.write("supplies.csv", "supply,carrier,kind,max_import,scope,tce_per_mwh\ngrid,electricity,grid,2,2,0.1229\n")
    small.write("emission_factors.csv", "supply,basis,year,value,unit\ngrid,,,0.5,t/MWh\n")
    small.write("prices.csv", PRICES)
    small.write("tariff.csv", "supply,item,months,days,hours,factor\ngrid,energy,,,8-19,1.5\n")
    return small


def test_what_the_operation_pays_by_part(pencil):
    payment = inventory(read_case(pencil.folder)).paid["grid",][1]
    assert payment.parts == pytest.approx({"energy": ENERGY, "demand_charge": CHARGE})
    assert payment.flat == pytest.approx(8760 * 600) and payment.total == pytest.approx(ENERGY + CHARGE)


def test_the_cheaper_of_two_charges_and_of_two_schemes_is_paid(pencil):
    """12 · 30,000 by demand, 12 · 20,000 by capacity; a scheme of 10,000 and a fixed price of 100,000 is cheaper still."""
    pencil.write("prices.csv", PRICES + "grid,capacity_charge,2025,20,CNY/kW/month\n")
    assert inventory(read_case(pencil.folder)).paid["grid",][1].parts == pytest.approx({"energy": ENERGY, "capacity_charge": 240_000})
    pencil.write("supplies.csv",
        "supply,carrier,kind,max_import,scope,tce_per_mwh,connection\ngrid,electricity,grid,2,2,0.1229,feeder\n")
    pencil.write("connections.csv", "connection,carrier,max_import\nfeeder,electricity,2\n")
    pencil.write("prices.csv",
        "supply,item,scheme,year,value,unit\ngrid,energy,,2025,600,CNY/MWh\nfeeder,demand_charge,a,2025,30,CNY/kW/month\nfeeder,capacity_charge,b,2025,8,CNY/kW/month\nfeeder,fixed,b,2025,100000,CNY/year\n")
    assert inventory(read_case(pencil.folder)).paid["grid",][1].parts == pytest.approx(
        {"energy": ENERGY, "capacity_charge": 96_000, "fixed": 100_000})


@pytest.mark.parametrize(("cost", "energy", "why"), [
    (ENERGY + CHARGE, 8760, ""),
    ((ENERGY + CHARGE) * 1.04, 8760, ""),
    ((ENERGY + CHARGE) * 1.13, 8760, "; that is VAT of 13 % in the bill"),
    ((ENERGY + CHARGE) / 1.09, 8760, "; that is VAT of 9 % in the prices"),
    ((ENERGY + CHARGE) * 1.3, 8760 * 1.3, "; it is as far off as the energy"),
    (ENERGY + CHARGE * 12, 8760, "; the charge on power is that of a month, stated as by the year"),
    (8760 * 600 + CHARGE, 8760, "; the bill is as without the tariff's hours"),
    ((ENERGY + CHARGE) * 1.5, 8760, ""),
])
def test_a_bill_that_is_apart_is_pointed_at_and_explained_where_one_slip_explains_it(plan, pencil, cost, energy, why):
    pencil.write("bills.csv", f"supply,year,value,unit,cost\ngrid,2025,{energy:.0f},MWh,{cost:.0f}\n")
    said = plan("check", "--baseline", "park")
    apart = cost / (ENERGY + CHARGE) - 1
    line = f"grid: {cost:,.0f} CNY on the bills, 6,930,000 as operated ({apart:+.1%} on the bills): energy 6,570,000; demand charge 360,000{why}"
    assert ("look at this: " if abs(apart) > 0.05 else "") + line in said.out.splitlines(), said.out


def test_the_nearest_of_several_explanations_counts(pencil):
    payment = inventory(read_case(pencil.folder)).paid["grid",][1]
    total = payment.total
    assert explained(total * 1.2, payment, 1.0, "electricity", "EUR") == "that is VAT of 20 % in the bill"
    assert explained(total * 1.21, payment, 1.0, "electricity", "EUR") == "that is VAT of 21 % in the bill"
    assert (explained(total * 1.108, payment, 1.0, "gas", "EUR")
        == "that is the gross by the net calorific value, which all figures of fuels are of")
    assert explained(total * 1.108, payment, 1.0, "electricity", "EUR") is None
    assert explained(ENERGY, payment, 1.0, "electricity", "EUR") == "the bill has no charge on power"


def test_supplies_that_share_a_connection_are_held_against_their_bills_together(plan, pencil):
    """0.4 MW at 300 and 0.6 MW at 600 x 1.25 all year: 1,051,200 and 3,942,000; the feeder's charge is on 1 MW, 360,000, on whichever bill it stands."""
    pencil.write("supplies.csv",
        "supply,carrier,kind,max_import,scope,tce_per_mwh,connection\ngrid,electricity,grid,0.6,2,0.1229,feeder\nppa,electricity,grid,0.4,2,0.1229,feeder\n")
    pencil.write("emission_factors.csv", "supply,basis,year,value,unit\ngrid,,,0.5,t/MWh\nppa,,,0,t/MWh\n")
    pencil.write("connections.csv", "connection,carrier,max_import\nfeeder,electricity,2\n")
    pencil.write("prices.csv",
        "supply,item,year,value,unit\ngrid,energy,2025,600,CNY/MWh\nppa,energy,2025,300,CNY/MWh\nfeeder,demand_charge,2025,30,CNY/kW/month\n")
    found = inventory(read_case(pencil.folder))
    (names, (_, payment)), = found.paid.items()
    assert set(names) == {"grid", "ppa"}
    assert payment.parts == pytest.approx({"energy": 4_993_200, "demand_charge": CHARGE}) and payment.flat == pytest.approx(
        0.6 * 8760 * 600 + 0.4 * 8760 * 300)
    line = "feeder (grid, ppa): {billed} CNY on the bills, 5,353,200 as operated ({apart} on the bills): energy 4,993,200; demand charge 360,000{why}"
    for times, why in ((1.0, ""), (1.13, "; that is VAT of 13 % in the bill")):
        pencil.write("bills.csv",
            f"supply,year,value,unit,cost\ngrid,2025,5256,MWh,{4_302_000 * times:.0f}\nppa,2025,3504,MWh,{1_051_200 * times:.0f}\n")
        said = plan("check", "--baseline", "park").out.splitlines()
        assert ("look at this: " if why else "") + line.format(billed=f"{5_353_200 * times:,.0f}", apart=f"{times - 1:+.1%}",
            why=why) in said, said
    pencil.write("bills.csv", "supply,year,value,unit,cost\ngrid,2025,5256,MWh,4302000\nppa,2025,3504,MWh,\n")
    assert "feeder (grid, ppa)" not in plan("check", "--baseline", "park").out
