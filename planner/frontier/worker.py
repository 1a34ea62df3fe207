"""A process that plans points: told a point, what others have found where it knows nothing yet, and whether it is the last one; it
answers with the status and what it knows now, or with what is wrong.

It keeps to a core of its own, except for the last point, which has all cores once the others are done."""

from __future__ import annotations

import os

from models.errors import CaseError, PlanError
from planner.frontier.point import Point, plan_point, warm
from planner.process.worker import answer_orders

#: Environment variable with the number of the core, among those that this process may use, that it keeps to.
CORE = "PARKZERO_CORE"


def main() -> None:
    """Plan each point that comes in, until no more do."""
    own = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") and CORE in os.environ else []

    def answer(order: tuple[Point, str, bool]) -> dict[str, object]:
        """Plan one point: its status and what is known now, or what is wrong."""
        point, known, is_last = order
        if own:
            os.sched_setaffinity(0, own if is_last else {own[int(os.environ[CORE]) % len(own)]})
        try:
            if known:
                warm.take(known)
            return {"status": plan_point(point), "known": warm.as_text()}
        except CaseError as error:
            return {"complaints": error.complaints}
        except PlanError as error:
            return {"errors": error.lines}

    answer_orders(answer)


if __name__ == "__main__":
    main()
