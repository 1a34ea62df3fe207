"""Tries from outside with what others give: questions on damaged plans, workbooks, importers, bundles; chosen by a number.

What is demanded of each is that of tries.py:
it ends, with an exit code of the contract; no traceback, no mistake of ours, every line of a complaint printable; what is not ours is
byte for byte as before; nothing stands outside the folder of the try, and where a command is refused, nothing is half-written.
"""

import csv
import io
import json
import random
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from damaging import ANY, CSV, JSON, PARQUET, VALUES, Damage
from tries import CONTRACT, _odd, checksum, put

Arguments = tuple[str, ...]
#: Folders that commands beside a run write, each with the command that wrote it.
BESIDE: dict[str, Arguments] = {
    "worth": ("explain", "--projects", "good", "--jobs", "1"),
    "limits": ("explain", "--rules", "good", "--jobs", "1"),
    "why-not": ("explain", "--not-chosen", "good", "--jobs", "1"),
    "abatement": ("frontier", "--abatement", "good", "--points", "2", "--jobs", "1", "--no-naive"),
    "alternatives": ("alternatives", "good", "--plans", "1"),
    "frontier": ("frontier", "--park", "park", "--target", "zero-carbon", "--by", "2027..2028", "--out", "points", "--jobs", "1"),
}
#: Words in a cell, of which some are numbers, names, formulas, paths, signs that no text has.
WORDS = ("", " ", "x", "-1", "1e300", "1e-300", "nan", "inf", "-0", "1,5", "1.234,5", "95%", "=1+1", "@x", "../../x", "C:\\x",
    "a\nb", "\x1b[31m", "\u202e", "2025", "1800", "2205", "#N/A", "#REF!", "TRUE", "null", "电网", "Ü" * 99, "x" * 5_000, "1" * 400,
    "24.02.2025", "<b>", "0x10", "1_000", "½", "２", "kW", "MWh")
NAMES = ("machines", "屋顶", "a b", "../../x", "/tmp/x", "..", "C:x", "con", ".x", "a/b", "a\\b", "=x", "hour", "x" * 101, "", "sun")


def try_questions(chance: random.Random, folder: Path) -> Arguments:
    """One to three files of a run, of the plans beside it or of a frontier damaged; then a question."""
    name = chance.choice(sorted(BESIDE))
    places = {"frontier": ["points"], "alternatives": ["good", "good-alternatives"]}.get(name, ["good", "good-questions"])
    for _ in range(chance.choice((1, 1, 2, 3))):
        place = folder / chance.choice((places[-1], *places))
        files = sorted(
            p for p in place.rglob("*") if p.is_file() and not p.is_symlink() and p.suffix in (".csv", ".json", ".parquet"))
        if files:
            spoil(chance, chance.choice(files))
    if chance.random() < 0.1:
        shutil.rmtree(folder / places[-1], ignore_errors=True)
        chance.choice((lambda p: p.write_text("mine"), lambda p: p.mkdir(), lambda p: p.symlink_to("nowhere")))(folder / places[-1])
    return BESIDE[name]


def spoil(chance: random.Random, file: Path) -> None:
    """Damage a file as its kind may be."""
    own: dict[str, Damage] = {".csv": CSV, ".json": JSON, ".parquet": PARQUET}[file.suffix]
    how = chance.choice([*own.values(), *own.values(), *ANY.values()])
    try:
        if file.suffix == ".json" and chance.random() < 0.7:
            found = json.loads(file.read_text(encoding="utf-8"))
            _odd(chance, found)
            file.write_text(json.dumps(found), encoding="utf-8")
        else:
            how(file)
    except (OSError, ValueError, LookupError, TypeError):
        shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)  # damaged twice in ways that do not go together


