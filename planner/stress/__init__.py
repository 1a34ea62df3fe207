"""A finished run in other futures, or with a unit out: what its orders, kept as they are, cost there, and what they miss."""
