"""Formulas of an account in finance.xlsx: a row a year, in which every number follows from terms, prices and pieces.

Cash by date stands in the row of the year that begins then; what is paid at the end of a year therefore in the row below, and in
one more row below the last year.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from planner.finance.accounts import OWNER, WHOLE, Account
from planner.finance.figures import by_dates, dated
from planner.finance.pieces import Key
from planner.finance.terms import PARK, Terms
from planner.language.language import mark

# --- finance columns -------------------------------------------------------------------------------------------------------
# Columns of an account in finance.xlsx, and the numbers in them as planned.

#: Cash below this has no sign: half a cent.
CENT = "0.005"
#: 1 where what a year saves and costs is paid at its end.
AT_END = 'IF(timing="start",0,1)'
#: What a column is: text; a number of each year; one that the account of everything adds up of its owners'; one of each date: the
#: start of each year, and the end of the last one.
TEXT, YEARLY, ADDED, DATED = "text", "yearly", "added", "dated"
#: Columns of an account, in their order: what they are called, and what they are.
COLUMNS = {
    "against": (mark("against"), TEXT),
    "account": (mark("account"), TEXT),
    "name": (mark("name"), TEXT),
    "owner": (mark("owner"), TEXT),
    "year": (mark("year"), YEARLY),
    "index": (mark("price index on the date"), DATED),
    "level": (mark("price index of the year"), YEARLY),
    "discount": (mark("discount factor"), DATED),
    "waits": (mark("years until it works"), YEARLY),
    "capital": (mark("capital"), ADDED),
    "bought": (mark("bought"), ADDED),
    "grants": (mark("grants"), ADDED),
    "operating": (mark("operating saving"), ADDED),
    "passed": (mark("received from other owners"), ADDED),
    "depreciation": (mark("depreciation"), ADDED),
    "fully": (mark("borrowed, were it all"), ADDED),
    "served": (mark("debt service, were it all"), ADDED),
    "added": (mark("interest added, were it all"), ADDED),
    "cash": (mark("cash for debt service"), ADDED),
    "room": (mark("cash by debt service, were it all"), YEARLY),
    "share": (mark("share borrowed"), YEARLY),
    "borrowed": (mark("borrowed"), ADDED),
    "service": (mark("debt service"), ADDED),
    "fees": (mark("fees"), ADDED),
    "vat": (mark("VAT laid out"), ADDED),
    "stock": (mark("working capital"), ADDED),
    "reserve": (mark("reserve account"), ADDED),
    "interest": (mark("interest"), ADDED),
    "debt": (mark("debt at the end"), ADDED),
    "tax": (mark("tax"), ADDED),
    "before_tax": (mark("before tax"), YEARLY),
    "after_tax": (mark("after tax, without debt"), YEARLY),
    "equity": (mark("cash of the owner"), YEARLY),
    "cover": (mark("debt cover"), YEARLY),
    "llcr": (mark("loan life cover"), YEARLY),
    "beyond": (mark("value beyond the horizon, real"), ADDED),
    "real": (mark("before tax, real"), DATED),
    "real_beyond": (mark("and the value beyond, real"), DATED),
    "real_after": (mark("after tax, real"), DATED),
    "real_equity": (mark("cash of the owner, real"), DATED),
    "dated": (mark("before tax, by date"), DATED),
    "dated_beyond": (mark("and the value beyond, by date"), DATED),
    "dated_after": (mark("after tax, by date"), DATED),
    "dated_equity": (mark("cash of the owner, by date"), DATED),
    "sum_nominal": (mark("before tax, added up"), DATED),
    "sum_real": (mark("real, added up"), DATED),
    "sum_discounted": (mark("discounted, added up"), DATED),
    "sum_equity": (mark("cash of the owner, added up"), DATED),
    "sum_real_equity": (mark("cash of the owner, real, added up"), DATED),
    "sign": (mark("sign before tax, real"), DATED),
    "sign_beyond": (mark("sign with the value beyond, real"), DATED),
    "sign_after": (mark("sign after tax, real"), DATED),
    "sign_equity": (mark("sign of the owner's cash, real"), DATED),
}
TEXTS, OF_OWNERS, BY_DATE = (tuple(n for n, (_, kind) in COLUMNS.items() if kind == of) for of in (TEXT, ADDED, DATED))
#: Ends of the names of columns of cash: of all, with the value beyond, after tax, of the owner.
CASH = ("", "_beyond", "_after", "_equity")
AT = {name: xl_col_to_name(c) for c, name in enumerate(COLUMNS)}


def values(account: Account, terms: Terms) -> dict[str, np.ndarray]:
    """The numbers of an account by column: what its formulas give as planned; of what is by date one number more."""
    cash = dated(account, terms)
    real = dict(zip(("", "_after", "_equity"), cash.real.values(), strict=True))
    real["_beyond"] = real[""] + np.append(np.zeros(len(terms.years)), cash.beyond)
    delta = by_dates(terms)
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(account.served > 0, account.cash / account.served, np.nan)
    return {
        **{name: getattr(account, name) for name in (*OF_OWNERS, "before_tax", "after_tax", "equity", "cover", "llcr")},
        **{f"real{of}": real[of] for of in CASH},
        **{f"dated{of}": real[of] * cash.level for of in CASH},
        **{f"sign{of}": _signs(real[of]) for of in CASH},
        "index": cash.level,
        "level": terms.index,
        "discount": delta,
        "room": room,
        "share": np.full(len(terms.years), account.share),
        "sum_nominal": np.cumsum(real[""] * cash.level),
        "sum_real": np.cumsum(real[""]),
        "sum_discounted": np.cumsum(delta * real[""]),
        "sum_equity": np.cumsum(real["_equity"] * cash.level),
        "sum_real_equity": np.cumsum(real["_equity"]),
    }


def _signs(flow: np.ndarray) -> np.ndarray:
    """The sign of each year's cash, of the year before where it has none."""
    found, before = np.zeros(len(flow)), 0.0
    for i, cash in enumerate(flow):
        before = found[i] = before if abs(cash) < float(CENT) else float(np.sign(cash))
    return found


