"""Questions to a plan: what changes, where whole plans are made at once, and what came of it."""
