"""Files as portals and accountants of four countries give them; what was used in each hour is known.

A Spanish dairy: a distributor's hours numbered 1 to 25, invoices of electricity and gas in workbooks. A Chinese textile works: 96 points
a row with readings before the transformers' multiplier, bills of steam in tonnes and of gas in 万m³. A British food plant: half hours of
a day in a row. A French dairy: half hours with their offset from UTC, a table of keys above.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import xlsxwriter

YEAR = 2025
MADRID, PARIS, LONDON = ZoneInfo("Europe/Madrid"), ZoneInfo("Europe/Paris"), ZoneInfo("Europe/London")
MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre")


def dairy(time: datetime) -> float:
    """MW: milk comes every day, less on Sundays; warm months need more cold; two quiet days."""
    if (time.month, time.day) in ((1, 1), (12, 25)):
        return 0.25 + 0.001 * time.hour
    level = 0.62 + 0.55 * (6 <= time.hour < 22) + 0.12 * (5 <= time.month <= 9)
    return level * (0.8 if time.weekday() == 6 else 1.0) + 0.013 * (time.hour % 5)


def textile(time: datetime) -> float:
    """MW: three shifts, a week of rest at the Spring Festival (28 January to 4 February 2025) and three days in May."""
    if date(2025, 1, 28) <= time.date() <= date(2025, 2, 4) or (time.month, time.day) in ((5, 1), (5, 2)):
        return 0.6 + 0.002 * time.hour
    return (5.4 + 0.7 * (8 <= time.hour < 20) + 0.05 * (time.minute // 15)) * (0.93 if time.weekday() >= 5 else 1.0)


def comma(value: float, digits: int = 1) -> str:
    """A number as Spain, France and Germany write it: 1.234,5."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def days() -> Iterator[date]:
    """The days of the year."""
    day = date(YEAR, 1, 1)
    while day.year == YEAR:
        yield day
        day += timedelta(days=1)


def moments(zone: ZoneInfo, minutes: int) -> Iterator[datetime]:
    """The starts of all intervals of the year on the clocks of a zone, 23 and 25 hours long days with them."""
    time = datetime(YEAR, 1, 1, tzinfo=zone).astimezone(ZoneInfo("UTC"))
    end = datetime(YEAR + 1, 1, 1, tzinfo=zone).astimezone(ZoneInfo("UTC"))
    while time < end:
        yield time.astimezone(zone)
        time += timedelta(minutes=minutes)


