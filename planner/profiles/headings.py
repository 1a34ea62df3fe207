"""Words of headings and of the rows above a table, in Chinese, English, French, German and Spanish."""

from __future__ import annotations

import re

#: Headings of numbers that are no consumption.
OTHER = re.compile(
    r"无功|电压|电流|功率因数|频率|相角|需量|序号|户号|表号|编号|资产|状态|温度|kvar|\bvolt|\bamp|\bcos|power factor"
    r"|freq|status|quality|flag|index$|^no\.?$|^id$|temp"
    r"|blind|spannung|stromst|ersatzwert|réactive|reactive|tension|intensit|reactiva|tensi[oó]n|intensidad|calidad|nature|estimad"
    r"|bierna|moc\b|^as[_ ]|saliente|export|einspeis|反向|injection|vraisemblance|fiabilit|qualit|^pas\b|validity",
    re.IGNORECASE,
)
#: Headings that say that a meter's register is read.
REGISTER = re.compile(
    r"示数|示值|表底|表码|止码|起码|读数|累计|regist|cumul|z.hlerstand|meter reading|index|relev[ée]|lectura", re.IGNORECASE
)
RATIO = re.compile(
    r"倍率|multiplier|ct ratio|wandlerfaktor|wandlerverh|umrechnungsfaktor|coefficient|factor de multiplic"
    r"|rapport de transf|mnożn",
    re.IGNORECASE,
)
WHOLE_RATIO = re.compile(r"综合|总|total|gesamt|overall", re.IGNORECASE)
#: What says that a multiplier is in the values already, and that it is not.
MULTIPLIED = re.compile(r"已乘|含倍率|一次侧|primärwert|primary value|multiplier applied|uwzględnion", re.IGNORECASE)
UNMULTIPLIED = re.compile(r"未乘|不含倍率|二次侧|sekundärwert|secondary value|multiplier not applied", re.IGNORECASE)
UNIT = re.compile(r"^(?:计量)?单位$|^units?$|^uom$|^einheit$|^unit[ée]s?$|^unidad(?:es)?$", re.IGNORECASE)
METER = re.compile(
    r"表号|户号|计量点|资产编号|meter|\bmpan\b|\bmsn\b|z.hlernummer|z.hlpunkt|messlokation|marktlokation|\bprm\b|\bpdl\b"
    r"|point de livraison|compteur|\bcups\b|contador|punkt poboru|\bppe\b|licznik",
    re.IGNORECASE,
)
PERIOD = re.compile(
    r"时间段|统计时段|统计周期|数据时段|日期范围|period|zeitraum|périod|date de (?:début|debut|fin)|desde|hasta"
    r"|fecha (?:inicial|final)|okres|date range|data range",
    re.IGNORECASE,
)
#: Headings of a column that says what each row measures, and what of it is the consumption.
KIND = re.compile(
    r"数据类型|数据项|类型|项目|曲线|reading type|measurement|channel|data ?type|messgröße|kennzahl|obis|register"
    r"|grandeur|magnitud|tipo|type",
    re.IGNORECASE,
)
CONSUMED = (
    re.compile(
        r"正向有功总|正向有功$|1-\d:1\.(?:8|29|5)\.\d|active import|import.*active|wirk\w*.*bezug|bezug.*wirk|^ai$"
        r"|^cons$|soutirage"
    ),
    re.compile(r"有功|active energy|wirk|active|activa|\bae\b|import|consum|bezug|verbrauch"),
)
NOT_CONSUMED = re.compile(
    r"无功|反向|尖|峰|平段|谷|reactive|réactive|reactiva|export|blind|liefer|einspeis|inject|saliente|^ri$|^re$|^ae$|2\.(?:8|29)\.\d"
)
#: Headings of a column that numbers the hours, half hours or quarters of a day.
COUNTED = re.compile(
    r"^(?:hora|hours?|heure|stunde|std\.?|godzina|godz\.?|he|小时|时段|点数|settlement ?period|sp|period|période|periodo)$",
    re.IGNORECASE,
)
#: Headings of a wide table that number the intervals of a day: HH01 … HH48, V1 … V96, 点1.
NUMBERED = re.compile(r"^(?:hh|h|v|p|r|sp|q|点|point|val(?:eur|ue|or)?|wert|period|hora|hour)?[ _]?0*(\d{1,3})点?$", re.IGNORECASE)
