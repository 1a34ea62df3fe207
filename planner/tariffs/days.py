"""Kinds of days of a tariff, and which of them a cell names: in Chinese, English, French, German, Polish and Spanish."""

from __future__ import annotations

import re

import numpy as np

from planner.language.language import mark
from planner.language.message import Message

#: Kinds of days, as prices of a tariff have them.
DAYS = (mark("workdays"), mark("Sundays"), mark("holidays"), mark("Saturdays"))
ALL_DAYS = re.compile(
    r"^(?:全年|每日|每天|all\b|alle\b|every|daily|täglich|ganzjährig|tous|toute|todos|todo el año|cały rok)", re.IGNORECASE
)
WORKDAYS = re.compile(
    r"^(?:工作日|平日|weekday|workday|working day|werktag|dni robocze|jours? ouvr|ouvr|labor|días labor)", re.IGNORECASE
)
OFF = re.compile(
    r"^(?:周末及节假日|周末和节假日|weekend\w* and (?:bank )?holiday|fin de semana y festivos|dni wolne)", re.IGNORECASE
)
WEEKENDS = re.compile(r"^(?:周末|休息日|week-?end|wochenende|fin de semana)", re.IGNORECASE)
HOLIDAYS = re.compile(
    r"^(?:节假日|法定节假日|(?:bank |public )?holiday|(?:gesetzl\w* )?feiertag|jours? férié|férié|festivo|święt)", re.IGNORECASE
)
#: First letters of the days of a week, from Monday.
NAMES = (
    r"mo(?:n|$)|lu|po|pn|周一|星期一",
    r"tu|die|di(?!m)|mar|wt|周二|星期二",
    r"we|mi|mer|śr|周三|星期三",
    r"th|do(?!m)|jeu|jue|cz|周四|星期四",
    r"fr|ven|vi|v$|pi|pt|周五|星期五",
    r"sa(?:t|m|b|$)|sá|sob|周六|星期六",
    r"su(?:n|$)|so(?:n|$)|dim|dom|nie|nd|周日|周天|星期日|星期天",
)


def days_of(text: str) -> np.ndarray:
    """Which kinds of days (4,) a cell names: a word for them, days and ranges of days. Raises ValueError where it names none."""
    clean = text.strip()
    if not clean or ALL_DAYS.match(clean):
        return np.ones(len(DAYS), dtype=bool)
    if OFF.match(clean):
        return np.array([False, True, True, True])
    week, is_holiday = np.zeros(7, dtype=bool), False
    for part in re.split(r"[;,，、；+&/]|\b(?:und|and|et|y|i)\b", clean):
        name = part.strip()
        if HOLIDAYS.match(name):
            is_holiday = True
        elif WORKDAYS.match(name):
            week[:5] = True
        elif WEEKENDS.match(name):
            week[5:] = True
        else:
            ends = [_weekday(end) for end in re.split(r"\s*(?:-|–|—|~|至|到)\s*|\s(?:bis|to|à|au|a|do)\s", name)]
            if len(ends) > 2 or None in ends:
                raise ValueError(Message("days {text}: is none of all, weekday, weekend, holiday", text=repr(text)))
            first, last = int(ends[0] or 0), int(ends[-1] or 0)
            week[[d % 7 for d in range(first, last + 1 if last >= first else last + 8)]] = True
    if week[:5].any() != week[:5].all():
        raise ValueError(Message("days {text}: workdays have one tariff; write Mon-Fri, Sat, Sun, or holidays", text=repr(text)))
    return np.array([bool(week[0]), bool(week[6]), is_holiday, bool(week[5])])


def _weekday(text: str) -> int | None:
    """The day of the week that a word begins as, from 0; None of none."""
    return next((n for n, name in enumerate(NAMES) if re.match(name, text.strip(), re.IGNORECASE)), None)