def by_month(power: Callable[[datetime], float], zone: ZoneInfo | None = None, minutes: int = 60) -> list[float]:
    """MWh of each month."""
    found = [0.0] * 12
    times = (moments(zone, minutes) if zone
        else (datetime(YEAR, 1, 1) + timedelta(minutes=minutes) * n for n in range(365 * 1440 // minutes)))
    for time in times:
        found[time.month - 1] += power(time.replace(tzinfo=None)) * minutes / 60
    return found


def spanish_meter(path: Path) -> Path:
    """A distributor's download: rows of keys above, hours 1 to 25, two kinds of energy beside reactive, a gap of five hours."""
    lines = ["Distribuidora;Redes del Valle S.A.", "CUPS;ES0031405123456001JN0F", "Titular;Lácteos del Valle S.L.",
        f"Fecha inicial;01/01/{YEAR}", f"Fecha final;31/12/{YEAR}", "",
        "CUPS;Fecha;Hora;AE_kWh;AS_kWh;R1_kVArh;R4_kVArh;REAL/ESTIMADO"]
    count, last = 0, None
    for time in moments(MADRID, 60):
        count = count + 1 if time.date() == last else 1
        last = time.date()
        missing = time.month == 3 and time.day == 12 and 9 <= time.hour < 14
        value = "" if missing else comma(1000 * dairy(time.replace(tzinfo=None)), 2)
        lines.append(f"ES0031405123456001JN0F;{time:%d/%m/%Y};{count};{value};0,00;{comma(84.2)};0,00;R")
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1252"))
    return path


#: MWh of gas (gross calorific value) of each month.
SPANISH_GAS = (412.3, 376.8, 398.1, 352.4, 341.9, 318.2, 309.5, 288.7, 321.4, 356.0, 388.9, 405.2)


def spanish_power_bills(path: Path) -> Path:
    """Invoices of electricity: title rows, energy by period, all parts of the bill, a row of totals."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Facturas")
    sheet.write(0, 0, "Resumen anual de facturas de electricidad")
    sheet.write(1, 0, f"CUPS: ES0031405123456001JN0F    Periodo: {YEAR}")
    head = ["Mes", "Nº factura", *(f"Consumo P{p} (kWh)" for p in range(1, 7)), "Consumo total (kWh)", "Término de energía (€)",
        "Término de potencia (€)", "Impuesto eléctrico (€)", "Base imponible (€)", "IVA 21% (€)", "Total factura (€)"]
    sheet.write_row(3, 0, head)
    sums = [0.0] * (len(head) - 2)
    for m, energy in enumerate(by_month(dairy, MADRID)):
        parts = [round(energy * 1000 * s, 1) for s in (0.18, 0.16, 0.14, 0.16, 0.06, 0.30)]
        total = round(sum(parts), 1)
        power, spent = 5200.0, round(total * 0.118, 2)
        tax = round((power + spent) * 0.0511, 2)
        base = round(power + spent + tax, 2)
        row = [*parts, total, spent, power, tax, base, round(base * 0.21, 2), round(base * 1.21, 2)]
        sums = [a + b for a, b in zip(sums, row, strict=True)]
        sheet.write_row(4 + m, 0, [f"{MONTHS[m]} {YEAR}", f"FE-{YEAR}-{m + 1:03d}", *row])
    sheet.write_row(16, 0, ["TOTAL", "", *sums])
    book.close()
    return path


def spanish_gas_bills(path: Path) -> Path:
    """Invoices of gas as CSV: from and to, readings in m³, the factor, kWh of the gross calorific value (PCS), VAT."""
    lines = [f"Facturas de gas {YEAR};;;;;;;;", "",
        "Factura;Desde;Hasta;Consumo (m3);Factor (kWh/m3);Consumo (kWh PCS);Base imponible (€);IVA 21% (€);Total (€)"]
    total = [0.0] * 2
    for m, energy in enumerate(SPANISH_GAS):
        first = date(YEAR, m + 1, 1)
        last = (date(YEAR, m + 2, 1) if m < 11 else date(YEAR + 1, 1, 1)) - timedelta(days=1)
        base = energy * 1000 * 0.046
        total = [total[0] + energy * 1000, total[1] + base]
        lines.append(
            f"G{m + 1:02d}/{YEAR};{first:%d/%m/%Y};{last:%d/%m/%Y};{comma(energy * 1000 / 11.63, 0)};11,63;{comma(energy * 1000, 0)};"
            f"{comma(base, 2)};{comma(base * 0.21, 2)};{comma(base * 1.21, 2)}")
    lines.append(f"TOTAL;;;;;{comma(total[0], 0)};{comma(total[1], 2)};{comma(total[1] * 0.21, 2)};{comma(total[1] * 1.21, 2)}")
    path.write_bytes(("\n".join(lines) + "\n").encode("utf-8-sig"))
    return path


RATIO = 6000
#: t of bought steam and 万m³ of gas of each month.
CHINESE_STEAM = (3120, 1490, 3480, 3305, 2890, 2760, 2815, 2790, 2930, 3010, 3340, 3505)
CHINESE_GAS = (21.4, 10.2, 24.0, 23.1, 21.9, 21.2, 20.8, 21.1, 22.0, 21.7, 23.3, 24.6)


def chinese_meter(path: Path) -> Path:
    """A grid company's 96 points: title rows, active and reactive rows of each day, readings before the multiplier, 24:00 last."""
    times = [f"{(n + 1) * 15 // 60:02d}:{(n + 1) * 15 % 60:02d}" for n in range(96)]
    lines = ["用电信息采集系统 日负荷数据导出", "户号：3201234567890,户名：某纺织有限公司", f"统计时段：{YEAR}-01-01 至 {YEAR}-12-31", "备注：数值为二次侧，未乘倍率",
        ",".join(["序号", "表号", "数据日期", "数据类型", "综合倍率", "单位", *times])]
    for n, day in enumerate(days()):
        powers = [textile(datetime(day.year, day.month, day.day) + timedelta(minutes=15 * q)) for q in range(96)]
        active = [f"{1000 * p / RATIO:.4f}" for p in powers]
        if (day.month, day.day) == (8, 19):
            active[40:52] = [""] * 12
        for kind, cells in (("正向有功功率", active), ("无功功率", [f"{200 * p / RATIO:.4f}" for p in powers])):
            lines.append(",".join([str(n + 1), "0100234567", f"{day:%Y-%m-%d}", kind, str(RATIO), "kW", *cells]))
    path.write_bytes(("\n".join(lines) + "\n").encode("gb18030"))
    return path


def chinese_power_bills(path: Path) -> Path:
    """Bills of electricity by level (尖峰平谷) in 万kWh and 万元."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("电费")
    sheet.merge_range(0, 0, 0, 7, f"某纺织有限公司 {YEAR} 年电费汇总表")
    sheet.write_row(2, 0, ["月份", "峰电量(万kWh)", "平电量(万kWh)", "谷电量(万kWh)", "总电量(万kWh)", "电度电费(万元)", "基本电费(万元)", "电费合计（含税13%）(万元)"])
    sums = [0.0] * 7
    for m, energy in enumerate(by_month(textile, minutes=15)):
        total = round(energy / 10, 3)
        spent, fixed = round(total * 0.66, 3), 28.8
        row = [round(total * 0.36, 3), round(total * 0.33, 3), round(total * 0.31, 3), total, spent, fixed, round(spent + fixed, 3)]
        sums = [a + b for a, b in zip(sums, row, strict=True)]
        sheet.write_row(3 + m, 0, [f"{m + 1}月", *row])
    sheet.write_row(15, 0, ["合计", *sums])
    book.close()
    return path


def chinese_steam_bills(path: Path) -> Path:
    """Bought steam in tonnes at 0.8 MPa."""
    lines = [f"某热电厂 供汽结算单 {YEAR}年", "蒸汽压力：0.8MPa（饱和）", "结算月份,用汽量(吨),单价(元/吨),金额(元)"]
    lines += [f"{YEAR}-{m + 1:02d},{t},208,{t * 208}" for m, t in enumerate(CHINESE_STEAM)]
    lines.append(f"合计,{sum(CHINESE_STEAM)},,{sum(CHINESE_STEAM) * 208}")
    path.write_bytes(("\n".join(lines) + "\n").encode("gbk"))
    return path


def chinese_gas_bills(path: Path) -> Path:
    """Gas in 万m³ with its net calorific value by name."""
    lines = [f"天然气用量台账（{YEAR}年）", "低位发热量：35.6 MJ/m3", "月份,用气量(万m3),气费(万元)"]
    lines += [f"{m + 1}月,{v},{v * 3.62:.3f}" for m, v in enumerate(CHINESE_GAS)]
    lines.append(f"合计,{sum(CHINESE_GAS):.1f},{sum(CHINESE_GAS) * 3.62:.3f}")
    path.write_bytes(("\n".join(lines) + "\n").encode("gbk"))
    return path


def british_meter(path: Path) -> Path:
    """A supplier's half-hourly data: a day in a row with HH1 to HH50, active and reactive import."""
    lines = ["MPAN,Meter Serial,Reading Type,Units,Date," + ",".join(f"HH{n}" for n in range(1, 51))]
    rows: dict[date, list[float]] = {}
    for time in moments(LONDON, 30):
        rows.setdefault(time.date(), []).append(dairy(time.replace(tzinfo=None)))
    for day, powers in rows.items():
        for kind, unit, times in (("Active Import", "kWh", 500.0), ("Reactive Import", "kVArh", 110.0)):
            cells = [f"{p * times:.2f}" for p in powers]
            lines.append(",".join(["1200012345678", "E17UP12345", kind, unit, f"{day:%d/%m/%Y}", *cells, *[""] * (50 - len(cells))])
            )
    path.write_text("\n".join(lines) + "\n")
    return path


def french_meter(path: Path) -> Path:
    """A network's load curve: keys in a row and their values below, half hours with their offset, in W."""
    lines = [
        "Identifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;Etape metier;Unite;Pas en minutes",
        f"30001234567890;Courbe de charge;01/01/{YEAR};31/12/{YEAR};Energie active;Brute;W;30",
        "Horodate;Valeur",
    ]
    lines += [f"{time:%Y-%m-%dT%H:%M:%S%z};{1e6 * dairy(time.replace(tzinfo=None)):.0f}" for time in moments(PARIS, 30)]
    path.write_text("\n".join(lines) + "\n")
    return path


def done(plan, *args: str) -> str:  # type: ignore[no-untyped-def]
    """What a command prints that ends well."""
    result = plan(*args)
    assert result.code == 0, result.err
    return str(result.out + result.err)


def apart(told: str) -> dict[str, float]:
    """Per cent by which the operation is off the bills, by supply."""
    return {name: float(share)
        for name, share in re.findall(r"(\w+): [\d,]+ MWh on the bills, [\d,]+ MWh as operated \(([+-][\d.]+)%\)", told)}
