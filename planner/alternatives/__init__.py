"""Near-optimal plans: what may differ among all plans that cost little more than the least, and what may not."""
