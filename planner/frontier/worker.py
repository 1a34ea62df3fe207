"""A process that plans points: a line of JSON in for each, with what others have found where it knows nothing yet; a line of JSON
out with its status and what it knows now, or with what is wrong.

It keeps to a core of its own, except for the last point, which has all cores once the others are done."""

from __future__ import annotations

import json
import os
import sys

from models.errors import CaseError, PlanError
from planner.frontier.point import from_text, plan_point, warm
from planner.language.message import as_json

#: Environment variable with the number of the core, among those that this process may use, that it keeps to.
CORE = "PARKZERO_CORE"


def main() -> None:
    """Plan each point that comes in, until no more do."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no answer
    own = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") and CORE in os.environ else []
    for line in sys.stdin:
        order = json.loads(line)
        if own:
            os.sched_setaffinity(0, own if order["is_last"] else {own[int(os.environ[CORE]) % len(own)]})
        try:
            if order["known"]:
                warm.take(order["known"])
            answer: dict[str, object] = {"status": plan_point(from_text(order["point"])), "known": warm.as_text()}
        except CaseError as error:
            answer = {"complaints": [as_json(line) for line in error.complaints]}
        except PlanError as error:
            answer = {"errors": [as_json(line) for line in error.lines]}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
