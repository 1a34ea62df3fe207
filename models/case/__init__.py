"""The case: what a person states about a park. One file a subject, every field with its unit."""

from models.case.base import Origin, Row
from models.case.case import TABLES, Assumption, Case
from models.case.connection import Connection
from models.case.demand import Demand, Measure, ProcessEmission, Saving
from models.case.finance import Budget, Financing, Orders, OwnTerms, Park, Tax
from models.case.future import CHANGED, Future, FutureValue, Uncertainty
from models.case.link import Link
from models.case.offset import Offset, Restoration, Uptake
from models.case.orders import Committed, Kept, Limit, Reserve
from models.case.product import Product
from models.case.profile import ProfileYear
from models.case.response import Response
from models.case.rule import ParkRule
from models.case.stage import Goal, StageRule
from models.case.standard import StandardFactor
from models.case.supply import Bill, Certificate, EmissionFactor, Price, Supply, TariffRow
from models.case.technology import (
    ORDER_COLUMNS,
    PARAMETERS,
    WHOLE_PARK,
    Capture,
    Cost,
    EquipmentType,
    Port,
    Site,
    Technology,
    said_of_orders,
)
from models.case.vehicle import Chargers, Session

__all__ = [
    "CHANGED",
    "ORDER_COLUMNS",
    "PARAMETERS",
    "TABLES",
    "WHOLE_PARK",
    "Assumption",
    "Bill",
    "Budget",
    "Capture",
    "Case",
    "Certificate",
    "Chargers",
    "Committed",
    "Connection",
    "Cost",
    "Demand",
    "EmissionFactor",
    "EquipmentType",
    "Financing",
    "Future",
    "FutureValue",
    "Goal",
    "Kept",
    "Limit",
    "Link",
    "Measure",
    "Offset",
    "Orders",
    "Origin",
    "OwnTerms",
    "Park",
    "ParkRule",
    "Port",
    "Price",
    "ProcessEmission",
    "Product",
    "ProfileYear",
    "Reserve",
    "Response",
    "Restoration",
    "Row",
    "Saving",
    "Session",
    "Site",
    "StageRule",
    "StandardFactor",
    "Supply",
    "TariffRow",
    "Tax",
    "Technology",
    "Uncertainty",
    "Uptake",
    "said_of_orders",
]
