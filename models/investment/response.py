"""Response contracts: how much of a demand stands ready, for pay, to be shed or moved when the grid calls."""

from __future__ import annotations

from pyomo.core import Block, NonNegativeReals

from models.components import rows, variables
from models.inputs import Inputs
from models.investment.reserve import demand_of
from models.linear import weighted
from models.operation.cost import Terms


def add_responses(model: Block, inputs: Inputs) -> None:
    r"""What is offered is there in every hour in which it may be called, and no more than is taken.

    .. math::
        0 \le o_{r,y} \le \overline{o}_{r,y} \qquad o_{r,y} \le \sigma_{r,y} D_{u(r),y} \min_{t \in T_r} \pi_{u(r),t}

    for r in RESPONSES, y in YEARS; the hours of the profiles, not of typical days. When calls come is not known, so the energy
    that is called stays in the balances: what is not bought then is not counted. A share that may be offered is none that moves
    or is shed at the park's own will, see `shift_share` and `shed_share`.

    o  offer    MW (r,y)     σ  share   1 (r,y)     D  demand   MWh (u,y)     π  shape   1/h (u,t)     T  hours in which it is to
    stand ready              ō  max_offer   MW (r,y)
    """
    responses = inputs.responses
    model.offer = variables(
        list(responses.least),
        within=NonNegativeReals,
        doc="demand that stands ready to be called off [MW]",
        bounds=lambda _, *key: (0, responses.most.get(key)),
    )

    @rows(model, list(responses.least), doc="no more is offered than can be called off in the least hour [MW]")
    def offer_limit(model, r, y):
        energy = demand_of(model, inputs, responses.demand[r], y)
        return weighted([(1.0, model.offer[r, y]), (-responses.least[r, y], energy)]) <= 0


def response_cost(model: Block, inputs: Inputs, y: int) -> Terms:
    r"""What contracts cost; below 0 where they pay.

    .. math::
        \sum_r o_r \big( n_r (\kappa_r - \pi_r) - p_r \big)

    o  offer   MW (r)     p  price   money/MW/year (r)     n  calls   h (r)     κ  call_cost, π  call_price   money/MWh (r)
    """
    cost = inputs.responses.cost
    return {("response", r): weighted([(cost[r, y], model.offer[r, when])]) for r, when in model.offer if when == y}
