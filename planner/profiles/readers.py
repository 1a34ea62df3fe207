"""The readers of weather files: which source a file is of, and what it says. pvlib reads where it has a reader of files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import tzinfo
from pathlib import Path
from types import ModuleType

from models.errors import CaseError
from planner.park.book import unpacked
from planner.profiles import reanalysis, stations
from planner.profiles.source import decode, read_bytes
from planner.profiles.told import Told
from planner.profiles.weather import COLUMNS, Raw, Weather, folder_files, joined
from planner.profiles.weather_years import years_of

FORMATS = ("epw", "tmy3", "pvgis", "nsrdb", "era5", "merra2", "power")
#: What reading may raise on a file that is not what it begins as.
_UNREADABLE = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError)


def pvlib() -> ModuleType:
    """The library. Raises CaseError where it is not installed."""
    try:
        import pvlib as library
        import pvlib.iotools
    except ImportError as error:
        raise CaseError.because('weather files need the extra: pip install "parkzero[weather]"') from error
    return library


def read_weather(path: Path, kind: str = "") -> Raw:
    """What a weather file says. Raises CaseError where its source is not known, or where it cannot be read as that."""
    library = pvlib()
    content = read_bytes(path)
    if content.startswith(b"PK\x03\x04"):
        content = _unzipped(content, path)
    if content.startswith((b"\x89HDF", b"CDF")):
        raise CaseError.because("{path}: is NetCDF; ask for the point as CSV (of ERA5 the data set of time series)", path=path)
    text, _ = decode(content, str(path))
    found = kind or source_of(text)
    if found is None:
        raise CaseError.because(
            "{path}: is no weather file that is known; say --format, one of {formats}", path=path, formats=", ".join(FORMATS)
        )
    try:
        raw = _READERS[found](text, str(path), library)
        if raw.data.index.isna().any():
            raise ValueError("a time cannot be read")
    except _UNREADABLE as error:
        raise CaseError.because(
            "{path}: cannot be read as {format} ({kind}: {error})", path=path, format=found, kind=type(error).__name__, error=error
        ) from error
    if not len(raw.data) or not set(raw.data) & {*COLUMNS, "u10", "v10", "u50", "v50"}:
        raise CaseError.because("{path}: has no radiation, temperature or wind", path=path)
    return raw


def read_years(paths: Iterable[Path], kind: str, zone: tzinfo | None, year: int | None, every: bool, told: Told) -> list[Weather]:
    """The years of weather in files and folders: the one asked for, each, or the latest. Raises CaseError with all faults."""
    raws: list[Raw] = []
    faults: list[str] = []
    for path in folder_files(paths):
        try:
            raws.append(read_weather(path, kind))
        except CaseError as error:
            faults += error.complaints
    if faults:
        raise CaseError(faults)
    return years_of(joined(raws), zone, year, every, told)


def _unzipped(content: bytes, path: Path) -> bytes:
    """The one file of an archive, as ERA5 comes."""
    try:
        parts = {name: part for name, part in unpacked(content).items() if not name.endswith("/")}
    except ValueError as error:
        raise CaseError.because("{path}: cannot be unpacked ({error})", path=path, error=error) from error
    if len(parts) != 1:
        raise CaseError.because("{path}: is an archive of {count} files; unpack it and name the one", path=path, count=len(parts))
    return parts.popitem()[1]


def source_of(text: str) -> str | None:
    """Which source a file is of, by its first lines; None where it is of none that is known."""
    head = text[:6000]
    first = head.split("\n", 1)[0]
    if first.startswith("LOCATION,"):
        return "epw"
    if "Date (MM/DD/YYYY)" in head:
        return "tmy3"
    if first.startswith("Source,Location ID"):
        return "nsrdb"
    if "-BEGIN HEADER-" in head or '"POWER' in head or "ALLSKY_SFC_SW" in head:
        return "power"
    if first.startswith("Latitude (decimal degrees)") or '"PVGIS' in text or '"tmy_hourly"' in text or '"radiation_db"' in head:
        return "pvgis"
    if "valid_time" in head:
        return "era5"
    if "undef," in head or "MERRA" in head or "M2T1NX" in head:
        return "merra2"
    return None


_READERS: dict[str, Callable[[str, str, ModuleType], Raw]] = {
    "epw": stations.epw,
    "tmy3": stations.tmy3,
    "pvgis": stations.pvgis,
    "nsrdb": stations.nsrdb,
    "era5": reanalysis.era5,
    "merra2": reanalysis.merra2,
    "power": reanalysis.power,
}
