"""Files of meters, written as portals write them; the power of each interval is known."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from planner.importers.dialect import Answers
from planner.importers.meters import load_profile
from planner.importers.profile import Profile, Told
from planner.importers.subjects import METER

Row = tuple[datetime, float]
Power = Callable[[datetime], float]


def week(time: datetime) -> float:
    """1 MW on Mondays, 2 on Tuesdays … 7 on Sundays, and a hundredth more each hour of the day."""
    return time.weekday() + 1 + time.hour / 100


def year(of: int = 2023, minutes: int = 60, power: Power = week, until: datetime | None = None) -> Iterator[Row]:
    """(start of the interval, MW) for each interval of a year."""
    time = datetime(of, 1, 1)
    while time < (until or datetime(of + 1, 1, 1)):
        yield time, power(time)
        time += timedelta(minutes=minutes)


def text(rows: Iterable[Row], head: str = "time,load (MW)", form: str = "%Y-%m-%d %H:%M") -> str:
    """A long table of rows."""
    return "\n".join([head, *(f"{time:{form}},{value:.6g}" for time, value in rows)]) + "\n"


def write(path: Path, content: str, encoding: str = "utf-8") -> Path:
    """A file with the content."""
    path.write_bytes(content.encode(encoding))
    return path


def answers(**said: object) -> Answers:
    """What is said of a meter."""
    return Answers(METER, {key: str(value) if key == "times" else value for key, value in said.items()})


def loaded(path: Path, **said: object) -> Profile:
    """The profile of one file."""
    first = said.pop("first_weekday", None)
    return load_profile([path], "m", answers(**said), Told(), first)  # type: ignore[arg-type]


def said(profile: Profile) -> str:
    """Everything that was told."""
    from planner.language.language import ENGLISH

    return "\n".join(profile.told.sentences(ENGLISH))
