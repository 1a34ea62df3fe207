"""products.csv: every fault is told, all at once, with its line."""

import pytest

from models.errors import CaseError
from planner.park.case import read_case


def test_products_of_nobody_in_no_mass_and_of_more_than_all(small):
    small.write("products.csv",
        "tenant,product,amount,unit,share\nwork,gears,10,t,\nworks,gears,10,MWh,0.7\nworks,nails,5,kt,0.6\n,glass,1,t,0.5\n,lamps,1,t,\n")
    small.write("demand.csv", "demand,carrier,year,value,unit,profile,tenant\nmachines,electricity,,8760,MWh,,works\n")
    with pytest.raises(CaseError) as error:
        read_case(small.folder)
    said = "\n".join(map(str, error.value.complaints))
    assert "products.csv line 2: tenant 'work': is no tenant of the park; did you mean 'works'?" in said
    assert "products.csv line 3: unit 'MWh'" in said
    assert "products.csv line 4: share: the products of the tenant bear 130 % of its emissions" in said
    assert "products.csv line 6: share: is blank" in said and len(error.value.complaints) == 4
