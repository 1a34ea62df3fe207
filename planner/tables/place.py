"""The place of a folder or file that is written: looked at before any work, and filled in one step at the end.

What is written stands in a draft beside the place until it is whole, and is then exchanged with the older output: an interrupted
run leaves the old one or the new one. A folder that holds files of others is refused. Where one came into the way while the run
was at work, the output stands beside it, as NAME.new. A draft is locked while its process lives; one that nobody holds was left by
a process that was killed, and the next one that writes there deletes it.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import CaseError
from planner.plan import ON_DAYS, PLANS
from planner.tables.schema import DISPATCH, OF_PLANS, OF_RUNS, TABLES, TREE_TABLES, Column, Table

# --- telling ---------------------------------------------------------------------------------------------------------------
# Telling of outputs on disk: whether there is one, and what is said where its parts do not fit together.

#: The files that mark an output of a run.
SUMMARY, FACTS = "summary.json", "run.json"


def is_like_one(folder: Path) -> bool:
    """True where a run may have written, whatever became of it."""
    return any(os.path.lexists(folder / name) for name in (SUMMARY, FACTS))


def beside(folder: Path, ending: str) -> Path:
    """The folder of the same name with an ending, beside this one; of `.` and `..` the name is that of the folder that is meant."""
    named = folder if folder.name not in ("", "..") else Path(os.path.abspath(folder))
    return named.parent / f"{named.name or 'run'}{ending}"


def refuse_kept(out: Path, options: Mapping[str, Any]) -> None:
    """Raise CaseError where a plan keeps orders that its park does not state, by the `options` of its run.json."""
    if "keep" in options:
        raise CaseError.because(
            "{out}: keeps what {kept} built, which its park does not state; state it in committed.csv first",
            out=out,
            kept=options["keep"],
        )
    if "foresight" in options:
        raise CaseError.because(
            "{out}: is the end of a chain of plans (--foresight), each of which keeps the orders before it, which its park does "
            "not state; plan the park without --foresight for that",
            out=out,
        )


@contextmanager
def told_from(*folders: Path) -> Iterator[None]:
    """What is told from outputs on disk: where they do not fit together in a way that no check foresaw, a CaseError says so.

    A mistake of ours would look the same; the sentence names both.
    """
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, NotImplementedError, TypeError, ValueError) as error:
        where = ", ".join(map(str, folders))
        raise CaseError.because(
            "{where}: cannot be told of ({kind}: {error}); its tables do not fit together: plan it again. Where that does not "
            "help, parkzero is at fault; please report it",
            where=where,
            kind=type(error).__name__,
            error=error,
        ) from error


# --- package ---------------------------------------------------------------------------------------------------------------
# datapackage.json of an output: every table that is there, with columns, types, units and meaning, after the Data Package
# standard (frictionlessdata.io). Other tools read it as the data dictionary of the folder.

NAME = "datapackage.json"
TYPES = {"text": "string", "whole": "integer", "number": "number", "truth": "boolean", "time": "datetime"}


def package(folder: Path, title: str, currency: str) -> dict[str, Any]:
    """What describes the tables of a folder.

    title     the park, and which of its plans
    currency  unit of what is money
    """
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "plan"
    resources = [_resource(folder / table.file, table, currency) for table in TABLES.values() if (folder / table.file).is_file()]
    return {"name": slug, "title": title, "profile": "tabular-data-package", "resources": resources}


def package_text(folder: Path, title: str, currency: str) -> str:
    """As JSON."""
    return json.dumps(package(folder, title, currency), indent=1, ensure_ascii=False) + "\n"


def renew(folder: Path, title: str, currency: str) -> None:
    """Describe the tables of a folder once more, where it has been described: one has joined."""
    if (folder / NAME).is_file():
        (folder / NAME).write_text(package_text(folder, title, currency), encoding="utf-8")


def _resource(path: Path, table: Table, currency: str) -> dict[str, Any]:
    kind = (
        {"format": "parquet", "mediatype": "application/vnd.apache.parquet"}
        if table is DISPATCH
        else {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    )
    schema: dict[str, Any] = {"fields": [_field(column, currency) for column in table.columns], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    return {
        "name": table.name.replace("_", "-"),
        "path": path.name,
        "profile": "tabular-data-resource",
        **kind,
        "description": table.told,
        "schema": schema,
    }


def _field(column: Column, currency: str) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": TYPES[column.kind], "description": column.doc}
    if column.kind == "truth":
        field |= {"trueValues": ["True"], "falseValues": ["False"]}
    if column.unit:
        unit = column.unit.replace("money", currency)
        field["unit"] = f"column {unit.strip('`')}" if unit.startswith("`") else unit
    return field if column.may_be_blank or column.kind == "text" else field | {"constraints": {"required": True}}


# --- kinds -----------------------------------------------------------------------------------------------------------------
# Kinds of folders that a command writes: the names of their files, and how a folder of ours is told from another's.
#
# A name tells what is ours within such a folder; one that holds anything else is not written to.

#: The page of a comparison, the facts of an exported network.
PAGE, META = "compare.html", "meta.json"
#: Folder of the outputs of the futures of a plan for several.
LEAVES = "futures"
#: No file that marks a folder is larger.
MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class Kind:
    """A kind of folder.

    option  where a person names it
    files   pattern of the paths of its files, within it
    is_one  True for a folder that was written as one
    later   the same of files that other commands make of it: they go with it
    """

    option: str
    files: re.Pattern[str]
    is_one: Callable[[Path], bool]
    later: re.Pattern[str] = re.compile("(?!)")

    def owns(self, path: str) -> bool:
        """True for the path of a file that we write in such a folder."""
        return self.files.fullmatch(path) is not None

    def told(self, place: Path) -> str:
        """The place as complaints begin."""
        return f"{self.option} {place}".strip()


def facts_of(path: Path) -> dict[str, object]:
    """A JSON file of ours as it stands; empty where it is none, or none that can be read."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return {}
        facts = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def is_output(folder: Path) -> bool:
    """True for a folder that a run of ours wrote."""
    return "parkzero" in facts_of(folder / FACTS) and _is_file(folder / SUMMARY)


