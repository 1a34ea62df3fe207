"""The independent ledger: a second calculation of every number of a plan, without the mathematics of `models`."""
