"""Restoration: every project has an uptake."""

from __future__ import annotations

from models.case import Restoration, Uptake
from planner.read.draft import Draft


def check_restoration(draft: Draft) -> None:
    """Check that projects and their uptake belong together."""
    with_uptake = draft.names(Uptake, "project")
    for project in draft.rows(Restoration):
        if project.project not in with_uptake and draft.knows_names(Uptake):
            draft.fault(
                project.origin, "project {project}: has no uptake; give it by age in uptake.csv", project=repr(project.project)
            )
    for row in draft.rows(Uptake):
        draft.refer(row.origin, ("project", row.project), "project", (Restoration, "project"))
