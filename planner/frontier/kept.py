"""What was found of a run beside its plan, in a file in the folder of its questions: it is found again, not sought twice."""

from __future__ import annotations

import json
from typing import Any

from planner.frontier.question import Question
from planner.output.kinds import facts_of
from planner.output.single import write_file


class Kept:
    """The file of one question; `facts` are those that were saved of the same park and plan."""

    def __init__(self, question: Question, name: str) -> None:
        options = question.options
        self.path = question.folder / name
        cost = question.output.summary["system_cost"]
        self.of = {"case_sha256": question.case.digest, "gap": options.gap, "days": options.days, "system_cost": cost}
        said = facts_of(self.path)
        self.facts: dict[str, Any] = {k: v for k, v in said.items() if k != "of"} if said.get("of") == self.of else {}

    def save(self, **facts: Any) -> None:
        """Write these facts beside those that are there."""
        self.facts |= facts
        self.path.parent.mkdir(exist_ok=True)
        write_file(self.path, str(self.path), json.dumps({"of": self.of, **self.facts}, indent=1) + "\n", lambda _: True)