def write_book(park: Path, path: Path) -> None:
    """The park of a folder as a workbook."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for file in sorted(park.glob("*.csv")):
        sheet = book.create_sheet(file.stem)
        for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8"))):
            sheet.append([_value(cell) for cell in row])
    for name in ("park", "goal"):
        sheet = book.create_sheet(name)
        sheet.append(["key", "value"])
        for line in (park / f"{name}.toml").read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(" = ")
            sheet.append([key, _value(value.strip('"'))])
    book.save(path)


def _value(cell: str) -> Any:
    try:
        return float(cell) if "." in cell else int(cell)
    except ValueError:
        return cell or None


def try_workbooks(chance: random.Random, folder: Path) -> Arguments:
    """Cells, headings and sheets of a workbook spoilt, or its bytes."""
    import openpyxl

    path = folder / "park.xlsx"
    if chance.random() < 0.75:
        book = openpyxl.load_workbook(path)
        for _ in range(chance.choice((1, 1, 2, 4))):
            try:
                chance.choice(BOOKS)(chance, book)
            except (ValueError, KeyError, openpyxl.utils.exceptions.IllegalCharacterError):
                continue
        if book.sheetnames:
            book.save(path)
    else:
        spoil_archive(chance, path)
    if chance.random() < 0.1:
        path = path.rename(folder / chance.choice(("park.xls", "park.ods", "park.xlsm", "PARK.XLSX")))
    return chance.choice(
        (("check", path.name), ("check", path.name, "--all"), ("new", "made", "--from", path.name),
         ("check", "--baseline", path.name), ("import", "meter", path.name), ("import", "costs", path.name),
         ("check", path.name, "--datapackage"))
    )


def _sheet(chance: random.Random, book: Any) -> Any:
    return book[chance.choice(book.sheetnames)]


def _cell(chance: random.Random, book: Any) -> None:
    sheet = _sheet(chance, book)
    value = chance.choice((*WORDS, 10**12, 1e308, -1, True, 0.5))
    sheet.cell(chance.randint(1, sheet.max_row), chance.randint(1, sheet.max_column), value)


def _heading(chance: random.Random, book: Any) -> None:
    sheet = _sheet(chance, book)
    at = chance.randint(1, sheet.max_column)
    old = str(sheet.cell(1, at).value)
    sheet.cell(1, at,
        chance.choice(
            (old + " [kW]", old + " [万元]", old + " (m2)", old.upper(), " " + old, old + "\nMW", old[:-1], None, *WORDS[:12])))


def _far(chance: random.Random, book: Any) -> None:
    _sheet(chance, book).cell(chance.choice((5, 3_000, 60_000)), chance.choice((3, 40, 300)), "far")


def _rename(chance: random.Random, book: Any) -> None:
    sheet = _sheet(chance, book)
    sheet.title = chance.choice((sheet.title + " ", sheet.title.upper(), "lists", "read me", "x", "公园", "A" * 31))


def _key(chance: random.Random, book: Any) -> None:
    sheet = book[chance.choice(("park", "goal"))]
    key = chance.choice(
        ("rules", "orders.years", "finance.tax_rate", "finance.owners.x.y", "a.b.c.d", '"', "=", "x y", "", "[orders]", "rules.x",
         "名字")
    )
    sheet.append([key, chance.choice((*WORDS, "cn-green-direct", "2026; 2027", 0.25))])


def _lose(chance: random.Random, book: Any) -> None:
    sheet = _sheet(chance, book)
    chance.choice((sheet.delete_rows, sheet.delete_cols))(chance.randint(1, 3), chance.randint(1, 3))


def _remove(chance: random.Random, book: Any) -> None:
    book.remove(_sheet(chance, book))


def _twice(chance: random.Random, book: Any) -> None:
    book.copy_worksheet(_sheet(chance, book)).title = chance.choice(("technologies ", "Demand", "prices", "more"))


def _merge(chance: random.Random, book: Any) -> None:
    _sheet(chance, book).merge_cells("A1:C3")


BOOKS: tuple[Callable[[random.Random, Any], None], ...] = (_cell, _cell, _cell, _cell, _heading, _heading, _key, _key, _far,
    _rename, _lose, _remove, _twice, _merge)


def spoil_archive(chance: random.Random, path: Path) -> None:
    """Another archive in its place: cut, noise within, encrypted by its flags, names that lead out, one file of it lost or in XML that is none."""
    content = bytearray(path.read_bytes())
    how = chance.randrange(7)
    if how == 0:
        del content[chance.randrange(len(content)) :]
    elif how == 1:
        for _ in range(chance.choice((1, 20, 500))):
            content[chance.randrange(len(content))] = chance.randrange(256)
    elif how == 2:
        for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            start = -1
            while (start := content.find(mark, start + 1)) >= 0:
                content[start + at] |= 1
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as old:
            parts = {name: old.read(name) for name in old.namelist()}
        lost = chance.choice(sorted(parts))
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as new:
            for name, part in parts.items():
                if name != lost or how == 3:
                    new.writestr(name, part)
                elif how == 4:
                    new.writestr(name, part[: len(part) // 2])
                elif how == 5:
                    new.writestr(name, part.replace(b"<", b"<!DOCTYPE x>", 1))
            if how == 3:
                new.writestr(chance.choice(("../../x", "/tmp/parkzero-x", "..\\x", "a" * 300)), b"mine")
        content = bytearray(made.getvalue())
    path.write_bytes(content)


def _table(chance: random.Random, rows: list[list[str]]) -> bytes:
    """Rows as text with some cells spoilt, in some encoding, with some separator."""
    for _ in range(chance.choice((0, 1, 1, 3, 30))):
        row = chance.choice(rows[: chance.choice((2, 5, len(rows)))])
        row[chance.randrange(len(row))] = chance.choice(WORDS)
    if chance.random() < 0.15:
        rows.insert(chance.randrange(len(rows)), chance.choice(([], ["x"], ["x"] * 9)))
    separator, encoding = (chance.choice((",", ",", ",", ";", "\t")),
        chance.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "gb18030", "latin-1")))
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=chance.choice(("\n", "\r\n"))).writerows(rows)
    content = text.getvalue().encode(encoding, "replace")
    return content if chance.random() < 0.85 else spoil_bytes(chance, content)


def spoil_bytes(chance: random.Random, content: bytes) -> bytes:
    """Other bytes."""
    half = len(content) // 2
    return chance.choice(
        (b"", content[:half], b"\0" * 100, bytes(range(256)) * 9, b"PK\x03\x04" + content, b"\xd0\xcf\x11\xe0" + content,
         b"<html>" + content, content + b'"')
    )


def _readings(chance: random.Random) -> list[list[str]]:
    count = chance.choice((8760, 8760, 8760, 8760, 8760, 8784, 24, 12, 365, 1, 0, 4000))
    has_times = chance.random() < 0.7
    rows = [[*(["time"] if has_times else []), chance.choice(("value [kW]", "MW", "Verbrauch kWh", "负荷(kW)", "x"))]]
    for hour in range(count):
        time = [f"{datetime(2023, 1, 1) + timedelta(hours=hour):%Y-%m-%d %H:%M}"] if has_times else []
        rows.append([*time, str(chance.choice((5, 7.5, 100)))])
    return rows


def _costs() -> list[list[str]]:
    return [["设备名称", "单价(元/kW)", "单位"], ["光伏组件", "3000", "kW"], ["储能电池", "900", "kWh"], ["合计", "9", ""]]


def try_importers(chance: random.Random, folder: Path) -> Arguments:
    """Readings, bills, weather files, price lists and mappings spoilt, with options that may be odd."""
    kind = chance.choice(("load", "load", "load", "shape", "weather", "costs", "costs", "groups", "built", "details"))
    if kind == "load":
        (folder / "meter.csv").write_bytes(_table(chance, _readings(chance)))
        options = (("--year", "2023"), ("--unit", "kW"), ("--unit", "x"), ("--zone", "Asia/Shanghai"), ("--zone", "Mars"),
            ("--times", "nan"), ("--times", "-1"), ("--decimal", "comma"), ("--column", "9"), ("--column", "x"), ("--only", "x"),
            ("--only", "time=1"), ("--sheet", "all"), ("--encoding", "rot13"), ("--encoding", "x"), ("--longest-gap", "inf"),
            ("--first-weekday", "9"), ("--register",), ("--doubled", "sum"), ("--year", "-5"))
        return ("import", "meter", "meter.csv", *_where(chance), *_some(chance, options))
    if kind == "shape":
        rows = [["month", "kWh"], *([str(i + 1), "1000"] for i in range(chance.choice((12, 12, 4, 1, 365, 7))))]
        (folder / "bills.csv").write_bytes(_table(chance, rows))
        options = (("--year", "2025"), ("--holidays", "cn"), ("--holidays", "x"), ("--floor", "nan"), ("--base", "inf"),
            ("--unit", "x"), ("--content", "0"), ("--weather", "bills.csv"))
        return ("import", "shape", chance.choice(("office", "heating", "bdew-g0", "x")), "--bills", "bills.csv", *_where(chance),
            *_some(chance, options))
    if kind == "weather":
        rows = [["valid_time", "t2m", "ssrd", "u10", "v10"],
            *([f"2023-01-{h // 24 + 1:02} {h % 24:02}:00:00", "280", "9", "1", "1"] for h in range(300))]
        content = _table(chance, rows)
        if chance.random() < 0.4:
            made = io.BytesIO()
            with zipfile.ZipFile(made, "w") as archive:
                archive.writestr(chance.choice(("data.csv", "../../x.csv", "/tmp/parkzero-x.csv")), content)
            (folder / "w.csv").write_bytes(made.getvalue())
            if chance.random() < 0.6:
                spoil_archive(chance, folder / "w.csv")
        else:
            (folder / "w.csv").write_bytes(content)
        command = chance.choice(
            (("pv",), ("wind",), ("temperature",),
             ("heat-pump", "--sink", chance.choice(("60", "nan", "inf", "-10:60,15:35", "::", "1e9"))))
        )
        options = (("--zone", "UTC"), ("--format", "era5"), ("--format", "epw"), ("--format", "pvgis"), ("--year", "2023"),
            ("--each-year",))
        return ("import", "weather", command[0], "w.csv", *command[1:], *_where(chance), *_some(chance, options))
    if kind == "costs":
        (folder / "costs_2030.csv").write_bytes(_table(chance, _costs()))
        (folder / "map.txt").write_text(_mapping(chance), encoding="utf-8")
        (folder / "map.csv").write_bytes(_table(chance, [["name", "type"], ["solar-rooftop", "solar-rooftop"]]))
        options = (("--map", "map.txt"), ("--map", "map.csv"), ("--map", "/dev/zero"), ("--map", "park"), ("--decline",),
            ("--currency", "x"), ("--price-year", "-1"), ("--replace",), ("--propose",))
        place = chance.choice((("--park", "park"), ("--out", "made.csv"), ("--out", "park/made.csv"), ()))
        return ("import", "costs", "costs_2030.csv", *place, *_some(chance, options))
    if kind == "groups":
        (folder / "groups.csv").write_bytes(_table(chance, [["group", "name"], ["sun", "pv"], ["saving", "led"]]))
        return ("alternatives", "good", "--plans", "0", "--groups", "groups.csv")
    if kind == "built":
        (folder / "built.csv").write_bytes(
            _table(chance, [["technology", "year", "build", "capital_cost"], ["pv", "2026", "0.2", "5000000"]]))
        return ("--park", "park", "--keep", "good", "--from", "2027", "--built", "built.csv", "--out", "kept", "--no-verify",
            "--quiet")
    (folder / "a.toml").write_text(_details(chance), encoding="utf-8")
    return ("report", "--form", "cn-910", "good", "--details", "a.toml", "--to", "a.docx")


def _where(chance: random.Random) -> Arguments:
    place = chance.choice(
        (("--park", "park"), ("--park", "park", "--replace"), ("--park", "none"), ("--park", "park.xlsx"), ())
    )
    return (*place, f"--name={chance.choice(NAMES)}") if chance.random() < 0.3 else place


def _some(chance: random.Random, options: tuple[Arguments, ...]) -> Arguments:
    return tuple(word for option in chance.sample(options, chance.choice((0, 0, 1, 2))) for word in option)


def _mapping(chance: random.Random) -> str:
    row = ["光伏组件", "solar-rooftop", "capital_cost", "3.2", "CNY/W", "", "0.13", "2025"]
    for _ in range(chance.choice((0, 1, 2))):
        row[chance.randrange(len(row))] = chance.choice(("-1", "nan", "1e9", "5", "[" * 900, "0 MW", "", "/"))
    return "item,type,parameter,price,unit,capacity,tax,price_year\n" + ",".join(row)


def _details(chance: random.Random) -> str:
    lines = ["[applicant]", 'body = "A"', "[owners]", 'park = "B"', "[[project]]", 'name = "pv"', 'content = "c"', "[[year]]",
        "year = 2025", "energy = 1"]
    for _ in range(chance.choice((1, 2))):
        lines[chance.randrange(len(lines))] = chance.choice(
            ("[x]", "x = 1", "body = 5", "[[applicant]]", "year = nan", "energy = -1", "owners = 1", 'tenant = "x"', "",
             "[owners.x]", 'name = "../x"')
        )
    return "\n".join(lines)


#: Places and names that a file may give.
PLACES = ("park", "../park", "/etc", "/dev/zero", "/", "", ".", "..", "built-in x", "built-in lakeside/../../..", "//host/share",
    "\\\\host\\share", "nowhere", "good", "a\0b", "file:///etc/passwd", "C:\\x", "~", "$HOME", "x" * 5_000)


def try_bundles(chance: random.Random, folder: Path) -> Arguments:
    """run.json of somebody else: addresses, places, options and tables that are odd; links in a park; then what one does with a bundle."""
    file = folder / "good" / "run.json"
    facts = json.loads(file.read_text(encoding="utf-8"))
    for _ in range(chance.choice((1, 1, 2, 3))):
        how = chance.randrange(7)
        if how == 0:
            facts["options"]["method"] = chance.choice(("tcp://127.0.0.1:9", "x", 5, None, ["x"]))
        elif how == 1:
            facts["options"]["park"] = chance.choice(PLACES)
        elif how == 2:
            facts["options"]["costs"] = chance.choice(([chance.choice(PLACES)], [chance.choice(PLACES)] * 2, "x", None, [5], [[]]))
        elif how == 3:
            facts["options"][chance.choice(sorted(facts["options"]))] = chance.choice((*VALUES, *PLACES))
        elif how == 4:
            facts["tables"] = {chance.choice((*PLACES, "costs.csv", "../park/costs.csv")): chance.choice(("x", "", 5, None))}
        elif how == 5:
            facts["messages"] = {
                "matrix": {"text": "x", "template": chance.choice(("{x:>999999999}", "{x.__class__}", "{", "{0}", "{x!r}")),
                    "values": {"x": "y"}},
                "warnings": [],
                "explanation": [],
            }
        else:
            _odd(chance, facts)
    file.write_text(json.dumps(facts), encoding="utf-8")
    if chance.random() < 0.2:
        spoil(chance, chance.choice(sorted(p for p in (folder / "good").iterdir() if p.suffix in (".csv", ".json"))))
    if chance.random() < 0.2:
        table = chance.choice(sorted((folder / "park").glob("*.csv")))
        table.unlink()
        table.symlink_to(chance.choice(("/dev/zero", "/etc/hostname", "../theirs/costs.csv", table.name, "nowhere")))
    again = ("--rerun", "good/run.json", "--out", "again", "--quiet")
    return chance.choice(
        (again, again, ("--rerun", "good/run.json"), ("report", "good"), ("report", "good", "--language", "zh"),
         ("compare", "good", "good"), ("export", "good", "--format", "iamc", "--to", "made.csv"),
         ("export", "good", "--format", "pypsa", "--to", "network"), ("explain", "--projects", "good", "--jobs", "1"),
         ("report", "--form", "cn-910", "good", "--to", "a.docx"),
         ("--park", "park", "--keep", "good", "--from", "2027", "--out", "kept", "--no-verify", "--quiet"))
    )


#: A command of each kind with what it needs.
NEEDED: dict[str, Arguments] = {"": ("--park", "park", "--out", "again", "--no-verify"), "check": ("park",), "new": ("made",),
    "check --baseline": ("park",), "catalogue": ("solar",), "compare": ("good", "good"),
    "export": ("good", "--format", "iamc", "--to", "made.csv"), "report --form": ("cn-910", "good", "--to", "a.docx"),
    "frontier": ("--park", "park", "--target", "zero-carbon", "--by", "2027..2028", "--out", "points", "--jobs", "1"),
    "explain --projects": ("good", "--jobs", "1"), "explain --rules": ("good", "--jobs", "1"),
    "explain --not-chosen": ("good", "--jobs", "1"), "frontier --abatement": ("good", "--points", "2", "--jobs", "1", "--no-naive"),
    "what-if": ("good", "--jobs", "1"), "alternatives": ("good", "--plans", "1"), "report": ("good",),
    "import meter": ("park/profiles.csv",), "import shape": ("office", "--energy", "9MWh", "--year", "2025"),
    "import weather pv": ("park/profiles.csv",), "import weather wind": ("park/profiles.csv",),
    "import weather temperature": ("park/profiles.csv",), "import weather heat-pump": ("park/profiles.csv", "--sink", "60"),
    "import costs": ("park/costs.csv", "--park", "park")}
#: What an option may be given that it does not take, or should not.
ODD = ("", " ", "x", "nan", "inf", "-inf", "-1", "1e400", "1.5", "9" * 30, "..", "/", "/dev/zero", "park", "park/park.toml",
    "nowhere/x", "good", "theirs/notes.txt", "a\nb", "\x1b[31m", "é", "=1+1")
#: Options whose odd values take long, start many processes or reach for a network, each for itself.
LEFT_OUT = ("--scheduler", "--hourly", "--help", "--version", "--assumed", "--naive")


def try_options(chance: random.Random, folder: Path) -> Arguments:
    """A command with one or two options that are odd, or an argument that is."""
    import typer

    from planner.command.cli import app

    name = chance.choice(sorted(NEEDED))
    found: Any = typer.main.get_command(app)
    for part in (part for part in name.split() if not part.startswith("--")):
        found = found.commands[part]
    words = [*name.split(), *NEEDED[name]]
    if chance.random() < 0.25:
        words[chance.randrange(len(name.split()), len(words))] = chance.choice(ODD)
    options = [p for p in found.params if p.param_type_name == "option" and p.opts[0] not in LEFT_OUT]
    for option in chance.sample(options, min(len(options), chance.choice((1, 1, 2)))):
        words += [option.opts[0]] if option.is_flag else [f"{option.opts[0]}={chance.choice(ODD)}"]
    return tuple(words)


KINDS: dict[str, Callable[[random.Random, Path], Arguments]] = {"questions": try_questions, "workbooks": try_workbooks,
    "importers": try_importers, "bundles": try_bundles, "wrong options": try_options}
#: Kinds in the order of the tries: a question takes ten times what a refused file takes.
ORDER = ("questions", *("importers",) * 3, *("workbooks", "bundles", "wrong options") * 2)
#: Folders and files that a command of a kind may write to; what else was there is to be as before.
MAY_CHANGE = ("good", "points", "again", "made", "network", "kept", "park/profiles", "park/costs.csv", "park/datapackage.json",
    "a.docx", "costs_2030-costs.csv", "costs_2030.map.csv", "park.map.csv", "PARK.map.csv")


def prepare(server: Any, place: Path) -> None:
    """The small park with its output, a workbook, and the answers to every question."""
    from good_folder import make_good

    make_good(place)
    write_book(place / "park", place / "park.xlsx")
    for command in BESIDE.values():
        said = server.run(place, *command)
        assert said.code == 0, (command, said.err)


def attempt(server: Any, number: int, place: Path) -> tuple[str, int | None]:
    """One try; gives its kind and exit code. AssertionError where something is not as demanded."""
    chance = random.Random(f"inputs {number}")
    kind = ORDER[number % len(ORDER)]
    above = Path(tempfile.mkdtemp(prefix="outside-"))
    folder = above / "one" / "two"
    folder.mkdir(parents=True)
    try:
        for name in sorted(path.name for path in place.iterdir()):
            if kind == "questions" or name in ("good", "park", "park.xlsx"):
                (shutil.copytree if (place / name).is_dir() else shutil.copy)(place / name, folder / name)
        put(folder, {"theirs/costs.csv": "t", "theirs/notes.txt": "t", "good-questions/notes.txt": "n", "park/readme.md": "r"})
        arguments = KINDS[kind](chance, folder)
        before = checksum(above)
        said = server.run(folder, *arguments)
        told = (number, kind, arguments, said.code, said.out[-200:], said.err[-600:])
        assert said.code in CONTRACT, told
        assert "mistake" not in said.err and "Traceback" not in said.err, told
        assert said.code != 2 or all(line.isprintable() for line in said.err.splitlines()), told
        after = checksum(above)
        changed = {name.removeprefix("one/two/") for name in {*before, *after} if before.get(name) != after.get(name)}
        named = {word.rpartition("=")[2] for word in arguments} - {"", "/", ".", "..", "park", "park/park.toml", "theirs/notes.txt"}
        named |= {f"{name}.xlsx" for name in named} if arguments[0] == "new" else set()  # a workbook that bears no ending
        odd = sorted(name for name in changed
            if not name.startswith(MAY_CHANGE) and not any(name == own or name.startswith(f"{own}/") for own in named))
        assert not odd, (told, odd)
        assert said.code != 2 or "nothing was written" not in said.err or not changed, (told, sorted(changed))
        return kind, said.code
    finally:
        shutil.rmtree(above, ignore_errors=True)