def has_answer(folder: Path) -> bool:
    """True for the output of a run that found a plan or proved that there is none; False where the run failed."""
    return is_output(folder) and facts_of(folder / SUMMARY).get("status") != "failed"


def is_tree(folder: Path) -> bool:
    """True for a folder that holds a plan for several futures."""
    return "futures" in facts_of(folder / SUMMARY) and not os.path.lexists(folder / FACTS)


def leaf_folders(tree: Path) -> list[Path]:
    """The outputs of the futures of a plan for several."""
    inside = tree / LEAVES
    return sorted(filter(is_output, inside.iterdir())) if inside.is_dir() else []


def _is_comparison(folder: Path) -> bool:
    """Told by its page and the first columns of its table of runs."""
    try:
        if not _is_file(folder / PAGE) or not _is_file(folder / "runs.csv"):
            return False
        with (folder / "runs.csv").open(encoding="utf-8") as table:
            return table.readline(1_000).startswith("item,unit,") and table.readline(1_000).startswith("park,")
    except (OSError, ValueError):
        return False


def _is_network(folder: Path) -> bool:
    return "parkzero" in facts_of(folder / META)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


_PLAN = "|".join(re.escape(table.file) for table in OF_PLANS)
_PAGES = ("report.html", "hours.html", "plan.xlsx", "finance.xlsx")
_RUN = "|".join(map(re.escape, (*(table.file for table in OF_RUNS), SUMMARY, FACTS, *_PAGES)))
_OTHERS = "|".join(map(re.escape, (*PLANS[1:], ON_DAYS)))
_PARTS = "carriers|buses|generators|links|loads|storage_units|global_constraints"

_OF_RUN = f"(({_OTHERS})/)?({_PLAN}|datapackage\\.json)|{_RUN}"
_OF_TREE = "|".join(re.escape(table.file) for table in TREE_TABLES)
_NETWORK = rf"meta\.json|(network|snapshots|investment_periods|({_PARTS})(-[a-z_0-9]+)?)\.csv"
_LATER = rf"iamc\.csv|plan\.mps|application-[a-z0-9-]+\.docx|pypsa/({_NETWORK})"

