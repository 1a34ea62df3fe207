"""Shares that cannot be: limits of stages and rules, reserves and ramps, most often percentages.

products.csv: whose the products are, and shares of a tenant that are no more than all of it.
"""

from __future__ import annotations

from collections import defaultdict

from models.case import Demand, EquipmentType, Origin, ParkRule, ProcessEmission, Product, Reserve, StageRule
from models.metrics import CUMULATED, OF_RULES, Metric
from models.units import UnitError, yearly_factor
from planner.language.language import mark
from planner.park import faults, remarks
from planner.park.checks.thresholds import (
    BUDGET_OF_BASE,
    INTENSITY_USUAL,
    MARGIN_MOST,
    MARGIN_USUAL,
    RAMP_MOST,
    RATIO_MOST,
    RATIO_NEVER,
    RATIO_USUAL,
)
from planner.park.draft import Draft
from planner.park.faults import fault, of
from planner.park.fields import share_hint


def check_shares(draft: Draft) -> None:
    """Complain of what no share can be, and warn of what one hardly is."""
    rows: list[StageRule | ParkRule] = [*draft.rows(StageRule), *draft.rows(ParkRule)]
    for row in rows:
        _check_limit(row, OF_RULES[row.metric], draft)
    for reserve in draft.rows(Reserve):
        if not _is_too_much(reserve.origin, "margin", reserve.margin, MARGIN_MOST, draft) and reserve.margin > MARGIN_USUAL:
            draft.warn(
                reserve.origin,
                remarks.LARGE_MARGIN,
                margin=f"{reserve.margin:g}",
                percent=f"{100 * reserve.margin:g}",
                share=f"{reserve.margin / 100:g}",
            )
    for kind_of in draft.rows(EquipmentType):
        ramp = kind_of.ramp
        if ramp is not None and not _is_too_much(kind_of.origin, "ramp", ramp, RAMP_MOST, draft) and ramp > 1:
            draft.warn(kind_of.origin, remarks.NO_RAMP, ramp=f"{ramp:g}", share=f"{ramp / 100:g}")


def _check_limit(row: StageRule | ParkRule, metric: Metric, draft: Draft) -> None:
    """The limit of a metric: of shares at most 1, of other ratios at most RATIO_MOST, below 0 alike; one of 100 says nothing."""
    is_own = row.origin is not None and not row.origin.catalogue
    if metric.name in CUMULATED:
        base = draft.park.base_emissions if draft.park else None
        if is_own and base and 0 < row.limit < BUDGET_OF_BASE * base:
            draft.warn(row.origin, remarks.NO_BUDGET, limit=f"{row.limit:g}", base=f"{base:g}")
        return
    if metric.unit != "1":
        if is_own and row.limit > INTENSITY_USUAL:
            figures = {"limit": f"{row.limit:g}", "most": f"{INTENSITY_USUAL:g}", "kg": f"{row.limit / 1000:g}"}
            draft.warn(row.origin, remarks.INTENSITY, **figures)
        return
    never = not metric.is_share and row.sense == "<=" and row.limit >= RATIO_NEVER
    most = 1.0 if metric.is_share else RATIO_MOST
    if (not never and _is_too_much(row.origin, "limit", row.limit, most, draft)) or not is_own:
        return
    if abs(row.limit) > RATIO_USUAL:
        remark = remarks.RATIO_NEVER if never else remarks.RATIO_ABOVE_1 if row.limit > 0 else remarks.RATIO_BELOW_1
        draft.warn(row.origin, remark, limit=f"{row.limit:g}", metric=row.metric, share=f"{row.limit / 100:g}")


def _is_too_much(origin: Origin | None, column: str, value: float, most: float, draft: Draft) -> bool:
    """True, with a complaint, where a share is beyond what one can be, on either side of 0."""
    if -most <= value <= most:
        return False
    given = f"{column} = {value:g}"
    if value > 0:
        draft.fault(origin, of(given, fault(faults.ABOVE, most=f"{most:g}", hint=share_hint(value))))
    else:
        draft.fault(origin, of(given, fault(faults.BELOW, least=f"{-most:g}", hint=share_hint(value))))
    return True


def check_products(draft: Draft) -> None:
    """Every tenant is one of the park, every amount a mass; the products of a tenant all share by amount, or as stated."""
    rows: dict[str, list[Product]] = defaultdict(list)
    for row in draft.rows(Product):
        if row.tenant:
            draft.refer(row.origin, ("tenant", row.tenant), "tenant of the park", (Demand, "tenant"), (ProcessEmission, "tenant"))
        try:
            yearly_factor(row.unit, "t")
        except UnitError as error:
            draft.fault(row.origin, error.args[0])
        rows[row.tenant].append(row)
    for own in rows.values():
        shares = {row.product: row.share for row in own}
        stated = [share for share in shares.values() if share is not None]
        if stated and len(stated) < len(shares):
            blank = next(row for row in own if row.share is None)
            words = mark("share: is blank, other products of the tenant state one; write it in all of them, or in none")
            draft.fault(blank.origin, words)
        if sum(stated) > 1 + 1e-9:
            words = mark("share: the products of the tenant bear {share} % of its emissions; together they bear 100 % at most")
            draft.fault(own[-1].origin, words, share=f"{100 * sum(stated):.4g}")
