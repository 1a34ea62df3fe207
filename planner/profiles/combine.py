"""Several meters as one demand: others added to it, as parts of a site, or taken off it, as chillers with a demand of their own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.errors import CaseError
from planner.language.language import mark
from planner.profiles.series import MINUTE, Series
from planner.profiles.told import Told

#: What is taken off may be so much of the highest reading above the rest before it is no matter of clocks and classes of meters.
CRUMB = 0.01


def combined(base: Series, others: Sequence[tuple[int, Series, str]], file: str, told: Told) -> Series:
    r"""The series and the others, each with its sign, on the coarsest grid of all and over the time that all of them cover.

    .. math:: P_t = P^{base}_t + \sum_i s_i P^i_t \qquad s_i \in \{1, -1\}

    P  power of an interval [MW]: (n,). Where one of them has no reading there is none. Energy that registers know of a stretch
    without readings is let go. What falls below 0 by no more than CRUMB of the highest is taken as 0; raises CaseError where it
    is more, or where the meters have no time in common.
    """
    if not others:
        return base
    step = max(base.step, *(series.step for _, series, _ in others))
    parts = [(1, _coarse(base, step), file), *((sign, _coarse(series, step), name) for sign, series, name in others)]
    size = step * MINUTE
    first = max(part.start for _, part, _ in parts)
    last = min(part.start + len(part.values) * size for _, part, _ in parts)
    if last <= first:
        raise CaseError.because("{file}: has no time in common with the meters that are added or taken off", file=file)
    total = np.zeros(int((last - first) / size))
    for sign, part, name in parts:
        at = int((first - part.start) / size)
        own = part.values[at : at + len(total)]
        total += sign * own
        if sign < 0:
            told.say(mark("{name} was taken off: {energy} MWh."), name=name, energy=f"{np.nansum(own) * step / 60:,.1f}")
        elif name != file:
            told.say(mark("{name} was added: {energy} MWh."), name=name, energy=f"{np.nansum(own) * step / 60:,.1f}")
    low, high = float(np.nanmin(total)), float(np.nanmax(total))
    if low < -CRUMB * high:
        at = int(np.nanargmin(total))
        series = Series(first, step, total)
        raise CaseError.because(
            "{file}: what is taken off is more than there is: {value} MW is left at {time} ({count} times below 0); check units, "
            "multipliers and clocks of the meters",
            file=file,
            value=f"{low:.4g}",
            time=series.time(at),
            count=int((total < 0).sum()),
        )
    return Series(first, step, np.where(total < 0, 0.0, total))


def _coarse(series: Series, step: int) -> Series:
    """Means of longer intervals; without a value where any of its intervals has none."""
    if series.step == step:
        return Series(series.start, step, series.values)
    if step % series.step:
        raise CaseError.because(
            "meters of {fine} and of {coarse} minutes have no common interval; give them one by one", fine=series.step, coarse=step
        )
    return Series(series.start, step, series.values.reshape(-1, step // series.step).mean(axis=1))