# --- finance formulas ------------------------------------------------------------------------------------------------------

#: A formula of a row.
Formula = Callable[[int], str]


@dataclass
class SheetPlaces:
    """Where things stand in the workbook, rows from 1 as a formula names them.

    sheet_of_projects; projects: (kind, name) -> row there, from 0
    times     key -> cell that says what it is taken times
    lent      (against, owner) -> share that is borrowed as planned
    terms     owner -> term -> cell or name of a cell; of the owner that is blank those of [finance]
    pieces    name of the sheet of pieces; blocks: (against, kind, name) -> first and last row
    accounts  name of the sheet of accounts; rows: (against, kind, name) -> first row and the last one of a year
    """

    sheet_of_projects: str
    projects: dict[tuple[str, str], int]
    times: dict[Key, str]
    terms: Mapping[str, Mapping[str, str]]
    pieces: str = ""
    accounts: str = ""
    lent: dict[tuple[str, str], float] = field(default_factory=dict)
    blocks: dict[tuple[str, str, str], tuple[int, int]] = field(default_factory=dict)
    rows: dict[tuple[str, str, str], tuple[int, int]] = field(default_factory=dict)


class Block:
    """The rows of one account."""

    def __init__(self, places: SheetPlaces, against: str, account: Account, span: tuple[int, int]) -> None:
        """`span` are the first and last row of all projects of the comparison."""
        self.places, self.against, self.account, self.span = places, against, account, span
        self.first, self.last = places.rows[against, account.kind, account.name]
        self.who = account.kind, account.name
        self.term = places.terms.get(account.owner, places.terms[""])

    def of(self, name: str, first: int = 0, last: int = 0) -> str:
        """The range of a column, over the years of the account unless said otherwise."""
        return f"{AT[name]}${first or self.first}:{AT[name]}${last or self.last}"

    def _before(self, row: int, name: str) -> str:
        """The cell above, 0 in the first year."""
        return "0" if row == self.first else f"{AT[name]}{row - 1}"

    def _sum(self, column: str, part: str = "") -> Formula:
        """Sum of the pieces of a project and a year, or of the accounts of an owner, in real money."""
        first, last = self.places.blocks[self.against, *self.who]

        def within(letter: str) -> str:
            return f"'{self.places.pieces}'!${letter}${first}:${letter}${last}"

        more = f',{within("E")},"{part}"' if part else ""
        return lambda row: f"SUMIFS({within(column)},{within('F')},{AT['year']}{row}{more})"

    def _added(self, name: str) -> Formula:
        """Sum over the projects of an owner."""
        first, last = self.span
        owned = f"EXACT({self.of('owner', first, last)},{AT['owner']}{self.first})"
        return lambda row: f"=SUMPRODUCT({owned}*({self.of('year', first, last)}={AT['year']}{row})*{self.of(name, first, last)})"

    def _of_owners(self, name: str, sign: str = "", but: str = "") -> Formula:
        """Sum over the accounts of the owners, one left out."""
        own = self.places.rows.items()
        firsts = [rows[0] for (against, kind, o), rows in own if (against, kind) == (self.against, OWNER) and o != but]
        return lambda row: "=" + ("".join(f"{sign or '+'}{AT[name]}{first + row - self.first}" for first in firsts) or "0")

    def _passed(self) -> Formula:
        """What an owner gets from others, or passes on to the park."""
        if self.account.kind != OWNER:
            return lambda row: "=0"
        if self.account.name == PARK:
            return self._of_owners("passed", "-", PARK)
        kept = self.term.get("saving_share", "1")
        return lambda row: f"=-(1-{kept})*{AT['operating']}{row}"

    def _own(self) -> dict[str, Formula]:
        """What is the account's own: of a project from its pieces, of an owner from its projects."""
        if self.account.kind == OWNER:
            own = "capital", "bought", "grants", "operating", "depreciation", "beyond", "fully", "served", "added"
            return {name: self._added(name) for name in own}
        place = self.places.projects.get(self.who)
        sheet = f"'{self.places.sheet_of_projects}'!"
        share, years = ("0", "1") if place is None else (f"{sheet}$D${place + 1}", f"{sheet}$E${place + 1}")
        capital, plan, operating, beyond = self._sum("I", "capital"), self._sum("M"), self._sum("I", "operating"), self._sum("K")
        net, waits = f"({self.of('capital')}-{self.of('grants')})", self._sum("N", "capital")
        grace, interest, tenor, level = (self.term[name] for name in ("grace", "interest", "tenor", "level_service"))
        late = f"(capitalised*{self.of('waits')})"

        def written(row: int) -> str:
            left = f"({years}-({AT['year']}{row}-{self.of('year')}))"
            part = f"(({left}>=1)+({left}>0)*({left}<1)*{left})"
            return f"=SUMPRODUCT({net}*({self.of('year')}<={AT['year']}{row})*{part})/{years}"

        def age(row: int) -> str:
            return f"({AT['year']}{row}-{self.of('year')}+{AT_END})"

        def served(row: int) -> str:
            old = f"({age(row)}-{late})"
            paid = f"(({old}>=1)*({old}<={grace})*{interest}+({old}>{grace})*({old}>=1)*({old}<={tenor})*{level})"
            return f"=SUMPRODUCT({self.of('fully')}*(1+{interest})^{late}*{paid})"

        def added(row: int) -> str:
            in_time = f"({age(row)}>=1)*({age(row)}<={late})"
            return f"=SUMPRODUCT({self.of('fully')}*{in_time}*{interest}*(1+{interest})^({age(row)}-1))"

        return {
            "waits": lambda row: f"={waits(row)}",
            "capital": lambda row: f"=-{capital(row)}*{AT['index']}{row}",
            "bought": lambda row: f"={plan(row)}*{AT['index']}{row}",
            "grants": lambda row: f'=IF(case="without grants",0,{share})*{AT["bought"]}{row}',
            "operating": lambda row: f"={operating(row)}*{AT['level']}{row}",
            "depreciation": written,
            "beyond": lambda row: f"={beyond(row)}",
            "fully": lambda row: f"=MAX({AT['bought']}{row}-{AT['grants']}{row},0)",
            "served": served,
            "added": added,
        }

    def formulas(self) -> dict[str, Formula]:
        """Column -> formula of a row."""
        a = AT

        def cell(text: str) -> Formula:
            """A formula in which `{name}` is the cell of that column in the row."""
            return lambda row: "=" + text.format(**{name: f"{column}{row}" for name, column in a.items()})

        def life(row: int) -> str:
            """What cash and debt service of a loan's years from this one on are worth at the interest, one by the other."""
            after = f"({self.of('year')}-{a['year']}{row})"
            later = f"({self.of('service')}>0)*({after}>=0)*({after}<{self.term['tenor']})"
            worth = f"(1+{interest})^-({self.of('year')}-{a['year']}{row})"
            cash, service = (f"SUMPRODUCT({later}*{self.of(name)}*{worth})" for name in ("cash", "service"))
            return f'=IF({a["service"]}{row}>0,{cash}/{service},"")'

        room = self.of("room")
        most, cover = self.term["most_debt"], self.term["cover_ratio"]
        most = f"IF(ISNUMBER({cover}),MAX(0,MIN({most},IF(COUNT({room})=0,1,MIN({room})/{cover}))),{most})"
        most = f'=IF(case="downside",{self.places.lent.get((self.against, self.account.owner), 0.0):.15g},{most})'
        tax, rate, interest = (self.term[name] for name in ("tax_rate", "discount_rate", "interest"))
        always = {
            "index": cell(f"(1+inflation)^({{year}}-price_year-{AT_END})"),
            "level": cell("(1+inflation)^({year}-price_year)"),
            "discount": cell(f"(1+{rate})^-({{year}}-start_year)"),
            "room": cell('IF({served}>0,{cash}/{served},"")'),
            "before_tax": cell("{operating}+{passed}-{capital}+{grants}"),
            "after_tax": cell("{cash}-{capital}+{grants}"),
            "equity": cell("{before_tax}-{tax}+{borrowed}-{service}-{fees}"),
            "cover": cell('IF({service}>0,{cash}/{service},"")'),
            "llcr": life,
            **self._by_date(),
        }
        if self.account.kind == WHOLE:
            total = f"SUM({self.of('fully')})"
            share = f"=IF({total}>0,SUM({self.of('borrowed')})/{total},0)"
            return {**always, **{name: self._of_owners(name) for name in OF_OWNERS}, "share": lambda row: share}
        return {
            **always,
            **self._own(),
            "passed": self._passed(),
            "cash": cell(f"{{operating}}+{{passed}}-{tax}*({{operating}}+{{passed}}-{{depreciation}})"),
            "share": lambda row: most,
            "borrowed": cell("{share}*{fully}"),
            "service": cell("{share}*{served}"),
            "fees": cell("fee*{borrowed}"),
            "vat": cell("capital_vat*{bought}"),
            "stock": lambda row: f"=working_capital*SUM({a['bought']}${self.first}:{a['bought']}{row})",
            "reserve": cell("reserve_months/12*{service}"),
            "interest": lambda row: f"={interest}*({self._before(row, 'debt')}+{AT_END}*{a['borrowed']}{row})",
            "debt": lambda row: f"={self._before(row, 'debt')}+{a['interest']}{row}-{a['service']}{row}+{a['borrowed']}{row}",
            "tax": cell(f"{tax}*({{operating}}+{{passed}}-{{depreciation}}-{{interest}}-{{fees}})"),
        }

    def _by_date(self) -> dict[str, Formula]:
        """Cash by date, its sums and signs; also of the row below the last year. Each date has one price index."""
        a = AT
        net, loan = "{grants}-{capital}", "{grants}-{capital}+{borrowed}-{fees}-{vat}-{stock}-{reserve}"
        paid = {"": (net, "{before_tax}"), "_after": (net, "{after_tax}"), "_equity": (loan, "{equity}")}

        def real(first: str, whole: str) -> Formula:
            """Real cash of a date: `first`, and the rest of `whole` of the year before or, if timing is start, of its own year."""

            def at(row: int, text: str) -> str:
                return text.format(**{name: f"{column}{row}" for name, column in a.items()})

            def formula(row: int) -> str:
                rest, is_year = f"({whole}-({first}))/{{level}}", row <= self.last
                before, own = at(row - 1, rest) if row > self.first else "0", at(row, rest) if is_year else "0"
                return "=" + (at(row, f"({first})/{{index}}+") if is_year else "") + f'IF(timing="start",{own},{before})'

            return formula

        def beyond(row: int) -> str:
            worth = f"residual_value*SUMPRODUCT({self.of('discount')},{self.of('beyond')})"
            return f"={a['real']}{row}" + (f"+{worth}/{a['discount']}{row}" if row > self.last else "")

        def money(of: str) -> Formula:
            return lambda row: f"={a[f'real{of}']}{row}*{a['index']}{row}"

        def summed(name: str) -> Formula:
            return lambda row: f"=SUM({a[name]}${self.first}:{a[name]}{row})"

        def signed(of: str) -> Formula:
            cash, sign = a[f"real{of}"], f"sign{of}"
            return lambda row: f"=IF(ABS({cash}{row})<{CENT},{self._before(row, sign)},SIGN({cash}{row}))"

        sums = {"nominal": "dated", "real": "real", "equity": "dated_equity", "real_equity": "real_equity"}
        return {
            **{f"real{of}": real(*parts) for of, parts in paid.items()},
            "real_beyond": beyond,
            **{f"dated{of}": money(of) for of in CASH},
            **{f"sign{of}": signed(of) for of in CASH},
            **{f"sum_{name}": summed(of) for name, of in sums.items()},
            "sum_discounted": lambda row: f"={self._before(row, 'sum_discounted')}+{a['discount']}{row}*{a['real']}{row}",
        }
