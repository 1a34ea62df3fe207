"""demand.csv: what of a demand may move or be shed."""

import pytest
from tabled import cases_of

HEADER = "demand,carrier,value,unit,shift_share,shift_hours,shift_power,shed_share,shed_price,shed_hours\n"
ROW, HALLS = "machines,electricity,1000,MWh,", "halls,heat,1000,MWh,,,,,,\n"


def test_what_may_move_and_be_shed_is_read(park):
    park.write("demand.csv", HEADER + ROW + "0.3,4,1.5,0.05,2000,50\n" + HALLS)
    _, row = park.read().demand
    told = (row.shift_share, row.shift_hours, row.shift_power, row.shift_cost, row.shed_share, row.shed_price, row.firm_shed,
        row.shed_hours)
    assert told == (0.3, 4, 1.5, 0.0, 0.05, 2000.0, 0, 50.0)


@pytest.mark.parametrize(("cells", "fault"), cases_of(__file__, "flexibility"))
def test_what_does_not_go_together_is_said(park, cells, fault):
    park.write("demand.csv", HEADER + ROW + cells + "\n" + HALLS)
    assert park.complaints() == (f"demand.csv line 2: {fault}",)


def test_what_says_nothing_without_a_share_is_warned_of(park):
    park.write("demand.csv", HEADER + ROW + ",4,,,2000,\n" + HALLS)
    told = [w for w in park.read().warnings if "says nothing" in w]
    assert told == ["demand.csv line 2: shift_hours: says nothing of demand 'machines', which has no shift_share",
        "demand.csv line 2: shed_price: says nothing of demand 'machines', which has no shed_share"]


OFFER = "response,demand,share,price,calls,call_cost,profile\n"


def test_a_contract_for_standing_ready_is_read(park):
    park.write("responses.csv", "response,demand,share,price [CNY/kW/year],calls\ncall,machines,0.1,60,20\n")
    (row,) = park.read().responses
    assert (row.demand, row.share, row.price, row.calls, row.max_offer, row.firm) == ("machines", 0.1, 60_000.0, 20.0, None, 0)


def test_a_contract_whose_calls_cost_more_than_it_brings_is_warned_of(park):
    park.write("responses.csv", OFFER + "call,machines,0.1,1000,20,60,\n")
    assert [w for w in park.read().warnings if "ever offered" in w] == [
        "responses.csv line 2: contract 'call': brings 1000 a MW and its calls cost 1200, so nothing is ever offered"]