RUN = Kind("--out", re.compile(_OF_RUN), is_output, re.compile(_LATER))
#: A plan for several futures: its tables, and below `futures` the output of each.
TREE = Kind(
    "--out",
    re.compile(f"{_OF_TREE}|summary\\.json|report\\.html|{LEAVES}/([^/]+/)?({_OF_RUN})"),
    is_tree,
    re.compile(rf"mps/[^/]+\.mps|{LEAVES}/[^/]+/({_LATER})"),
)
COMPARISON = Kind("--out", re.compile(r"(runs|costs|capital|builds|emissions|stages)\.csv|compare\.html"), _is_comparison)
NETWORK = Kind("--to", re.compile(_NETWORK), _is_network)
PARK = Kind("", re.compile(r"[A-Za-z_]+\.(csv|toml|md)|datapackage\.json"), lambda _: False)


# --- place -----------------------------------------------------------------------------------------------------------------

try:
    import fcntl
except ImportError:  # no such locks: drafts of killed processes stay
    fcntl = None  # type: ignore[assignment]

#: Name of a draft.
PREFIX = ".parkzero-"
DRAFT = re.compile(re.escape(PREFIX) + "[0-9a-f]{8}")


def check_place(place: Path, kind: Kind, needed: int = 0) -> Path:
    """The folder that is really written to. Raises CaseError where writing would lose something or cannot work.

    needed  bytes that will be written at least
    """
    said = kind.told(place)
    try:
        str(place.absolute()).encode()
        if place.is_symlink() and not place.exists():
            raise CaseError.because("{said}: is a link to nothing; name a folder", said=said)
        real = Path(os.path.realpath(place))
        if os.path.lexists(real) and not real.is_dir():
            raise CaseError.because("{said}: is a file; name a folder", said=said)
        if other := of_others(real, kind):
            raise CaseError.because("{said}: holds files of others ({name}); name a new folder", said=said, name=other)
        if os.path.ismount(real):
            raise CaseError.because("{said}: is a mount point; name a folder within it", said=said)
        if not real.parent.is_dir():
            raise CaseError.because("{said}: the folder {parent} does not exist", said=said, parent=real.parent)
    except UnicodeEncodeError:
        raise CaseError.because(
            "{said}: is no UTF-8, and some tables cannot be written there; name another folder", said=said
        ) from None
    except (OSError, ValueError) as error:
        raise CaseError.because("{said}: cannot be used ({why})", said=said, why=_why(error)) from error
    try:
        with _draft(real.parent) as new:
            new.mkdir()
    except OSError as error:
        raise CaseError.because(
            "{said}: the folder {home} cannot be written to ({why})", said=said, home=real.parent, why=_why(error)
        ) from error
    free = shutil.disk_usage(real.parent).free
    if free < needed:
        raise CaseError.because(
            "{said}: {needed} MB are needed there at least, and {free} MB are free",
            said=said,
            needed=f"{needed / 1e6:,.0f}",
            free=f"{free / 1e6:,.1f}",
        )
    return real


def of_others(place: Path, kind: Kind) -> str:
    """The first of what stands in a folder and is not ours, links too; '' where there is none. Raises OSError."""
    is_ours = os.path.lexists(place) and kind.is_one(place)
    for folder, folders, files in os.walk(place):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in sorted([*links, *files]):
            path = Path(folder, name)
            told = path.relative_to(place).as_posix()
            if not is_ours or path.is_symlink() or not (kind.owns(told) or kind.later.fullmatch(told)):
                return told
    return ""


@dataclass
class Moved:
    """Where a folder went: its place, or beside it."""

    place: Path


@contextmanager
def writing(place: Path, kind: Kind) -> Iterator[tuple[Path, Moved]]:
    """A draft folder to write into, which moves to its place at the end; the second says where it went.

    Raises CaseError where it cannot be written; then nothing is.
    """
    said, moved = kind.told(place), Moved(place)
    try:
        real = Path(os.path.realpath(place)) if place.exists() else place.absolute()
        with _draft(real.parent) as new:
            new.mkdir()
            yield new, moved
            if not os.path.lexists(real):
                new.rename(real)
            elif not real.is_dir() or of_others(real, kind):  # since it was looked at
                ends = (".new", *(f".new{number}" for number in range(2, 1000)))
                moved.place = next(p for end in ends if not os.path.lexists(p := real.with_name(real.name + end)))
                new.rename(moved.place)
            else:
                new.chmod(real.stat().st_mode & 0o7777)  # as whoever made the older folder wanted it
                _exchange(new, real)
    except OSError as error:
        raise CaseError.because("{said}: cannot be written ({why}); nothing was written", said=said, why=_why(error)) from error


