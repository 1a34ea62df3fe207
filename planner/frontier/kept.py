"""What was found of a run beside its plan, in a file in the folder of its questions: it is found again, not sought twice."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.frontier.question import RunQuestion
from planner.frontier.saved import DAMAGED
from planner.language.message import Message
from planner.tables.place import facts_of, write_file

#: Key of the digest over all others: what is not as it was written is not used.
DIGEST = "sha256"


class KeptAnswers:
    """The file of one question; `facts` are those that were saved of the same park and plan."""

    def __init__(self, question: RunQuestion, name: str) -> None:
        options = question.options
        self.path = question.folder / name
        cost = question.output.summary["system_cost"]
        self.of = {"case_sha256": question.case.digest, "gap": options.gap, "days": options.days, "system_cost": cost}
        said = read_kept(self.path, question)
        self.facts: dict[str, Any] = {k: v for k, v in said.items() if k != "of"} if said.get("of") == self.of else {}

    def save(self, **facts: Any) -> None:
        """Write these facts beside those that are there."""
        self.facts |= facts
        self.path.parent.mkdir(exist_ok=True)
        write_kept(self.path, {"of": self.of, **self.facts})


def read_kept(path: Path, question: RunQuestion) -> dict[str, Any]:
    """What was written; empty where nothing was, or where it is not as it was written, which is said."""
    found = dict(facts_of(path))
    if found.pop(DIGEST, None) == _digest(found):
        return found
    if os.path.lexists(path):
        question.told(path.name, Message(DAMAGED))
    return {}


def write_kept(path: Path, facts: Mapping[str, Any]) -> None:
    """Write facts as JSON. Raises CaseError where that cannot be done."""
    write_file(path, str(path), json.dumps({DIGEST: _digest(facts), **facts}, indent=1) + "\n", lambda _: True)


def _digest(facts: Mapping[str, Any]) -> str:
    """SHA-256 of facts as JSON gives them back."""
    return hashlib.sha256(json.dumps(json.loads(json.dumps(facts)), sort_keys=True).encode()).hexdigest()
