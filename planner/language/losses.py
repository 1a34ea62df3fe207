"""What a run lost on its way and how it went on, in words: a warning of the run, which a page can say in another language."""

from __future__ import annotations

from planner.language.language import mark

#: How a cluster was lost, and what the run did then.
SILENT = mark("the cluster at {address} no longer answered; this machine's cores went on with the rest")
NO_WORKERS = mark("all workers of the cluster at {address} were gone; this machine's cores went on with the rest")
BROKEN = mark("the cluster at {address} broke off; this machine's cores went on with the rest")
