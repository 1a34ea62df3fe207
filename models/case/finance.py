"""The park as a whole: money, horizon, accounting; and its yearly budget."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from models.case.base import Name, Record, Row, Share, Unit, Year
from models.case.stage import Uncertainty


class Orders(Record):
    """park.toml, table [orders]: the years in which a decision to invest is taken."""

    years: tuple[Year, ...] = ()
    """Years in which anything is ordered, adopted or planted, in every plan; left out: every year. What is signed, and
    retirement, contracts and credits, may fall in any."""


#: Terms of [finance] that an owner may have of its own.
LOAN = ("tax_rate", "debt_share", "interest", "tenor", "grace", "cover_ratio")


class OwnTerms(Record):
    """park.toml, tables [finance.owners.NAME]: what holds for one owner in place of [finance]."""

    tax_rate: Annotated[float, Unit("1"), Field(ge=0, lt=1)] | None = None
    """Share of its profit that it pays as tax; left out: as in [finance], as each of the following five."""
    debt_share: Share | None = None
    """Share of its capital, grants taken off, that it borrows; with cover_ratio the most of it."""
    interest: Annotated[float, Unit("1/year"), Field(ge=0, le=1)] | None = None
    """Interest on its debt per year, nominal."""
    tenor: Annotated[int, Unit("year"), Field(ge=1, le=100)] | None = None
    """Years after the year of borrowing in which its debt is served."""
    grace: Annotated[int, Unit("year"), Field(ge=0, le=99)] | None = None
    """The first of these years, in which interest alone is paid."""
    cover_ratio: Annotated[float, Unit("1"), Field(gt=0, le=100)] | None = None
    """Least ratio of its cash available to its debt service."""
    discount_rate: Annotated[float, Unit("1/year"), Field(ge=0, le=1)] | None = None
    """Real rate at which its cash is discounted; left out: the park's."""
    saving_share: Share | None = None
    """Share of the operating saving of its projects that it keeps; the rest it passes on to the park; left out: all."""


class Financing(Record):
    """park.toml, table [finance]: inflation, tax, debt and grants of financial statements, which are made where it stands. No plan
    changes."""

    inflation: Annotated[float, Unit("1/year"), Field(gt=-0.5, le=1)] = 0.0
    """Rise of all prices per year, from price_year on."""
    tax_rate: Annotated[float, Unit("1"), Field(ge=0, lt=1)] = 0.0
    """Share of the profit that is paid as tax; a loss saves as much, on other profit of the owner."""
    depreciation: dict[str, Annotated[float, Unit("year"), Field(ge=1)]] = Field(default_factory=dict)
    """Table [finance.depreciation]: years over which capital is written off, in equal parts from the year in which it is paid; by
    `technology`, `measure`, `planting`, or the name of a type, measure or project; left out: the lifetime."""
    grants: dict[str, Share] = Field(default_factory=dict)
    """Table [finance.grants]: share of the plan's capital that is given beside what costs.csv says; named as in depreciation."""
    debt_share: Share | None = None
    """Share of the capital, grants taken off, that is borrowed, 0 if left out; with cover_ratio the most of it, 1 if left out."""
    interest: Annotated[float, Unit("1/year"), Field(ge=0, le=1)] = 0.0
    """Interest on debt per year, nominal."""
    tenor: Annotated[int, Unit("year"), Field(ge=1, le=100)] = 10
    """Years in which debt is served, the first one a year after it is borrowed."""
    grace: Annotated[int, Unit("year"), Field(ge=0, le=99)] = 0
    """The first of these years, in which interest alone is paid; then equal payments."""
    cover_ratio: Annotated[float, Unit("1"), Field(gt=0, le=100)] | None = None
    """Least ratio of cash available to debt service, in every year: as much is borrowed as it allows, at most debt_share; left out:
    debt_share is borrowed."""
    residual_value: Share = 1.0
    """Share that is counted of the value beyond the horizon: of the capital that serves years after last_year."""
    timing: Literal["end", "start"] = "end"
    """When a year is paid: `end`: capital, its grants and loans at the start of the year, all else at its end; `start`: all at its
    start, as in the system cost."""
    owners: dict[str, OwnTerms] = Field(default_factory=dict)
    """Tables [finance.owners.NAME]: terms of one owner, named as in column `owner`, `park` where none is named there."""

    def of_owner(self, owner: str) -> Financing:
        """The terms with those that an owner has of its own."""
        own = self.owners.get(owner, OwnTerms())
        return self.model_copy(update={name: value for name in LOAN if (value := getattr(own, name)) is not None})

    @property
    def most_debt(self) -> float:
        """Most of the capital that may be borrowed (share)."""
        return self.debt_share if self.debt_share is not None else 0.0 if self.cover_ratio is None else 1.0


