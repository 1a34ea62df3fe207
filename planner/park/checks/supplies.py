"""Supplies, their prices and factors, and certificates."""

from __future__ import annotations

from models.case import Bill, Certificate, Connection, EmissionFactor, Price, Supply
from planner.language.message import Message
from planner.park import remarks
from planner.park.checks.captures import CO2
from planner.park.draft import Draft

ALL_SCOPE_1 = "*"
#: What is paid for the size of a connection.
CHARGES = ("demand_charge", "capacity_charge")


def check_supplies(draft: Draft) -> None:
    """Check that what can be bought has a scope, a price and factors, and what prices and certificates are of."""
    for supply in draft.rows(Supply):
        _check_supply(supply, draft)
    for price in draft.rows(Price):
        _check_price(price, draft)
    scopes = {supply.supply: supply.scope for supply in draft.rows(Supply)}
    for row in draft.rows(EmissionFactor):
        if draft.refer(row.origin, ("supply", row.supply), "supply", (Supply, "supply")):
            _check_factor_profile(row, scopes.get(row.supply), draft)
    for bill in draft.rows(Bill):
        draft.refer(bill.origin, ("supply", bill.supply), "supply", (Supply, "supply"))
    for certificate in draft.rows(Certificate):
        if not draft.refer(certificate.origin, ("supply", certificate.supply), "supply", (Supply, "supply")):
            continue
        if scopes.get(certificate.supply, 2) != 2:
            draft.fault(
                certificate.origin,
                "supply {supply}: is not of scope 2; certificates green scope 2 only",
                supply=repr(certificate.supply),
            )


def _check_supply(supply: Supply, draft: Draft) -> None:
    if supply.first_year is not None and supply.until_year is not None and supply.until_year < supply.first_year:
        draft.fault(
            supply.origin,
            "until_year = {until_year}: is before first_year {first_year}; no year is left in which anything crosses the boundary",
            until_year=supply.until_year,
            first_year=supply.first_year,
        )
    _check_contract(supply, draft)
    if supply.kind == "sink":
        if not supply.max_export:
            draft.warn(supply.origin, remarks.CLOSED_SINK, supply=repr(supply.supply))
        if supply.max_import:
            draft.warn(supply.origin, remarks.SINK_IMPORTS, most=f"{supply.max_import:g}")
    if not supply.can_import or supply.carrier == CO2:
        return
    if supply.scope is None:
        draft.fault(supply.origin, "scope: is blank; what can be bought needs one (1: burnt here, 2: made elsewhere)")
    if draft.is_sure(Price, supply.supply) and not _prices(supply.supply, "energy", draft):
        draft.fault(
            supply.origin,
            "supply {supply}: has no energy price; give one in prices.csv, or write max_import = 0",
            supply=repr(supply.supply),
        )
    if draft.is_sure(EmissionFactor, supply.supply):
        _check_factors(supply, draft)


def _check_contract(supply: Supply, draft: Draft) -> None:
    """An as-generated contract has a profile and a size; what is of one, or of imports, stands nowhere else."""
    if bool(supply.profile) != (supply.contract_max is not None):
        given = f"profile {supply.profile!r}" if supply.profile else f"contract_max = {supply.contract_max:g}"
        lacking = "contract_max" if supply.profile else "profile"
        draft.fault(
            supply.origin, "{given}: is of an as-generated contract, which needs a {lacking} too", given=given, lacking=lacking
        )
    elif not supply.profile and "take" in supply.model_fields_set and supply.take != 1:
        draft.fault(
            supply.origin,
            "take = {take}: is of an as-generated contract only; it needs profile and contract_max",
            take=f"{supply.take:g}",
        )
    for column in ("profile", "contract_max", "min_year"):
        value = getattr(supply, column)
        if value and not supply.can_import:
            shown = f"{column} {value!r}" if column == "profile" else f"{column} = {value:g}"
            draft.fault(
                supply.origin,
                "{shown}: is of what is imported, and {supply} imports nothing; leave it blank",
                shown=shown,
                supply=repr(supply.supply),
            )


def _check_factors(supply: Supply, draft: Draft) -> None:
    """A supply that can be bought has a factor, for scope 2 on both bases."""
    bases = set(draft.bases.get(supply.supply, ()))
    advice = Message("give one in emission_factors.csv (0 to say zero), or name a fuel of the catalogue")
    if not bases:
        draft.fault(supply.origin, "supply {supply}: has no emission factor; {advice}", supply=repr(supply.supply), advice=advice)
    elif supply.scope == 2 and "" not in bases:
        for basis in sorted({"location", "market"} - bases):
            draft.fault(
                supply.origin,
                "supply {supply}: has no {basis} emission factor; {advice}",
                supply=repr(supply.supply),
                basis=basis,
                advice=advice,
            )


def _check_factor_profile(row: EmissionFactor, scope: int | None, draft: Draft) -> None:
    """Only what is bought with scope 2 has a factor of the hour, on the market basis only where no certificate greens it."""
    if not row.profile:
        return
    if scope == 1:
        draft.fault(
            row.origin,
            "profile {profile}: {supply} is of scope 1; only factors of scope 2 have a profile",
            profile=repr(row.profile),
            supply=repr(row.supply),
        )
    elif row.basis != "location" and any(c.supply == row.supply for c in draft.rows(Certificate)):
        draft.fault(
            row.origin,
            "profile {profile}: certificates green {supply} by the year, so its market factor has none; give the profile to a "
            "row of basis location only",
            profile=repr(row.profile),
            supply=repr(row.supply),
        )


def _prices(supply: str, item: str, draft: Draft) -> list[Price]:
    return [price for price in draft.rows(Price) if price.supply == supply and price.item == item]


def _check_price(price: Price, draft: Draft) -> None:
    if price.profile and price.item not in ("energy", "export"):
        draft.fault(
            price.origin,
            "profile {profile}: only items energy and export have one, not {item}",
            profile=repr(price.profile),
            item=price.item,
        )
    if price.supply == ALL_SCOPE_1:
        if price.item != "carbon":
            draft.fault(
                price.origin, "item {item}: supply '*' has a price of item carbon only; name the supply", item=repr(price.item)
            )
        return
    if price.supply in draft.names(Connection, "connection"):
        if price.item not in (*CHARGES, "fixed"):
            draft.fault(
                price.origin,
                "item {item}: {supply} is a connection, which has a demand_charge, a capacity_charge and a fixed price only; "
                "name a supply",
                item=repr(price.item),
                supply=repr(price.supply),
            )
        return
    if not draft.refer(price.origin, ("supply", price.supply), "supply", (Supply, "supply")):
        return
    for supply in draft.rows(Supply):
        if supply.supply == price.supply and not supply.can_import and price.item in CHARGES:
            draft.fault(
                price.origin,
                "item {item}: is paid on imports, and {supply} cannot import; remove it",
                item=repr(price.item),
                supply=repr(price.supply),
            )