def _exchange(new: Path, place: Path) -> None:
    """Put a draft in the place of an older output: in one step where the system can exchange two folders, else in two; the older
    output comes back if these are interrupted."""
    if exchanged(new, place):
        shutil.rmtree(new)
        return
    old = place.with_name(f"{place.name}.old-{secrets.token_hex(4)}")  # no draft: a kill between the two leaves it
    try:
        place.rename(old)
        new.rename(place)
    except BaseException:
        if not os.path.lexists(place):
            old.rename(place)
        raise
    shutil.rmtree(old)


def exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system cannot."""
    try:
        exchange = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    here, at_once = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return exchange(here, os.fsencode(one), here, os.fsencode(other), at_once) == 0


@contextmanager
def _draft(home: Path) -> Iterator[Path]:
    """A path within a hidden folder, for what is being written; the folder is deleted at the end. Raises OSError."""
    _clear_dead(home)
    folder = home / f"{PREFIX}{secrets.token_hex(4)}"
    folder.mkdir()
    lock = os.open(folder, os.O_RDONLY) if fcntl is not None else None
    try:
        if lock is not None:
            with suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield folder / "new"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _clear_dead(home: Path) -> None:
    """Delete the drafts in a folder whose processes are gone."""
    if fcntl is None:
        return
    with suppress(OSError):
        for entry in [e for e in os.scandir(home) if DRAFT.fullmatch(e.name) and e.is_dir(follow_symlinks=False)]:
            with suppress(OSError):
                lock = os.open(entry.path, os.O_RDONLY)
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(entry.path, ignore_errors=True)
                finally:
                    os.close(lock)


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


# --- single files -----------------------------------------------------------------------------------------------------


def check_file(path: Path, said: str, is_ours: Callable[[Path], bool]) -> None:
    """Raise CaseError where a file cannot stand in a place, or one stands there that is not ours."""
    try:
        if path.is_symlink():
            raise CaseError.because("{said}: is a link; name a file", said=said)
        if path.is_dir():
            raise CaseError.because("{said}: is a folder; name a file", said=said)
        if not path.absolute().parent.is_dir():
            raise CaseError.because("{said}: the folder {parent} does not exist", said=said, parent=path.absolute().parent)
        if os.path.lexists(path) and not (path.is_file() and is_ours(path)):
            raise CaseError.because("{said}: is a file already, and none that was made here; name another file", said=said)
    except (OSError, ValueError) as error:
        raise CaseError.because("{said}: cannot be used ({error})", said=said, error=_why(error)) from error


def check_target(path: Path, said: str, is_ours: Callable[[Path], bool]) -> None:
    """As `check_file`, of a file that a person may put anywhere: not under the name of a file of a run, whether that is there or
    not."""
    place = path.absolute()
    for folder in place.parents:
        kind = TREE if is_tree(folder) else RUN if is_output(folder) else None
        if kind is not None and kind.owns(place.relative_to(folder).as_posix()):
            raise CaseError.because("{said}: is a file of the run in {folder}; name another file", said=said, folder=folder)
    check_file(path, said, is_ours)


def put(path: Path, text: str) -> None:
    """Write a small file of ours in one step, or nothing."""
    new = path.with_name(f"{path.name}.new")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def write_file(path: Path, said: str, content: str | bytes, is_ours: Callable[[Path], bool]) -> None:
    """Write a file, or nothing. Raises CaseError, where `said` begins the complaint, where that cannot be done."""
    check_file(path, said, is_ours)
    try:
        with _draft(path.absolute().parent) as new:
            new.write_bytes(content.encode() if isinstance(content, str) else content)
            check_file(path, said, is_ours)
            new.replace(path)
    except (OSError, ValueError) as error:
        raise CaseError.because("{said}: cannot be written ({error})", said=said, error=_why(error)) from error
