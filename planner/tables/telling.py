"""Telling of outputs on disk: whether there is one, and what is said where its parts do not fit together."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from models.errors import CaseError

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
