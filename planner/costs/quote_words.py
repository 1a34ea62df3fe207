"""Words of quotations in Chinese, English, German, French and Spanish: headings, equipment, VAT, lifetimes."""

from __future__ import annotations

import re

from planner.profiles.source import SourceTable

#: Words of headings, lower case.
HEADINGS = {
    "item": (
        "设备名称",
        "项目名称",
        "名称",
        "项目",
        "设备",
        "item",
        "description",
        "product",
        "equipment",
        "position",
        "bezeichnung",
        "désignation",
        "libellé",
        "descripción",
        "concepto",
        "nazwa",
    ),
    "price": (
        "综合单价",
        "含税单价",
        "单价",
        "unit price",
        "unit cost",
        "einzelpreis",
        "e-preis",
        "prix unitaire",
        "pu ht",
        "pu h.t.",
        "pu (",
        "p.u.",
        "precio unitario",
        "price each",
        "cena jedn",
        "price",
        "preis",
        "prix",
        "precio",
        "价格",
        "报价",
        "rate",
    ),
    "quantity": (
        "数量",
        "台数",
        "quantity",
        "qty",
        "menge",
        "anzahl",
        "qté",
        "quantité",
        "cantidad",
        "uds",
        "ilość",
        "liczba",
        "stk",
    ),
    "unit": ("计量单位", "单位", "unit", "uom", "einheit", "unité", "unidad", "me"),
}
_PUMP = "热泵|heat pump|wärmepumpe|pompa ciepła|pompe à chaleur|\\bpac\\b|bomba de calor"
_STEAM = "蒸汽|steam|dampf|vapeur|vapor|1[0-9]{2} ?°c"
_HOT = f"{_STEAM}|\\b\\d+(?:[.,]\\d+)? ?(?:bar|mpa)\\b"
_ELECTRIC = "电锅炉|electric boiler|elektrokessel|chaudière électrique|caldera eléctrica|kocioł elektryczny"
_GAS = "燃气锅炉|gas boiler|gas-fired boiler|gaskessel|chaudière gaz|caldera de gas|kocioł gazowy"
_WASTE = "余热|废热|excess|waste|abwärme|fatale|residual"
#: Words of items, and the type that they most likely mean; the first that is found counts. A heat pump of steam or of 100 °C and
#: more is none of outside air.
GUESSES = (
    ("储能|电池|battery|bess|\\bess\\b|batterie|batería", "battery"),
    (f"(?:{_STEAM}).*(?:{_PUMP})|(?:{_PUMP}).*(?:{_STEAM})", "heat-pump-steam"),
    (f"(?:{_WASTE}).*(?:{_PUMP})|(?:{_PUMP}).*(?:{_WASTE})", "heat-pump-excess-heat"),
    (_PUMP, "heat-pump-air"),
    ("余热锅炉|换热|heat exchanger|wärmetauscher|wärmeübertrager|échangeur|intercambiador", "heat-exchanger"),
    ("光伏|组件|photovolta|\\bpv\\b|solar|屋顶|centrale pv", "solar-rooftop"),
    ("风机|风电|风力|wind|éolien|eólic", "wind-distributed"),
    ("电极锅炉|电蒸汽|electrode|elektroden|electric steam|elektrodampf|chaudière électrique vapeur", "electric-boiler-steam"),
    (f"(?:{_HOT}).*(?:{_ELECTRIC})|(?:{_ELECTRIC}).*(?:{_HOT})", "electric-boiler-steam"),
    (_ELECTRIC, "electric-boiler"),
    ("生物质锅炉|biomass boiler|biomassekessel|hackschnitzel|chaudière biomasse|caldera de biomasa", "biomass-boiler-steam"),
    ("燃气蒸汽|gas steam|gasdampf|dampfkessel|chaudière vapeur|caldera de vapor", "gas-boiler-steam"),
    (f"(?:{_HOT}).*(?:{_GAS})|(?:{_GAS}).*(?:{_HOT})", "gas-boiler-steam"),
    (_GAS, "gas-boiler"),
    ("溴化锂|吸收式|absorption|absorci", "chiller-absorption"),
    ("冷水机|制冷|chiller|kältemaschine|groupe froid|enfriadora", "chiller-electric"),
    ("电解|electroly|elektroly|électroly", "electrolyser"),
    ("燃料电池|fuel cell|brennstoffzelle|pile à combustible", "fuel-cell"),
    ("热电联产|内燃机|chp|cogeneration|bhkw|cogénération|cogeneración", "gas-chp"),
    ("蓄热|热水罐|hot water tank|wärmespeicher|pufferspeicher|ballon", "hot-water-tank"),
)
_WITH_TAX = re.compile(
    r"(?<!不)含税|含[^，,]{0,6}增值税|inkl\.? ?[^,;]{0,12}(?:mwst|ust)|incl\.? ?[^,;]{0,8}vat|vat included|\bttc\b|brutto"
    r"|iva incluido",
    re.IGNORECASE,
)
_RATE = re.compile(r"(\d{1,2}(?:[.,]\d)?)\s*[%％]")
_LIFETIME = re.compile(
    r"(?:寿命|使用年限|design life|lifetime|service life|lebensdauer|nutzungsdauer|durée de vie|vida útil)\D{0,12}(\d{1,2})\s*"
    r"(?:年|years?|jahre?|ans|años|a\b)",
    re.IGNORECASE,
)

_EFFICIENCY = re.compile(
    r"(?:热效率|效率|efficiency|wirkungsgrad|nutzungsgrad|rendement|rendimiento|sprawność|\bη)[^\d%,;]{0,24}"
    r"(\d{2,3}(?:[.,]\d+)?)\s*[%％]",
    re.IGNORECASE,
)
_COP = re.compile(
    r"(?:\bs?cop\b|能效比|制热系数|jahresarbeitszahl|\bjaz\b|leistungszahl|\beer\b)[^\d,;]{0,16}(\d{1,2}(?:[.,]\d+)?)(?! ?[%％])",
    re.IGNORECASE,
)
#: Work at a plant that another line is of.
_WORK = re.compile(
    r"安装|调试|运输|montage|inbetriebnahme|installation|commissioning|transport|delivery|mise en service|pose\b|instalación"
    r"|puesta en marcha|montaż|uruchomienie",
    re.IGNORECASE,
)


def tax_in(table: SourceTable) -> float:
    """The rate of VAT that prices hold where a text says that they do and names it; else 0."""
    for row in table.rows:
        for cell in row:
            text = str(cell)
            if _WITH_TAX.search(text) and (found := _RATE.search(text)):
                return float(found[1].replace(",", ".")) / 100
    return 0.0


def efficiency_in(text: str) -> str:
    """The efficiency that a line states, as a share; '' where it states none."""
    found = _EFFICIENCY.search(text)
    return f"{float(found[1].replace(',', '.')) / 100:g}" if found else ""


def cop_in(text: str) -> str:
    """The coefficient of performance that a line states; '' where it states none."""
    found = _COP.search(text)
    return f"{float(found[1].replace(',', '.')):g}" if found else ""


def is_work(item: str) -> bool:
    """True of a line of work at a plant, and of no plant itself."""
    return _WORK.match(item.strip()) is not None


def lifetime_in(text: str) -> str:
    """Years that a line states; '' where it states none."""
    found = _LIFETIME.search(text)
    return found[1] if found else ""
