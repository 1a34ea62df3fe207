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
from planner.finance.figures import dated
from planner.finance.pieces import Key
from planner.finance.terms import PARK, Terms
from planner.language.language import mark

# --- finance columns -------------------------------------------------------------------------------------------------------
# Columns of an account in finance.xlsx, and the numbers in them as planned.

#: Cash below this has no sign: half a cent.
CENT = "0.005"
#: 1 where what a year saves and costs is paid at its end.
AT_END = 'IF(timing="start",0,1)'
#: Columns of an account, in their order, and what they are called.
COLUMNS = {
    "against": mark("against"),
    "account": mark("account"),
    "name": mark("name"),
    "owner": mark("owner"),
    "year": mark("year"),
    "index": mark("price index on the date"),
    "level": mark("price index of the year"),
    "discount": mark("discount factor"),
    "waits": mark("years until it works"),
    "capital": mark("capital"),
    "bought": mark("bought"),
    "grants": mark("grants"),
    "operating": mark("operating saving"),
    "passed": mark("received from other owners"),
    "depreciation": mark("depreciation"),
    "fully": mark("borrowed, were it all"),
    "served": mark("debt service, were it all"),
    "added": mark("interest added, were it all"),
    "cash": mark("cash for debt service"),
    "room": mark("cash by debt service, were it all"),
    "share": mark("share borrowed"),
    "borrowed": mark("borrowed"),
    "service": mark("debt service"),
    "fees": mark("fees"),
    "vat": mark("VAT laid out"),
    "stock": mark("working capital"),
    "reserve": mark("reserve account"),
    "interest": mark("interest"),
    "debt": mark("debt at the end"),
    "tax": mark("tax"),
    "before_tax": mark("before tax"),
    "after_tax": mark("after tax, without debt"),
    "equity": mark("cash of the owner"),
    "cover": mark("debt cover"),
    "llcr": mark("loan life cover"),
    "beyond": mark("value beyond the horizon, real"),
    "real": mark("before tax, real"),
    "real_beyond": mark("and the value beyond, real"),
    "real_after": mark("after tax, real"),
    "real_equity": mark("cash of the owner, real"),
    "dated": mark("before tax, by date"),
    "dated_beyond": mark("and the value beyond, by date"),
    "dated_after": mark("after tax, by date"),
    "dated_equity": mark("cash of the owner, by date"),
    "sum_nominal": mark("before tax, added up"),
    "sum_real": mark("real, added up"),
    "sum_discounted": mark("discounted, added up"),
    "sum_equity": mark("cash of the owner, added up"),
    "sum_real_equity": mark("cash of the owner, real, added up"),
    "sign": mark("sign before tax, real"),
    "sign_beyond": mark("sign with the value beyond, real"),
    "sign_after": mark("sign after tax, real"),
    "sign_equity": mark("sign of the owner's cash, real"),
    "sign_dated": mark("sign before tax"),
    "sign_dated_beyond": mark("sign with the value beyond"),
    "sign_dated_after": mark("sign after tax"),
    "sign_dated_equity": mark("sign of the owner's cash"),
}
#: Column of cash by date -> that of its sign.
SIGNS = {
    "real": "sign",
    "real_beyond": "sign_beyond",
    "real_after": "sign_after",
    "real_equity": "sign_equity",
    "dated": "sign_dated",
    "dated_beyond": "sign_dated_beyond",
    "dated_after": "sign_dated_after",
    "dated_equity": "sign_dated_equity",
}
#: Columns that have a date more than there are years: the end of the last one.
BY_DATE = (
    "index",
    "discount",
    *SIGNS,
    "sum_nominal",
    "sum_real",
    "sum_discounted",
    "sum_equity",
    "sum_real_equity",
    *SIGNS.values(),
)
#: Columns that the account of everything adds up of its owners'.
OF_OWNERS = (
    "capital",
    "grants",
    "operating",
    "passed",
    "depreciation",
    "beyond",
    "bought",
    "fully",
    "served",
    "added",
    "cash",
    "borrowed",
    "service",
    "fees",
    "vat",
    "stock",
    "reserve",
    "interest",
    "debt",
    "tax",
)
#: Columns of text.
TEXTS = ("against", "account", "name", "owner")
AT = {name: xl_col_to_name(c) for c, name in enumerate(COLUMNS)}