class Tax(Record):
    """park.toml, table [tax]: value-added tax in the money that the park states."""

    vat: Annotated[float, Unit("1"), Field(ge=0, lt=1)] = 0.0
    """Rate of VAT that prices.csv, costs.csv and bills.csv hold and that is deducted: it is taken off as they are read, where a
    row's own `vat` says no other. Not off carbon prices, nor off what the catalogue gives, which is without."""


class Park(Record):
    """park.toml: what holds for the whole park."""

    name: Name
    """The park's name."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """ISO code of the currency of all money."""
    price_year: Year
    """All money is real, of this year."""
    discount_rate: Annotated[float, Unit("1/year"), Field(ge=0, le=1)]
    """Real discount rate per year, as a fraction of 1; may be given as discount_rate_nominal and inflation."""
    discount_rate_nominal: Annotated[float, Unit("1/year"), Field(ge=0, le=1)] | None = None
    """In place of discount_rate: the nominal rate, as of a bank; (1 + it) / (1 + inflation) - 1 is the real one."""
    inflation: Annotated[float, Unit("1/year"), Field(gt=-0.5, le=1)] | None = None
    """Beside discount_rate_nominal: rise of all prices per year; that of [finance], if it states one, is the same."""
    base_year: Year
    """Year of the emission inventory that stage rules compare with."""
    base_emissions: Annotated[float, Unit("t"), Field(gt=0)] | None = None
    """Gross emissions in base_year; left out: those of the existing park's own operation."""
    first_year: Year
    """First year in which anything can be built."""
    last_year: Year
    """End of the horizon."""
    standard: Name
    """The standard in stages.csv whose stages the goal names."""
    region: Literal["", "cn", "eu", "us"] = ""
    """Region whose costs the catalogue gives where it has some; left out: its mixture, Chinese where known, else European."""
    accounting: Literal["market", "location"] = "market"
    """Basis of scope 2 that the stage rules use; both are always reported."""
    typical_days: Annotated[int, Unit("1"), Field(ge=0, le=366)] = 12
    """Typical days that a run begins with; more, or every hour, where they are too far off (over 0.5 %). 0 = every hour."""
    first_weekday: Annotated[int, Unit("1"), Field(ge=0, le=6)] = 0
    """Weekday of the profiles' first day; 0 = Monday."""
    carbon_free_share: Share = 0.0
    """Share of priced emissions that free allowances cover."""
    count_embodied: bool = False
    """True: what is embodied in an order (`embodied` in costs.csv) counts in scope 3 of the year of the order, and so in gross and
    net emissions, in stages and in rules; left out: it stands beside the orders, counted by no rule."""
    rules: tuple[str, ...] = ()
    """Rules of the catalogue that every plan but the reference keeps, besides those of rules.csv."""
    orders: Orders = Orders()
    """The table [orders]."""
    tax: Tax = Tax()
    """The table [tax]."""
    futures: Uncertainty = Uncertainty()
    """The table [futures]."""
    finance: Financing | None = None
    """The table [finance]; left out: no financial statements are made."""

    def may_order(self, year: int) -> bool:
        """True if anything may be ordered, adopted or planted in that year."""
        return not self.orders.years or year in self.orders.years


class Budget(Row):
    """budget.csv: money that may be spent on capital in a year (cash, grants taken off)."""

    table: ClassVar[str] = "budget"
    key: ClassVar[tuple[str, ...]] = ("year",)

    year: Year
    """Year that the limit holds in; a year with no row has no limit."""
    capital: Annotated[float, Unit("money"), Field(ge=0)]
    """Most that may be spent on capital in that year."""
