"""The tables of the business case, which a run has where park.toml has a table [finance]."""

from __future__ import annotations

from planner.tables.columns import ACCOUNT, AGAINST, CARRIER, ITEM, NOTE, UNIT, VALUE, YEAR, Table, number, text

#: In the order in which the page of outputs has them.
FINANCE_TABLES: tuple[Table, ...] = (
    Table(
        "finance",
        "Only where park.toml has a table [finance]: figures of the target plan against the reference and the least-cost plan; of "
        "all of it, of each owner, and of each project, supply, certificate and credit.",
        ("against", "account", "name", "figure", "basis"),
        AGAINST,
        ACCOUNT,
        text("name", "whose: an owner, a project, a supply; empty for all"),
        text("figure", "which figure it is, see below"),
        text("basis", "`real` (money of price_year), `nominal`; empty where it is neither"),
        number("value", "the number; above 0 where the target plan is better", "`unit`", may_be_blank=True),
        text("unit", "unit of the number before it"),
        NOTE,
    ),
    Table(
        "cash_flow",
        "Only where park.toml has a table [finance]: the accounts year by year; what is paid is below 0. An item that is 0 in "
        "every year is left out.",
        ("against", "account", "name", "item", "year"),
        YEAR,
        AGAINST,
        ACCOUNT,
        text("name", "whose: an owner, a project, a supply; empty for all"),
        ITEM,
        number("real", "in money of price_year", "`unit`"),
        number("nominal", "in money of the year", "`unit`"),
        UNIT,
    ),
    Table(
        "levelised",
        "Only where park.toml has a table [finance]: what a MWh of each carrier that end uses draw costs in the target plan, "
        "discounted over the years: all that is paid for energy, equipment and carbon, traced through everything that converts it.",
        ("carrier",),
        CARRIER,
        VALUE,
        UNIT,
    ),
    Table(
        "finance_ends",
        "Only where park.toml has a table [finance]: which change of one thing, in all years and all else as planned, ends a "
        "figure of all of `finance`: at which a net present value is 0, or the cash of a year just covers its debt service. A "
        "figure that is missed as planned has no row.",
        ("against", "figure", "what", "name"),
        AGAINST,
        text("figure", "`npv_after_tax`, `npv_equity` (real), `dscr_least`"),
        text("what", "bought, sold, capital (of all where `name` is empty), carbon, saving (all that operation saves), interest"),
        text("name", "supply, certificate, credit, technology, measure, project; else empty"),
        number("now", "the figure as planned", "`unit`"),
        number("limit", "what it is not to fall below", "`unit`"),
        number("lower", "the figure with it 30 % lower; empty where there is none then", "`unit`", may_be_blank=True),
        number("higher", "the figure with it 30 % higher", "`unit`", may_be_blank=True),
        number("ends_at", "share by which it changes until the figure is at its limit; empty: none from -1 to 1", "1", True),
        text("unit", "unit of the figure"),
    ),
)