def values(account: Account, terms: Terms) -> dict[str, np.ndarray]:
    """The numbers of an account by column: what its formulas give as planned; of what is by date one number more."""
    rise, cash = 1 + terms.finance.inflation, dated(account, terms)
    index = terms.index_first[0] * rise ** np.arange(len(terms.years) + 1)
    delta = np.append(terms.discount, terms.discount[-1] / (1 + terms.rate))
    at_end = np.append(np.zeros(len(terms.years)), cash.beyond)
    flows = {
        **{f"real{_SHORT[of]}": flow for of, flow in cash.real.items()},
        "real_beyond": cash.real[""] + at_end,
        **{f"dated{_SHORT[of]}": flow for of, flow in cash.nominal.items()},
        "dated_beyond": cash.nominal[""] + at_end * index,
    }
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(account.served > 0, account.cash / account.served, np.nan)
    return {
        **{name: getattr(account, name) for name in (*OF_OWNERS, "before_tax", "after_tax", "equity", "cover", "llcr")},
        **flows,
        "index": index,
        "level": terms.index,
        "discount": delta,
        "room": room,
        "share": np.full(len(terms.years), account.share),
        "sum_nominal": np.cumsum(flows["dated"]),
        "sum_real": np.cumsum(flows["real"]),
        "sum_discounted": np.cumsum(delta * flows["real"]),
        "sum_equity": np.cumsum(flows["dated_equity"]),
        "sum_real_equity": np.cumsum(flows["real_equity"]),
        **{sign: _signs(flows[name]) for name, sign in SIGNS.items()},
    }


#: Cash of a figure -> end of the name of its columns.
_SHORT = {"": "", "_after_tax": "_after", "_equity": "_equity"}


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
        """Cash by date, its sums and signs; also of the row below the last year."""
        a = AT
        net, loan = "{grants}-{capital}", "{grants}-{capital}+{borrowed}-{fees}-{vat}-{stock}-{reserve}"
        paid = {"": (net, "{before_tax}"), "_after": (net, "{after_tax}"), "_equity": (loan, "{equity}")}

        def moved(first: str, whole: str, real: bool) -> Formula:
            """Cash of a date: `first`, and the rest of `whole` of the year before or, if timing is start, of its own year. `real`:
            without inflation."""

            def at(row: int, text: str, index: str) -> str:
                cells = f"({text})" + (index if real else "")
                return cells.format(**{name: f"{column}{row}" for name, column in a.items()})

            def formula(row: int) -> str:
                rest = f"{whole}-({first})"
                before = at(row - 1, rest, "/{level}") if row > self.first else "0"
                own = at(row, first, "/{index}"), at(row, rest, "/{level}")
                late = f'IF(timing="start",{"0" if row > self.last else own[1]},{before})'
                return f"={late}" if row > self.last else f"={own[0]}+{late}"

            return formula

        def beyond(of: str) -> Formula:
            worth = f"residual_value*SUMPRODUCT({self.of('discount')},{self.of('beyond')})"
            money = "" if of == "real" else f"*{a['index']}{self.last + 1}"
            more = f"+{worth}/{a['discount']}{self.last + 1}{money}"
            return lambda row: f"={a[of]}{row}" + (more if row > self.last else "")

        def summed(name: str) -> Formula:
            return lambda row: f"=SUM({a[name]}${self.first}:{a[name]}{row})"

        def signed(name: str, sign: str) -> Formula:
            return lambda row: f"=IF(ABS({a[name]}{row})<{CENT},{self._before(row, sign)},SIGN({a[name]}{row}))"

        return {
            **{f"{kind}{of}": moved(*parts, kind == "real") for kind in ("real", "dated") for of, parts in paid.items()},
            "real_beyond": beyond("real"),
            "dated_beyond": beyond("dated"),
            "sum_nominal": summed("dated"),
            "sum_real": summed("real"),
            "sum_discounted": lambda row: f"={self._before(row, 'sum_discounted')}+{a['discount']}{row}*{a['real']}{row}",
            "sum_equity": summed("dated_equity"),
            "sum_real_equity": summed("real_equity"),
            **{sign: signed(name, sign) for name, sign in SIGNS.items()},
        }
